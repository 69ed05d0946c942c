/**
 * The direct road of a charger with several uplinks: each attempt takes the cheapest that may carry this now, and goes on to
 * the next within the same attempt where one brings no answer. An uplink that failed rests for a while, so that a dead cable
 * does not cost every attempt its patience; afterwards the cheap one is tried first again. What crosses is counted both ways,
 * before it sets out as it is expected to be and afterwards as it was.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock, Random } from '@/lib/core/clock'
import { err, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { decodeBundle } from '@/lib/sync/bundle'
import type { ParcelPriority } from '@/lib/sync/parcel'
import { charge, type RoadSpent } from '@/lib/sync/road-budget'
import { afterFailure, uploadNow, type UploadSchedule } from '@/lib/sync/schedule'
import { anyLeave, uplinksFor, type UplinkStanding, type UplinkTerms } from '@/lib/sync/uplink-choice'
import { priorityOf } from './parcel-desk'
import type { Road, RoadFault, RoadMeter, RoadNews } from './road'

/** What one attempt moved over the wire, both ways, with every head and handshake. */
export interface Crossed {
  readonly sentBytes: number
  readonly receivedBytes: number
}

export interface Uplink {
  readonly terms: UplinkTerms
  /** Of its radio, in percent; undefined where nobody knows. */
  signal?(): number | undefined
  send(bundle: Bytes): Promise<{ readonly answer: Result<RoadNews, RoadFault>; readonly crossed: Crossed }>
}

/** Where what was used stays over a restart. Durable when it returns. */
export interface SpentBook {
  read(name: string): RoadSpent
  write(name: string, spent: RoadSpent): void
}

export interface UplinkFigures extends Crossed {
  readonly name: string
  readonly attempts: number
  readonly answers: number
  readonly isResting: boolean
  readonly spent: RoadSpent
  readonly signalPercent: number | undefined
}

/** A handshake, heads and an answer of ordinary size. */
const overheadBytes = 8_192

/** What the cloud itself did not say: a captive portal, a broken proxy, nobody. */
const notTheCloud: ReadonlySet<string> = new Set(['api.unreachable', 'api.malformed', 'api.too-large'])

interface Line extends Required<Uplink> {
  schedule: UploadSchedule
  spent: RoadSpent
  weakSinceS: EpochSeconds | undefined
  readonly counts: { attempts: number; answers: number; sentBytes: number; receivedBytes: number }
}

export interface UplinksParts {
  readonly uplinks: readonly Uplink[]
  readonly book: SpentBook
  readonly clock: Clock
  readonly random: Random
}

export class UplinksRoad implements Road {
  readonly name = 'uplinks'
  readonly meter: RoadMeter | undefined
  readonly #parts: UplinksParts
  readonly #lines: readonly Line[]

  constructor(parts: UplinksParts) {
    this.#parts = parts
    this.#lines = parts.uplinks.map((uplink) => ({
      ...{ terms: uplink.terms, send: (bundle) => uplink.send(bundle) },
      signal: () => uplink.signal?.(),
      weakSinceS: undefined,
      schedule: uploadNow,
      spent: parts.book.read(uplink.terms.name),
      counts: { attempts: 0, answers: 0, sentBytes: 0, receivedBytes: 0 },
    }))
    if (this.#lines.every(({ terms }) => isFree(terms))) return
    this.meter = {
      leave: (priority) =>
        anyLeave(this.#standings(), { bytes: overheadBytes }, priority, parts.clock.nowS()),
    }
  }

  get figures(): readonly UplinkFigures[] {
    return this.#lines.map(({ terms, counts, spent, schedule, signal }) => ({
      ...{ name: terms.name, ...counts, spent, signalPercent: signal() },
      isResting: this.#isResting(schedule),
    }))
  }

  async send(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    const cost = { bytes: bundle.length + overheadBytes }
    const priority = priorityIn(bundle)
    const tried = new Set<Line>()
    const faults: string[] = []
    for (;;) {
      // Asked anew each time: the attempt before it has used up time, and the day may be over.
      const nowS = this.#parts.clock.nowS()
      const [next] = uplinksFor(this.#standings(), cost, priority, nowS).filter(
        ({ line }) => !tried.has(line),
      )
      if (next === undefined) break
      tried.add(next.line)
      const answer = await this.#by(next.line, bundle, cost.bytes)
      if (answer.ok || !notTheCloud.has(answer.error.code)) return answer
      faults.push(`${next.line.terms.name}: ${answer.error.detail}`)
    }
    const detail = faults.length === 0 ? 'No uplink may carry this now' : faults.join('; ')
    return err({ code: 'api.unreachable', detail })
  }

  async #by(line: Line, bundle: Bytes, expectedBytes: number): Promise<Result<RoadNews, RoadFault>> {
    const { clock, random } = this.#parts
    const startedMs = clock.monotonicMs()
    this.#charge(line, { bytes: expectedBytes })
    line.counts.attempts += 1
    const { answer, crossed } = await line.send(bundle)
    const nowMs = clock.monotonicMs()
    line.counts.sentBytes += crossed.sentBytes
    line.counts.receivedBytes += crossed.receivedBytes
    const bytes = crossed.sentBytes + crossed.receivedBytes - expectedBytes
    this.#charge(line, { bytes, seconds: Math.ceil((nowMs - startedMs) / 1_000), messages: 1 })
    if (answer.ok || !notTheCloud.has(answer.error.code)) {
      line.counts.answers += 1
      // Whatever waited has gone: what comes next may wait for a better signal as long.
      line.weakSinceS = undefined
      line.schedule = uploadNow
    } else {
      const [high = 0, low = 0] = random.bytes(2)
      line.schedule = afterFailure(line.schedule, nowMs, (high * 256 + low) / 65_536)
    }
    return answer
  }

  #charge(
    line: Line,
    cost: { readonly bytes: number; readonly seconds?: number; readonly messages?: number },
  ) {
    line.spent = charge(line.spent, line.terms, cost, this.#parts.clock.nowS())
    if (!isFree(line.terms)) this.#parts.book.write(line.terms.name, line.spent)
  }

  #standings(): readonly (UplinkStanding & { readonly line: Line })[] {
    const nowS = this.#parts.clock.nowS()
    return this.#lines.map((line) => {
      const { terms, spent, schedule } = line
      const isWeak = (line.signal() ?? 100) < (terms.signalMinPercent ?? 0)
      line.weakSinceS = isWeak ? (line.weakSinceS ?? nowS) : undefined
      return { line, terms, spent, weakSinceS: line.weakSinceS, isResting: this.#isResting(schedule) }
    })
  }

  #isResting({ failures, settledAtMs, backOffMs }: UploadSchedule): boolean {
    return failures > 0 && (settledAtMs ?? 0) + backOffMs > this.#parts.clock.monotonicMs()
  }
}

/** Nothing about it is counted against anything. */
const isFree = ({ name: _name, urgentPercent: _share, signalWaitS: _wait, ...terms }: UplinkTerms): boolean =>
  Object.values(terms).every((value) => value === undefined || value === 0)

function priorityIn(bundle: Bytes): ParcelPriority {
  const decoded = decodeBundle(bundle)
  if (!decoded.ok) return 'ordinary'
  const events = decoded.value.events.map(decodeJournalEvent)
  return events.length === 0
    ? 'later'
    : priorityOf(events.flatMap((event) => (event.ok ? [event.value] : [])))
}
