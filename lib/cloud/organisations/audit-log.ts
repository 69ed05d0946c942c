/** The log of an organisation: who did what, to whom, newest first, with the names that are still known. */

import type { Selectable } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { prefixesOf, type AuditTopic } from '../audit-topics'
import type { Cloud } from '../context'
import { acrossOrganisations, inTenant, type TenantTransaction } from '../database/connection'
import type { Schema } from '../database/schema'

export interface AuditQuestion {
  /** `next` of the page before. */
  readonly before?: string | undefined
  readonly author?: string | undefined
  readonly topic?: AuditTopic | undefined
}

export interface AuditPage {
  readonly lines: readonly AuditLine[]
  /** What to ask for the page after. */
  readonly next: string | null
}

export interface AuditLine {
  readonly lineId: string
  readonly atS: number
  readonly action: string
  readonly subject: string
  /** Null where nothing here is called by that id, or no longer. */
  readonly subjectName: string | null
  readonly authorId: string
  /** The person, or the program’s key; the id where neither is known any more. */
  readonly author: string
  readonly isProgram: boolean
}

const pageSize = 50
const keyPrefix = 'api-key:'

export async function auditOf(
  cloud: Cloud,
  organisationId: string,
  question: AuditQuestion = {},
): Promise<Result<AuditPage, Refusal>> {
  const { tenant } = cloud.config
  const { before } = question
  const cursor = before === undefined ? undefined : cursorOf(before)
  if (before !== undefined && cursor === undefined) return err(refusal('api.malformed'))
  return inTenant(cloud.db, tenant, async (tx) => {
    const rows = await linesOf(tx, { tenant, organisationId, question, cursor })
    const shown = rows.slice(0, pageSize)
    const names = await namesOf(tx, tenant, organisationId, shown)
    const last = rows.length > pageSize ? shown.at(-1) : undefined
    return ok({
      lines: shown.map((row) => ({
        lineId: row.line_id,
        atS: row.at_s,
        action: row.action,
        subject: row.subject,
        subjectName: names.get(row.subject) ?? null,
        authorId: row.author,
        author: names.get(plainId(row.author)) ?? row.author,
        isProgram: row.author.startsWith(keyPrefix),
      })),
      next: last === undefined ? null : `${last.at_s}-${last.line_id}`,
    })
  })
}

interface Cursor {
  readonly atS: number
  readonly lineId: string
}

function cursorOf(text: string): Cursor | undefined {
  const [, atS, lineId] = /^(\d{1,12})-([0-9a-f]{32})$/.exec(text) ?? []
  return atS === undefined || lineId === undefined ? undefined : { atS: Number(atS), lineId }
}

type Row = Selectable<Schema['audit_lines']>

interface Wanted {
  readonly tenant: string
  readonly organisationId: string
  readonly question: AuditQuestion
  readonly cursor: Cursor | undefined
}

function linesOf(
  tx: TenantTransaction,
  { tenant, organisationId, question: { author, topic }, cursor }: Wanted,
): Promise<readonly Row[]> {
  let query = tx
    .selectFrom('audit_lines')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('organisation_id', '=', organisationId)
    .orderBy('at_s', 'desc')
    .orderBy('line_id', 'desc')
    .limit(pageSize + 1)
  if (author !== undefined) query = query.where('author', '=', author)
  if (topic !== undefined)
    query = query.where(({ eb, or }) =>
      or(prefixesOf(topic).map((prefix) => eb('action', 'like', `${prefix}.%`))),
    )
  if (cursor !== undefined)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at_s', 'line_id'), '<', tuple(cursor.atS, cursor.lineId)),
    )
  return query.execute()
}

const plainId = (author: string): string =>
  author.startsWith(keyPrefix) ? author.slice(keyPrefix.length) : author

/** Ids are random and never of two kinds, so one map holds the names of people, keys, invitations, tokens and cards. */
async function namesOf(
  tx: TenantTransaction,
  tenant: string,
  organisationId: string,
  lines: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(lines.flatMap(({ author, subject }) => [plainId(author), subject]))]
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('console_people')
    .select(['account_id as id', 'name as name'])
    .where('tenant', '=', tenant)
    .where('account_id', 'in', ids)
    .unionAll(
      tx
        .selectFrom('api_keys')
        .select(['key_id as id', 'name as name'])
        .where('tenant', '=', tenant)
        .where('organisation_id', '=', organisationId)
        .where('key_id', 'in', ids),
    )
    .unionAll(
      tx
        .selectFrom('organisation_invitations')
        .select(['invitation_id as id', 'email as name'])
        .where('tenant', '=', tenant)
        .where('organisation_id', '=', organisationId)
        .where('invitation_id', 'in', ids),
    )
    .execute()
  return new Map(
    [
      ...rows,
      ...(await fleetNames(tx, tenant, organisationId, ids)),
      ...(await namesAcross(tx, tenant, organisationId, ids)),
    ].map(({ id, name }) => [id, name]),
  )
}

/** What a fleet gave a name: tokens, cards, batches, drivers, vehicles. */
const fleetNames = (tx: TenantTransaction, tenant: string, fleetId: string, ids: readonly string[]) =>
  tx
    .selectFrom('fleet_tokens')
    .select(['token_id as id', 'driver_name as name'])
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .where('token_id', 'in', ids)
    .unionAll(
      tx
        .selectFrom('fleet_cards')
        .select(['serial as id', 'label as name'])
        .where('tenant', '=', tenant)
        .where('fleet_id', '=', fleetId)
        .where('serial', 'in', ids),
    )
    .unionAll(
      tx
        .selectFrom('fleet_card_batches')
        .select(['batch_id as id', 'name as name'])
        .where('tenant', '=', tenant)
        .where('fleet_id', '=', fleetId)
        .where('batch_id', 'in', ids),
    )
    .unionAll(
      tx
        .selectFrom('fleet_drivers')
        .select(['driver_id as id', 'name as name'])
        .where('tenant', '=', tenant)
        .where('fleet_id', '=', fleetId)
        .where('driver_id', 'in', ids),
    )
    .unionAll(
      tx
        .selectFrom('fleet_vehicles')
        .select(['vehicle_id as id', 'plate as name'])
        .where('tenant', '=', tenant)
        .where('fleet_id', '=', fleetId)
        .where('vehicle_id', 'in', ids),
    )
    .execute()

/**
 * Names that no organisation has to itself: the operator's, who stands in the logs of fleets, and for the operator those of
 * its fleets and of transfers that it decided about.
 */
const namesAcross = (
  tx: TenantTransaction,
  tenant: string,
  organisationId: string,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly name: string }[]> =>
  acrossOrganisations(tx, async () => {
    const known = await tx
      .selectFrom('organisations')
      .select(['organisation_id as id', 'kind as kind', 'name as name'])
      .where('tenant', '=', tenant)
      .where('organisation_id', 'in', [...new Set([...ids, organisationId])])
      .execute()
    const isOperator = known.some(({ id, kind }) => id === organisationId && kind === 'operator')
    if (!isOperator) return known.filter(({ id, kind }) => id === organisationId || kind === 'operator')
    const transfers = await tx
      .selectFrom('bank_rows')
      .select(['row_key as id', 'counterparty as name'])
      .where('tenant', '=', tenant)
      .where('row_key', 'in', ids)
      .execute()
    return [...known, ...transfers.filter(({ name }) => name !== '')]
  })
