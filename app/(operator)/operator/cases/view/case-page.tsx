'use client'

/** Wires one case to its requests. */

import { useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { CaseScreen } from '@/components/console/operator/cases/case-screen'
import {
  isRemedy,
  type Case,
  type CaseOrder,
  type CaseStep,
} from '@/components/console/operator/cases/cases-view'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { readCaseEvidence } from '@/lib/cloud/operations/operator-cases'
import { saveFile } from '../../../../(driver)/_wallet/save-file'
import { ask } from '../../../../_console/ask'
import { useAct } from '../../../../_console/use-act'
import { useAnswer } from '../../../../_console/use-answer'
import { useNowS } from '../../../../_console/use-now'

export function CasePage() {
  const t = useTranslations('consoleOperator.cases')
  const caseId = useSearchParams().get('id') ?? ''
  return /^[0-9a-f]{32}$/.test(caseId) ? (
    <OneCase key={caseId} caseId={caseId} />
  ) : (
    <Notice tone="plain" title={t('missing')} />
  )
}

/** What the API calls each step, and where it goes. */
function requestOf({ step, reason, note, amountMinor }: CaseOrder) {
  const grounds = { reason, ...(note === '' ? {} : { note }) }
  if (isRemedy(step)) return { act: 'remedy', body: { remedy: step, amountMinor, ...grounds } }
  if (step === 'uphold' || step === 'dismiss') return { act: 'decide', body: { verdict: step, ...grounds } }
  return { act: 'review', body: { step, ...grounds } }
}

function OneCase({ caseId }: { readonly caseId: string }) {
  const t = useTranslations('consoleOperator.cases')
  const router = useRouter()
  const nowS = useNowS()
  const path = `/operator/cases/${caseId}`
  const { answer, refresh } = useAnswer<Case>(path, 30_000)
  const [step, setStep] = useState<CaseStep | null>(null)
  const doing = useAct((order: CaseOrder) => {
    const { act, body } = requestOf(order)
    return ask<unknown>(`${path}/${act}`, body)
  })
  const saving = useAct<void, AnswerOf<typeof readCaseEvidence>>(() => ask(`${path}/evidence`))
  if (answer.kind === 'loading') return <Spinner awaited={t('loadingCase')} usual={t('usual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  return (
    <>
      {saving.progress.kind === 'failed' ? <RefusalNotice refusal={saving.progress.refusal} /> : null}
      <CaseScreen
        view={{
          found: answer.value,
          asOfS: answer.asOfS,
          nowS: Math.max(nowS, answer.asOfS),
          isStale: answer.isStale,
          asked: step === null ? null : { step, progress: doing.progress },
        }}
        acts={{
          onBack: () => router.push('/operator/cases'),
          onAsk: (next) => {
            doing.reset()
            setStep(next)
          },
          onClose: () => setStep(null),
          onStep: (order) =>
            void doing.run(order).then(async (done) => {
              if (done === undefined) return
              setStep(null)
              await refresh()
            }),
          onSaveEvidence: () =>
            void saving.run().then((file) => {
              if (file === undefined) return
              const text = JSON.stringify({ case: caseId, ...file }, null, 2)
              saveFile(`case-${caseId.slice(0, 8)}.json`, new Blob([text]), 'application/json')
            }),
        }}
      />
    </>
  )
}
