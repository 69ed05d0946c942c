/**
 * Whom this phone believes: the operator's root, pinned at the first meeting over an authenticated connection, and the
 * newest of what hangs below it. Sequences and epochs never go back, so that nobody can feed the phone stale news.
 */

import { fromBase64Url } from '@/lib/core/bytes'
import type { GrantSerial, PublicKey } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import type { Permit } from '@/lib/protocol/messages/permit'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { shortIdOf, type RevocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { revocations, type Revocations } from '@/lib/protocol/messages/revocations'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { keepMessage, type KeptMessage } from './kept-message'
import { takeDeltas, takePermits } from './kept-news'

export interface TrustState {
  readonly root: PublicKey
  readonly trustList: KeptMessage<TrustList>
  readonly revocations: KeptMessage<Revocations>
  readonly policy: KeptMessage<Policy>
  /** Announced: in force from its own beginning. */
  readonly nextPolicy: KeptMessage<Policy> | null
  /** Carried for chargers without a link: small steps from an older list of revocations to the newest. */
  readonly deltas: readonly KeptMessage<RevocationDelta>[]
  /** The issuer's word about single grants and sessions, as long as it counts. */
  readonly permits: readonly KeptMessage<Permit>[]
}

/** As the cloud sends it: signed messages as base64url. */
export interface TrustNews {
  readonly root: PublicKey
  readonly trustList: string
  readonly revocations: string
  readonly policy: string
  readonly nextPolicy?: string
  readonly revocationDeltas?: readonly string[]
  readonly permits?: readonly string[]
}

export type TrustFault = 'other-root' | 'trust-list' | 'revocations' | 'policy'

/** Takes what is newer, keeps what is not, refuses what does not hang below the pinned root. */
export function takeTrustNews(
  known: TrustState | null,
  news: TrustNews,
  nowS: EpochSeconds,
  verify: Verify,
): Result<TrustState, TrustFault> {
  if (known !== null && known.root !== news.root) return err('other-root')
  const listBytes = fromBase64Url(news.trustList)
  const list = listBytes === undefined ? undefined : openTrustList(listBytes, news.root, verify)
  if (list === undefined) return err('trust-list')
  const trustList = newer(known?.trustList, keepMessage(list), (payload) => payload.sequence)
  const revoked = takeRevocations(trustList, known?.revocations, news.revocations, nowS, verify)
  if (revoked === undefined) return err('revocations')
  const rules = openPolicy(news.policy, trustList.payload, nowS, verify)
  if (rules === undefined) return err('policy')
  const newPolicy = newer(known?.policy, rules, (payload) => payload.sequence)
  const issued = { trustList: trustList.payload, nowS, verify }
  const announced = openPolicy(news.nextPolicy, trustList.payload, nowS, verify) ?? known?.nextPolicy ?? null
  const next = {
    root: news.root,
    trustList,
    revocations: revoked,
    policy: newPolicy,
    // What is in force by now has been overtaken, or was the announced one itself.
    nextPolicy:
      announced !== null && announced.payload.sequence > newPolicy.payload.sequence
        ? sameOr(known?.nextPolicy, announced)
        : null,
    deltas: takeDeltas(known?.deltas ?? [], news.revocationDeltas ?? [], issued),
    permits: takePermits(known?.permits ?? [], news.permits ?? [], issued),
  }
  return ok(known !== null && isSameTrust(known, next) ? known : next)
}

function openPolicy(
  text: string | undefined,
  trustList: TrustList,
  nowS: EpochSeconds,
  verify: Verify,
): KeptMessage<Policy> | undefined {
  const bytes = text === undefined ? undefined : fromBase64Url(text)
  const opened = bytes === undefined ? undefined : openIssued(policy, bytes, trustList, nowS, verify)
  return opened?.payload.operator === trustList.operator ? keepMessage(opened) : undefined
}

/** The kept object where nothing is new, so that nothing is written anew. */
const sameOr = <T>(known: KeptMessage<T> | null | undefined, next: KeptMessage<T>): KeptMessage<T> =>
  known?.hash === next.hash ? known : next

/**
 * The rules by which a charger decides at that time: the announced ones from their beginning on, whether or not this
 * phone has heard of the operator since. A charger's offer names the very ones that it goes by.
 */
export function policyAt(
  { policy: inForce, nextPolicy }: TrustState,
  nowS: EpochSeconds,
  sequence?: number,
): Policy {
  if (sequence !== undefined && sequence === nextPolicy?.payload.sequence) return nextPolicy.payload
  if (sequence !== undefined && sequence <= inForce.payload.sequence) return inForce.payload
  return nextPolicy !== null && nextPolicy.payload.notBeforeS <= nowS ? nextPolicy.payload : inForce.payload
}

/** The newer list of revoked grants, or undefined when the new one is not the issuer's. */
export function takeRevocations(
  trustList: KeptMessage<TrustList>,
  known: KeptMessage<Revocations> | undefined,
  text: string,
  nowS: EpochSeconds,
  verify: Verify,
): KeptMessage<Revocations> | undefined {
  const bytes = fromBase64Url(text)
  const opened =
    bytes === undefined ? undefined : openIssued(revocations, bytes, trustList.payload, nowS, verify)
  if (opened === undefined || opened.payload.operator !== trustList.payload.operator) return undefined
  const candidate = keepMessage(opened)
  // The same list signed again brings fresh time.
  const isFresher =
    candidate.payload.epoch === known?.payload.epoch && candidate.payload.timeS > known.payload.timeS
  return isFresher ? candidate : newer(known, candidate, (payload) => payload.epoch)
}

const newer = <T>(
  known: KeptMessage<T> | undefined,
  candidate: KeptMessage<T>,
  sequenceOf: (payload: T) => number,
): KeptMessage<T> =>
  known !== undefined && sequenceOf(known.payload) >= sequenceOf(candidate.payload) ? known : candidate

export const isSameTrust = (left: TrustState, right: TrustState): boolean =>
  left.trustList === right.trustList &&
  left.revocations === right.revocations &&
  left.policy === right.policy &&
  left.nextPolicy === right.nextPolicy &&
  left.deltas === right.deltas &&
  left.permits === right.permits

/** By the whole list, or by a step beyond it; issuers never give a revoked grant's short id to another one. */
export const isRevoked = ({ revocations: list, deltas }: TrustState, serial: GrantSerial): boolean =>
  list.payload.serials.includes(serial) ||
  deltas.some(({ payload }) => payload.added.includes(shortIdOf(serial)))

/** How far this phone has heard without a gap: the whole list, and the steps that carry on from it. */
export function revocationEpochOf({ revocations: list, deltas }: TrustState): number {
  let reached = list.payload.epoch
  for (const { payload } of [...deltas].sort((left, right) => left.payload.epoch - right.payload.epoch)) {
    if (payload.fromEpoch <= reached && payload.epoch > reached) reached = payload.epoch
  }
  return reached
}

/** Nothing is signed before its time, so these times bound ours from below. A policy may be signed ahead of its start. */
export const timeFloorOf = (trust: TrustState): EpochSeconds =>
  epochSeconds(Math.max(trust.trustList.payload.timeS, trust.revocations.payload.timeS))
