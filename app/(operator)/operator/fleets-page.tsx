'use client'

/** Wires the page of fleets: the list with its filter in the address, and the acts on one fleet. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { FleetsScreen } from '@/components/console/operator/fleets-screen'
import type { Fleet, FleetDialog, FleetList } from '@/components/console/operator/fleets-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listFleets } from '@/lib/cloud/operations/operator-fleets'
import type { Answer } from '../../_console/answer-store'
import { ask } from '../../_console/ask'
import { useConsole } from '../../_console/console-context'
import { useAct } from '../../_console/use-act'
import { useNowS } from '../../_console/use-now'
import { usePages } from '../../_console/use-pages'
import { addressOf, askedOf, filterOf } from './fleet-query'

type Fleets = AnswerOf<typeof listFleets>

interface Request {
  readonly fleetId: string
  readonly act: 'credit-line' | 'freeze' | 'thaw'
  readonly body: Readonly<Record<string, unknown>>
}

export function FleetsPage() {
  const { currency, may } = useConsole()
  const nowS = useNowS()
  const filter = filterOf(useSearchParams())
  const [pages, setPages] = useState(1)
  const { answer, refresh } = usePages<Fleets>(askedOf(filter), pages)
  const [asked, setAsked] = useState<FleetDialog>({ kind: 'none' })
  const act = useAct(({ fleetId, act, body }: Request) =>
    ask<unknown>(`/operator/fleets/${encodeURIComponent(fleetId)}/${act}`, body),
  )
  const open = (dialog: FleetDialog): void => {
    act.reset()
    setAsked(dialog)
  }
  const run = async (request: Request): Promise<void> => {
    if ((await act.run(request)) === undefined) return
    setAsked({ kind: 'none' })
    await refresh()
  }
  const list = listOf(answer)
  return (
    <FleetsScreen
      view={{
        list,
        filter,
        currency,
        may: { creditLine: may('fleet.credit-line'), freeze: may('fleet.freeze') },
        nowS: list.kind === 'there' ? Math.max(nowS, list.asOfS) : nowS,
        dialog: asked.kind === 'none' ? asked : { ...asked, progress: act.progress },
      }}
      acts={{
        onFilter: (next) => {
          setPages(1)
          window.history.replaceState(null, '', addressOf(next))
        },
        onMore: () => setPages(pages + 1),
        onOpen: open,
        onCloseDialog: () => open({ kind: 'none' }),
        onLine: (fleetId, limitMinor) => void run({ fleetId, act: 'credit-line', body: { limitMinor } }),
        onFreeze: (fleetId, because) => void run({ fleetId, act: 'freeze', body: { because } }),
        onThaw: (fleetId) => void run({ fleetId, act: 'thaw', body: {} }),
      }}
    />
  )
}

function listOf(answer: Answer<readonly Fleets[]>): FleetList {
  if (answer.kind !== 'there') return answer
  const [first] = answer.value
  if (first === undefined) return { kind: 'loading' }
  const { asOfS, isStale } = answer
  // A fleet that moved up between two pages is shown where it was read first.
  const fleets = new Map<string, Fleet>()
  for (const page of answer.value)
    for (const fleet of page.fleets) if (!fleets.has(fleet.fleetId)) fleets.set(fleet.fleetId, fleet)
  const hasMore = answer.value.at(-1)?.next !== null
  return { kind: 'there', fleets: [...fleets.values()], totals: first.totals, hasMore, asOfS, isStale }
}
