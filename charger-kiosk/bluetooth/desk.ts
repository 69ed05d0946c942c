/**
 * Where phones are attended to by radio. What a phone writes goes to the controller as if a camera had read it; what the
 * touchscreen shows for that phone waits for it to be read. One code of all phones is with the controller at a time, so
 * that a camera never waits for more than one of them, however many there are.
 */

import type { Bytes } from '@/lib/core/bytes'
import { toBytes } from '@/lib/core/bytes'
import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { durationMs } from '@/lib/core/units'
import { chargerStates, encodeLinkState, phoneStates } from '@/lib/protocol/bluetooth-gatt'
import { envelopeToText } from '@/lib/protocol/envelope'
import type { Controller } from '../controller/controller'
import type { ScanOutcome } from '../controller/scan'
import { Allowance } from './allowances'
import { BayBook } from './bay-book'
import { PhoneLine } from './phone-line'
import { readPhoneCode, type PhoneCode } from './phone-code'
import type { PhoneName, Radio, RadioUser } from './radio'

/** A phone whose driver decides hears of the offer every time that it is renewed; one that runs hears figures. */
const silentMaxMs = 180_000
/** Long enough for anybody to decide; short enough that strangers do not keep others from talking. */
const strangerMaxMs = 300_000
const lookEveryMs = durationMs(5_000)
/** How many phones are remembered that were refused, until their radios hang up. */
const turnedAwayMax = 32

export interface DeskPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly log?: (what: string, facts?: Readonly<Record<string, unknown>>) => void
}

type Attended = Pick<Controller, 'handleScan' | 'screenState' | 'onChange'>

interface Job {
  readonly line: PhoneLine
  readonly code: PhoneCode
  /** Asked by the desk for a phone that waits for its receipt, not by the phone. */
  readonly isOurs: boolean
}

export class BluetoothDesk implements RadioUser {
  readonly #controller: Attended
  readonly #ports: DeskPorts
  readonly #lines = new Map<PhoneName, PhoneLine>()
  /** Phones that were told no: what they still read, until they are gone. */
  readonly #turnedAway = new Map<PhoneName, PhoneLine>()
  readonly #bays = new BayBook()
  readonly #jobs: Job[] = []
  readonly #refusals: Allowance
  #isWorking = false
  #radio: Radio | undefined
  #stopWatching: readonly CancelTimer[] = []

  constructor(controller: Attended, ports: DeskPorts) {
    this.#controller = controller
    this.#ports = ports
    const perMinute = limits.bluetoothRefusalsPerMinuteMax
    this.#refusals = new Allowance(perMinute, perMinute / 60, ports.clock.monotonicMs())
  }

  /** From now on there is a radio through which phones can be told that something waits. */
  attend(radio: Radio): void {
    this.#radio = radio
    this.#stopWatching = [
      this.#controller.onChange(() => this.#refresh()),
      this.#ports.timers.every(lookEveryMs, () => this.#lookRound()),
    ]
  }

  /** Hangs up on everybody. */
  close(): void {
    for (const stop of this.#stopWatching) stop()
    this.#radio?.notify(toBytes([chargerStates.end]))
    this.#lines.clear()
    this.#turnedAway.clear()
    this.#jobs.length = 0
    this.#radio = undefined
  }

  /** Phones that are talked to now. */
  get phones(): number {
    return this.#lines.size
  }

  stateWritten(phone: PhoneName, value: Uint8Array, writeBytesMax: number | undefined): boolean {
    const [state] = value
    if (value.length !== 1) return false
    if (state === phoneStates.end) {
      this.left(phone)
      return true
    }
    if (state !== phoneStates.start) return false
    const line = new PhoneLine(phone, writeBytesMax ?? 0, this.#nowMs())
    this.left(phone)
    if (this.#lines.size >= limits.bluetoothPhonesMax) {
      this.#turnAway(line, 'link.full')
      return true
    }
    this.#lines.set(phone, line)
    this.#refresh()
    return true
  }

  stateRead = (phone: PhoneName): Bytes => encodeLinkState(this.#lines.get(phone)?.writeBytesMax ?? 0)

  written(phone: PhoneName, value: Uint8Array): boolean {
    const line = this.#lines.get(phone)
    if (line === undefined) return false
    const taken = line.take(value, this.#nowMs())
    if (!taken.ok) {
      this.#turnAway(line, taken.error)
      return false
    }
    if (taken.value.kind === 'whole') this.#hear(line, taken.value.text)
    return true
  }

  read(phone: PhoneName): Bytes {
    const line = this.#lines.get(phone) ?? this.#turnedAway.get(phone)
    return line?.next(this.#nowMs()) ?? toBytes([])
  }

  left = (phone: PhoneName): void => {
    this.#lines.delete(phone)
    this.#turnedAway.delete(phone)
  }

  #hear(line: PhoneLine, text: string): void {
    const code = readPhoneCode(text)
    if (!code.ok) return this.#say(line, code.error)
    if (line.codesWaiting >= limits.bluetoothCodesWaitingMax) return this.#turnAway(line, 'link.flood')
    this.#queue({ line, code: code.value, isOurs: false })
  }

  #queue(job: Job): void {
    job.line.codesWaiting += 1
    this.#jobs.push(job)
    if (!this.#isWorking) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      await this.#present(job).catch((error: unknown) => {
        this.#ports.log?.('bluetooth-failed', { detail: String(error) })
      })
      job.line.codesWaiting -= 1
    }
    this.#isWorking = false
    this.#refresh()
  }

  async #present({ line, code, isOurs }: Job): Promise<void> {
    if (!this.#lines.has(line.name)) return
    // Refusals stand on the touchscreen: strangers by radio may not fill it, nor keep a driver from stopping.
    const isWelcome = isOurs || line.isKnown || this.#refusals.has(1, this.#nowMs())
    if (!isWelcome) return this.#say(line, 'link.flood')
    const bay = this.#bays.bayFor(code, this.#controller.screenState())
    if (bay === undefined) return this.#say(line, 'charger.unplugged')
    const outcome = await this.#controller.handleScan(bay, code.text)
    this.#follow({ line, code, isOurs }, outcome)
  }

  #follow({ line, code, isOurs }: Job, outcome: ScanOutcome): void {
    switch (outcome.kind) {
      case 'accepted':
        this.#begin(line, code)
        line.putAgain('answer', envelopeToText({ kind: 'answer', parts: [outcome.answer] }))
        return
      case 'known': {
        const { what, bytes, accepted } = outcome.known
        line.putAgain(what, envelopeToText({ kind: what, parts: [bytes] }))
        // What we asked ourselves is asked once: a session that no bay shows would be asked for without end.
        if (accepted && what === 'answer' && !isOurs) this.#begin(line, code)
        else line.session = undefined
        return
      }
      case 'refused':
        this.#refusals.take(1, this.#nowMs())
        if (outcome.answer === undefined) this.#say(line, outcome.refusal.code)
        else line.putAgain('answer', envelopeToText({ kind: 'answer', parts: [outcome.answer] }))
        return
      case 'stopping':
      case 'news':
        return
    }
  }

  #begin(line: PhoneLine, code: PhoneCode): void {
    line.isKnown = true
    if (code.kind !== 'authorization') return
    line.session = { sessionId: code.sessionId, authorization: code.text }
  }

  /** Puts what the screen shows for each phone where that phone reads it, and tells everybody that something waits. */
  #refresh(): void {
    if (this.#lines.size === 0) return
    const screen = this.#controller.screenState()
    this.#bays.see(screen)
    for (const line of this.#lines.values()) {
      if (line.session === undefined) this.#offer(line)
      else this.#report(line, line.session)
    }
    this.#ring()
  }

  #offer(line: PhoneLine): void {
    const offers = this.#bays.offers()
    line.forgetOffersBut(new Set(offers.map(({ connectorId }) => connectorId)))
    for (const { connectorId, code } of offers) line.put(`offer ${connectorId}`, code)
  }

  #report(line: PhoneLine, { sessionId, authorization }: NonNullable<PhoneLine['session']>): void {
    line.forgetOffersBut(new Set())
    const phase = this.#bays.phaseOf(sessionId)
    if (phase?.kind === 'charging') line.put('status', phase.statusCode)
    if (phase?.kind === 'finished') {
      line.put('receipt', phase.receiptCode)
      line.session = undefined
    }
    if (phase !== undefined || line.codesWaiting > 0) return
    // The bay has gone on without showing a receipt: whoever asks again gets what became of it (rule 5).
    const code = readPhoneCode(authorization)
    line.session = undefined
    if (code.ok) this.#queue({ line, code: code.value, isOurs: true })
  }

  #say(line: PhoneLine, reason: ReasonCode): void {
    line.say(reason)
    this.#ring()
  }

  /** Said, and hung up on a while later: whoever is told why seldom tries the same again. */
  #turnAway(line: PhoneLine, reason: ReasonCode): void {
    this.#lines.delete(line.name)
    line.sayLast(reason)
    if (this.#turnedAway.size >= turnedAwayMax) this.#radio?.hangUp(line.name)
    else this.#turnedAway.set(line.name, line)
    this.#ports.log?.('bluetooth-turned-away', { reason })
    this.#ring()
  }

  #ring(): void {
    const all = [...this.#lines.values(), ...this.#turnedAway.values()]
    if (all.some((line) => line.hasWaiting)) this.#radio?.notify(toBytes([chargerStates.waiting]))
  }

  #lookRound(): void {
    const nowMs = this.#nowMs()
    for (const name of this.#turnedAway.keys()) {
      this.#turnedAway.delete(name)
      this.#radio?.hangUp(name)
    }
    for (const line of [...this.#lines.values()]) {
      const isSilent = nowMs - line.lastHeardMs > silentMaxMs
      const isStranger = !line.isKnown && nowMs - line.startedMs > strangerMaxMs
      if (isSilent || isStranger) this.#turnAway(line, 'link.waited')
    }
    this.#ring()
  }

  #nowMs(): number {
    return this.#ports.clock.monotonicMs()
  }
}
