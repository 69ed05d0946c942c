/** The payload of a receipt: gapless in its counter, chained to the one before, and priced by the offer's tariff alone. */

import { messageHash, type GrantSerial, type MessageHash } from '@/lib/core/ids'
import { seconds, wattHours } from '@/lib/core/units'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { billFor } from '@/lib/tariff/rate'
import type { Final, Session } from './connector-state'
import type { ChainRow } from './records'

/** `previous` of a charger's first receipt. */
export const noReceipt: MessageHash = messageHash('0'.repeat(32))

export interface ReceiptContext {
  /** Counter and hash of this charger's last receipt; 0 and `noReceipt` before the first. */
  readonly lastCounter: number
  readonly lastHash: MessageHash
  readonly clockQuality: ClockQuality
  /** Of the checkpoint that this charger signed last. */
  readonly checkpointHash: MessageHash
  readonly sightings: readonly Sighting[]
}

export interface Sighting {
  readonly serial: GrantSerial
  readonly seq: number
  readonly hash: MessageHash
}

export function receiptPayload(session: Session, final: Final, context: ReceiptContext): Receipt {
  const { meterStartWh, meterStopWh, chargingS, idleS } = final
  const energyWh = wattHours(Math.max(0, meterStopWh - meterStartWh))
  const isEmpty = energyWh === 0
  // Without energy no time is billed (rule of money 8), so none is claimed.
  const usage = {
    energyWh,
    chargingS: isEmpty ? seconds(0) : chargingS,
    idleS: isEmpty ? seconds(0) : idleS,
  }
  const bill = billFor(session.tariff, usage, session.holdMinor)
  return {
    sessionId: session.sessionId,
    counter: context.lastCounter + 1,
    previous: context.lastHash,
    meterStartWh,
    meterStopWh: wattHours(meterStartWh + energyWh),
    startS: final.startS,
    chargingS: usage.chargingS,
    idleS: usage.idleS,
    currency: session.tariff.currency,
    totalMinor: bill.totalMinor,
    lines: bill.lines,
    taxMinor: bill.taxMinor,
    stopReason: final.stopReason,
    clockQuality: context.clockQuality,
    checkpointHash: context.checkpointHash,
    ...(context.sightings.length > 0 ? { sightings: context.sightings } : {}),
  }
}

const sightingsMax = 4

/** The chain heads of other grants that this charger met last: honest drivers carry them to the cloud. */
export function sightingsFor(
  serial: GrantSerial,
  chains: ReadonlyMap<GrantSerial, ChainRow>,
): readonly Sighting[] {
  return [...chains]
    .filter(([other]) => other !== serial)
    .sort(([, left], [, right]) => right.seenAtS - left.seenAtS)
    .slice(0, sightingsMax)
    .map(([other, { seq, hash }]) => ({ serial: other, seq, hash }))
}
