/**
 * A store whose process dies on request: at an access in the middle of a transaction, or at its commit, which then
 * happened or did not; nobody can tell which. Any store fits inside.
 */

import type { ReconcileStore, ReconcileTransaction } from '@/lib/cloud/ingest/store'
import type { CrashKind } from './world-cloud'

export class StoreBroken extends Error {
  constructor() {
    super('The process that asked is dead')
  }
}

/** One process after the other on one store; each request belongs to the process that took it. */
export class FaultyStore {
  readonly #store: ReconcileStore
  #plan: { readonly kind: CrashKind; left: number } | undefined
  #life = 0

  constructor(store: ReconcileStore) {
    this.#store = store
  }

  /** `before-commit` strikes the access after the next `after`, `after-commit` the commit of that transaction. */
  plan(kind: CrashKind, after: number): void {
    this.#plan = { kind, left: after }
  }

  mend(): void {
    this.#plan = undefined
  }

  /** The process that lives now, and what is left of it. */
  process(): { readonly store: ReconcileStore; readonly isAlive: () => boolean } {
    const life = this.#life
    const mustLive = (): void => {
      if (life !== this.#life) throw new StoreBroken()
    }
    return {
      store: { transaction: (work) => this.#transaction(work, mustLive) },
      isAlive: () => life === this.#life,
    }
  }

  async #transaction<T>(work: (tx: ReconcileTransaction) => Promise<T>, mustLive: () => void): Promise<T> {
    mustLive()
    if (this.#plan === undefined) return this.#store.transaction(work)
    let isDoomed = false
    const result = await this.#store.transaction(async (tx) => {
      isDoomed = false
      const done = await work(this.#watched(tx, () => (isDoomed = true)))
      mustLive()
      return done
    })
    if (!isDoomed) return result
    this.#die()
    throw new StoreBroken()
  }

  #watched(tx: ReconcileTransaction, doom: () => void): ReconcileTransaction {
    return new Proxy(tx, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          this.#count(doom)
          return Reflect.apply(member as (...args: unknown[]) => unknown, target, args)
        }
      },
    })
  }

  #count(doom: () => void): void {
    const plan = this.#plan
    if (plan === undefined) return
    if (plan.left > 0) {
      plan.left -= 1
      return
    }
    if (plan.kind === 'after-commit') return doom()
    this.#die()
    throw new StoreBroken()
  }

  #die(): void {
    this.#plan = undefined
    this.#life += 1
  }
}
