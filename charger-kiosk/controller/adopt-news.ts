/**
 * Takes in what the issuer says, whichever way it came: each message is verified by itself, and replaces an older one
 * only. Sequences and epochs never go back, and a bad policy leaves the last good one in force.
 */

import { concat, fromHex, type Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { ProjectionWrite } from '@/lib/journal/journal'
import { encodeCbor } from '@/lib/protocol/cbor'
import { parseMessage, type MessageType, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { permit } from '@/lib/protocol/messages/permit'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import type { NewsItem, NewsKind } from '@/lib/protocol/news-item'
import { openIssued, openTrustList, verifyByIssuer } from '@/lib/protocol/trust'
import { metaKeys, rows, type KioskTable } from '../session/records'
import {
  certificateAt,
  meta,
  openPolicy,
  revocationEpochOf,
  startToleranceS,
  type Knowledge,
  type News,
  type PolicyRefusal,
} from './knowledge'
import { hasRoom, permitKey } from './permits'

type Write = ProjectionWrite<KioskTable>

/** `gap`: genuine, but it builds on news that this charger has not seen. */
export type NewsOutcome = 'new' | 'known' | 'gap' | 'refused'

/** What is kept as knowledge; times and acknowledgements change clock and log instead. */
export type KnowledgeKind = Exclude<NewsKind, 'time' | 'acknowledgement'>

export interface AdoptContext {
  readonly nowS: EpochSeconds
  readonly verify: Verify
  /** Every key that this charger holds: a certificate for another is not for it. */
  readonly ownKeys: readonly PublicKey[]
}

export interface Adopted {
  readonly knowledge: Knowledge
  readonly writes: readonly Write[]
  readonly outcome: NewsOutcome
  /** When the issuer said it, where the message says so and it was believed. */
  readonly issuedAtS?: EpochSeconds
  /** Why it was refused, for the journal. */
  readonly why?: string
  /** The issuer's own policy, which nobody can live by. */
  readonly unsound?: PolicyRefusal
}

/** In the order in which they depend on each other. */
export const newsItems = (news: News): readonly (NewsItem & { readonly kind: KnowledgeKind })[] => [
  ...item('trust-list', news.trustList),
  ...item('revocations', news.revocations),
  ...inOrder(news.revocationDeltas ?? []).map((message) => ({ kind: 'revocation-delta', message }) as const),
  ...item('policy', news.policy),
  ...item('policy', news.nextPolicy),
  ...(news.permits ?? []).map((message) => ({ kind: 'permit', message }) as const),
  ...item('charger-certificate', news.certificate),
]

const item = <K extends KnowledgeKind>(kind: K, message: Bytes | undefined) =>
  message === undefined ? [] : [{ kind, message }]

/** Each step builds on the one before; what cannot be read is refused where it is adopted. */
const inOrder = (deltas: readonly Bytes[]): readonly Bytes[] => {
  const fromOf = (bytes: Bytes): number => {
    const parsed = parseMessage(revocationDelta, bytes)
    return parsed.ok ? parsed.value.payload.fromEpoch : Number.MAX_SAFE_INTEGER
  }
  return [...deltas].sort((left, right) => fromOf(left) - fromOf(right))
}

type Adopter = (knowledge: Knowledge, bytes: Bytes, context: AdoptContext) => Adopted

const adopters: Readonly<Record<KnowledgeKind, Adopter>> = {
  'trust-list': adoptTrustList,
  revocations: adoptRevocations,
  'revocation-delta': adoptDelta,
  policy: adoptPolicy,
  permit: adoptPermit,
  'charger-certificate': adoptCertificate,
}

export const adoptItem = (
  knowledge: Knowledge,
  { kind, message }: { readonly kind: KnowledgeKind; readonly message: Bytes },
  context: AdoptContext,
): Adopted => adopters[kind](knowledge, message, context)

const refuse = (knowledge: Knowledge, why: string): Adopted => ({
  knowledge,
  writes: [],
  outcome: 'refused',
  why,
})

const unchanged = (knowledge: Knowledge, outcome: 'known' | 'gap' = 'known'): Adopted => ({
  knowledge,
  writes: [],
  outcome,
})

/** Of our operator, and signed by an issuer whose key was valid when it was issued. */
function openOurs<T extends { readonly operator: string; readonly timeS: EpochSeconds }>(
  type: MessageType<T>,
  bytes: Bytes,
  { trustList }: Knowledge,
  verify: Verify,
): VerifiedMessage<T> | undefined {
  const parsed = parseMessage(type, bytes)
  if (!parsed.ok || parsed.value.payload.operator !== trustList.payload.operator) return undefined
  return verifyByIssuer(parsed.value, trustList.payload, parsed.value.payload.timeS, verify)
}

function adoptTrustList(knowledge: Knowledge, bytes: Bytes, { verify }: AdoptContext): Adopted {
  const list = openTrustList(bytes, knowledge.root, verify)
  if (list === undefined || list.payload.operator !== knowledge.trustList.payload.operator) {
    return refuse(knowledge, 'a trust list that the root did not sign')
  }
  if (list.payload.sequence <= knowledge.trustList.payload.sequence) return unchanged(knowledge)
  const pastTrust = [knowledge.trustList, ...knowledge.pastTrust].slice(0, pastListsMax)
  return {
    knowledge: { ...knowledge, trustList: list, pastTrust },
    writes: [
      meta(metaKeys.trustList, bytes),
      meta(metaKeys.pastTrust, encodeCbor(pastTrust.map((one) => one.bytes))),
    ],
    outcome: 'new',
    issuedAtS: list.payload.timeS,
  }
}

/** Issuers' keys live for years; a certificate outlives one or two changes of the list. */
const pastListsMax = 8

function adoptRevocations(knowledge: Knowledge, bytes: Bytes, { verify }: AdoptContext): Adopted {
  const list = openOurs(revocations, bytes, knowledge, verify)
  if (list === undefined) return refuse(knowledge, 'revocations that no trusted issuer signed')
  // A list from before the last delta would bring somebody back.
  if (list.payload.epoch <= knowledge.revocations.payload.epoch) return unchanged(knowledge)
  if (list.payload.epoch < revocationEpochOf(knowledge)) return unchanged(knowledge)
  return {
    knowledge: {
      ...knowledge,
      revocations: list,
      revoked: new Set(list.payload.serials),
      revokedSince: undefined,
    },
    writes: [meta(metaKeys.revocations, bytes), meta(metaKeys.revokedSince, null)],
    outcome: 'new',
    issuedAtS: list.payload.timeS,
  }
}

function adoptDelta(knowledge: Knowledge, bytes: Bytes, { verify }: AdoptContext): Adopted {
  const delta = openOurs(revocationDelta, bytes, knowledge, verify)
  if (delta === undefined) return refuse(knowledge, 'a revocation delta that no trusted issuer signed')
  const { fromEpoch, epoch, added, timeS } = delta.payload
  const ours = revocationEpochOf(knowledge)
  if (epoch <= ours) return unchanged(knowledge)
  if (fromEpoch > ours) return unchanged(knowledge, 'gap')
  const shortIds = new Set([...(knowledge.revokedSince?.shortIds ?? []), ...added])
  if (shortIds.size > limits.revokedShortIdsMax) return unchanged(knowledge, 'gap')
  const row = { epoch, shortIds: concat(...[...shortIds].map((id) => fromHex(id))) }
  return {
    knowledge: { ...knowledge, revokedSince: { epoch, shortIds } },
    writes: [meta(metaKeys.revokedSince, rows.revokedSince.encode(row))],
    outcome: 'new',
    issuedAtS: timeS,
  }
}

function adoptPolicy(knowledge: Knowledge, bytes: Bytes, { nowS, verify }: AdoptContext): Adopted {
  const opened = openPolicy(bytes, knowledge.trustList.payload, verify)
  const newest = (knowledge.nextPolicy ?? knowledge.policy)?.payload.sequence ?? -1
  if (!opened.ok) {
    const { sequence, why } = opened.error
    if (sequence === undefined) return refuse(knowledge, why)
    return sequence <= newest ? unchanged(knowledge) : { ...refuse(knowledge, why), unsound: opened.error }
  }
  const rule = opened.value
  if (rule.payload.sequence <= newest) return unchanged(knowledge)
  // One that was announced and holds by now must not be lost to the next announcement.
  const announced = knowledge.nextPolicy
  const hasBegun = announced !== undefined && nowS >= announced.payload.notBeforeS
  const inForce = hasBegun ? announced : knowledge.policy
  return rule.payload.notBeforeS > nowS + startToleranceS && inForce !== undefined
    ? {
        knowledge: { ...knowledge, policy: inForce, nextPolicy: rule },
        writes: [meta(metaKeys.policy, inForce.bytes), meta(metaKeys.nextPolicy, bytes)],
        outcome: 'new',
      }
    : {
        knowledge: { ...knowledge, policy: rule, nextPolicy: undefined },
        writes: [meta(metaKeys.policy, bytes), meta(metaKeys.nextPolicy, null)],
        outcome: 'new',
      }
}

function adoptPermit(knowledge: Knowledge, bytes: Bytes, { nowS, verify }: AdoptContext): Adopted {
  const opened = openOurs(permit, bytes, knowledge, verify)
  if (opened === undefined) return refuse(knowledge, 'a permit that no trusted issuer signed')
  const { chargerId, timeS, notAfterS } = opened.payload
  const isForOthers = chargerId !== undefined && chargerId !== knowledge.certificate.payload.chargerId
  const key = permitKey(opened.payload)
  const before = knowledge.permits.get(key)?.payload
  if (isForOthers || notAfterS < nowS || (before !== undefined && before.timeS >= timeS))
    return unchanged(knowledge)
  if (!hasRoom(knowledge.permits, key)) return refuse(knowledge, 'one permit too many')
  return {
    knowledge: { ...knowledge, permits: new Map(knowledge.permits).set(key, opened) },
    writes: [{ table: 'permit', key, value: bytes }],
    outcome: 'new',
    issuedAtS: timeS,
  }
}

/**
 * Ours, for a key that we hold, and one that the issuer made after what we have: that one begins later, whatever it
 * says besides (a second charger came to the site; another label). An older one never comes back.
 */
function adoptCertificate(
  knowledge: Knowledge,
  bytes: Bytes,
  { nowS, verify, ownKeys }: AdoptContext,
): Adopted {
  const opened = openIssued(chargerCertificate, bytes, knowledge.trustList.payload, undefined, verify)
  const { operator, chargerId } = knowledge.certificate.payload
  if (opened === undefined || opened.payload.operator !== operator)
    return refuse(knowledge, 'a certificate that no trusted issuer signed')
  if (opened.payload.chargerId !== chargerId) return unchanged(knowledge)
  if (!ownKeys.includes(opened.payload.key))
    return refuse(knowledge, 'a certificate for a key that this charger does not hold')
  const newest = knowledge.renewed ?? knowledge.certificate
  const { notBeforeS, notAfterS } = opened.payload
  if (notBeforeS <= newest.payload.notBeforeS || notAfterS < nowS || notAfterS <= notBeforeS)
    return unchanged(knowledge)
  // What is in force now stays until the new one begins.
  const certificate = certificateAt(knowledge, nowS)
  return {
    knowledge: { ...knowledge, certificate, renewed: opened },
    writes: [meta(metaKeys.certificate, certificate.bytes), meta(metaKeys.renewedCertificate, bytes)],
    outcome: 'new',
  }
}
