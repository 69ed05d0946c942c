/**
 * Brings what is kept to the cloud, one parcel at a time, the most urgent first, and puts the answers where their chargers
 * fetch them. Holds no truth of its own: after a restart the shelf says where to go on, and what was sent twice is the
 * same parcel to the cloud.
 */

import type { CancelTimer, Clock, Random, Timers } from '@/lib/core/clock'
import type { ChargerId, ParcelId } from '@/lib/core/ids'
import { durationMs, epochSeconds, type DurationMs, type EpochSeconds } from '@/lib/core/units'
import type { UplinkState } from '@/lib/roads/gateway-messages'
import { afterFailure, uploadNow, type UploadSchedule } from '@/lib/sync/schedule'
import type { Log } from '../log'
import type { ParcelStore } from '../store/parcel-store'
import { nextUp, pastTheirTime, type KeptParcel, type NextUp } from '../store/shelf'
import { dayOf, mayLeave, overheadBytes } from './budget'
import type { PostOutcome, PostParcel } from './post-parcel'

export interface ForwarderPorts {
  readonly store: ParcelStore
  readonly post: PostParcel
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly bytesPerDayMax: number | undefined
}

export interface UplinkView {
  readonly state: UplinkState
  readonly lastSuccessS: EpochSeconds | undefined
  readonly lastFault: { readonly code: string; readonly atS: EpochSeconds } | undefined
  readonly failures: number
  readonly spentBytes: number
  readonly bytesPerDayMax: number | undefined
}

/** A charger whose parcel makes the cloud stumble is not asked for a while, so that the others get through. */
const pauseMs = 600_000
/** Parcels that the operator refused: known for an hour, so that their chargers hear why. */
const refusedForMs = 3_600_000
const refusedMax = 1_024
/** Answers that nobody fetched. */
const answersKeptS = 60 * 86_400
const sweepEveryMs = 600_000
/** A day of the budget ends at midnight UTC; looked at this often, because clocks are set. */
const budgetLookMs = durationMs(300_000)

export class Forwarder {
  readonly #ports: ForwarderPorts
  readonly #pausedUntilMs = new Map<ChargerId, number>()
  readonly #refusedUntilMs = new Map<string, number>()
  readonly #waiting = new Set<{
    readonly charger: ChargerId
    readonly id: ParcelId
    readonly done: () => void
  }>()
  #schedule: UploadSchedule = uploadNow
  #state: UplinkState = 'up'
  #lastFault: UplinkView['lastFault']
  #cancel: CancelTimer = () => undefined
  #underWay: Promise<void> | undefined
  #sending: KeptParcel | undefined
  #isStopped = true
  #sweptAtMs: number | undefined
  readonly counts = { forwarded: 0, failed: 0, refused: 0, sentBytes: 0, receivedBytes: 0 }

  constructor(ports: ForwarderPorts) {
    this.#ports = ports
  }

  start(): void {
    this.#isStopped = false
    this.look()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel()
    this.#release(() => true)
    await this.#underWay
  }

  get view(): UplinkView {
    const { store, clock, bytesPerDayMax } = this.#ports
    const last = store.fact('last-success')
    return {
      state: this.#state,
      lastSuccessS: last && epochSeconds(Number(Buffer.from(last).toString())),
      lastFault: this.#lastFault,
      failures: this.#schedule.failures,
      spentBytes: store.spentOn(dayOf(clock.nowS())),
      bytesPerDayMax,
    }
  }

  isSending({ charger, id }: Pick<KeptParcel, 'charger' | 'id'>): boolean {
    return this.#sending?.charger === charger && this.#sending.id === id
  }

  isRefused(charger: ChargerId, id: ParcelId): boolean {
    return (this.#refusedUntilMs.get(`${charger}/${id}`) ?? 0) > this.#ports.clock.monotonicMs()
  }

  /** Something was put on the shelf, or time has passed: sets the timer afresh. */
  look(): void {
    if (this.#isStopped || this.#underWay !== undefined) return
    this.#cancel()
    const { clock, timers } = this.#ports
    const nowMs = clock.monotonicMs()
    const next = this.#next()
    if (next === undefined) {
      const [soonest] = [...this.#pausedUntilMs.values()].sort((one, other) => one - other)
      if (soonest !== undefined)
        this.#cancel = timers.after(durationMs(Math.max(1, soonest - nowMs)), () => this.look())
      return
    }
    if (!this.#mayLeave(next)) {
      this.#turn('spent')
      this.#release(() => true)
      this.#cancel = timers.after(budgetLookMs, () => this.look())
      return
    }
    // Whether it is up is seen when the next parcel has left.
    if (this.#state === 'spent') this.#turn('up')
    const { failures, settledAtMs = 0, backOffMs } = this.#schedule
    const waitMs = failures === 0 ? 0 : Math.max(0, settledAtMs + backOffMs - nowMs)
    // Through the timer also when it is due now, so that the caller's own work is done first.
    this.#cancel = timers.after(durationMs(waitMs), () => void this.#run())
  }

  /** Resolves once it is answered, refused or seen to wait; at the latest after `waitMs`. */
  settled(charger: ChargerId, id: ParcelId, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.timers.after(durationMs(waitMs), () => end())
      const waiter = { charger, id, done: () => end() }
      const end = (): void => {
        cancel()
        this.#waiting.delete(waiter)
        resolve()
      }
      this.#waiting.add(waiter)
      this.look()
    })
  }

  #run(): Promise<void> {
    this.#underWay ??= this.#attempt()
      .catch((error: unknown) => {
        // The disk: nothing was lost that a charger does not still have.
        this.#ports.log('forward-failed', { detail: String(error) })
        this.#fail(this.#ports.clock.monotonicMs(), 'charger.storage')
      })
      .finally(() => {
        this.#underWay = undefined
        this.#sending = undefined
        this.look()
      })
    return this.#underWay
  }

  async #attempt(): Promise<void> {
    const { store, clock, post } = this.#ports
    const next = this.#next()
    if (next === undefined || !this.#mayLeave(next)) return
    const { parcel } = next
    const bytes = store.bytesOf(parcel)
    if (bytes === undefined) return store.drop([parcel])
    this.#sending = parcel
    // Counted before it leaves: a budget that is overdrawn by every restart is none.
    store.spend(dayOf(clock.nowS()), bytes.length + overheadBytes)
    this.counts.sentBytes += bytes.length
    this.#settle(parcel, await post(bytes, parcel.id))
  }

  #settle(parcel: KeptParcel, outcome: PostOutcome): void {
    const { store, clock } = this.#ports
    const nowMs = clock.monotonicMs()
    if (outcome.kind === 'answered') {
      store.settle(parcel, outcome.answer, clock.nowS())
      this.#note(outcome.answer.length)
      this.counts.forwarded += 1
      return this.#succeed(parcel)
    }
    this.#note(outcome.receivedBytes)
    if (outcome.kind === 'lost') return this.#fail(nowMs, outcome.code)
    if (outcome.kind === 'refused') {
      store.drop([parcel])
      this.#remember(parcel, nowMs)
      this.counts.refused += 1
      this.#ports.log('parcel-refused', { charger: parcel.charger, code: outcome.code })
      return this.#succeed(parcel)
    }
    // The operator is there. Busy is meant for everybody, anything else for this parcel alone.
    if (outcome.code === 'api.busy' || outcome.code === 'api.rate-limited')
      return this.#fail(nowMs, outcome.code)
    this.#turn('up')
    this.#schedule = uploadNow
    this.#pausedUntilMs.set(parcel.charger, nowMs + pauseMs)
    this.#ports.log('charger-paused', { charger: parcel.charger, code: outcome.code })
    this.#release(({ charger }) => charger === parcel.charger)
  }

  #succeed({ charger, id }: KeptParcel): void {
    this.#turn('up')
    this.#schedule = uploadNow
    this.#release((one) => one.charger === charger && one.id === id)
  }

  #fail(nowMs: DurationMs, code: string): void {
    const [high = 0, low = 0] = this.#ports.random.bytes(2)
    this.#schedule = afterFailure(this.#schedule, nowMs, (high * 256 + low) / 65_536)
    this.#lastFault = { code, atS: this.#ports.clock.nowS() }
    this.counts.failed += 1
    this.#turn('down', { code })
    this.#release(() => true)
  }

  #turn(state: UplinkState, facts: Readonly<Record<string, unknown>> = {}): void {
    if (state !== this.#state) this.#ports.log(`uplink-${state}`, facts)
    this.#state = state
  }

  #release(isMeant: (waiter: { readonly charger: ChargerId; readonly id: ParcelId }) => boolean): void {
    for (const waiter of [...this.#waiting]) if (isMeant(waiter)) waiter.done()
  }

  #note(receivedBytes: number): void {
    this.counts.receivedBytes += receivedBytes
    const beyond = receivedBytes - overheadBytes
    if (beyond > 0) this.#ports.store.spend(dayOf(this.#ports.clock.nowS()), beyond)
  }

  #remember({ charger, id }: KeptParcel, nowMs: number): void {
    const [oldest] = this.#refusedUntilMs.keys()
    if (this.#refusedUntilMs.size >= refusedMax && oldest !== undefined) this.#refusedUntilMs.delete(oldest)
    this.#refusedUntilMs.set(`${charger}/${id}`, nowMs + refusedForMs)
  }

  #next(): NextUp | undefined {
    const { store, clock } = this.#ports
    const nowS = clock.nowS()
    const nowMs = clock.monotonicMs()
    if (this.#sweptAtMs === undefined || nowMs - this.#sweptAtMs > sweepEveryMs) {
      this.#sweptAtMs = nowMs
      store.drop(pastTheirTime(store.shelf, nowS))
      store.forgetBefore(epochSeconds(Math.max(0, nowS - answersKeptS)))
    }
    for (const [charger, untilMs] of this.#pausedUntilMs)
      if (untilMs <= nowMs) this.#pausedUntilMs.delete(charger)
    return nextUp(store.shelf, (charger) => this.#pausedUntilMs.has(charger))
  }

  #mayLeave({ parcel, priority }: NextUp): boolean {
    const { store, clock, bytesPerDayMax } = this.#ports
    const nowS = clock.nowS()
    return mayLeave(parcel.sizeBytes, priority, store.spentOn(dayOf(nowS)), bytesPerDayMax, nowS)
  }
}
