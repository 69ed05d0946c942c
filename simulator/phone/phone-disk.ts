/**
 * A phone's storage for simulations: what is committed survives, and it fails on request. The wallet's state is
 * immutable, so records are kept as they are, without a copy. It can be copied (a clone) and put back (a backup).
 */

import { err, ok } from '@/lib/core/result'
import { PowerCut } from '@/lib/wallet/memory-store'
import type { WalletStore } from '@/lib/wallet/store'

export type PhoneFault = 'cut-before' | 'cut-after' | 'full'

export class PhoneDisk {
  #revision = 0
  #records: ReadonlyMap<string, unknown> = new Map()
  #plan: { readonly kind: PhoneFault; left: number; lasts: number } | undefined

  /** Strikes the commit after the next `afterCommits`; a full storage refuses `lasts` of them. */
  plan(kind: PhoneFault, afterCommits: number, lasts = 1): void {
    this.#plan = { kind, left: afterCommits, lasts }
  }

  mend(): void {
    this.#plan = undefined
  }

  copy(): PhoneDisk {
    const twin = new PhoneDisk()
    twin.restore(this.backUp())
    return twin
  }

  backUp(): PhoneBackup {
    return { revision: this.#revision, records: this.#records }
  }

  restore({ revision, records }: PhoneBackup): void {
    this.#revision = revision
    this.#records = records
  }

  /** Grows with every commit, and goes back with a backup. */
  get revision(): number {
    return this.#revision
  }

  get keys(): readonly string[] {
    return [...this.#records.keys()]
  }

  record(key: string): unknown {
    return this.#records.get(key)
  }

  /** Commits of this store reject once the power was cut: whoever holds it is gone. */
  store(): WalletStore {
    let isGone = false
    return {
      load: () =>
        Promise.resolve(
          ok({
            revision: this.#revision,
            records: [...this.#records].map(([key, value]) => ({ key, value })),
          }),
        ),
      commit: (change) => {
        if (isGone) return Promise.reject(new PowerCut())
        if (change.from !== this.#revision) return Promise.resolve(err({ kind: 'conflict' }))
        const fault = this.#due()
        if (fault === 'full') return Promise.resolve(err({ kind: 'failed', detail: 'QuotaExceededError' }))
        isGone = fault !== undefined
        if (fault !== 'cut-before') this.#write(change)
        return isGone ? Promise.reject(new PowerCut()) : Promise.resolve(ok(undefined))
      },
    }
  }

  #due(): PhoneFault | undefined {
    const plan = this.#plan
    if (plan === undefined) return undefined
    if (plan.left > 0) {
      plan.left -= 1
      return undefined
    }
    plan.lasts -= 1
    if (plan.lasts <= 0 || plan.kind !== 'full') this.#plan = undefined
    return plan.kind
  }

  #write(change: {
    readonly put: readonly { key: string; value: unknown }[]
    readonly remove: readonly string[]
  }): void {
    const records = new Map(this.#records)
    for (const { key, value } of change.put) records.set(key, value)
    for (const key of change.remove) records.delete(key)
    this.#records = records
    this.#revision += 1
  }
}

export interface PhoneBackup {
  readonly revision: number
  readonly records: ReadonlyMap<string, unknown>
}
