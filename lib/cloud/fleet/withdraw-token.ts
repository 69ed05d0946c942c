/**
 * Withdraws a fleet's token. Unclaimed, its credit is back at once; after the claim the phone may have spent it out of
 * sight, so it stays reserved until the grant's holds have run out.
 */

import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { revoke } from '../issuance/revocations'
import { fleetAccount, reserveAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'

export interface RevokeToken {
  readonly fleetId: string
  readonly tokenId: string
  /** The driver's name as the manager typed it. */
  readonly confirmation: string
  readonly author: string
}

/** The epoch of the revocations from which chargers refuse it. Safe to repeat. */
export async function revokeToken(
  cloud: Cloud,
  request: RevokeToken,
): Promise<Result<{ readonly revocationEpoch: number }, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const token = await tx
      .selectFrom('fleet_tokens')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', request.fleetId)
      .where('token_id', '=', request.tokenId)
      .forUpdate()
      .executeTakeFirst()
    if (token === undefined) return err(refusal('api.not-found'))
    if (plain(request.confirmation) !== plain(token.driver_name)) return err(refusal('api.conflict'))
    if (token.revoked_at_s === null) {
      await tx
        .updateTable('fleet_tokens')
        .set({ revoked_at_s: cloud.clock.nowS() })
        .where('tenant', '=', tenant)
        .where('token_id', '=', token.token_id)
        .execute()
      await writeAuditLine(cloud, tx, request.author, 'fleet-token.revoke', token.token_id, request.fleetId)
      if (token.claimed_at_s === null) await releaseUnclaimed(cloud, tx, token, request.author)
    }
    let revocationEpoch = 0
    for (const serial of await serialsOfToken(tx, tenant, token.serial))
      revocationEpoch = await revoke(cloud, tx, serial, token.expires_at_s, 'fleet')
    return ok({ revocationEpoch })
  })
}

/** Its first grant and those that followed it, each in exchange for the one before. */
async function serialsOfToken(
  tx: TenantTransaction,
  tenant: string,
  first: string,
): Promise<readonly GrantSerial[]> {
  const rows = await tx
    .selectFrom('grants')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('root_serial', '=', first)
    .orderBy('issued_at_s')
    .orderBy('serial')
    .execute()
  return [first, ...rows.map(({ serial }) => serial)].map((serial) => grantSerial(serial))
}

/** No grant was ever signed for it, so no charger can have accepted anything. */
async function releaseUnclaimed(
  cloud: Cloud,
  tx: TenantTransaction,
  token: { readonly serial: string; readonly fleet_id: string; readonly cap_minor: number },
  author: string,
): Promise<void> {
  const { tenant, currency } = cloud.config
  const posted = await postTransfers(tx, tenant, [
    {
      reference: token.serial,
      kind: 'release',
      effect: 'post',
      debit: reserveAccount(grantSerial(token.serial)),
      credit: fleetAccount(token.fleet_id),
      currency,
      amountMinor: minorUnits(token.cap_minor),
      reason: 'token-withdrawn',
      author,
    },
  ])
  if (!posted.ok) throw new Error(`Token ${token.serial} cannot be released: ${JSON.stringify(posted.error)}`)
  await tx
    .updateTable('reserves')
    .set({ released_at_s: cloud.clock.nowS() })
    .where('tenant', '=', tenant)
    .where('serial', '=', token.serial)
    .execute()
}

const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase()
