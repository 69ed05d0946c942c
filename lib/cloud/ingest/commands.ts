/** What routes and workers call: reconciliation on the server's database. */

import type { Bytes } from '@/lib/core/bytes'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { verifyEquation } from '@/lib/crypto/sodium'
import type { ReportedChain, ReportResponse } from '../api-types/wallet'
import type { SyncResponse } from '../api-types/devices'
import type { Cloud } from '../context'
import { OurGrants } from './our-grants'
import { openPostgresStore } from './postgres-store'
import * as receive from './receive'
import type { Reconciler } from './reconciler'
import * as release from './release'
import * as gaps from './watch-gaps'

const reconcilers = new WeakMap<Cloud, Reconciler>()

/** Reconciliation over the database of a server. */
export function reconcilerOf(cloud: Cloud): Reconciler {
  const known = reconcilers.get(cloud)
  if (known !== undefined) return known
  const { config, clock, verify, issuer } = cloud
  const reconciler: Reconciler = {
    ...{ config, clock, verify, issuer, store: openPostgresStore(cloud) },
    // Our issuer examined the keys of wallets and chargers before it signed them; that costs ten verifications.
    verifyVouched: verifyEquation,
    grants: new OurGrants(),
  }
  reconcilers.set(cloud, reconciler)
  return reconciler
}

export const receiveBundle = (
  cloud: Cloud,
  bytes: Bytes,
): Promise<Result<SyncResponse, receive.SyncRefusal>> => receive.receiveBundle(reconcilerOf(cloud), bytes)

export const receiveReport = (cloud: Cloud, json: unknown): Promise<Result<ReportResponse, Refusal>> =>
  receive.receiveReport(reconcilerOf(cloud), json)

/** Sessions that a charger sent without its log: the same evidence, from the other end. */
export const receiveSessions = (
  cloud: Cloud,
  chains: readonly ReportedChain[],
): Promise<Result<ReportResponse, Refusal>> =>
  receive.receiveReport(reconcilerOf(cloud), { chains }, 'charger')

export const processWaiting = (cloud: Cloud, countMax?: number): Promise<number> =>
  receive.processWaiting(reconcilerOf(cloud), countMax)

/** Transactions at a time in one worker: while the database writes one, the processor reads and verifies another. */
const lanes = 2
/** Of one lane before the worker looks after other things; under a second of work each. */
const batchesMax = 60

/** Works until nothing waits, or for about a minute. Gives how many items are done. */
export async function processInLanes(cloud: Cloud, signal?: AbortSignal): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: lanes }, () => processInTurn(cloud, signal)))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  // Only now: the other lane's transaction is done, whatever became of this one.
  if (failed !== undefined) throw failed.reason
  return outcomes.reduce((sum, outcome) => sum + (outcome.status === 'fulfilled' ? outcome.value : 0), 0)
}

async function processInTurn(cloud: Cloud, signal: AbortSignal | undefined): Promise<number> {
  let done = 0
  for (let batch = 0; batch < batchesMax && signal?.aborted !== true; batch += 1) {
    const now = await processWaiting(cloud)
    if (now === 0) break
    done += now
  }
  return done
}

export const watchGaps = (cloud: Cloud): Promise<void> => gaps.watchGaps(reconcilerOf(cloud))

export const releaseDueReserves = (cloud: Cloud): Promise<number> =>
  release.releaseDueReserves(reconcilerOf(cloud))
