/**
 * Deletes an account: everything that opens it or says which phones it had is gone, its grants are revoked, and what
 * the books say stays under a random id that leads to nobody any more (the law asks to keep them). Credit is not lost
 * with it: a case tells the operator's people to pay it back to the card that it came from.
 */

import { sql } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { AccountClosedResponse } from '../api-types/account-devices'
import { writeAuditLine } from '../audit'
import { caseCodes } from '../cases/case-kinds'
import { openCases } from '../cases/commands'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { giveBackRests } from '../issuance/closed-rests'
import { reservedOf } from '../issuance/queries'
import { receivableAccount, walletAccount } from '../ledger/accounts'
import { balancesOf } from '../ledger/queries'
import { lockAccount } from './lock-account'
import { revokeGrants } from './phones'

/** Whoever manages a fleet hands it over first: `account.manages-fleet`. */
export async function closeAccount(
  cloud: Cloud,
  accountId: string,
): Promise<Result<AccountClosedResponse, Refusal>> {
  const { tenant, currency } = cloud.config
  const owner = walletAccount(accountId)
  return transact(cloud.db, tenant, async (tx) => {
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('api.unauthenticated'))
    if (await isMember(tx, tenant, accountId)) return err(refusal('account.manages-fleet'))
    await giveBackRests(cloud, tx, owner)
    await revokeGrants(cloud, tx, accountId, 'all', 'account-closed')
    const balances = await balancesOf(tx, tenant, [owner, receivableAccount(owner)], currency)
    const balanceMinor = balances.get(owner)?.availableMinor ?? 0
    const { reservedMinor } = await reservedOf(tx, tenant, owner)
    const releaseAfterS = await lastRelease(tx, tenant, owner)
    await forget(cloud, tx, accountId)
    await writeAuditLine(cloud, tx, accountId, 'account-closed', accountId)
    const isOwed = balanceMinor + reservedMinor > 0
    if (isOwed) {
      const facts = {
        accountId,
        balanceMinor,
        reservedMinor,
        currency,
        owedMinor: -(balances.get(receivableAccount(owner))?.postedMinor ?? 0) || 0,
        ...(releaseAfterS === null ? {} : { releaseAfterS }),
      }
      const refund = { kind: 'account-refund', code: caseCodes['account-refund'], accountId, facts } as const
      await openCases(tx, tenant, cloud.clock.nowS(), [{ ...refund, evidence: [] }])
    }
    const reference = isOwed ? await caseAbout(tx, tenant, accountId) : null
    return ok({ reference, balanceMinor, reservedMinor, releaseAfterS, currency })
  })
}

/** Whoever belongs to an organisation leaves it first, so that none is left without an owner by accident. */
const isMember = async (tx: TenantTransaction, tenant: string, accountId: string): Promise<boolean> =>
  (await tx
    .selectFrom('organisation_members')
    .select('member_id')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .executeTakeFirst()) !== undefined

/** When the last of what is set aside comes free. */
async function lastRelease(tx: TenantTransaction, tenant: string, owner: string): Promise<number | null> {
  const { last } = await tx
    .selectFrom('reserves')
    .select(({ fn }) => fn.max('release_after_s').as('last'))
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .where('released_at_s', 'is', null)
    .executeTakeFirstOrThrow()
  return last
}

async function forget(cloud: Cloud, tx: TenantTransaction, accountId: string): Promise<void> {
  const { tenant } = cloud.config
  for (const table of [
    'challenges',
    'sign_ins',
    'recovery_codes',
    'phone_keys',
    'phones',
    'passkeys',
    'console_people',
  ] as const) {
    await tx.deleteFrom(table).where('tenant', '=', tenant).where('account_id', '=', accountId).execute()
  }
  await tx
    .updateTable('accounts')
    .set({ closed_at_s: cloud.clock.nowS() })
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .execute()
}

async function caseAbout(tx: TenantTransaction, tenant: string, accountId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('cases')
    .select('case_id')
    .where('tenant', '=', tenant)
    .where('kind', '=', 'account-refund')
    .where(sql<boolean>`facts->>'accountId' = ${accountId}`)
    .executeTakeFirst()
  return row?.case_id ?? null
}
