/** All that is known of one session of a fleet, for whoever has to answer for its bill. Read in one moment of the database. */

import { toBase64Url, toBytes } from '@/lib/core/bytes'
import { sessionId as toSessionId, type OperatorId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { openTrustList } from '@/lib/protocol/trust'
import { parseMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { parseEventName } from '../ingest/session-record'
import { loadEvidence } from '../ingest/stored-evidence'
import type { AnswerOf } from '../operations/operation'
import type { readSessionEvidence } from '../operations/sessions'
import { newestTrust } from '../operator/trust-lists'
import { logProofs } from './log-proof'
import { meterTrace, type MeterTrace } from './meter-trace'
import { casesOf, transfersOf, type SessionTransfer } from './session-books'
import { checksOf } from './session-checks'
import { sessionOf, type ListedSession } from './session-list'
import { partsOf } from './session-parts'
import { timelineOf } from './session-timeline'
import { chargerKeys, signedPieces, type Keys } from './signed-pieces'

export type SessionEvidence = AnswerOf<typeof readSessionEvidence>

/** `api.not-found` also for somebody else's session. */
export const evidenceOf = (
  cloud: Cloud,
  fleetId: string,
  sessionId: string,
): Promise<Result<SessionEvidence, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const session = await sessionOf(tx, { tenant, fleetId }, sessionId)
    if (session === undefined) return err(refusal('api.not-found'))
    return ok(await readAll(cloud, tx, session))
  })

async function readAll(
  cloud: Cloud,
  tx: TenantTransaction,
  session: ListedSession,
): Promise<SessionEvidence> {
  const { tenant } = cloud.config
  const { sessionId, chargerId } = session
  const evidence = await loadEvidence(tx, tenant, [toSessionId(sessionId)])
  const { rootKey, keys } = await keysFor(cloud, tx, chargerId)
  const { isForgotten, logged } = await standingOf(tx, tenant, sessionId)
  const pieces = signedPieces(evidence, keys)
  const parts = partsOf(evidence)
  const told = evidence.find((piece) => piece.kind !== 'consent')
  const certificate = told === undefined ? undefined : parseMessage(chargerCertificate, told.certificateBytes)
  const meterKeyHash = certificate?.ok === true ? certificate.value.payload.meterKeyHash : undefined
  const meter = await meterTrace(tx, tenant, sessionId, logged, meterKeyHash)
  const proofKeys = { keys: chargerKeys(evidence, keys), verify: cloud.verify }
  const log = await logProofs(tx, tenant, logged, proofKeys)
  const cases = await casesOf(tx, tenant, sessionId)
  const transfers = await transfersOf(tx, tenant, [sessionId, ...cases.map(({ caseId }) => caseId)])
  const reports = await reportsOf(tx, tenant, session, transfers)
  const checks = checksOf({
    ...{ rootHolds: keys.trust !== undefined, pieces, meter, log },
    ...{ consent: parts.consent, receipted: parts.receipted },
    ...{ costMinor: session.totalMinor, transferredMinor: paidBy(transfers) },
  })
  return {
    ...{ session, isForgotten, rootKey, checks, reports, log, transfers, cases },
    pieces: pieces.map(({ bytes, ...piece }) => ({ ...piece, bytes: toBase64Url(bytes) })),
    meter: shownMeter(meter, parts.receipted?.receipt),
    timeline: timelineOf({ parts, meter, reports, transfers, cases }),
  }
}

/** Undefined trust where the stored list does not bear the root's signature: then nothing holds. */
async function keysFor(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: string | null,
): Promise<{ readonly rootKey: string; readonly keys: Keys }> {
  const { tenant } = cloud.config
  const newest = await newestTrust(cloud, tx)
  const row = await tx
    .selectFrom('trust_lists')
    .select('bytes')
    .where('tenant', '=', tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const opened =
    row === undefined || newest === undefined
      ? undefined
      : openTrustList(toBytes(row.bytes), newest.rootKey, cloud.verify)
  const certificates =
    chargerId === null
      ? []
      : await tx
          .selectFrom('charger_certificates')
          .select('bytes')
          .where('tenant', '=', tenant)
          .where('charger_id', '=', chargerId)
          .orderBy('not_before_s', 'desc')
          .limit(certificatesMax)
          .execute()
  return {
    rootKey: newest?.rootKey ?? '',
    keys: {
      trust: opened?.payload,
      verify: cloud.verify,
      certificates: certificates.map(({ bytes }) => toBytes(bytes)),
    },
  }
}

const certificatesMax = 32

async function standingOf(tx: TenantTransaction, tenant: OperatorId, sessionId: string) {
  const row = await tx
    .selectFrom('charging_sessions')
    .select(['evidence_forgotten_at_s', 'logged'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return { isForgotten: row.evidence_forgotten_at_s !== null, logged: row.logged.map(parseEventName) }
}

/**
 * What a charger's log said is not kept with a time of its own: but the books moved when the first of the two had told,
 * so that who was earlier than the phone's pieces can only have been the charger.
 */
async function reportsOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  { sessionId, byPhone, byCharger }: ListedSession,
  transfers: readonly SessionTransfer[],
): Promise<SessionEvidence['reports']> {
  const rows = await tx
    .selectFrom('session_evidence')
    .select(({ fn }) => ['source', fn.min('received_at_s').as('at_s')])
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .groupBy('source')
    .execute()
  const heardFrom = (source: 'phone' | 'charger'): number | null =>
    rows.find((row) => row.source === source)?.at_s ?? null
  const phoneAtS = heardFrom('phone')
  const bookedAtS = transfers[0]?.atS ?? null
  const wasCharger = byCharger && bookedAtS !== null && (phoneAtS === null || bookedAtS < phoneAtS)
  const chargerAtS = heardFrom('charger') ?? (wasCharger ? bookedAtS : null)
  const first = ((): 'phone' | 'charger' | null => {
    if (byPhone !== byCharger) return byPhone ? 'phone' : 'charger'
    if (!byPhone) return null
    return chargerAtS !== null && (phoneAtS === null || chargerAtS < phoneAtS) ? 'charger' : 'phone'
  })()
  return {
    phone: { came: byPhone, atS: phoneAtS },
    charger: { came: byCharger, atS: chargerAtS },
    first,
  }
}

/** What the transfers leave with revenue and tax: charged and upheld, less what came back. */
const paidBy = (transfers: readonly SessionTransfer[]): number =>
  transfers.reduce((sum, { from, to, amountMinor, isPending }) => {
    if (isPending) return sum
    const toOperator = (account: string): boolean => account === 'revenue' || account === 'tax'
    return sum + (toOperator(to) ? amountMinor : 0) - (toOperator(from) ? amountMinor : 0)
  }, 0)

const shownMeter = (
  { readings, records }: MeterTrace,
  receipt: { readonly meterStartWh: number; readonly meterStopWh: number } | undefined,
): SessionEvidence['meter'] => ({
  startWh: receipt?.meterStartWh ?? readings[0]?.registerWh ?? null,
  stopWh: receipt?.meterStopWh ?? null,
  readings,
  records: records.map(({ bytes, ...record }) => ({ ...record, bytes: toBase64Url(bytes) })),
})
