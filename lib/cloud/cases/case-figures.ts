/** The figures that a decision stands on, read under lock: the session, its grant's reserve, its owner's accounts. */

import { sql } from 'kysely'
import { currencyCode, grantSerial, sessionId as toSessionId, type OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { loadEvidence } from '../ingest/stored-evidence'
import { cardDebtorOf, ownerAccount, receivableAccount, reserveAccount } from '../ledger/accounts'
import { lockedBalancesOf } from '../ledger/queries'
import type { CaseDesk } from './case-desk'
import type { CaseBooks, SessionMoney } from './case-money'

export interface LockedFigures {
  /** Undefined when the case is about no session that anybody pays for. */
  readonly session: SessionMoney | undefined
  /** Undefined when nobody is known who pays. */
  readonly books: CaseBooks | undefined
}

export async function lockCaseFigures(
  { config }: CaseDesk,
  tx: TenantTransaction,
  about: { readonly session_id: string | null; readonly serial: string | null },
): Promise<LockedFigures> {
  const { tenant } = config
  const session = about.session_id === null ? undefined : await lockSession(tx, tenant, about.session_id)
  const serial = session?.serial ?? about.serial
  if (serial === null) return { session, books: undefined }
  const { rows } = await sql<ReserveColumns>`
    select r.owner, r.currency, r.released_at_s, v.bearer from reserves r
    left join vouchers v on v.tenant = ${tenant} and v.serial = r.serial
    where r.tenant = ${tenant} and r.serial = ${serial} for update of r`.execute(tx)
  const [reserve] = rows
  if (reserve === undefined) return { session, books: undefined }
  const owner = ownerAccount(reserve.owner)
  const isCard = reserve.bearer === 'printed'
  const receivable = receivableAccount(isCard ? cardDebtorOf(grantSerial(serial)) : owner)
  const accounts = [reserveAccount(grantSerial(serial)), owner, receivable]
  const currency = currencyCode(reserve.currency)
  const balances = await lockedBalancesOf(tx, tenant, accounts, currency)
  const held = balances.get(reserveAccount(grantSerial(serial)))
  const books: CaseBooks = {
    currency,
    owner,
    receivable,
    ownerAvailableMinor: isCard ? 0 : (balances.get(owner)?.availableMinor ?? 0),
    owedMinor: Math.max(0, -(balances.get(receivable)?.postedMinor ?? 0)),
    reserve: {
      balanceMinor: held?.postedMinor ?? 0,
      pendingMinor: held?.pendingMinor ?? 0,
      isReleased: reserve.released_at_s !== null,
    },
  }
  return { session, books }
}

interface ReserveColumns {
  readonly owner: string
  readonly currency: string
  readonly released_at_s: number | null
  /** Of a card. */
  readonly bearer: 'printed' | 'rfid' | null
}

async function lockSession(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionId: string,
): Promise<SessionMoney | undefined> {
  const row = await tx
    .selectFrom('charging_sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .forUpdate()
    .executeTakeFirst()
  if (row?.serial === undefined || row.serial === null) return undefined
  const { decided_from_minor: fromMinor, decided_to_minor: toMinor } = row
  return {
    sessionId,
    serial: grantSerial(row.serial),
    postedMinor: row.posted_minor ?? 0,
    postedTaxMinor: row.posted_tax_minor,
    disputedMinor: row.disputed_minor,
    disputeReference: row.dispute_reference ?? undefined,
    upheldMinor: row.upheld_minor,
    upheldTaxMinor: row.upheld_tax_minor,
    refundedMinor: row.refunded_minor,
    refundedTaxMinor: row.refunded_tax_minor,
    decided: fromMinor === null || toMinor === null ? undefined : { fromMinor, toMinor },
  }
}

/** Of the offer that the session stood on; undefined when no offer ever arrived. */
export async function taxRateOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionId: string,
): Promise<number | undefined> {
  const evidence = await loadEvidence(tx, tenant, [toSessionId(sessionId)])
  const offers = evidence.flatMap((piece) => (piece.kind === 'consent' ? [] : (piece.offer ?? [])))
  return offers[0]?.tariff.taxBasisPoints
}

export async function writeCaseFigures(
  { config, clock }: CaseDesk,
  tx: TenantTransaction,
  session: SessionMoney,
  coveredMinor: number,
): Promise<void> {
  const { tenant } = config
  await tx
    .updateTable('charging_sessions')
    .set({
      disputed_minor: session.disputedMinor,
      dispute_reference: session.disputeReference ?? null,
      upheld_minor: session.upheldMinor,
      upheld_tax_minor: session.upheldTaxMinor,
      refunded_minor: session.refundedMinor,
      refunded_tax_minor: session.refundedTaxMinor,
      decided_from_minor: session.decided?.fromMinor ?? null,
      decided_to_minor: session.decided?.toMinor ?? null,
      updated_at_s: clock.nowS(),
    })
    .where('tenant', '=', tenant)
    .where('session_id', '=', session.sessionId)
    .execute()
  if (coveredMinor === 0) return
  await sql`
    update reserves set covered_minor = covered_minor + ${coveredMinor}::bigint
    where tenant = ${tenant} and serial = ${session.serial}`.execute(tx)
}
