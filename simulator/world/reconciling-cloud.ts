/** What the clouds of all worlds share: the real reconciliation, on a store whose process may die. */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import type { Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import type { SyncResponse } from '@/lib/cloud/api-types'
import type { Reconciler } from '@/lib/cloud/ingest/reconciler'
import { processWaiting, receiveBundle, receiveReport } from '@/lib/cloud/ingest/receive'
import { releaseDueReserves } from '@/lib/cloud/ingest/release'
import type { ReconcileStore } from '@/lib/cloud/ingest/store'
import type { RoadFault, RoadNews } from '@/lib/roads/road'
import type { ReportedChain, ReportReply } from '@/lib/wallet/cloud-port'
import { FaultyStore, StoreBroken } from './faulty-store'
import { worldVerify } from './keys'
import { CloudCrash, type CrashKind } from './world-cloud'

export class ReconcilingCloud {
  readonly #store: FaultyStore
  readonly #parts: Omit<Reconciler, 'store' | 'issuer'>
  readonly #issuer: () => Signer

  constructor(config: Reconciler['config'], store: ReconcileStore, clock: Clock, issuer: () => Signer) {
    this.#store = new FaultyStore(store)
    this.#parts = { config, clock: impatient(clock), verify: worldVerify }
    this.#issuer = issuer
  }

  receiveBundle(bytes: Bytes): Promise<Result<RoadNews, RoadFault>> {
    return this.#alive(async (reconciler) => {
      const received = await receiveBundle(reconciler, bytes)
      if (received.ok) return ok(newsOf(received.value))
      const { acknowledgement, ...why } = received.error
      const held = acknowledgement === undefined ? {} : { acknowledgement: bytesOf(acknowledgement) }
      return err({ ...why, ...held, detail: 'Refused by the cloud' })
    })
  }

  receiveReport(chains: readonly ReportedChain[]): Promise<Result<ReportReply, Refusal>> {
    return this.#alive((reconciler) => receiveReport(reconciler, { chains }))
  }

  heldSize(device: string, epoch: number): Promise<number> {
    const { store } = this.#store.process()
    return store.transaction(async (tx) => (await tx.heldLog({ device, epoch }))?.frontier.size ?? 0)
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

const newsOf = ({ acknowledgement, trustList, revocations, policy }: SyncResponse): RoadNews => ({
  acknowledgement: bytesOf(acknowledgement),
  trustList: bytesOf(trustList),
  revocations: bytesOf(revocations),
  policy: bytesOf(policy),
})

export function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text)
  if (bytes === undefined) throw new Error('The cloud gave a message that is not base64url')
  return bytes
}
