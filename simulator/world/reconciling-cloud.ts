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
import type { ReconcileStore, ReconcileTransaction } from '@/lib/cloud/ingest/store'
import type { RoadFault, RoadNews } from '@/lib/roads/road'
import type { ReportedChain, ReportReply } from '@/lib/wallet/cloud-port'
import { FaultyStore, StoreBroken } from './faulty-store'
import { worldVerify } from './keys'
import { faultOf, newsOf } from './sync-words'
import { CloudCrash, type CrashKind } from './world-cloud'

/** Thrown to take back what a transaction wrote before it had to refuse. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code)
  }
}

export abstract class ReconcilingCloud {
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
    return this.alive(async (reconciler) => {
      const received = await receiveBundle(reconciler, bytes)
      if (!received.ok) return err(faultOf(received.error))
      return ok({ ...newsOf(received.value), ...(await this.besideBundle(bytes)) })
    })
  }

  receiveReport(chains: readonly ReportedChain[]): Promise<Result<ReportReply, Refusal>> {
    return this.alive(async (reconciler) => {
      const received = await receiveReport(reconciler, { chains })
      return received.ok ? ok({ ...received.value, ...(await this.besideReport(chains)) }) : received
    })
  }

  /** What else the issuer has to say to this charger; reconciliation knows nothing of it. */
  protected abstract besideBundle(bytes: Bytes): Promise<Partial<RoadNews>>
  /** To the holder of these chains. */
  protected abstract besideReport(chains: readonly ReportedChain[]): Promise<Partial<ReportReply>>

  heldSize(device: string, epoch: number): Promise<number> {
    return this.#sound.transaction(async (tx) => (await tx.heldLog({ device, epoch }))?.frontier.size ?? 0)
  }

  work(): Promise<number> {
    return this.alive((reconciler) => processWaiting(reconciler))
  }

  releaseDue(): Promise<number> {
    return this.alive(releaseDueReserves)
  }

  planCrash(kind: CrashKind, after: number): void {
    this.#store.plan(kind, after)
  }

  mend(): void {
    this.#store.mend()
  }

  /** Whoever asked a process that died meanwhile gets no answer. */
  protected async alive<T>(work: (reconciler: Reconciler) => Promise<T>): Promise<T> {
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

  /** One transaction of a process that may die; a refusal takes back whatever was written on the way to it. */
  protected async deciding<T>(
    work: (tx: ReconcileTransaction) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> {
    return this.alive(async ({ store }) => {
      try {
        return await store.transaction(async (tx) => {
          const decided = await work(tx)
          if (!decided.ok) throw new Refused(decided.error)
          return decided
        })
      } catch (error) {
        if (error instanceof Refused) return err(error.refusal)
        throw error
      }
    })
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
