/**
 * Takes verified evidence into the books, inside the caller's transaction: keeps the pieces, judges every session that
 * they touch from all that is known of it, posts the difference to what was posted before, and opens cases. Whoever
 * brings what, in whatever order and however often, the books end up the same.
 *
 * Locks in one order everywhere: sessions, reserves, accounts of owners, accounts of the operator.
 */

import { sql } from 'kysely'
import {
  currencyCode,
  grantSerial,
  messageHash,
  sessionId,
  type GrantSerial,
  type SessionId,
} from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { minorUnits } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import { openCases, type NewCase } from '../cases/commands'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { ChargingSessionRow } from '../database/schema'
import { revokeGrant } from '../issuance/commands'
import { ownerAccount, receivableAccount, reserveAccount, type OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import type { Transfer } from '../ledger/transfer'
import { checkChain, type ChainLink } from './chain-check'
import type { Consent, Evidence } from './evidence'
import { doubts, judge, type Judgement } from './judge'
import { settle, type Books, type PostedSession, type Settlement } from './settle'
import { keepEvidence, loadEvidence, type EvidenceSource } from './stored-evidence'

export interface Origin {
  readonly source: EvidenceSource
  /** The device whose word it is: a charger's id or a grant's serial. */
  readonly author: string
}

type SessionRow = Omit<
  ChargingSessionRow,
  'tenant' | 'posted_tax_minor' | 'disputed_minor' | 'by_phone' | 'by_charger'
> & {
  posted_tax_minor: number
  disputed_minor: number
  by_phone: boolean
  by_charger: boolean
}

/** Every consent in `evidence` must be under a grant of ours in our currency; the readers see to it. */
export async function reconcile(
  cloud: Cloud,
  tx: TenantTransaction,
  evidence: readonly Evidence[],
  { source, author }: Origin,
): Promise<void> {
  if (evidence.length === 0) return
  const { tenant } = cloud.config
  const ids = [...new Set(evidence.map((piece) => piece.sessionId))].sort()
  await keepEvidence(tx, tenant, evidence, source, cloud.clock.nowS())
  const rows = await lockSessions(cloud, tx, ids)
  const known = await loadEvidence(tx, tenant, ids, evidence)
  const judgements = ids
    .map((id) => judge(known.get(id) ?? []))
    .filter((judgement) => judgement !== undefined)
  const books = await lockBooks(cloud, tx, judgements)
  const transfers: Transfer[] = []
  const cases: NewCase[] = []
  for (const judgement of judgements) {
    const row = rows.get(judgement.sessionId)
    if (row === undefined) throw new Error(`Session ${judgement.sessionId} was not locked`)
    const settlement = settle(postedSession(row, judgement.consent, books), judgement.final, books, author)
    transfers.push(...settlement.transfers)
    cases.push(...casesOf(judgement, known.get(judgement.sessionId) ?? [], settlement))
    rows.set(judgement.sessionId, changedRow(row, judgement, settlement))
  }
  const posted = await postTransfers(tx, tenant, transfers)
  if (!posted.ok) throw new Error(`Sessions of ${author} cannot be posted: ${JSON.stringify(posted.error)}`)
  await writeSessions(cloud, tx, [...rows.values()], source)
  await writeCovered(cloud, tx, books)
  await openCases(tx, tenant, cloud.clock.nowS(), cases)
  await examineChains(cloud, tx, judgements)
}

/** A row stands for a session from its first piece of evidence on, so that two uploads at once meet at its lock. */
async function lockSessions(
  cloud: Cloud,
  tx: TenantTransaction,
  ids: readonly SessionId[],
): Promise<Map<SessionId, SessionRow>> {
  const { tenant } = cloud.config
  await sql`
    insert into charging_sessions (tenant, session_id, state, hold_state, updated_at_s)
    select ${tenant}::text, id, 'orphan', 'none', ${cloud.clock.nowS()}::bigint from unnest(${ids}::text[]) as id
    on conflict do nothing`.execute(tx)
  const rows = await sql<SessionRow>`
    select * from charging_sessions
    where tenant = ${tenant} and session_id = any(${ids}::text[])
    order by session_id collate "C" for update`.execute(tx)
  return new Map(rows.rows.map((row) => [sessionId(row.session_id), row]))
}

/** Reserves and owners of these grants, locked, with what they hold. */
async function lockBooks(
  cloud: Cloud,
  tx: TenantTransaction,
  judgements: readonly Judgement[],
): Promise<Books> {
  const { tenant, currency } = cloud.config
  const serials = [...new Set(judgements.map(({ consent }) => consent.grant.serial))].sort()
  const books: Books = { reserves: new Map(), owners: new Map() }
  if (serials.length === 0) return books
  const rows = await sql<{
    serial: string
    owner: string
    released_at_s: number | null
    covered_minor: number
  }>`
    select serial, owner, released_at_s, covered_minor from reserves
    where tenant = ${tenant} and serial = any(${serials}::text[])
    order by serial collate "C" for update`.execute(tx)
  const owners = [...new Set(rows.rows.map(({ owner }) => ownerAccount(owner)))]
  const accounts = [
    ...rows.rows.map(({ serial }) => reserveAccount(grantSerial(serial))),
    ...owners.flatMap((owner) => [owner, receivableAccount(owner)]),
  ]
  const balances = await lockedBalancesOf(tx, tenant, accounts, currency)
  for (const row of rows.rows) {
    const serial = grantSerial(row.serial)
    books.reserves.set(serial, {
      owner: ownerAccount(row.owner),
      balanceMinor: balances.get(reserveAccount(serial))?.postedMinor ?? 0,
      coveredMinor: row.covered_minor,
      isReleased: row.released_at_s !== null,
    })
  }
  for (const owner of owners) {
    books.owners.set(owner, {
      availableMinor: balances.get(owner)?.availableMinor ?? 0,
      owedMinor: -(balances.get(receivableAccount(owner))?.postedMinor ?? 0),
    })
  }
  return books
}

function postedSession(row: SessionRow, consent: Consent, books: Books): PostedSession {
  const { serial, currency } = consent.grant
  const owner: OwnerAccount | undefined = books.reserves.get(serial)?.owner
  if (owner === undefined) throw new Error(`Grant ${serial} has no reserve`)
  return {
    sessionId: consent.sessionId,
    serial,
    owner,
    currency: currencyCode(currency),
    holdMinor: consent.authorization.holdMinor,
    hold: row.hold_state,
    postedMinor: row.posted_minor === null ? null : minorUnits(row.posted_minor),
    postedTaxMinor: minorUnits(row.posted_tax_minor),
    disputedMinor: minorUnits(row.disputed_minor),
    disputeReference: row.dispute_reference,
  }
}

function changedRow(
  row: SessionRow,
  { consent, charger, final }: Judgement,
  { session }: Settlement,
): SessionRow {
  const { authorization, grant } = consent
  return {
    ...row,
    serial: grant.serial,
    owner: session.owner,
    seq: authorization.seq,
    previous_hash: authorization.previous,
    gross_minor: authorization.grossMinor,
    hold_minor: authorization.holdMinor,
    currency: grant.currency,
    authorized_at_s: authorization.timeS,
    charger_id: charger?.id ?? null,
    site_label: charger?.siteLabel ?? null,
    bay_label: charger?.bayLabel ?? null,
    state: final === undefined ? 'seen' : 'settled',
    hold_state: session.hold,
    posted_minor: session.postedMinor,
    posted_tax_minor: session.postedTaxMinor,
    disputed_minor: session.disputedMinor,
    dispute_reference: session.disputeReference,
    energy_wh: final?.energyWh ?? null,
  }
}

async function writeSessions(
  cloud: Cloud,
  tx: TenantTransaction,
  rows: readonly SessionRow[],
  source: EvidenceSource,
): Promise<void> {
  const column = <T>(pick: (row: SessionRow) => T): T[] => rows.map(pick)
  await sql`
    update charging_sessions s set
      serial = n.serial, owner = n.owner, seq = n.seq, previous_hash = n.previous_hash, gross_minor = n.gross_minor,
      hold_minor = n.hold_minor, currency = n.currency, authorized_at_s = n.authorized_at_s,
      charger_id = n.charger_id, site_label = n.site_label, bay_label = n.bay_label, state = n.state,
      hold_state = n.hold_state, posted_minor = n.posted_minor, posted_tax_minor = n.posted_tax_minor,
      disputed_minor = n.disputed_minor, dispute_reference = n.dispute_reference, energy_wh = n.energy_wh,
      by_phone = s.by_phone or ${source === 'phone'}, by_charger = s.by_charger or ${source === 'charger'},
      updated_at_s = ${cloud.clock.nowS()}::bigint
    from unnest(
      ${column((row) => row.session_id)}::text[], ${column((row) => row.serial)}::text[],
      ${column((row) => row.owner)}::text[], ${column((row) => row.seq)}::integer[],
      ${column((row) => row.previous_hash)}::text[], ${column((row) => row.gross_minor)}::bigint[],
      ${column((row) => row.hold_minor)}::bigint[], ${column((row) => row.currency)}::text[],
      ${column((row) => row.authorized_at_s)}::bigint[], ${column((row) => row.charger_id)}::text[],
      ${column((row) => row.site_label)}::text[], ${column((row) => row.bay_label)}::text[],
      ${column((row) => row.state)}::text[], ${column((row) => row.hold_state)}::text[],
      ${column((row) => row.posted_minor)}::bigint[], ${column((row) => row.posted_tax_minor)}::bigint[],
      ${column((row) => row.disputed_minor)}::bigint[], ${column((row) => row.dispute_reference)}::text[],
      ${column((row) => row.energy_wh)}::bigint[]
    ) as n (session_id, serial, owner, seq, previous_hash, gross_minor, hold_minor, currency, authorized_at_s,
      charger_id, site_label, bay_label, state, hold_state, posted_minor, posted_tax_minor, disputed_minor,
      dispute_reference, energy_wh)
    where s.tenant = ${cloud.config.tenant} and s.session_id = n.session_id`.execute(tx)
}

async function writeCovered(cloud: Cloud, tx: TenantTransaction, books: Books): Promise<void> {
  const entries = [...books.reserves]
  await sql`
    update reserves r set covered_minor = n.covered_minor
    from unnest(${entries.map(([serial]) => serial)}::text[], ${entries.map(([, { coveredMinor }]) => coveredMinor)}::bigint[])
      as n (serial, covered_minor)
    where r.tenant = ${cloud.config.tenant} and r.serial = n.serial and r.covered_minor <> n.covered_minor`.execute(
    tx,
  )
}

function casesOf(
  { sessionId: id, consent, charger, doubts: found }: Judgement,
  evidence: readonly Evidence[],
  { beyondReserveMinor }: Settlement,
): NewCase[] {
  const { serial } = consent.grant
  const pieces = evidence.flatMap((piece) =>
    piece.kind === 'consent'
      ? [
          { label: 'authorization', bytes: piece.bytes },
          { label: 'grant', bytes: piece.grantBytes },
        ]
      : [
          { label: piece.kind, bytes: piece.bytes },
          { label: 'certificate', bytes: piece.certificateBytes },
          ...(piece.offerBytes === undefined ? [] : [{ label: 'offer', bytes: piece.offerBytes }]),
        ],
  )
  const about = {
    sessionId: id,
    serial,
    ...(charger === undefined ? {} : { chargerId: charger.id }),
    evidence: pieces,
  }
  const cases: NewCase[] = found.map((doubt) => ({ ...about, kind: doubt, code: doubts[doubt] }))
  if (beyondReserveMinor > 0) {
    const facts = { beyondMinor: beyondReserveMinor }
    cases.push({ ...about, kind: 'beyond-reserve', code: 'wallet.cap', facts })
  }
  return cases
}

const chainFaultCodes = { fork: 'wallet.previous', chain: 'wallet.sums' } as const satisfies Record<
  string,
  ReasonCode
>

/** Looks at the whole chain of each grant that got news. A fork freezes the grant; what was signed is still owed. */
async function examineChains(
  cloud: Cloud,
  tx: TenantTransaction,
  judgements: readonly Judgement[],
): Promise<void> {
  const { tenant } = cloud.config
  const consents = new Map(judgements.map(({ consent }) => [consent.grant.serial, consent]))
  if (consents.size === 0) return
  const rows = await tx
    .selectFrom('charging_sessions')
    .select(['session_id', 'serial', 'seq', 'previous_hash', 'gross_minor', 'hold_minor'])
    .where('tenant', '=', tenant)
    .where('serial', 'in', [...consents.keys()])
    .orderBy('session_id')
    .execute()
  const links = new Map<GrantSerial, ChainLink[]>()
  for (const row of rows) {
    const serial = grantSerial(row.serial ?? '')
    const link: ChainLink = {
      sessionId: sessionId(row.session_id),
      serial,
      seq: row.seq ?? 0,
      previous: messageHash(row.previous_hash ?? ''),
      grossMinor: row.gross_minor ?? 0,
      holdMinor: row.hold_minor ?? 0,
    }
    links.set(serial, [...(links.get(serial) ?? []), link])
  }
  for (const [serial, consent] of consents) await examineChain(cloud, tx, consent, links.get(serial) ?? [])
}

async function examineChain(
  cloud: Cloud,
  tx: TenantTransaction,
  { grant, grantBytes }: Consent,
  links: readonly ChainLink[],
): Promise<void> {
  const parsed = parseMessage(grantMessage, grantBytes)
  if (!parsed.ok) throw new Error(`Grant ${grant.serial} does not parse any more`)
  const faults = checkChain(links, parsed.value.hash)
  if (faults.length === 0) return
  const { tenant } = cloud.config
  const evidence = await loadEvidence(tx, tenant, [...new Set(faults.map((fault) => fault.sessionId))])
  const cases = faults.map((fault): NewCase => {
    const pieces = (evidence.get(fault.sessionId) ?? []).filter(({ kind }) => kind === 'consent')
    return {
      kind: fault.kind,
      code: chainFaultCodes[fault.kind],
      sessionId: fault.sessionId,
      serial: fault.serial,
      facts: { seq: fault.seq },
      evidence: pieces.map(({ bytes }) => ({ label: 'authorization', bytes })),
    }
  })
  await openCases(tx, tenant, cloud.clock.nowS(), cases)
  if (faults.some(({ kind }) => kind === 'fork')) {
    await revokeGrant(cloud, tx, grant.serial, grant.notAfterS, 'fork')
  }
}
