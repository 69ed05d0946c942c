/**
 * RFID cards and contracts of vehicles that a fleet gives out. Each is a voucher whose cap the fleet sets aside, and the
 * number that a reader reads, which goes to the chargers of its sites in their signed lists. Withdrawing it reaches
 * chargers as a revocation, and their lists with the next.
 */

import type { GrantSerial } from '@/lib/core/ids'
import { grantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { tokenPattern, type TokenType } from '@/lib/protocol/messages/local-list'
import { sql } from 'kysely'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { acrossOrganisations, transact, type TenantTransaction } from '../database/connection'
import { hasRoom } from '../issuance/local-lists'
import { revoke } from '../issuance/revocations'
import { issueBatch, voucherLimits } from '../issuance/vouchers'
import { fleetAccount } from '../ledger/accounts'
import { randomId } from '../secrets'
import { lockFleet } from './lock-fleet'

export const cardLimits = { labelCharsMax: 60, tokenCharsMin: 4, daysMost: voucherLimits.daysMost } as const

export interface IssueCard {
  readonly fleetId: string
  /** Whose it is, or what it lies in. */
  readonly label: string
  readonly type: TokenType
  /** As a reader shows it. */
  readonly token: string
  readonly capMinor: number
  readonly sessionCapMinor?: number | undefined
  readonly sites: readonly string[]
  readonly days: number
  readonly group?: string | undefined
  /** Pins of contract certificates, for eMAIDs. */
  readonly contracts?: readonly string[] | undefined
  readonly idempotencyKey: string
  /** The manager's account. */
  readonly author: string
}

/** Sets the card's cap aside. The same idempotency key gives the same card again. */
export async function issueCard(
  cloud: Cloud,
  request: IssueCard,
): Promise<Result<{ readonly cardId: string }, Refusal>> {
  const { tenant } = cloud.config
  const token = request.token.trim()
  if (!tokenPattern.test(token) || token.length < cardLimits.tokenCharsMin) return err(refusal('card.token'))
  return transact(cloud.db, tenant, async (tx) => {
    await lockFleet(tx, tenant, request.fleetId)
    const known = await cardByKey(tx, tenant, request)
    if (known !== undefined) return ok({ cardId: known.serial })
    if (await acrossOrganisations(tx, () => isGivenOut(tx, tenant, token))) return err(refusal('card.taken'))
    for (const site of request.sites)
      if (!(await acrossOrganisations(tx, () => hasRoom(cloud, tx, site))))
        return err(refusal('card.list-full'))
    const { capMinor, sites, days, author } = request
    const issued = await issueBatch(cloud, tx, {
      ...{ batch: `card ${randomId(cloud.random)}`, count: 1, owner: fleetAccount(request.fleetId) },
      ...{ capMinor, sites, days, bearer: 'rfid', author },
    })
    if (!issued.ok) return issued
    const [voucher] = issued.value
    if (voucher === undefined) throw new Error('A batch of one has no card')
    await tx
      .insertInto('fleet_cards')
      .values(rowOf(cloud, request, token, voucher.serial))
      .execute()
    await writeAuditLine(cloud, tx, author, 'fleet-card.issue', voucher.serial, request.fleetId)
    return ok({ cardId: voucher.serial })
  })
}

function rowOf({ config, clock }: Cloud, request: IssueCard, token: string, serial: GrantSerial) {
  const { fleetId, label, type, group, contracts = [], sessionCapMinor, idempotencyKey } = request
  return {
    ...{ tenant: config.tenant, serial, fleet_id: fleetId, idempotency_key: idempotencyKey, label },
    ...{ token_type: type, token, token_key: tokenKey(token), contracts: [...contracts] },
    session_cap_minor: sessionCapMinor ?? null,
    card_group: group ?? null,
    issued_at_s: clock.nowS(),
    revoked_at_s: null,
  }
}

/** However it is written, it is one card: chargers compare numbers in the same way. */
const tokenKey = (token: string): string => token.replaceAll('-', '').toUpperCase()

const cardByKey = (
  tx: TenantTransaction,
  tenant: string,
  { fleetId, idempotencyKey }: IssueCard,
): Promise<{ serial: string } | undefined> =>
  tx
    .selectFrom('fleet_cards')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst()

async function isGivenOut(tx: TenantTransaction, tenant: string, token: string): Promise<boolean> {
  const row = await tx
    .selectFrom('fleet_cards')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('token_key', '=', tokenKey(token))
    .where('revoked_at_s', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** What chargers sold to it before they heard of this may arrive for so long; then the rest is free again. */
const releasedAfterDays = 21
const dayS = 86_400

/** The epoch of the revocations from which chargers refuse it. Safe to repeat. */
export async function revokeCard(
  cloud: Cloud,
  { fleetId, cardId, author }: { readonly fleetId: string; readonly cardId: string; readonly author: string },
): Promise<Result<{ readonly revocationEpoch: number }, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const card = await tx
      .selectFrom('fleet_cards as c')
      .innerJoin('vouchers as v', (join) =>
        join.onRef('v.tenant', '=', 'c.tenant').onRef('v.serial', '=', 'c.serial'),
      )
      .select(['c.revoked_at_s', 'v.not_after_s'])
      .where('c.tenant', '=', tenant)
      .where('c.fleet_id', '=', fleetId)
      .where('c.serial', '=', cardId)
      .executeTakeFirst()
    if (card === undefined) return err(refusal('api.not-found'))
    const nowS = cloud.clock.nowS()
    if (card.revoked_at_s === null) {
      await tx
        .updateTable('fleet_cards')
        .set({ revoked_at_s: nowS })
        .where('tenant', '=', tenant)
        .where('serial', '=', cardId)
        .execute()
      await sql`update reserves
        set release_after_s = least(release_after_s, ${nowS + releasedAfterDays * dayS}::bigint)
        where tenant = ${tenant} and serial = ${cardId}`.execute(tx)
      await writeAuditLine(cloud, tx, author, 'fleet-card.revoke', cardId, fleetId)
    }
    const revocationEpoch = await revoke(cloud, tx, grantSerial(cardId), card.not_after_s, 'fleet')
    return ok({ revocationEpoch })
  })
}
