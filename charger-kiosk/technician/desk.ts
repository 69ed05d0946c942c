/**
 * Technician mode: closed, asking for a pass, or open in somebody's name, with every act in the journal under the serial of
 * the pass. It ends by a button, after fifteen minutes without an act, or with the program; charging goes on whatever
 * happens here. Longer than most files, because who is in and what they may do belong together.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { CancelTimer, Random, Timers } from '@/lib/core/clock'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Controller } from '../controller/controller'
import type { ActedFacts } from '../controller/technician-post'
import type { SelfTestResult } from '../self-test'
import type { ServedSticks } from '../sticks/serve-sticks'
import {
  technicianActs,
  type SealEntry,
  type TechnicianAct,
  type TechnicianNotice,
  type TechnicianPlace,
  type TechnicianProof,
  type TechnicianState,
  type TechnicianStick,
  type TechnicianTestStep,
} from '../screen-protocol-technician'
import { BayActs } from './bay-acts'
import { makeBundle, type MadeBundle } from './bundle'
import { challengeLifeMs, ChallengeBook } from './challenge-book'
import { checkEntry, type Entered } from './entry-check'
import { logPage, proveEvent } from './log-window'
import type { LanDesk } from './lan-desk'
import { reportBody, type ReportParts } from './report'

export const idleMs = 900_000

export interface DeskParts extends ReportParts {
  readonly controller: Pick<Controller, 'recordSeals'>
  readonly timers: Timers
  readonly random: Random
  readonly runSelfTest: () => Promise<SelfTestResult>
  /** Serves every stick that is plugged in; undefined: the configuration names no place for any. */
  readonly serveSticks?: () => Promise<ServedSticks>
  /** Undefined: the configuration lets nobody in from the LAN. */
  readonly lan?: LanDesk
  readonly log?: (what: string, facts?: Readonly<Record<string, string | number>>) => void
}

interface Open extends Pick<Entered, 'serial' | 'rights'> {
  readonly isOnScreen: boolean
}

/** What is looked at; all of it goes when the mode ends. */
interface Looking {
  readonly before: number | undefined
  readonly proof: TechnicianProof | null
  readonly notice: TechnicianNotice | null
  readonly bundle: MadeBundle | undefined
  readonly sticks: readonly TechnicianStick[]
}

const nothing: Looking = { before: undefined, proof: null, notice: null, bundle: undefined, sticks: [] }

export class TechnicianDesk {
  readonly #parts: DeskParts
  readonly #book = new ChallengeBook()
  readonly #bays: BayActs
  readonly #listeners = new Set<() => void>()
  #asking: { readonly code: string; readonly endsMs: number; readonly refusal: Refusal | null } | undefined
  #open: Open | undefined
  #looking = nothing
  #tests = new Map<number, readonly TechnicianTestStep[]>()
  #idleEndsMs = 0
  #cancelIdle: CancelTimer = () => undefined
  #isBusy = false

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#bays = new BayActs(parts)
    parts.lan?.onChange(() => this.#changed())
    parts.notes.onSetUp((identity) => void this.#bays.tellClosed(identity))
    parts.notes.onNews(() => (this.#open === undefined ? undefined : this.#changed()))
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  state(place: TechnicianPlace): TechnicianState {
    const nowMs = this.#nowMs()
    const open = this.#open
    if (open === undefined || (place === 'screen' && !open.isOnScreen)) {
      const asking = this.#asking
      if (place === 'lan' || asking === undefined || nowMs >= asking.endsMs) return { kind: 'closed' }
      return { kind: 'asking', ...asking, leftS: secondsTo(asking.endsMs, nowMs) }
    }
    const { before, proof, notice, bundle, sticks } = this.#looking
    const { lan, journal, serveSticks } = this.#parts
    return {
      kind: 'open',
      place,
      serial: open.serial,
      rights: open.rights,
      leftS: secondsTo(this.#idleEndsMs, nowMs),
      ...reportBody(this.#parts, this.#tests),
      ...logPage(journal, before),
      proof,
      notice,
      bundle: bundle?.told ?? null,
      lan: lan?.told(place, nowMs) ?? null,
      hasLan: lan !== undefined,
      sticks,
      hasSticks: serveSticks !== undefined,
    }
  }

  /** The bundle that was made last, for whoever may fetch it. */
  get bundle(): MadeBundle | undefined {
    return this.#open === undefined ? undefined : this.#looking.bundle
  }

  /** Parts of a `technician-entry` code at the camera of the touchscreen. */
  async enter(parts: readonly Bytes[]): Promise<Result<void, ReasonCode>> {
    const { post } = this.#parts
    const nowMs = this.#nowMs()
    const checked = checkEntry(parts, post.entryFacts(), (hash) => this.#book.find(hash, nowMs))
    if (!checked.ok) return this.#turnAway(checked.error)
    const { serial, rights, challenge, entry, pass } = checked.value
    // Used before it is written: a code that is seen twice meanwhile opens once.
    this.#book.use(challenge.hash)
    const written = await post.entered({ challenge: challenge.bytes, entry, pass })
    if (!written.ok) return this.#turnAway('charger.storage')
    // Whoever was still in by a laptop is out, and that is written down as well.
    await this.#leave('replaced', 'lan')
    this.#asking = undefined
    this.#looking = nothing
    this.#tests = new Map()
    this.#open = { serial, rights, isOnScreen: true }
    this.#parts.log?.('technician-entered', { serial })
    this.#stay()
    return ok(undefined)
  }

  async act(act: TechnicianAct, place: TechnicianPlace): Promise<Result<void, ReasonCode>> {
    if (act.kind === 'ask') return place === 'screen' ? this.#ask() : err('technician.closed')
    const open = this.#open
    if (open === undefined || (place === 'screen' && !open.isOnScreen)) {
      if (act.kind === 'leave') this.#stopAsking()
      return err('technician.closed')
    }
    const needed = technicianActs[act.kind]
    if (needed !== 'always' && !open.rights[needed]) {
      return this.#told(act, err('technician.rights'))
    }
    this.#stay()
    if (act.kind === 'stay') return ok(undefined)
    if (act.kind === 'leave') return this.#leave('button', place)
    if (this.#isBusy) return err('charger.busy')
    this.#isBusy = true
    try {
      return await this.#do(act, place, open)
    } finally {
      this.#isBusy = false
      this.#changed()
    }
  }

  async stop(): Promise<void> {
    this.#cancelIdle()
    this.#open = undefined
    await this.#parts.lan?.close()
  }

  async #do(act: TechnicianAct, place: TechnicianPlace, open: Open): Promise<Result<void, ReasonCode>> {
    switch (act.kind) {
      case 'newest':
        return this.#look({ before: undefined })
      case 'older':
        return this.#look({ before: act.before })
      case 'prove':
        return this.#prove(act.seq, place, open)
      case 'self-test':
        return this.#selfTest(place, open)
      case 'bundle':
        return this.#makeBundle(place, open)
      case 'stick':
        return this.#serveSticks(place, open)
      case 'seals':
        return this.#seals(act.seals, place, open)
      case 'hand-back':
        return this.#handBack(place, open)
      case 'open-lan':
      case 'close-lan':
        return this.#lan(act.kind, place, open)
      case 'read-meter':
      case 'unlock':
      case 'test':
      case 'take-out':
      case 'put-back':
        return this.#atBay(act, place, open)
      case 'ask':
      case 'stay':
      case 'leave':
        return ok(undefined)
    }
  }

  async #ask(): Promise<Result<void, ReasonCode>> {
    if (this.#open?.isOnScreen === true) return ok(undefined)
    try {
      const challenge = await this.#parts.post.challenge()
      const nowMs = this.#nowMs()
      this.#book.add(challenge, nowMs)
      this.#asking = { code: challenge.code, endsMs: nowMs + challengeLifeMs, refusal: null }
      this.#changed()
      return ok(undefined)
    } catch {
      return err('charger.keys')
    }
  }

  #stopAsking(): void {
    this.#asking = undefined
    this.#changed()
  }

  #turnAway(code: ReasonCode): Result<never, ReasonCode> {
    this.#parts.log?.('technician-turned-away', { code })
    if (this.#asking !== undefined) this.#asking = { ...this.#asking, refusal: refusal(code) }
    this.#changed()
    return err(code)
  }

  async #atBay(
    act: Extract<TechnicianAct, { readonly connectorId: number }>,
    place: TechnicianPlace,
    open: Open,
  ): Promise<Result<void, ReasonCode>> {
    const { connectorId } = act
    const event = { by: open.serial, act: act.kind, detail: '', place, connectorId }
    this.#busy(act)
    if (act.kind === 'take-out' || act.kind === 'put-back') {
      return this.#told(act, await this.#bays.setService(connectorId, act.kind === 'put-back', event))
    }
    const done =
      act.kind === 'read-meter'
        ? await this.#bays.readMeter(connectorId)
        : act.kind === 'unlock'
          ? await this.#bays.unlock(connectorId)
          : await this.#bays.test(connectorId, event, (steps) => {
              this.#tests.set(connectorId, steps)
              this.#changed()
            })
    return this.#written(act, done, event)
  }

  async #prove(seq: number, place: TechnicianPlace, open: Open): Promise<Result<void, ReasonCode>> {
    const { post, journal } = this.#parts
    const signed = await post.signCheckpoint()
    const proof = proveEvent(journal, seq, signed, post.entryFacts().certificate.key, verifyWithNode)
    this.#looking = { ...this.#looking, proof }
    const detail = `event ${seq} ${proof.verdict}, size ${proof.size}`
    return this.#written({ kind: 'prove', seq }, ok(detail), { by: open.serial, act: 'prove', detail, place })
  }

  async #selfTest(place: TechnicianPlace, open: Open): Promise<Result<void, ReasonCode>> {
    this.#busy({ kind: 'self-test' })
    const { detail } = await this.#parts.runSelfTest()
    const event = { by: open.serial, act: 'self-test', detail, place }
    return this.#written({ kind: 'self-test' }, ok(detail), event)
  }

  async #makeBundle(place: TechnicianPlace, open: Open): Promise<Result<void, ReasonCode>> {
    const { post, journal } = this.#parts
    const made = makeBundle(reportBody(this.#parts, this.#tests), journal, await post.signCheckpoint())
    this.#looking = { ...this.#looking, bundle: made }
    const detail = `${made.told.bytes} bytes`
    return this.#written({ kind: 'bundle' }, ok(detail), { by: open.serial, act: 'bundle', detail, place })
  }

  async #serveSticks(place: TechnicianPlace, open: Open): Promise<Result<void, ReasonCode>> {
    const act = { kind: 'stick' } as const
    const { serveSticks } = this.#parts
    if (serveSticks === undefined) return this.#told(act, err('technician.rights'))
    this.#busy(act)
    const { sticks, outcome } = await serveSticks()
    this.#looking = { ...this.#looking, sticks }
    return this.#written(act, outcome, { by: open.serial, act: 'stick', detail: '', place })
  }

  async #seals(
    seals: readonly SealEntry[],
    place: TechnicianPlace,
    open: Open,
  ): Promise<Result<void, ReasonCode>> {
    const act = { kind: 'seals', seals } as const
    const recorded = await this.#parts.controller.recordSeals(seals, open.serial)
    if (!recorded.ok) return this.#told(act, err('charger.storage'))
    const findings = recorded.value.map(({ what, detail }) => `${what} ${detail}`)
    const detail = `${seals.length} seals, ${findings.length} findings`
    const event = { by: open.serial, act: 'seals', detail, place }
    return this.#written(
      act,
      ok(detail),
      event,
      recorded.value.map(({ detail: found }) => found),
    )
  }

  /** The touchscreen is the drivers' again, while a laptop goes on. */
  async #handBack(place: TechnicianPlace, open: Open): Promise<Result<void, ReasonCode>> {
    const nowMs = this.#nowMs()
    if (this.#parts.lan?.told(place, nowMs)?.isUsed !== true) return this.#leave('button', place)
    this.#open = { ...open, isOnScreen: false }
    return ok(undefined)
  }

  async #lan(
    kind: 'open-lan' | 'close-lan',
    place: TechnicianPlace,
    open: Open,
  ): Promise<Result<void, ReasonCode>> {
    const { lan, random } = this.#parts
    if (lan === undefined) return this.#told({ kind }, err('technician.rights'))
    if (kind === 'close-lan') {
      await lan.close()
      // Nobody at the screen and nobody at a laptop: nobody is in.
      if (!open.isOnScreen) return this.#leave('button', place)
      return this.#written({ kind }, ok('closed'), { by: open.serial, act: kind, detail: '', place })
    }
    // A laptop that is in could let in the next for ever.
    if (place === 'lan') return this.#told({ kind }, err('technician.rights'))
    const opened = await lan.open(random, this.#nowMs())
    if (!opened.ok) {
      this.#parts.log?.('technician-lan', { detail: opened.error })
      return this.#told({ kind }, err('charger.controller'))
    }
    return this.#written({ kind }, ok(''), { by: open.serial, act: kind, detail: '', place })
  }

  /** What was done is in the journal before anybody reads that it is done. */
  async #written(
    act: TechnicianAct,
    done: Result<string, ReasonCode>,
    event: ActedFacts,
    findings: readonly string[] = [],
  ): Promise<Result<void, ReasonCode>> {
    const detail = done.ok ? done.value : done.error
    const written = await this.#parts.post.acted({ ...event, detail })
    if (!written.ok) return this.#told(act, err('charger.storage'))
    return this.#told(act, done.ok ? ok(undefined) : done, findings)
  }

  #told(
    act: TechnicianAct,
    done: Result<void, ReasonCode>,
    findings: readonly string[] = [],
  ): Result<void, ReasonCode> {
    this.#notice(act, done.ok ? 'done' : 'refused', done.ok ? null : refusal(done.error), findings)
    return done
  }

  #busy(act: TechnicianAct): void {
    this.#notice(act, 'busy', null, [])
  }

  #notice(
    act: TechnicianAct,
    outcome: TechnicianNotice['outcome'],
    why: Refusal | null,
    findings: readonly string[],
  ): void {
    const connectorId = 'connectorId' in act ? act.connectorId : null
    this.#looking = {
      ...this.#looking,
      notice: { act: act.kind, connectorId, outcome, refusal: why, findings },
    }
    this.#changed()
  }

  #look(change: Pick<Looking, 'before'>): Result<void, ReasonCode> {
    this.#looking = { ...this.#looking, ...change, proof: null }
    return ok(undefined)
  }

  async #leave(
    why: 'button' | 'idle' | 'replaced',
    place: TechnicianPlace,
  ): Promise<Result<void, ReasonCode>> {
    const open = this.#open
    if (open === undefined) return ok(undefined)
    this.#cancelIdle()
    this.#open = undefined
    this.#looking = nothing
    this.#tests = new Map()
    await this.#parts.lan?.close()
    this.#changed()
    const written = await this.#parts.post.acted({ by: open.serial, act: 'leave', detail: why, place })
    return written.ok ? ok(undefined) : err('charger.storage')
  }

  #stay(): void {
    this.#idleEndsMs = this.#nowMs() + idleMs
    this.#cancelIdle()
    this.#cancelIdle = this.#parts.timers.after(durationMs(idleMs), () => void this.#leave('idle', 'screen'))
    this.#changed()
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

const secondsTo = (endsMs: number, nowMs: number): number => Math.max(0, Math.ceil((endsMs - nowMs) / 1_000))
