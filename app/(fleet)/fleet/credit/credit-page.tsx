'use client'

/** Wires the credit of a fleet: its figures, a month of its statement, and the acts on it. */

import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl/react'
import { CreditScreen } from '@/components/console/credit/credit-screen'
import type { StatementShown } from '@/components/console/credit/credit-view'
import { monthAt } from '@/components/console/credit/months'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Spinner } from '@/components/ui/spinner'
import type { readCredit, readCreditStatement, setCreditAlert } from '@/lib/cloud/operations/credit'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { Answer } from '../../../_console/answer-store'
import { ask } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'
import { useAnswer } from '../../../_console/use-answer'
import { useNowS } from '../../../_console/use-now'
import { useInvoices } from './use-invoices'
import { useTopUp } from './use-top-up'

export function CreditPage() {
  const t = useTranslations('consoleCredit')
  const { currency, may } = useConsole()
  const query = useSearchParams()
  const nowS = useNowS()
  const asked = query.get('month') ?? ''
  const month = /^20\d\d-(0[1-9]|1[0-2])$/.test(asked) ? asked : monthAt(nowS)
  const credit = useAnswer<AnswerOf<typeof readCredit>>('/fleet/credit')
  const statement = useAnswer<AnswerOf<typeof readCreditStatement>>(
    `/fleet/credit/statement?month=${month}`,
    60_000,
  )
  const topUp = useTopUp(currency, query.toString(), credit.refresh)
  const alert = useAct((belowMinor: number | null) =>
    ask<AnswerOf<typeof setCreditAlert>>('/fleet/credit/alert', { belowMinor }),
  )
  const invoices = useInvoices()
  const { answer } = credit
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('usual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  return (
    <CreditScreen
      view={{
        credit: answer.value,
        statement: shown(statement.answer),
        month,
        invoices: invoices.view,
        mayTopUp: may('credit.top-up'),
        alertProgress: alert.progress,
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
        dialog: topUp.dialog,
      }}
      acts={{
        invoices: invoices.acts,
        onOpenTopUp: topUp.open,
        onCloseDialog: topUp.close,
        onTopUp: topUp.pay,
        onAlert: (belowMinor) => void alert.run(belowMinor).then(credit.refresh),
        onMonth: (wanted) => window.history.replaceState(null, '', `/fleet/credit?month=${wanted}`),
      }}
    />
  )
}

const shown = (answer: Answer<AnswerOf<typeof readCreditStatement>>): StatementShown =>
  answer.kind === 'there' ? { kind: 'there', statement: answer.value, asOfS: answer.asOfS } : answer
