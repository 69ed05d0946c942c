/** A virtual charger at work: feeds the machine with the socket and the clock, and does what it asks for. */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { layoutOf } from './evse-layout'
import { nextDueMs, step } from './machine'
import { SocketLink, type LinkOptions } from './socket-link'
import { initialState, type ChargerInput, type ChargerSettings, type ChargerState } from './state'

export interface VirtualChargerOptions extends LinkOptions {
  readonly settings?: Partial<ChargerSettings>
}

/** Longest time that Node's timers can hold; a longer one is reached in several. */
const timerMsMax = 2_000_000_000

export class VirtualCharger {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #link: SocketLink
  readonly #watchers = new Set<() => void>()
  #state: ChargerState
  #cancelTick: CancelTimer = () => undefined
  #isStopped = false

  constructor(
    options: VirtualChargerOptions,
    { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  ) {
    this.#clock = clock
    this.#timers = timers
    this.#link = new SocketLink(
      options,
      timers,
      (input) => this.dispatch(input),
      () => {
        const given = this.#state.configuration['AuthorizationKey']
        return given === '' ? undefined : given
      },
      layoutOf(options.settings?.connectorsPerEvse ?? 1, () => this.#state),
    )
    this.#state = initialState(options.settings ?? {}, this.#now())
  }

  get state(): ChargerState {
    return this.#state
  }

  get lastLinkFailure(): string | undefined {
    return this.#link.lastFailure
  }

  /** Nothing is on its way to the central system or awaited from it. */
  get isQuiet(): boolean {
    const { isLinked, inFlight } = this.#state
    return !this.#link.isOpening && (!isLinked || inFlight === undefined)
  }

  start(): void {
    this.#link.open()
  }

  /** Ends it without a word, as when the plug is pulled. */
  stop(): void {
    this.#isStopped = true
    this.#cancelTick()
    this.#link.close()
  }

  dispatch(input: ChargerInput): void {
    if (this.#isStopped) return
    const { state, effects } = step(this.#state, input, this.#now())
    this.#state = state
    for (const effect of effects) {
      if (effect.type === 'send') this.#link.send(effect.frame)
      else this.#link.drop()
    }
    this.#schedule()
    for (const watch of [...this.#watchers]) watch()
  }

  /** Resolves as soon as the state is such; whoever waits brings the time limit. */
  until(isReached: (state: ChargerState) => boolean): Promise<ChargerState> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!isReached(this.#state)) return
        this.#watchers.delete(watch)
        resolve(this.#state)
      }
      this.#watchers.add(watch)
      watch()
    })
  }

  /** Sends anything at all, as a charger with a fault might. */
  sendRaw(text: string): void {
    this.#link.sendRaw(text)
  }

  dropLink(downMs?: number): void {
    this.#link.drop(downMs)
  }

  #now(): { monotonicMs: number; wallS: number } {
    return { monotonicMs: this.#clock.monotonicMs(), wallS: this.#clock.nowS() }
  }

  #schedule(): void {
    this.#cancelTick()
    const dueMs = nextDueMs(this.#state)
    if (!Number.isFinite(dueMs)) return
    const waitMs = Math.min(timerMsMax, Math.max(0, Math.ceil(dueMs - this.#clock.monotonicMs())))
    this.#cancelTick = this.#timers.after(durationMs(waitMs), () => this.dispatch({ type: 'tick' }))
  }
}
