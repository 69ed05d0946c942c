/** What the meter said during a session: readings that the charger logged, and records that the meter signed itself. */

import type { Bytes } from '@/lib/core/bytes'
import { toBytes } from '@/lib/core/bytes'
import type { MessageHash, OperatorId } from '@/lib/core/ids'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import { examineRecord } from '@/lib/metering/meter-record'
import type { EventOf } from '@/lib/protocol/journal-event'
import type { TenantTransaction } from '../database/connection'
import { readEvent } from '../ingest/read-log'
import type { LoggedEvent } from '../ingest/store'

export interface MeterReading {
  readonly atS: number
  readonly registerWh: number
  readonly what: 'started' | 'metered'
}

export interface MeterRecord {
  readonly bytes: Bytes
  readonly meter: string | null
  /** What is wrong with it; null where the meter's signature holds. */
  readonly fault: string | null
  /** The operator's issuer named this meter's key in the charger's certificate. */
  readonly isVouched: boolean
  readonly readings: readonly {
    readonly atS: number
    readonly reason: string | null
    /** Watt-hours with up to three decimals, exactly as signed. */
    readonly energyWh: string | null
  }[]
}

export interface MeterTrace {
  readonly readings: readonly MeterReading[]
  readonly records: readonly MeterRecord[]
}

/** Between two events of one session lie at most those of a long day of charging, and of the bays beside it. */
const eventsMax = 20_000
/** A picture needs no more; the first and the last are always among them. */
const readingsMax = 240

export async function meterTrace(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionId: string,
  logged: readonly LoggedEvent[],
  keyHash: MessageHash | undefined,
): Promise<MeterTrace> {
  const [first] = logged
  if (first === undefined) return { readings: [], records: [] }
  const seqs = logged.filter((event) => event.device === first.device && event.epoch === first.epoch)
  const from = Math.min(...seqs.map(({ seq }) => seq))
  const to = Math.max(...seqs.map(({ seq }) => seq))
  // The meter's records stand beside the end, before it or right after it.
  const rows = await tx
    .selectFrom('device_events')
    .select('bytes')
    .where('tenant', '=', tenant)
    .where('device', '=', first.device)
    .where('epoch', '=', first.epoch)
    .where('seq', '>=', from)
    .where('seq', '<=', to === from ? from + eventsMax : to + afterEnd)
    .orderBy('seq')
    .limit(eventsMax)
    .execute()
  const events = rows.flatMap(({ bytes }) => readEvent(toBytes(bytes)) ?? [])
  const readings = events.flatMap((event): readonly MeterReading[] => {
    if (event.kind === 'started' && event.sessionId === sessionId)
      return [{ atS: event.timeS, registerWh: event.meterStartWh, what: 'started' }]
    if (event.kind === 'metered' && event.sessionId === sessionId)
      return [{ atS: event.timeS, registerWh: event.registerWh, what: 'metered' }]
    return []
  })
  const records = events.flatMap((event) =>
    event.kind === 'meter-records' && event.sessionId === sessionId ? recordsOf(event, keyHash) : [],
  )
  return { readings: thinned(readings), records }
}

const afterEnd = 20

function recordsOf(
  { records, key }: EventOf<'meter-records'>,
  keyHash: MessageHash | undefined,
): readonly MeterRecord[] {
  return records.map((record) => {
    const trust = { crypto: nodeMeterCrypto, keyHash, knownKey: key }
    const text = { data: new TextDecoder().decode(record), publicKey: key }
    const { ocmf, fault, isVouched } = examineRecord(text, trust)
    return {
      bytes: toBytes(record),
      meter: ocmf?.meterSerial ?? null,
      fault: fault?.code ?? null,
      isVouched,
      readings: (ocmf?.readings ?? []).map(({ atS, reason, energy }) => ({
        atS,
        reason: reason ?? null,
        energyWh: energy === undefined ? null : wattHoursText(energy.milliWh),
      })),
    }
  })
}

function wattHoursText(milliWh: bigint): string {
  const digits = milliWh.toString().padStart(4, '0')
  const fraction = digits.slice(-3).replace(/0+$/, '')
  return `${digits.slice(0, -3)}${fraction === '' ? '' : `.${fraction}`}`
}

function thinned(readings: readonly MeterReading[]): readonly MeterReading[] {
  if (readings.length <= readingsMax) return readings
  const step = (readings.length - 1) / (readingsMax - 1)
  return Array.from({ length: readingsMax }, (_, at) => readings[Math.round(at * step)]).filter(
    (reading) => reading !== undefined,
  )
}
