/**
 * What the issuer's words do to the money that is unsettled here. Two things, in this order: it HOLDS a receipt, which
 * ends its part in the charger's exposure; and it has SETTLED it, which is what makes a grant known here (rules of
 * money, first seen). A log that was merely received proves nothing about credit: a stolen wallet's sessions arrive too.
 */

import type { GrantSerial, SessionId } from '@/lib/core/ids'
import type { ProjectionWrite } from '@/lib/journal/journal'
import type { Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { rows, type ChainRow, type KioskTable, type UnsettledRow } from '../session/records'

type Write = ProjectionWrite<KioskTable>

/** The part of an acknowledgement that confirms; absent in it: nothing is confirmed. */
export type Confirmation = Pick<Acknowledgement, 'settledCounter' | 'heldSerials'>

export interface LogStanding {
  readonly epoch: number
  readonly size: number
  readonly acknowledgedSize: number
}

export function settlementWrites(
  unsettled: ReadonlyMap<SessionId, UnsettledRow>,
  chain: (serial: GrantSerial) => ChainRow | undefined,
  log: LogStanding,
  confirmation: Confirmation | undefined,
): readonly Write[] {
  const settledCounter = confirmation?.settledCounter ?? 0
  const held = new Set(confirmation?.heldSerials)
  const writes: Write[] = []
  const known = new Map<GrantSerial, boolean>()
  for (const serial of held) known.set(serial, false)
  for (const [id, row] of unsettled) {
    if (!row.ended) continue
    const seen = withLog(row, log)
    const isSettled = row.counter !== undefined && row.counter <= settledCounter && !held.has(row.serial)
    // A bearer has no chain and needs no confirmation; nor does a grant whose chain is so old that it is forgotten.
    const isDone = seen.acknowledged === true && (isSettled || chain(row.serial) === undefined)
    if (isDone) writes.push({ table: 'unsettled', key: id, value: null })
    else if (seen !== row) writes.push({ table: 'unsettled', key: id, value: rows.unsettled.encode(seen) })
    // A session that cost nothing makes nobody known.
    if (isDone && isSettled && row.amountMinor > 0) known.set(row.serial, true)
  }
  for (const [serial, confirmed] of known) {
    const before = chain(serial)
    if (before === undefined || before.confirmed === confirmed) continue
    writes.push({ table: 'chain', key: serial, value: rows.chain.encode({ ...before, confirmed }) })
  }
  return writes
}

/** A log that started a new epoch has moved its events: they count once everything written so far is acknowledged. */
function withLog(row: UnsettledRow, { epoch, size, acknowledgedSize }: LogStanding): UnsettledRow {
  if (row.acknowledged === true) return row
  if (row.epoch !== epoch) return { ...row, epoch, seq: Math.max(0, size - 1) }
  return row.seq < acknowledgedSize ? { ...row, acknowledged: true } : row
}
