/**
 * What the issuer told this charger, each part verified before it was believed. `adopt-news.ts` replaces parts by newer
 * ones; here they are checked at enrolment, stored, and read back.
 */

import { toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { publicKey, type ChargerId, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import { celEngine } from '@/lib/policy/cel'
import { policyFaultOf } from '@/lib/policy/soundness'
import { decodeCbor } from '@/lib/protocol/cbor'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { revocations, type Revocations } from '@/lib/protocol/messages/revocations'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued, openTrustList, verifyByIssuer } from '@/lib/protocol/trust'
import { metaKeys, rows, type KioskTable } from '../session/records'
import { loadPermits, noPermits, type Permits } from './permits'

export interface Knowledge {
  readonly root: PublicKey
  readonly certificate: VerifiedMessage<ChargerCertificate>
  /** A later one, which takes over by itself at its time. */
  readonly renewed: VerifiedMessage<ChargerCertificate> | undefined
  readonly trustList: VerifiedMessage<TrustList>
  /** Earlier lists of the root, newest first: what was taken in under them is still readable after a restart. */
  readonly pastTrust: readonly VerifiedMessage<TrustList>[]
  readonly revocations: VerifiedMessage<Revocations>
  /** The newest that has begun, and one that begins later. Neither: nothing may be sold. */
  readonly policy: VerifiedMessage<Policy> | undefined
  readonly nextPolicy: VerifiedMessage<Policy> | undefined
  readonly revoked: ReadonlySet<GrantSerial>
  /** What deltas added since that list: an epoch, and short ids of grants. */
  readonly revokedSince: RevokedSince | undefined
  readonly permits: Permits
}

export interface RevokedSince {
  readonly epoch: number
  readonly shortIds: ReadonlySet<string>
}

/** Signed messages as they came; absent where there is no news of the kind. */
export interface News {
  readonly trustList?: Bytes | undefined
  readonly revocations?: Bytes | undefined
  readonly revocationDeltas?: readonly Bytes[] | undefined
  readonly policy?: Bytes | undefined
  readonly nextPolicy?: Bytes | undefined
  readonly permits?: readonly Bytes[] | undefined
  readonly certificate?: Bytes | undefined
  /** Parts of the newest list of the site's cards. */
  readonly localList?: readonly Bytes[] | undefined
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

export const meta = (key: string, value: Uint8Array | null): Write => ({ table: 'meta', key, value })

/** Who this charger is: what a certificate must say to be ours. */
export interface Self {
  readonly chargerId: ChargerId
  readonly key: PublicKey
  /** Keys that it holds besides: the one before a rotation, or the one that is to come. */
  readonly otherKeys?: readonly PublicKey[]
}

const isOwnKey = ({ key, otherKeys = [] }: Self, candidate: PublicKey): boolean =>
  candidate === key || otherKeys.includes(candidate)

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
  if (chargerId !== self.chargerId || !isOwnKey(self, key)) return err('other-charger')
  const revoked = openIssued(revocations, enrolment.revocations, everTrusted, undefined, verify)
  if (revoked === undefined || revoked.payload.operator !== list.payload.operator) return err('revocations')
  const rule = openedOr(openPolicy(enrolment.policy, everTrusted, verify))
  return ok({
    root,
    certificate,
    renewed: undefined,
    trustList: list,
    pastTrust,
    revocations: revoked,
    policy: rule,
    nextPolicy: undefined,
    revoked: new Set(revoked.payload.serials),
    revokedSince: undefined,
    permits: noPermits,
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
  'renewedCertificate',
  'trustList',
  'pastTrust',
  'revocations',
  'revokedSince',
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
  const everTrusted = everTrustedBy(opened.value)
  const permits = loadPermits(journal, everTrusted, verify)
  if (!permits.ok) return permits
  const next = stored.nextPolicy
  const renewed = stored.renewedCertificate
  const opensRenewed =
    renewed === undefined
      ? undefined
      : openIssued(chargerCertificate, renewed, everTrusted, undefined, verify)
  return ok({
    ...opened.value,
    nextPolicy: next === undefined ? undefined : openedOr(openPolicy(next, everTrusted, verify)),
    // Under a key that this machine does not hold, it is worth nothing.
    renewed:
      opensRenewed !== undefined && isOwnKey(self, opensRenewed.payload.key) ? opensRenewed : undefined,
    revokedSince: stored.revokedSince === undefined ? undefined : readRevokedSince(stored.revokedSince),
    permits: permits.value,
  })
}

export const everTrustedBy = ({ trustList, pastTrust }: Knowledge): TrustList => ({
  ...trustList.payload,
  issuers: [trustList, ...pastTrust].flatMap(({ payload }) => payload.issuers),
})

function splitLists(bytes: Uint8Array): readonly Uint8Array[] {
  const decoded = decodeCbor(bytes, limits.projectionRowBytesMax)
  if (!decoded.ok || !Array.isArray(decoded.value)) return []
  return (decoded.value as readonly unknown[]).filter((one) => one instanceof Uint8Array)
}

function readRevokedSince(bytes: Uint8Array): RevokedSince | undefined {
  const row = rows.revokedSince.decode(bytes)
  if (!row.ok) return undefined
  const hex = toHex(row.value.shortIds)
  return { epoch: row.value.epoch, shortIds: new Set(hex.match(/.{8}/g) ?? []) }
}

/** How far this charger has come in the issuer's revocations, by whole lists and deltas together. */
export const revocationEpochOf = ({ revocations: list, revokedSince }: Knowledge): number =>
  Math.max(list.payload.epoch, revokedSince?.epoch ?? 0)

export const isRevoked = ({ revoked, revokedSince }: Knowledge, serial: GrantSerial): boolean =>
  revoked.has(serial) || revokedSince?.shortIds.has(shortIdOf(serial)) === true

export interface PolicyRefusal {
  /** Of a policy that the issuer did sign; undefined where anybody may have made it. */
  readonly sequence: number | undefined
  readonly why: string
}

/** Genuine, ours, and sound as a whole: a policy with one bad rule is not half taken. */
export function openPolicy(
  bytes: Bytes,
  trust: TrustList,
  verify: Verify,
): Result<VerifiedMessage<Policy>, PolicyRefusal> {
  const rule = openIssued(policy, bytes, trust, undefined, verify)
  if (rule === undefined || rule.payload.operator !== trust.operator)
    return err({ sequence: undefined, why: 'a policy that is not signed or not ours' })
  const { sequence } = rule.payload
  const fault = policyFaultOf(rule.payload, celEngine)
  if (fault === undefined) return ok(rule)
  return err({ sequence, why: `policy ${sequence}, ${fault.code}: ${fault.detail}` })
}

const openedOr = (opened: Result<VerifiedMessage<Policy>, unknown>): VerifiedMessage<Policy> | undefined =>
  opened.ok ? opened.value : undefined

/** The issuer's clock may be a little ahead of ours. */
export const startToleranceS = 300

/** The newest certificate that is valid now; where none is, the one that was. */
export const certificateAt = (
  { certificate, renewed }: Knowledge,
  nowS: EpochSeconds,
): VerifiedMessage<ChargerCertificate> =>
  renewed !== undefined && nowS >= renewed.payload.notBeforeS ? renewed : certificate
