/**
 * What a session's signed records prove together: the register at its begin and at its end, by the same meter, and whether
 * the bill says the same. The register that OCPP reports decides what is billed; the meter's signature decides whether
 * anybody has to look at it.
 */

import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds, WattHours } from '@/lib/core/units'
import type { Ocmf } from './ocmf'
import type { MeterEnergy, OcmfReading, ReadingReason } from './ocmf-reading'

export interface Delivery {
  readonly meterSerial: string
  readonly beginMilliWh: bigint
  readonly endMilliWh: bigint
  readonly beginAtS: EpochSeconds
  readonly endAtS: EpochSeconds
  /** Whole watt-hours where both registers are; else undefined, and only `…MilliWh` says it. */
  readonly energyWh: number | undefined
  /** By how much a bill in whole watt-hours may differ and still say the same. */
  readonly toleranceMilliWh: bigint
}

export type DeliveryFault =
  /** Records of two meters in one session. */
  | 'serial'
  /** A record that is no newer than the one before it. */
  | 'pagination'
  | 'no-begin'
  | 'no-end'
  /** A reading of another unit under the register of energy. */
  | 'unit'
  /** Two begins that do not say the same. */
  | 'begin'
  | 'ran-back'
  | 'time-order'
  /** The meter itself says that begin or end is not to be trusted. */
  | 'state'

export interface DeliveryProblem {
  readonly fault: DeliveryFault
  readonly detail: string
}

const ends: readonly (ReadingReason | undefined)[] = ['E', 'L', 'R', 'A', 'P']

/** In the order in which they were made; each verified already. */
export function deliveryOf(records: readonly Ocmf[]): Result<Delivery, DeliveryProblem> {
  const [first] = records
  if (first === undefined) return problem('no-begin', 'no records')
  const stranger = records.find(({ meterSerial }) => meterSerial !== first.meterSerial)
  if (stranger !== undefined) return problem('serial', `${first.meterSerial} and ${stranger.meterSerial}`)
  const unordered = paginationProblem(records)
  if (unordered !== undefined) return problem('pagination', unordered)
  const begin = records.flatMap(({ readings }) => readings).find(isBegin)
  if (begin === undefined) return problem('no-begin', `${records.length} records`)
  const perRecord = records.map(({ readings }) =>
    readings.filter((reading) => reading.register === begin.register),
  )
  const readings = perRecord.flat()
  const fault =
    readingFault(begin, readings) ?? perRecord.map(orderFault).find((found) => found !== undefined)
  if (fault !== undefined) return err(fault)
  const end = readings.findLast(({ reason }) => ends.includes(reason))
  if (end === undefined) return problem('no-end', `${records.length} records`)
  return betweenReadings(first.meterSerial, begin, end)
}

/** A register of export counts what a vehicle gave back: nothing here sells that. */
const isExport = (register: string | undefined): boolean => /:(?:0?2\.0?8\.|C\d\.0?8\.)/i.test(register ?? '')

const isBegin = ({ reason, energy, register }: OcmfReading): boolean =>
  reason === 'B' && energy !== undefined && !isExport(register)

function paginationProblem(records: readonly Ocmf[]): string | undefined {
  const latest = new Map<string, number>()
  for (const { pagination } of records) {
    const before = latest.get(pagination.context)
    if (before !== undefined && pagination.number <= before)
      return `${pagination.context}${pagination.number} after ${before}`
    latest.set(pagination.context, pagination.number)
  }
  return undefined
}

function readingFault(begin: OcmfReading, readings: readonly OcmfReading[]): DeliveryProblem | undefined {
  if (readings.some(({ energy }) => energy === undefined)) {
    return { fault: 'unit', detail: begin.register ?? 'no register' }
  }
  const other = readings.find((one) => isBegin(one) && one.energy?.milliWh !== begin.energy?.milliWh)
  return other === undefined
    ? undefined
    : { fault: 'begin', detail: `${figure(begin.energy)} and ${figure(other.energy)}` }
}

/** Within one record. Two records may overlap: an end often repeats the begin. */
function orderFault(readings: readonly OcmfReading[]): DeliveryProblem | undefined {
  for (const [index, later] of readings.entries()) {
    const earlier = readings[index - 1]
    if (earlier === undefined) continue
    if ((later.energy?.milliWh ?? 0n) < (earlier.energy?.milliWh ?? 0n)) {
      return { fault: 'ran-back', detail: `${figure(later.energy)} after ${figure(earlier.energy)}` }
    }
    // A clock that was set between two readings leaps; one that is the same throughout does not run back.
    if (later.clock === earlier.clock && later.atS < earlier.atS) {
      return { fault: 'time-order', detail: `${later.atS} after ${earlier.atS}` }
    }
  }
  return undefined
}

function betweenReadings(
  meterSerial: string,
  begin: OcmfReading,
  end: OcmfReading,
): Result<Delivery, DeliveryProblem> {
  const doubtful = [begin, end].find(({ state, errorFlags }) => state !== 'G' || errorFlags.includes('E'))
  if (doubtful !== undefined) return problem('state', `${doubtful.state} ${doubtful.errorFlags}`.trim())
  if (begin.energy === undefined || end.energy === undefined) return problem('unit', 'no energy')
  const beginMilliWh = begin.energy.milliWh
  const endMilliWh = end.energy.milliWh
  if (endMilliWh < beginMilliWh)
    return problem('ran-back', `${figure(end.energy)} after ${figure(begin.energy)}`)
  const isWhole = beginMilliWh % 1_000n === 0n && endMilliWh % 1_000n === 0n
  return ok({
    meterSerial,
    beginMilliWh,
    endMilliWh,
    beginAtS: begin.atS,
    endAtS: end.atS,
    energyWh: isWhole ? Number((endMilliWh - beginMilliWh) / 1_000n) : undefined,
    toleranceMilliWh: tolerance(begin.energy, end.energy),
  })
}

/** Rounding to whole watt-hours at both ends moves a difference by less than one; a coarser meter by less than its step. */
function tolerance(begin: MeterEnergy, end: MeterEnergy): bigint {
  const step = begin.stepMilliWh < end.stepMilliWh ? begin.stepMilliWh : end.stepMilliWh
  if (step < 1_000n) return 1_000n
  return step > coarsestMilliWh ? coarsestMilliWh : step
}

/** Zeros that were left out look like a coarse meter; more room than 10 Wh they do not get. */
const coarsestMilliWh = 10_000n

/** What the session's bill and its own clock say. */
export interface Billed {
  readonly energyWh: WattHours
  /** With which the transaction was started, in lower case. */
  readonly tag: string
  /** Undefined where nobody knows the time. */
  readonly startS: EpochSeconds | undefined
}

export type AgreementFault = 'energy' | 'session' | 'old'

/** A meter's clock and a charger's may differ; a record of the day before is another session's. */
const clockToleranceS = 3_600

/** Undefined when the records are of this session and say what the bill says. */
export function disagreement(
  delivery: Delivery,
  records: readonly Ocmf[],
  billed: Billed,
): { readonly fault: AgreementFault; readonly detail: string } | undefined {
  const signedMilliWh = delivery.endMilliWh - delivery.beginMilliWh
  const difference = signedMilliWh - BigInt(billed.energyWh) * 1_000n
  const apart = difference < 0n ? -difference : difference
  if (apart >= delivery.toleranceMilliWh) {
    const detail = `billed ${billed.energyWh} Wh, signed ${wattHoursText(signedMilliWh)} Wh`
    return { fault: 'energy', detail }
  }
  const other = records
    .map(({ identification }) => identification.id)
    .find((id) => isOtherTag(id, billed.tag))
  if (other !== undefined) return { fault: 'session', detail: `${other.slice(0, 40)}, not ${billed.tag}` }
  const isSynchronised = records.some(({ readings }) => readings.some(({ clock }) => clock === 'S'))
  const isOld =
    isSynchronised && billed.startS !== undefined && delivery.endAtS + clockToleranceS < billed.startS
  return isOld
    ? { fault: 'old', detail: `ended ${delivery.endAtS}, session began ${billed.startS}` }
    : undefined
}

/** Only what looks like a tag of ours can contradict it: meters also name cards, contracts, or nothing. */
const isOtherTag = (id: string | undefined, tag: string): boolean =>
  id !== undefined && /^[0-9a-f]{20}$/i.test(id) && id.toLowerCase() !== tag

const figure = (energy: MeterEnergy | undefined): string => wattHoursText(energy?.milliWh ?? 0n)

/** Whole watt-hours, and thousandths where there are any. */
function wattHoursText(milliWh: bigint): string {
  const fraction = String(milliWh % 1_000n)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return `${milliWh / 1_000n}${fraction === '' ? '' : `.${fraction}`}`
}

const problem = (fault: DeliveryFault, detail: string): Result<never, DeliveryProblem> =>
  err({ fault, detail })
