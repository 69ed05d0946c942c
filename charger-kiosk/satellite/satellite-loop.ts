/**
 * The way home when no other is left: letters through a satellite modem, a message at a time, within a budget. It holds no
 * truth of its own but how often it has asked; what went and what did not stands beside the log.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { CancelTimer, Clock, Random, Timers } from '@/lib/core/clock'
import { durationMs, type EpochSeconds } from '@/lib/core/units'
import type { SharedKey } from '@/lib/crypto/sealing'
import { joinFrames, readFrame, type Frame } from '@/lib/letter/frames'
import { decodeLetterAnswer, letterAnswerLabel } from '@/lib/letter/letter'
import { charge, mayStart, type RoadCost, type RoadSpent, type RoadTerms } from '@/lib/sync/road-budget'
import type { LetterPost } from '../controller/letter-post'
import type { LogLine } from '../controller/ports'
import type { LetterUnderWay } from '../session/records'
import type { ModemFault, SatelliteModem } from './modem'
import { nextStep, partsOf, type SatelliteSettings } from './plan'

export interface SatelliteParts {
  readonly post: Pick<LetterPost, 'state' | 'waiting' | 'begin' | 'keep' | 'hear' | 'nowS'>
  readonly modem: SatelliteModem
  readonly settings: SatelliteSettings
  readonly terms: RoadTerms
  /** Where what was used stays over a restart. */
  readonly book: { read(name: string): RoadSpent; write(name: string, spent: RoadSpent): void }
  readonly open: (key: SharedKey, sealed: Uint8Array, label: Uint8Array) => Promise<Bytes | undefined>
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** When another road last brought an answer. */
  readonly heardS: () => EpochSeconds | undefined
  readonly log: (what: string, facts?: LogLine) => void
}

export interface SatelliteFigures {
  readonly messagesSent: number
  readonly bytesSent: number
  readonly messagesReceived: number
  readonly faults: number
  /** Sessions that the operator said it has by letter. */
  readonly sessionsTold: number
  readonly lastContactS: EpochSeconds | undefined
  readonly fault: string | undefined
  readonly spent: RoadSpent
}

const bookName = 'satellite'
const startPauseMs = 120_000
const lookEveryMs = 15_000
/** Questions without a pause, where more is said to wait. */
const inARowMax = 8
const faultPauseMs = 60_000
const faultPauseMaxMs = 3_600_000

export class SatelliteLoop {
  readonly #parts: SatelliteParts
  readonly #startedS: EpochSeconds
  #spent: RoadSpent
  #cancel: CancelTimer = () => undefined
  #underWay: Promise<void> | undefined
  #isStopped = true
  #asked = 0
  #askedAtS: EpochSeconds | undefined
  #faultsInARow = 0
  #inARow = 0
  #answer: Frame[] = []
  readonly #counts = { messagesSent: 0, bytesSent: 0, messagesReceived: 0, faults: 0, sessionsTold: 0 }
  #lastContactS: EpochSeconds | undefined
  #fault: string | undefined

  constructor(parts: SatelliteParts) {
    this.#parts = parts
    this.#spent = parts.book.read(bookName)
    this.#startedS = parts.post.nowS
  }

  get figures(): SatelliteFigures {
    return {
      ...this.#counts,
      lastContactS: this.#lastContactS,
      fault: this.#fault,
      spent: this.#spent,
    }
  }

  start(): void {
    this.#isStopped = false
    // Other roads get a moment to say that they are there again.
    this.#after(Math.min(startPauseMs, this.#parts.settings.quietS * 1_000))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel()
    this.#parts.modem.close()
    await this.#underWay
  }

  #after(delayMs: number): void {
    this.#cancel()
    if (this.#isStopped) return
    this.#cancel = this.#parts.timers.after(durationMs(delayMs), () => {
      this.#underWay = this.#turn().then((pauseMs) => this.#after(pauseMs))
    })
  }

  /** One step; gives how long to wait for the next. */
  async #turn(): Promise<number> {
    const { post, settings } = this.#parts
    const nowS = post.nowS
    const { state } = post
    const facts = { nowS, state, asked: this.#asked, askedAtS: this.#askedAtS }
    const heardS = this.#parts.heardS() ?? this.#startedS
    const step = nextStep({ ...facts, heardS, waiting: () => post.waiting() }, settings)
    switch (step.kind) {
      case 'wait':
        return step.untilS === undefined
          ? lookEveryMs
          : Math.min(Math.max(1_000, (step.untilS - nowS) * 1_000), lookEveryMs)
      case 'drop':
        return this.#keep({ toldCounter: state.toldCounter })
      case 'begin':
        return this.#begin()
      case 'again':
        this.#rest()
        return state.underWay === undefined
          ? 0
          : this.#keep({ ...state, underWay: { ...state.underWay, sentParts: 0 } })
      case 'send':
        return state.underWay === undefined ? 0 : this.#send(state.underWay, step.part)
      case 'ask':
        return this.#ask()
    }
  }

  async #begin(): Promise<number> {
    const { post, settings, log } = this.#parts
    const begun = await post.begin(settings.messageBytesMax, settings.messagesPerLetterMax)
    if (!begun.ok) return this.#failed(begun.error)
    const { underWay } = post.state
    if (underWay === undefined) return lookEveryMs
    this.#rest()
    log('letter-begun', { sessions: underWay.counters.length, bytes: underWay.sealed.length })
    return 0
  }

  async #send(underWay: LetterUnderWay, part: number): Promise<number> {
    const parts = partsOf(underWay)
    const message = parts[part]
    if (message === undefined) return this.#keep({ toldCounter: this.#parts.post.state.toldCounter })
    const refusedMs = this.#pay(message.length)
    if (refusedMs !== undefined) return refusedMs
    const exchanged = await this.#parts.modem.exchange(message)
    if (!exchanged.ok) return this.#missed(exchanged.error, message.length)
    this.#worked()
    this.#counts.messagesSent += 1
    this.#counts.bytesSent += message.length
    const { post } = this.#parts
    const { state } = post
    // It may have come home by another road meanwhile.
    if (state.underWay?.letter === underWay.letter) {
      const sentParts = state.underWay.sentParts | (1 << part)
      const isLast = sentParts === 2 ** parts.length - 1
      const kept = await this.#keep({
        ...state,
        underWay: { ...state.underWay, sentParts, ...(isLast ? { sentAtS: post.nowS } : {}) },
      })
      if (kept > 0) return kept
    }
    return this.#received(exchanged.value.received)
  }

  async #ask(): Promise<number> {
    const refusedMs = this.#pay(0)
    if (refusedMs !== undefined) return refusedMs
    const exchanged = await this.#parts.modem.exchange(undefined)
    if (!exchanged.ok) return this.#missed(exchanged.error, 0)
    this.#worked()
    this.#asked += 1
    this.#askedAtS = this.#parts.post.nowS
    const pauseMs = await this.#received(exchanged.value.received)
    // What waits behind it is asked for at once, as if nothing had been asked; each question costs money, so not for ever.
    if (exchanged.value.waiting > 0 && this.#inARow < inARowMax) {
      this.#inARow += 1
      ;[this.#asked, this.#askedAtS] = [0, undefined]
    }
    return pauseMs
  }

  /** What a modem brings may be anybody's: only what opens with the letter's own key counts. */
  async #received(message: Bytes | undefined): Promise<number> {
    if (message === undefined) return 0
    this.#counts.messagesReceived += 1
    this.#charge({ bytes: message.length, messages: 1 })
    const { post, open, log } = this.#parts
    const { underWay } = post.state
    const frame = readFrame(message)
    if (underWay === undefined || frame?.kind !== 'answer' || frame.letter !== underWay.letter) return 0
    this.#answer = [...this.#answer.filter(({ index }) => index !== frame.index), frame]
    const sealed = joinFrames(this.#answer)
    if (sealed === undefined) return 0
    this.#answer = []
    const plain = await open(toBytes(underWay.answerKey), sealed, letterAnswerLabel)
    const answer = plain && decodeLetterAnswer(plain)
    if (answer === undefined) return 0
    if (answer.revocationDeltas.length > 0) await post.hear(answer.revocationDeltas)
    const told = underWay.counters[Math.min(answer.decided, underWay.counters.length) - 1]
    const kept = await this.#keep({ toldCounter: Math.max(post.state.toldCounter, told ?? 0) })
    if (kept > 0) return kept
    this.#rest()
    this.#counts.sessionsTold += answer.decided
    log('letter-answered', { sessions: answer.decided, deltas: answer.revocationDeltas.length })
    return 0
  }

  /** Milliseconds until there is money again; undefined where there is, and it is counted before it is spent. */
  #pay(bytes: number): number | undefined {
    const { terms, post } = this.#parts
    const cost = { bytes, messages: 1 }
    const leave = mayStart(this.#spent, terms, cost, 'urgent', post.nowS)
    if (leave.kind === 'no') {
      this.#fault = leave.bound
      return Math.min(Math.max(1_000, (leave.untilS - post.nowS) * 1_000), faultPauseMaxMs)
    }
    this.#charge(cost)
    return undefined
  }

  #charge(cost: RoadCost): void {
    const { terms, post, book } = this.#parts
    this.#spent = charge(this.#spent, terms, cost, post.nowS)
    book.write(bookName, this.#spent)
  }

  /** Only where the satellite may have it does it cost anything. */
  #missed({ cause, detail }: ModemFault, bytes: number): number {
    if (cause !== 'not-sent') this.#charge({ bytes: -bytes, messages: -1 })
    return this.#failed(`${cause}: ${detail}`)
  }

  async #keep(state: Parameters<SatelliteParts['post']['keep']>[0]): Promise<number> {
    const kept = await this.#parts.post.keep(state)
    return kept.ok ? 0 : this.#failed(kept.error)
  }

  #rest(): void {
    this.#asked = 0
    this.#askedAtS = undefined
    this.#inARow = 0
    this.#answer = []
  }

  #worked(): void {
    this.#faultsInARow = 0
    this.#fault = undefined
    this.#lastContactS = this.#parts.post.nowS
  }

  #failed(why: string): number {
    const { log, random } = this.#parts
    if (this.#fault === undefined) log('satellite-failed', { detail: why })
    this.#fault = why.slice(0, 80)
    this.#counts.faults += 1
    this.#faultsInARow += 1
    const [high = 0, low = 0] = random.bytes(2)
    const most = Math.min(faultPauseMs * 2 ** (this.#faultsInARow - 1), faultPauseMaxMs)
    return most / 2 + ((high * 256 + low) / 65_536) * (most / 2)
  }
}
