/** What happened to one receipt and its money, in the order of time, and what will happen by itself. */

import type { ReceiptView, StoryLine } from '@/components/driver/receipt-view'
import { releasedOf, type ChainEntry } from '@/lib/wallet/chain'
import { isUnreported } from '@/lib/wallet/report'
import type { Finished } from './charge-records'

export function storyOf(entry: Finished): readonly StoryLine[] {
  const { payload, state, complaint, followUp } = entry
  const line = (kind: StoryLine['kind'], atS: number, amountMinor: number | null = null): StoryLine => ({
    kind,
    atS,
    amountMinor,
  })
  const released = releasedOf(entry)
  const lines: StoryLine[] = [
    line('approved', payload.timeS, payload.holdMinor),
    line('ended', state.atS),
    ...(released > 0 ? [line('released', state.atS, released)] : []),
    ...operatorLines(entry),
    ...(complaint === null ? [] : [line('said', complaint.atS)]),
    ...(complaint !== null && followUp?.case ? [line('reported', followUp.case.openedAtS)] : []),
    ...(followUp?.refunds.map(({ amountMinor, atS }) => line('refund', atS, amountMinor)) ?? []),
  ]
  const about = followUp?.case
  if (about) {
    if (complaint === null) lines.push(line('case-open', about.openedAtS))
    if (about.state !== 'open')
      lines.push(line(`case-${about.state}`, about.changedAtS, followUp?.costMinor ?? null))
  }
  // Things of one second stay in the order in which they are told above.
  return lines.sort((left, right) => left.atS - right.atS)
}

/** By the dates on which this phone was told. Before these were kept apart, only the last one is known. */
function operatorLines({
  standing,
  standingAtS,
  standings = {},
  state,
  followUp,
}: Finished): readonly StoryLine[] {
  const told = {
    ...(standing === 'case' || standing === 'saved' ? {} : { [standing]: standingAtS }),
    ...standings,
  }
  const booked = followUp?.costMinor ?? state.receipt.payload.totalMinor
  return [
    ...(told.seen === undefined ? [] : [{ kind: 'seen' as const, atS: told.seen, amountMinor: null }]),
    ...(told.settled === undefined
      ? []
      : [
          {
            kind: 'settled' as const,
            atS: told.settled,
            amountMinor: followUp?.refunds.length ? null : booked,
          },
        ]),
  ]
}

export function nextOf(entry: ChainEntry): ReceiptView['next'] {
  if (isUnreported(entry) || entry.standing === 'saved') return 'toSee'
  if (entry.standing === 'case') return 'toDecide'
  return entry.standing === 'seen' ? 'toSettle' : 'none'
}
