'use client'

/** Wires a fleet at a glance: asked every few seconds, with the span of the plots in the address. */

import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl/react'
import { OverviewScreen } from '@/components/console/overview/overview-screen'
import { spans, type SpanChoice } from '@/components/console/overview/overview-view'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Spinner } from '@/components/ui/spinner'
import type { readDashboard } from '@/lib/cloud/operations/dashboard'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import { useConsole } from '../../_console/console-context'
import { useAnswer } from '../../_console/use-answer'
import { useNowS } from '../../_console/use-now'

export function OverviewPage() {
  const t = useTranslations('consoleOverview')
  const { name } = useConsole()
  const span = spanOf(useSearchParams().get('span'))
  const { answer } = useAnswer<AnswerOf<typeof readDashboard>>('/fleet/dashboard')
  const nowS = useNowS()
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  const { value, isStale } = answer
  return (
    <OverviewScreen
      view={{ name, dashboard: value, span, nowS: Math.max(nowS, value.asOfS), isStale }}
      onSpan={(next) =>
        window.history.replaceState(null, '', next === spans[0] ? '/fleet' : `/fleet?span=${next}`)
      }
    />
  )
}

const spanOf = (text: string | null): SpanChoice => spans.find((span) => span === text) ?? spans[0]
