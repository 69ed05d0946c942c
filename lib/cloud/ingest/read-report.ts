/** A phone's report: parsed once into bytes, then checked piece by piece. What proves nothing is named with a reason. */

import { fromBase64Url, utf8, type Bytes } from '@/lib/core/bytes'
import type { CurrencyCode, GrantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { Grant } from '@/lib/protocol/messages/grant'
import { offer as offerMessage } from '@/lib/protocol/messages/offer'
import { asList, asObject, asText } from '../json-shape'
import {
  readAnswer,
  readConsentUnder,
  readGrant,
  readOffer,
  readReceipt,
  type Evidence,
  type EvidenceContext,
} from './evidence'

interface ReportedOffer {
  readonly certificate: Bytes
  readonly offer: Bytes
}

interface ReportedStatement extends ReportedOffer {
  readonly message: Bytes
}

export interface Chain {
  readonly grant: Bytes
  readonly authorizations: readonly Bytes[]
  readonly answers: readonly ReportedStatement[]
  readonly receipts: readonly ReportedStatement[]
  /** Of authorizations that nobody has answered. */
  readonly offers: readonly ReportedOffer[]
  readonly disputes: readonly ReportedDispute[]
}

export interface ReportedDispute {
  readonly sessionId: string
  readonly reason: string
  readonly note: string
  /** By the phone's own reckoning; null where it had none. */
  readonly recomputedMinor: number | null
}

export interface RefusedPiece {
  /** `grant`, `authorization`, `answer`, `receipt` or `event`. */
  readonly what: string
  readonly code: ReasonCode
  readonly bytes: Bytes
}

export interface ReadReport {
  readonly grants: readonly VerifiedMessage<Grant>[]
  readonly evidence: readonly Evidence[]
  readonly refused: readonly RefusedPiece[]
}

/** `api.malformed` unless the JSON has the shape of a report; whatever its signed texts say is looked at later. */
export function parseReport(value: unknown): Result<readonly Chain[], Refusal> {
  const chains = asList(asObject(value)?.['chains'], limits.walletReportChainsMax, parseChain)
  return chains === undefined ? err(refusal('api.malformed')) : ok(chains)
}

/** Who brought it: a phone, or a charger by a road that carries no log. */
export type ReportTeller = 'phone' | 'charger'

/** As it waits in the inbox; nobody outside says there who told it. */
export const reportToKeep = (json: unknown, teller: ReportTeller): unknown => ({
  chains: asObject(json)?.['chains'],
  ...(teller === 'charger' ? { teller } : {}),
})

export const tellerOf = (kept: unknown): ReportTeller =>
  asObject(kept)?.['teller'] === 'charger' ? 'charger' : 'phone'

/** Chargers whose certificates stand in the report; what they say is believed only after verification. */
export const chargersOf = (chains: readonly Chain[]): readonly string[] => [
  ...new Set(
    chains
      .flatMap(({ answers, receipts }) => [...answers, ...receipts])
      .flatMap(({ certificate }) => {
        const parsed = parseMessage(chargerCertificate, certificate)
        return parsed.ok ? [parsed.value.payload.chargerId] : []
      }),
  ),
]

/** Verifies everything. `certificates` are known ones, of which one may fit an offer that an older key signed. */
export function readReport(
  chains: readonly Chain[],
  currency: CurrencyCode,
  context: EvidenceContext,
  certificates: readonly Bytes[] = [],
): ReadReport {
  const grants: VerifiedMessage<Grant>[] = []
  const evidence: Evidence[] = []
  const refused: RefusedPiece[] = []
  const take = (what: string, bytes: Bytes, piece: Result<Evidence, Refusal>): void => {
    if (piece.ok) evidence.push(piece.value)
    else refused.push({ what, code: piece.error.code, bytes })
  }
  for (const chain of chains) {
    const grant = readOurGrant(chain.grant, currency, context)
    if (!grant.ok) refused.push({ what: 'grant', code: grant.error.code, bytes: chain.grant })
    else grants.push(grant.value)
    for (const bytes of chain.authorizations) {
      take('authorization', bytes, grant.ok ? readConsentUnder(bytes, grant.value, context) : grant)
    }
    for (const { message, offer, certificate } of chain.answers) {
      take('answer', message, readAnswer(message, offer, certificate, context, certificates))
    }
    for (const { message, offer, certificate } of chain.receipts) {
      take('receipt', message, readReceipt(message, offer, certificate, context, certificates))
    }
    for (const { offer, certificate } of chain.offers) {
      const named = parseMessage(offerMessage, offer)
      const consent = evidence.find(
        (piece) => piece.kind === 'consent' && named.ok && piece.offerHash === named.value.hash,
      )
      const read =
        consent === undefined
          ? err(refusal('offer.unknown'))
          : readOffer(offer, certificate, consent.sessionId, context)
      take('offer', offer, read)
    }
  }
  return { grants, evidence, refused }
}

/** Money of a session is counted in the operator's currency; a grant in another cannot be ours. */
function readOurGrant(
  bytes: Bytes,
  currency: CurrencyCode,
  context: EvidenceContext,
): Result<VerifiedMessage<Grant>, Refusal> {
  const grant = readGrant(bytes, context)
  if (!grant.ok) return grant
  return grant.value.payload.currency === currency ? grant : err(refusal('grant.currency'))
}

/** Leaves out whatever stands on a grant that this operator's books do not know. */
export function withoutUnknownGrants(report: ReadReport, known: ReadonlySet<GrantSerial>): ReadReport {
  const strangers = report.evidence.filter(
    (piece) => piece.kind === 'consent' && !known.has(piece.grant.serial),
  )
  const gone = new Set<Evidence>(strangers)
  return {
    grants: report.grants.filter(({ payload }) => known.has(payload.serial)),
    evidence: report.evidence.filter((piece) => !gone.has(piece)),
    refused: [
      ...report.refused,
      ...strangers.map(({ bytes }) => ({ what: 'authorization', code: 'grant.missing' as const, bytes })),
    ],
  }
}

function parseChain(value: unknown): Chain | undefined {
  const object = asObject(value)
  const grant = parseSigned(object?.['grant'])
  const authorizations = asList(object?.['authorizations'], limits.walletReportEntriesMax, parseSigned)
  const answers = asList(object?.['answers'], statementsMax, (item) => parseStatement(item, 'answer'))
  const receipts = asList(object?.['receipts'], statementsMax, (item) => parseStatement(item, 'receipt'))
  const offers = asList(object?.['offers'] ?? [], limits.walletReportEntriesMax, parseOffer)
  const disputes = asList(object?.['disputes'] ?? [], limits.walletReportEntriesMax, parseDispute)
  if (grant === undefined || authorizations === undefined || answers === undefined) return undefined
  if (receipts === undefined || offers === undefined || disputes === undefined) return undefined
  return { grant, authorizations, answers, receipts, offers, disputes }
}

function parseOffer(value: unknown): ReportedOffer | undefined {
  const object = asObject(value)
  const certificate = parseSigned(object?.['certificate'])
  const offer = parseSigned(object?.['offer'])
  return certificate === undefined || offer === undefined ? undefined : { certificate, offer }
}

/** The reason is one of the phone's fixed words; another operator's app may have others. */
function parseDispute(value: unknown): Chain['disputes'][number] | undefined {
  const object = asObject(value)
  const sessionId = asText(object?.['sessionId'], 64)
  const reason = asText(object?.['reason'], 32)
  const note = asText(object?.['note'], limits.complaintNoteCharsMax) ?? ''
  const recomputed = object?.['recomputedMinor']
  const recomputedMinor = Number.isSafeInteger(recomputed) ? Number(recomputed) : null
  if (sessionId === undefined || reason === undefined || !/^[a-z-]+$/.test(reason)) return undefined
  return { sessionId, reason, note, recomputedMinor }
}

/** A charger may contradict itself about each session, and the phone keeps a few such pieces. */
const statementsMax = limits.walletReportEntriesMax * 4

function parseStatement(value: unknown, name: 'answer' | 'receipt'): ReportedStatement | undefined {
  const message = parseSigned(asObject(value)?.[name])
  const proof = parseOffer(value)
  return message === undefined || proof === undefined ? undefined : { message, ...proof }
}

/** Text that is not base64url is kept as the bytes of the text, so that it is refused as damaged and not lost. */
function parseSigned(value: unknown): Bytes | undefined {
  if (typeof value !== 'string' || value.length > limits.messageBytesMax * 2) return undefined
  return fromBase64Url(value) ?? utf8(value)
}
