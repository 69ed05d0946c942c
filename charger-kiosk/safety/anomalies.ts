/**
 * What endangers nobody and still is somebody's business: one wallet that is declined again and again, a controller that
 * restarts again and again, a housing that says it was opened. Each becomes one incident with what shows it, and not one
 * line a try: whoever can cause an anomaly must not be able to fill the journal with it.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { DurationMs, EpochSeconds, WattHours, Watts } from '@/lib/core/units'

export interface Anomaly {
  readonly what: 'anomaly.declines' | 'anomaly.energy' | 'anomaly.restarts' | 'anomaly.tamper'
  readonly detail: string
}

/** Declines of each wallet, by its grant's serial, oldest wallet first. */
export type DeclineBook = ReadonlyMap<string, Declines>

interface Declines {
  readonly atMs: readonly number[]
  readonly codes: readonly ReasonCode[]
  /** When it was told of last. */
  readonly toldAtMs: number | undefined
}

export const noDeclines: DeclineBook = new Map()

const declinesMax = 5
const declineSpanMs = 600_000
/** Told again after this long. */
const toldForMs = 3_600_000
/** Wallets that are watched at once; a bay meets a handful in ten minutes. */
const walletsMax = 64

/** @param serial of a grant whose signature was verified: nobody gets others into trouble with made-up codes. */
export function noteDecline(
  book: DeclineBook,
  serial: string,
  code: ReasonCode,
  nowMs: DurationMs,
): { readonly book: DeclineBook; readonly anomaly: Anomaly | undefined } {
  const before = book.get(serial)
  const atMs = [...(before?.atMs ?? []), nowMs].filter((at) => nowMs - at < declineSpanMs).slice(-declinesMax)
  const codes = [...(before?.codes ?? []), code].slice(-atMs.length)
  const toldAtMs = before?.toldAtMs
  const isNews = atMs.length >= declinesMax && (toldAtMs === undefined || nowMs - toldAtMs >= toldForMs)
  const next = new Map(book)
  next.delete(serial)
  next.set(serial, { atMs, codes, toldAtMs: isNews ? nowMs : toldAtMs })
  const [oldest] = next.keys()
  if (next.size > walletsMax && oldest !== undefined) next.delete(oldest)
  const detail = `grant ${serial}, ${declinesMax} declines in ten minutes: ${codes.join(', ')}`
  return { book: next, anomaly: isNews ? { what: 'anomaly.declines', detail } : undefined }
}

const restartsMax = 4
const restartSpanS = 3_600

/** @param bootsS earlier boots by the journal, without the present one. */
export function restartAnomaly(bootsS: readonly EpochSeconds[], nowS: EpochSeconds): Anomaly | undefined {
  const recent = bootsS.filter((atS) => nowS - atS < restartSpanS && atS <= nowS)
  // The fourth says it; those after it would say no more.
  if (recent.length + 1 !== restartsMax) return undefined
  return {
    what: 'anomaly.restarts',
    detail: `${restartsMax} starts within an hour, from ${recent[0] ?? nowS}`,
  }
}

/** Words of chargers for an opened housing: OCPP has none of its own in a status. */
const tamperWords = /tamper|intrusion|housing open|cover open|door open|seal broken/i

export function tamperAnomaly(texts: readonly (string | undefined)[], where: string): Anomaly | undefined {
  const said = texts.find((text) => text !== undefined && tamperWords.test(text))
  return said === undefined
    ? undefined
    : { what: 'anomaly.tamper', detail: `${where}: ${said.slice(0, 200)}` }
}

/** Rounding of registers, and what may lie in the first and last reading. */
const energyTolerance = 1.1
const energyAllowanceWh = 200
const readingAgeMs = 60_000

/**
 * More energy in a session than its bay can have delivered, although no single reading jumped: a meter that counts too
 * fast, or a charger that makes its readings up. The bill stands, because the register decides; people look at it.
 */
export function energyAnomaly(energyWh: WattHours, elapsedMs: number, powerMaxW: Watts): Anomaly | undefined {
  const possibleWh = (powerMaxW * (elapsedMs + readingAgeMs)) / 3_600_000
  if (energyWh <= possibleWh * energyTolerance + energyAllowanceWh) return undefined
  const detail = `${energyWh} Wh in ${Math.round(elapsedMs / 1_000)} s at a bay of ${powerMaxW} W`
  return { what: 'anomaly.energy', detail }
}
