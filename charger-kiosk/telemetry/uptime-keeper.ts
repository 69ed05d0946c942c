/** Looks at every bay once a minute and writes down how it was, so that a killed controller forgets at most that minute. */

import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@/lib/core/bytes'
import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { writeDurably } from '@/lib/journal/durable-file'
import {
  daysToTell,
  decodeUptime,
  emptyUptime,
  encodeUptime,
  markUptime,
  uptimeOf,
  type BayStanding,
  type DayOfBays,
  type StandingSeconds,
  type UptimeBook,
} from '@/lib/telemetry/uptime'
import type { LogLine } from '../controller/ports'

export interface UptimeParts {
  readonly path: string
  /** Of each bay of the configuration, now. */
  readonly standings: () => ReadonlyMap<number, BayStanding>
  /** The charger's own time, which has a floor. */
  readonly nowS: () => number
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly timers: Timers
  readonly log: (what: string, facts?: LogLine) => void
  /** Into the charger's log, durable when it says true. */
  readonly tell: (day: DayOfBays) => Promise<boolean>
}

export interface UptimeFigure {
  readonly connectorId: number
  readonly seconds: StandingSeconds
}

const markEveryMs = durationMs(60_000)

export class UptimeKeeper {
  readonly #parts: UptimeParts
  #book: UptimeBook
  #markedAtMs: number | undefined
  #cancel: CancelTimer = () => undefined
  #isFailing = false
  #isTelling = false

  constructor(parts: UptimeParts) {
    this.#parts = parts
    this.#book = readBook(parts.path)
  }

  start(): void {
    this.#look()
    this.#cancel = this.#parts.timers.every(markEveryMs, () => this.#look())
  }

  /** Before the parts that it asks are gone. */
  stop(): void {
    this.#cancel()
    this.#mark()
  }

  get figures(): readonly UptimeFigure[] {
    return [...this.#parts.standings().keys()].map((connectorId) => ({
      connectorId,
      seconds: uptimeOf(this.#book, connectorId),
    }))
  }

  #look(): void {
    this.#mark()
    void this.#tell()
  }

  /** A day that was told and not noted is told again after a kill: whoever reads it takes it once. */
  async #tell(): Promise<void> {
    if (this.#isTelling) return
    this.#isTelling = true
    for (const day of daysToTell(this.#book)) {
      if (!(await this.#parts.tell(day))) break
      this.#book = { ...this.#book, toldDay: day.day }
      this.#write()
    }
    this.#isTelling = false
  }

  #mark(): void {
    const { clock, nowS, standings } = this.#parts
    const nowMs = clock.monotonicMs()
    const livedS = this.#markedAtMs === undefined ? undefined : Math.floor((nowMs - this.#markedAtMs) / 1_000)
    // What is not yet a second is kept for the next mark.
    this.#markedAtMs = livedS === undefined ? nowMs : (this.#markedAtMs ?? nowMs) + livedS * 1_000
    this.#book = markUptime(this.#book, nowS(), livedS, standings())
    this.#write()
  }

  #write(): void {
    const { path, log } = this.#parts
    try {
      writeDurably(path, toHex(encodeUptime(this.#book)))
      this.#isFailing = false
    } catch (error) {
      // A full disk may cost a figure, never a session.
      if (!this.#isFailing) log('uptime-not-written', { detail: String(error) })
      this.#isFailing = true
    }
  }
}

function readBook(path: string): UptimeBook {
  try {
    return decodeUptime(fromHex(readFileSync(path, 'utf8'))) ?? emptyUptime
  } catch {
    // There is none at the first start, and a damaged one says nothing.
    return emptyUptime
  }
}
