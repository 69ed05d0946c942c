/**
 * What the issuer told this charger, each part verified before it was believed, and replaced by a newer one only:
 * sequences and epochs never go back, and a bad policy leaves the last good one in force.
 */

import { toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { minorUnitExponent } from '@/lib/core/currency'
import { publicKey, type ChargerId, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { revocations, type Revocations } from '@/lib/protocol/messages/revocations'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued, openTrustList, verifyByIssuer } from '@/lib/protocol/trust'
import { metaKeys, type KioskTable } from '../session/records'

export interface Knowledge {
  readonly root: PublicKey
  readonly certificate: VerifiedMessage<ChargerCertificate>
  readonly trustList: VerifiedMessage<TrustList>
  /** Earlier lists of the root, newest first: what was taken in under them is still readable after a restart. */
  readonly pastTrust: readonly VerifiedMessage<TrustList>[]
  readonly revocations: VerifiedMessage<Revocations>
  /** The newest that has begun, and one that begins later. Neither: nothing may be sold. */
  readonly policy: VerifiedMessage<Policy> | undefined
  readonly nextPolicy: VerifiedMessage<Policy> | undefined
  readonly revoked: ReadonlySet<GrantSerial>
}

/** Signed messages as they came; absent where there is no news of the kind. */
export interface News {
  readonly trustList?: Bytes | undefined
  readonly revocations?: Bytes | undefined
  readonly policy?: Bytes | undefined
}

/** What a charger is given when it is enrolled. */
export interface Enrolment extends News {
  readonly root: PublicKey
  readonly certificate: Bytes
  readonly trustList: Bytes
  readonly revocations: Bytes
  readonly policy: Bytes
}

type Write = ProjectionWrite<KioskTable>

const meta = (key: string, value: Uint8Array): Write => ({ table: 'meta', key, value })

/** Who this charger is: what a certificate must say to be ours. */
export interface Self {
  readonly chargerId: ChargerId
  readonly key: PublicKey
}

export type EnrolmentFault = 'trust-list' | 'certificate' | 'other-charger' | 'revocations'

/** Checks everything that came with an enrolment. A policy that is missing or bad may follow later. */
export function openEnrolment(
  enrolment: Enrolment,
  self: Self,
  verify: Verify,
  pastLists: readonly Uint8Array[] = [],
): Result<Knowledge, EnrolmentFault> {
  const { root } = enrolment
  const list = openTrustList(enrolment.trustList, root, verify)
  if (list === undefined) return err('trust-list')
  const pastTrust = pastLists.flatMap((bytes) => openTrustList(bytes, root, verify) ?? [])
  const issuers = [list, ...pastTrust].flatMap(({ payload }) => payload.issuers)
  const everTrusted: TrustList = { ...list.payload, issuers }
  const parsed = parseMessage(chargerCertificate, enrolment.certificate)
  if (!parsed.ok) return err('certificate')
  const certificate = verifyByIssuer(parsed.value, everTrusted, undefined, verify)
  if (certificate === undefined || certificate.payload.operator !== list.payload.operator)
    return err('certificate')
  const { chargerId, key } = certificate.payload
  if (chargerId !== self.chargerId || key !== self.key) return err('other-charger')
  const revoked = openIssued(revocations, enrolment.revocations, everTrusted, undefined, verify)
  if (revoked === undefined || revoked.payload.operator !== list.payload.operator) return err('revocations')
  const rule = openPolicy(enrolment.policy, everTrusted, verify)
  return ok({
    root,
    certificate,
    trustList: list,
    pastTrust,
    revocations: revoked,
    policy: rule,
    nextPolicy: undefined,
    revoked: new Set(revoked.payload.serials),
  })
}

export const enrolmentWrites = ({
  root,
  certificate,
  trustList,
  revocations: revoked,
  policy: rule,
}: Knowledge) => [
  meta(metaKeys.root, utf8(root)),
  meta(metaKeys.certificate, certificate.bytes),
  meta(metaKeys.trustList, trustList.bytes),
  meta(metaKeys.revocations, revoked.bytes),
  ...(rule === undefined ? [] : [meta(metaKeys.policy, rule.bytes)]),
]

const storedNames = [
  'root',
  'certificate',
  'trustList',
  'pastTrust',
  'revocations',
  'policy',
  'nextPolicy',
] as const

/** Reads back what was stored; undefined where this charger was never enrolled (or under another key). */
export function loadKnowledge(
  journal: Journal<KioskTable>,
  self: Self,
  verify: Verify,
): Result<Knowledge | undefined, JournalFault> {
  const stored: Partial<Record<keyof typeof metaKeys, Bytes>> = {}
  for (const name of storedNames) {
    const row = journal.get('meta', metaKeys[name])
    if (!row.ok) return row
    if (row.value !== undefined) stored[name] = row.value
  }
  const { root, certificate, trustList, revocations: revoked } = stored
  if (root === undefined || certificate === undefined || trustList === undefined || revoked === undefined) {
    return ok(undefined)
  }
  const opened = openEnrolment(
    {
      root: publicKey(new TextDecoder().decode(root)),
      certificate,
      trustList,
      revocations: revoked,
      policy: stored.policy ?? toBytes([]),
    },
    self,
    verify,
    stored.pastTrust === undefined ? [] : splitLists(stored.pastTrust),
  )
  if (!opened.ok) return ok(undefined)
  const next =
    stored.nextPolicy === undefined
      ? undefined
      : openPolicy(stored.nextPolicy, everTrustedBy(opened.value), verify)
  return ok({ ...opened.value, nextPolicy: next })
}

const everTrustedBy = ({ trustList, pastTrust }: Knowledge): TrustList => ({
  ...trustList.payload,
  issuers: [trustList, ...pastTrust].flatMap(({ payload }) => payload.issuers),
})

export interface Adopted {
  readonly knowledge: Knowledge
  readonly writes: readonly Write[]
  /** What was refused, in words for the journal. */
  readonly refused: readonly string[]
}

export function adoptNews(knowledge: Knowledge, news: News, nowS: EpochSeconds, verify: Verify): Adopted {
  let adopted: Adopted = { knowledge, writes: [], refused: [] }
  if (news.trustList !== undefined) adopted = adoptTrustList(adopted, news.trustList, verify)
  if (news.revocations !== undefined) adopted = adoptRevocations(adopted, news.revocations, verify)
  if (news.policy !== undefined) adopted = adoptPolicy(adopted, news.policy, nowS, verify)
  return adopted
}

const refuse = (adopted: Adopted, what: string): Adopted => ({
  ...adopted,
  refused: [...adopted.refused, what],
})

function adoptTrustList(adopted: Adopted, bytes: Bytes, verify: Verify): Adopted {
  const { knowledge } = adopted
  const list = openTrustList(bytes, knowledge.root, verify)
  if (list === undefined || list.payload.operator !== knowledge.trustList.payload.operator) {
    return refuse(adopted, 'a trust list that the root did not sign')
  }
  if (list.payload.sequence <= knowledge.trustList.payload.sequence) return adopted
  const pastTrust = [knowledge.trustList, ...knowledge.pastTrust].slice(0, pastListsMax)
  return {
    ...adopted,
    knowledge: { ...knowledge, trustList: list, pastTrust },
    writes: [
      ...adopted.writes,
      meta(metaKeys.trustList, bytes),
      meta(metaKeys.pastTrust, encodeCbor(pastTrust.map((one) => one.bytes))),
    ],
  }
}

/** Issuers' keys live for years; a certificate outlives one or two changes of the list. */
const pastListsMax = 8

function splitLists(bytes: Uint8Array): readonly Uint8Array[] {
  const decoded = decodeCbor(bytes, limits.projectionRowBytesMax)
  if (!decoded.ok || !Array.isArray(decoded.value)) return []
  return (decoded.value as readonly unknown[]).filter((one) => one instanceof Uint8Array)
}

function adoptRevocations(adopted: Adopted, bytes: Bytes, verify: Verify): Adopted {
  const { knowledge } = adopted
  const list = openIssued(revocations, bytes, knowledge.trustList.payload, undefined, verify)
  if (list === undefined || list.payload.operator !== knowledge.trustList.payload.operator) {
    return refuse(adopted, 'revocations that no trusted issuer signed')
  }
  if (list.payload.epoch <= knowledge.revocations.payload.epoch) return adopted
  return {
    ...adopted,
    knowledge: { ...knowledge, revocations: list, revoked: new Set(list.payload.serials) },
    writes: [...adopted.writes, meta(metaKeys.revocations, bytes)],
  }
}

function adoptPolicy(adopted: Adopted, bytes: Bytes, nowS: EpochSeconds, verify: Verify): Adopted {
  const { knowledge } = adopted
  const rule = openPolicy(bytes, knowledge.trustList.payload, verify)
  if (rule === undefined) return refuse(adopted, 'a policy that is not signed, not ours or cannot be sold by')
  const newest = (knowledge.nextPolicy ?? knowledge.policy)?.payload.sequence ?? -1
  if (rule.payload.sequence <= newest) return adopted
  return rule.payload.notBeforeS > nowS + startToleranceS && knowledge.policy !== undefined
    ? {
        ...adopted,
        knowledge: { ...knowledge, nextPolicy: rule },
        writes: [...adopted.writes, meta(metaKeys.nextPolicy, bytes)],
      }
    : {
        ...adopted,
        knowledge: { ...knowledge, policy: rule, nextPolicy: undefined },
        writes: [
          ...adopted.writes,
          meta(metaKeys.policy, bytes),
          { table: 'meta', key: metaKeys.nextPolicy, value: null },
        ],
      }
}

/** An offer must live long enough to be scanned, and its currency must be one that can be sold. */
const offerLifeMinS = 30

function openPolicy(bytes: Bytes, trust: TrustList, verify: Verify): VerifiedMessage<Policy> | undefined {
  const rule = openIssued(policy, bytes, trust, undefined, verify)
  if (rule === undefined || rule.payload.operator !== trust.operator) return undefined
  const { notBeforeS, notAfterS, tariff, offerTimeToLiveS } = rule.payload
  const isSound =
    notAfterS > notBeforeS &&
    offerTimeToLiveS >= offerLifeMinS &&
    minorUnitExponent(tariff.currency) !== undefined
  return isSound ? rule : undefined
}

/** The issuer's clock may be a little ahead of ours. */
const startToleranceS = 300

/** The policy that holds now; the next one takes over by itself at its time. */
export function policyAt({ policy: rule, nextPolicy }: Knowledge, nowS: EpochSeconds): Policy | undefined {
  const holds = (candidate: VerifiedMessage<Policy> | undefined): boolean =>
    candidate !== undefined &&
    nowS + startToleranceS >= candidate.payload.notBeforeS &&
    nowS <= candidate.payload.notAfterS
  if (nextPolicy !== undefined && nowS >= nextPolicy.payload.notBeforeS && holds(nextPolicy)) {
    return nextPolicy.payload
  }
  return holds(rule) ? rule?.payload : undefined
}
