/** Sessions as rows, written with one statement however many they are. */

import { sql, type RawBuilder } from 'kysely'
import { grantSerial, messageHash, sessionId, type OperatorId } from '@/lib/core/ids'
import { ownerAccount } from '../ledger/accounts'
import { arrayOf } from '../database/array-literal'
import { rowSource, type RowColumn } from '../database/row-source'
import { isKeyTaken, type TenantTransaction } from '../database/connection'
import type { ChainLink } from './chain-check'
import { sessionStates } from './queries'
import { eventName, parseEventName } from './session-record'
import type { ReconcileTransaction, SessionRecord } from './store'

type SessionOperations = Pick<
  ReconcileTransaction,
  'lockSessions' | 'addSessions' | 'changeSessions' | 'sessionStandings' | 'sessionsUnder' | 'chainLinks'
>

export const postgresSessions = (tx: TenantTransaction, tenant: OperatorId): SessionOperations => ({
  async lockSessions(ids) {
    const { rows } = await sql<SessionColumns>`
      select session_id as "sessionId", serial, owner, seq, previous_hash as "previousHash",
        gross_minor as "grossMinor", hold_minor as "holdMinor", currency, authorized_at_s as "authorizedAtS",
        charger_id as "chargerId", site_label as "siteLabel", bay_label as "bayLabel", state,
        hold_state as "holdState", posted_minor as "postedMinor", posted_tax_minor as "postedTaxMinor",
        disputed_minor as "disputedMinor", dispute_reference as "disputeReference", energy_wh as "energyWh",
        decided_from_minor as "decidedFromMinor", decided_to_minor as "decidedToMinor",
        refunded_minor as "refundedMinor", refunded_tax_minor as "refundedTaxMinor",
        evidence_forgotten_at_s is not null as "isForgotten", receipt_counter as "receiptCounter",
        offer_expires_at_s as "offerExpiresAtS", by_phone as "byPhone", by_charger as "byCharger", logged
      from charging_sessions
      where tenant = ${tenant} and session_id = any(${arrayOf(ids)}::text[])
      order by session_id collate "C" for update`.execute(tx)
    return new Map(rows.map((row) => [sessionId(row.sessionId), toRecord(row)]))
  },
  async addSessions(records, nowS) {
    if (records.length === 0) return
    const { from, values } = rowSource(records, columns)
    const inserting = sql`
      insert into charging_sessions (tenant, ${sql.raw(names.join(', '))}, updated_at_s)
      select ${tenant}::text, ${sql.join(values.map(asStored))}, ${nowS}::bigint
      from ${from}`
    await inserting.execute(tx).catch((error: unknown) => {
      throw isKeyTaken(error) ? new BegunMeanwhile() : error
    })
  },
  async changeSessions(records, nowS) {
    if (records.length === 0) return
    const { from, values } = rowSource(records, columns)
    const assignments = values
      .map(asStored)
      .map((value, index) => sql`${sql.raw(names[index] ?? '')} = ${value}`)
    await sql`
      update charging_sessions s set ${sql.join(assignments.slice(1))}, updated_at_s = ${nowS}::bigint
      from ${from} where s.tenant = ${tenant} and s.session_id = n.session_id`.execute(tx)
  },
  sessionStandings: (ids) => sessionStates(tx, tenant, ids),
  async sessionsUnder(serial, countMax) {
    const { rows } = await sql<{ session_id: string }>`
      select session_id from charging_sessions where tenant = ${tenant} and serial = ${serial}
      order by session_id collate "C" limit ${countMax}`.execute(tx)
    return rows.map((row) => sessionId(row.session_id))
  },
  async chainLinks(serials) {
    if (serials.length === 0) return []
    const { rows } = await sql<LinkRow>`
      select session_id, serial, seq, previous_hash, gross_minor, hold_minor from charging_sessions
      where tenant = ${tenant} and serial = any(${arrayOf(serials)}::text[])
      order by session_id collate "C"`.execute(tx)
    return rows.map((row): ChainLink => ({
      sessionId: sessionId(row.session_id),
      serial: grantSerial(row.serial),
      seq: row.seq,
      previous: messageHash(row.previous_hash),
      grossMinor: row.gross_minor,
      holdMinor: row.hold_minor,
    }))
  },
})

/** Looks to the connection like one of two transactions that met: the whole work is done again. */
class BegunMeanwhile extends Error {
  /** PostgreSQL's serialization failure. */
  readonly code = '40001'

  constructor() {
    super('A session was begun by another transaction meanwhile')
  }
}

interface LinkRow {
  readonly session_id: string
  readonly serial: string
  readonly seq: number
  readonly previous_hash: string
  readonly gross_minor: number
  readonly hold_minor: number
}

type SessionColumns = Omit<SessionRecord, 'decisions' | 'logged'> & {
  readonly decidedFromMinor: number | null
  readonly decidedToMinor: number | null
  readonly refundedMinor: number
  readonly refundedTaxMinor: number
  readonly logged: readonly string[]
}

const toRecord = ({
  decidedFromMinor: fromMinor,
  decidedToMinor: toMinor,
  refundedMinor,
  refundedTaxMinor,
  ...row
}: SessionColumns): SessionRecord => ({
  ...row,
  decisions: {
    decided: fromMinor === null || toMinor === null ? undefined : { fromMinor, toMinor },
    refundedMinor,
    refundedTaxMinor,
  },
  sessionId: sessionId(row.sessionId),
  serial: row.serial === null ? null : grantSerial(row.serial),
  owner: row.owner === null ? null : ownerAccount(row.owner),
  logged: row.logged.map(parseEventName),
})

/** What evidence decides; what people decide about cases has columns of its own. */
const columns: readonly RowColumn<SessionRecord>[] = [
  ['session_id', 'text', ({ sessionId: id }) => id],
  ['serial', 'text', ({ serial }) => serial],
  ['owner', 'text', ({ owner }) => owner],
  ['seq', 'integer', ({ seq }) => seq],
  ['previous_hash', 'text', ({ previousHash }) => previousHash],
  ['gross_minor', 'bigint', ({ grossMinor }) => grossMinor],
  ['hold_minor', 'bigint', ({ holdMinor }) => holdMinor],
  ['currency', 'text', ({ currency }) => currency],
  ['authorized_at_s', 'bigint', ({ authorizedAtS }) => authorizedAtS],
  ['charger_id', 'text', ({ chargerId }) => chargerId],
  ['site_label', 'text', ({ siteLabel }) => siteLabel],
  ['bay_label', 'text', ({ bayLabel }) => bayLabel],
  ['state', 'text', ({ state }) => state],
  ['hold_state', 'text', ({ holdState }) => holdState],
  ['posted_minor', 'bigint', ({ postedMinor }) => postedMinor],
  ['posted_tax_minor', 'bigint', ({ postedTaxMinor }) => postedTaxMinor],
  ['disputed_minor', 'bigint', ({ disputedMinor }) => disputedMinor],
  ['dispute_reference', 'text', ({ disputeReference }) => disputeReference],
  ['refunded_minor', 'bigint', ({ decisions }) => decisions.refundedMinor],
  ['refunded_tax_minor', 'bigint', ({ decisions }) => decisions.refundedTaxMinor],
  ['energy_wh', 'bigint', ({ energyWh }) => energyWh],
  ['by_phone', 'boolean', ({ byPhone }) => byPhone],
  ['by_charger', 'boolean', ({ byCharger }) => byCharger],
  ['receipt_counter', 'bigint', ({ receiptCounter }) => receiptCounter],
  ['offer_expires_at_s', 'bigint', ({ offerExpiresAtS }) => offerExpiresAtS],
  // An array of arrays would have to be a rectangle: the names travel in one text.
  ['logged', 'text', ({ logged }) => logged.map(eventName).join(',')],
]
const names = columns.map(([name]) => name)

const asStored = (value: RawBuilder<unknown>, index: number): RawBuilder<unknown> =>
  names[index] === 'logged' ? sql`string_to_array(${value}, ',')` : value
