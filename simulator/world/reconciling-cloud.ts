/** What the clouds of all worlds share: the real reconciliation, on a store whose process may die. */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import type { Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import type { Reconciler } from '@/lib/cloud/ingest/reconciler'
import { processWaiting, receiveBundle, receiveReport } from '@/lib/cloud/ingest/receive'
import { releaseDueReserves } from '@/lib/cloud/ingest/release'
import type { ReconcileStore } from '@/lib/cloud/ingest/store'
import type { RoadFault, RoadNews } from '@/lib/roads/road'
import type { ReportedChain, ReportReply } from '@/lib/wallet/cloud-port'
import { FaultyStore, StoreBroken } from './faulty-store'
import { worldVerify } from './keys'
import { faultOf, newsOf } from './sync-words'
import { CloudCrash, type CrashKind } from './world-cloud'

export class ReconcilingCloud {
  /** For whoever only looks. */
  readonly #sound: ReconcileStore
  readonly #store: FaultyStore
  readonly #parts: Omit<Reconciler, 'store' | 'issuer'>
  readonly #issuer: () => Signer

  constructor(config: Reconciler['config'], store: ReconcileStore, clock: Clock, issuer: () => Signer) {
    this.#sound = store
    this.#store = new FaultyStore(store)
    this.#parts = { config, clock: impatient(clock), verify: worldVerify }
    this.#issuer = issuer
  }

  receiveBundle(bytes: Bytes): Promise<Result<RoadNews, RoadFault>> {
    return this.#alive(async (reconciler) => {
      const received = await receiveBundle(reconciler, bytes)
      if (received.ok) return ok(newsOf(received.value))
      return err(faultOf(received.error))
    })
  }

  receiveReport(chains: readonly ReportedChain[]): Promise<Result<ReportReply, Refusal>> {
    return this.#alive((reconciler) => receiveReport(reconciler, { chains }))
  }

  heldSize(device: string, epoch: number): Promise<number> {
    return this.#sound.transaction(async (tx) => (await tx.heldLog({ device, epoch }))?.frontier.size ?? 0)
  }

  work(): Promise<number> {
    return this.#alive((reconciler) => processWaiting(reconciler))
  }

  releaseDue(): Promise<number> {
    return this.#alive(releaseDueReserves)
  }

  planCrash(kind: CrashKind, after: number): void {
    this.#store.plan(kind, after)
  }

  mend(): void {
    this.#store.mend()
  }

  /** Whoever asked a process that died meanwhile gets no answer. */
  async #alive<T>(work: (reconciler: Reconciler) => Promise<T>): Promise<T> {
    const { store, isAlive } = this.#store.process()
    const issuer = this.#issuer()
    try {
      const done = await work({ ...this.#parts, store, issuer })
      if (isAlive()) return done
    } catch (error) {
      if (!(error instanceof StoreBroken)) throw error
    }
    throw new CloudCrash()
  }
}

/** Virtual time stands still while the cloud works: whoever waits for somebody else gives up at the second look. */
function impatient(clock: Clock): Clock {
  let looks = 0
  return {
    nowS: () => clock.nowS(),
    monotonicMs: () => durationMs((looks += 1) * 60_000),
  }
}
