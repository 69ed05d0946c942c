'use client'

/** Wires the page of payments: the statement, the list with its state in the address, and the decisions. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { PaymentsScreen } from '@/components/console/operator/payments-screen'
import {
  transferStates,
  type TransferDialog,
  type TransferList,
} from '@/components/console/operator/payments-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listBankRows } from '@/lib/cloud/operations/operator-payments'
import type { Answer } from '../../../_console/answer-store'
import { ask } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'
import { useNowS } from '../../../_console/use-now'
import { usePages } from '../../../_console/use-pages'
import { useFoundFleets } from './use-found-fleets'
import { useStatement } from './use-statement'

type BankRows = AnswerOf<typeof listBankRows>

const pathOf = (rowKey: string, act: 'assign' | 'reopen'): string =>
  `/operator/bank-rows/${encodeURIComponent(rowKey)}/${act}`

export function PaymentsPage() {
  const { may } = useConsole()
  const nowS = useNowS()
  const query = useSearchParams()
  const state = transferStates.find((one) => one === query.get('show')) ?? 'open'
  const [pages, setPages] = useState(1)
  const { answer, refresh } = usePages<BankRows>(`/operator/bank-rows?state=${state}`, pages)
  const statement = useStatement(refresh)
  const { found, onFind } = useFoundFleets()
  const [asked, setAsked] = useState<TransferDialog>({ kind: 'none' })
  const decide = useAct(({ rowKey, fleetNumber }: { rowKey: string; fleetNumber: number | null }) =>
    ask<unknown>(pathOf(rowKey, 'assign'), { fleetNumber }),
  )
  const reopen = useAct((rowKey: string) => ask<unknown>(pathOf(rowKey, 'reopen'), {}))
  const open = (dialog: TransferDialog): void => {
    decide.reset()
    setAsked(dialog)
  }
  const list = listOf(answer)
  return (
    <PaymentsScreen
      view={{
        stage: statement.stage,
        list,
        state,
        mayDecide: may('payment.import'),
        nowS: list.kind === 'there' ? Math.max(nowS, list.asOfS) : nowS,
        dialog: asked.kind === 'none' ? asked : { ...asked, progress: decide.progress },
        found,
        refusal: reopen.progress.kind === 'failed' ? reopen.progress.refusal : null,
      }}
      acts={{
        onFile: statement.onFile,
        onState: (next) => {
          setPages(1)
          const address = next === 'open' ? '/operator/payments' : `/operator/payments?show=${next}`
          window.history.replaceState(null, '', address)
        },
        onMore: () => setPages(pages + 1),
        onOpen: open,
        onCloseDialog: () => open({ kind: 'none' }),
        onFind,
        onAssign: (rowKey, fleetNumber) =>
          void decide.run({ rowKey, fleetNumber }).then(async (done) => {
            if (done === undefined) return
            setAsked({ kind: 'none' })
            await refresh()
          }),
        onReopen: (rowKey) => void reopen.run(rowKey).then(refresh),
      }}
    />
  )
}

function listOf(answer: Answer<readonly BankRows[]>): TransferList {
  if (answer.kind !== 'there') return answer
  const [first] = answer.value
  if (first === undefined) return { kind: 'loading' }
  const { asOfS, isStale, value } = answer
  return {
    kind: 'there',
    transfers: value.flatMap(({ rows }) => rows),
    waiting: { ...first.waiting, currency: first.currency },
    hasMore: value.at(-1)?.next !== null,
    ...{ asOfS, isStale },
  }
}
