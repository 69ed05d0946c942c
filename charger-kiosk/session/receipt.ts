/** The payload of a receipt: gapless in its counter, chained to the one before, and priced by the offer's tariff alone. */

import { messageHash, type GrantSerial, type MessageHash } from '@/lib/core/ids'
import { seconds, wattHours } from '@/lib/core/units'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { billFor } from '@/lib/tariff/rate'
import type { Final, Session } from './connector-state'
import type { AtChange } from './price-change'
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
  const atChange = isEmpty ? undefined : atChangeOn(session, final)
  const beforeChange =
    atChange === undefined
      ? undefined
      : {
          energyWh: wattHours(atChange.registerWh - meterStartWh),
          chargingS: atChange.chargingS,
          idleS: atChange.idleS,
        }
  const bill = billFor(
    session.tariff,
    beforeChange === undefined ? usage : { ...usage, beforeChange },
    session.holdMinor,
    session.tariffChange,
  )
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
    ...(final.meterRecordHash === undefined ? {} : { meterRecordHash: final.meterRecordHash }),
    ...(atChange === undefined ? {} : { atChange }),
    ...(context.sightings.length > 0 ? { sightings: context.sightings } : {}),
  }
}

/**
 * Where the offer announced a change of price that came before the session's end: the figures at that moment, within
 * those of the whole. A session that ended just before it, but whose times read as if it had not, says that all of it
 * came before; silence would leave a phone to guess.
 */
function atChangeOn({ tariffChange }: Session, final: Final): AtChange | undefined {
  if (tariffChange === undefined) return undefined
  const { meterStartWh, meterStopWh, startS, chargingS, idleS, atChange } = final
  const whole = { registerWh: meterStopWh, chargingS, idleS }
  if (atChange === undefined) return startS + chargingS + idleS > tariffChange.atS ? whole : undefined
  return {
    registerWh: wattHours(Math.min(Math.max(atChange.registerWh, meterStartWh), meterStopWh)),
    chargingS: seconds(Math.min(atChange.chargingS, chargingS)),
    idleS: seconds(Math.min(atChange.idleS, idleS)),
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
