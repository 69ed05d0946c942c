/**
 * The one seal of this phone: set up once, opened by PIN or passkey, shut again when the phone lies about. Whoever needs
 * a sealed key while it is shut asks the person first (`SealDesk`).
 */

import type { Bytes } from '@/lib/core/bytes'
import { beginAttempt, noTries, triesLeft } from './pin-gate'
import {
  measureIterations,
  sealWithPasskey,
  sealWithPin,
  unlock,
  withNewPin,
  type OpenSeal,
  type SealLock,
  type StoredSeal,
} from './seal'

/** On disk, durable when it resolves. */
export interface SealStore {
  read(): Promise<StoredSeal | undefined>
  write(seal: StoredSeal): Promise<void>
  /** The seal and every seed under it, together or not at all. */
  destroy(): Promise<void>
}

/** Leads the person to set the seal up or to open it; resolves false when they turn away. */
export type AskToOpen = (what: 'set-up' | 'unlock') => Promise<boolean>

export type PinOutcome =
  | { readonly kind: 'open' }
  | { readonly kind: 'wrong'; readonly left: number; readonly waitUntilMs: number }
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** Too many wrong ones: the keys are gone, and the credit under them comes back to the account by time. */
  | { readonly kind: 'destroyed' }

export interface SealClock {
  readonly wallMs: () => number
  readonly monotonicMs: () => number
}

export class SealBox {
  #open: OpenSeal | undefined
  readonly #store: SealStore
  readonly #clock: SealClock
  readonly #iterations: () => Promise<number>

  constructor(store: SealStore, clock: SealClock, iterations = () => measureIterations(clock.monotonicMs)) {
    this.#store = store
    this.#clock = clock
    this.#iterations = iterations
  }

  get opened(): OpenSeal | undefined {
    return this.#open
  }

  shut(): void {
    this.#open = undefined
  }

  /** How it is opened; undefined before it was set up. */
  lock = async (): Promise<SealLock | undefined> => (await this.#store.read())?.lock

  async setUpPin(pin: string): Promise<void> {
    await this.#refuseSecond()
    const { stored, open } = await sealWithPin(pin, await this.#iterations())
    await this.#store.write(stored)
    this.#open = open
  }

  async setUpPasskey(credentialId: string, salt: Bytes, secret: Bytes): Promise<void> {
    await this.#refuseSecond()
    const { stored, open } = await sealWithPasskey(credentialId, salt, secret)
    await this.#store.write(stored)
    this.#open = open
  }

  async tryPin(pin: string): Promise<PinOutcome> {
    const tried = await this.#attempt((lock) => unlock(lock, { pin }))
    if (!('value' in tried)) return tried
    this.#open = tried.value
    await this.#store.write({ ...tried.seal, tries: noTries })
    return { kind: 'open' }
  }

  async tryPasskey(secret: Bytes): Promise<boolean> {
    const seal = await this.#store.read()
    this.#open = seal === undefined ? undefined : await unlock(seal.lock, { secret })
    return this.#open !== undefined
  }

  /** One write turns the old PIN into the new one: at every moment exactly one of them works. */
  async changePin(pin: string, nextPin: string): Promise<PinOutcome> {
    const iterations = await this.#iterations()
    const tried = await this.#attempt((lock) => withNewPin(lock, pin, nextPin, iterations))
    if (!('value' in tried)) return tried
    await this.#store.write(tried.value)
    return { kind: 'open' }
  }

  async #attempt<T>(
    check: (lock: SealLock) => Promise<T | undefined>,
  ): Promise<PinOutcome | { readonly value: T; readonly seal: StoredSeal }> {
    const seal = await this.#store.read()
    if (seal === undefined) return { kind: 'destroyed' }
    const attempt = beginAttempt(seal.tries, this.#clock.wallMs())
    if (attempt.kind === 'wait') return attempt
    if (attempt.kind === 'over') return this.#destroy()
    await this.#store.write({ ...seal, tries: attempt.tries })
    const value = await check(seal.lock)
    if (value !== undefined) return { value, seal }
    const left = triesLeft(attempt.tries)
    return left === 0 ? this.#destroy() : { kind: 'wrong', left, waitUntilMs: attempt.tries.notBeforeMs }
  }

  async #destroy(): Promise<PinOutcome> {
    this.#open = undefined
    await this.#store.destroy()
    return { kind: 'destroyed' }
  }

  /** A second set-up would make every seed under the first unreadable. */
  async #refuseSecond(): Promise<void> {
    if ((await this.#store.read()) !== undefined) throw new Error('The seal is set up already')
  }
}
