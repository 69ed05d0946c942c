/**
 * Recovery codes: ten of 80 random bits, shown once, each good once. Kept under a keyed hash, so that neither a copy of
 * the database gives them away nor does the time of a look-up: whoever guesses does not choose what is compared.
 */

import { createHmac } from 'node:crypto'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { normaliseCode, randomCode } from '../secrets'
import { lockAccount } from './lock-account'

const codesPerSet = 10
/** 16 characters of 32. */
const codeLength = 16

/** Undefined for what cannot be a code. */
export function hashRecoveryCode(cloud: Cloud, code: string): string | undefined {
  const normal = normaliseCode(code)
  if (normal.length !== codeLength) return undefined
  return createHmac('sha256', cloud.pseudonymSecret).update(`recovery ${normal}`).digest('hex')
}

/** A new set; every code of an earlier one stops working in the same moment. */
export async function makeRecoveryCodes(
  cloud: Cloud,
  accountId: string,
): Promise<Result<readonly string[], Refusal>> {
  const { tenant } = cloud.config
  const codes = Array.from({ length: codesPerSet }, () => randomCode(cloud.random))
  return transact(cloud.db, tenant, async (tx) => {
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('api.unauthenticated'))
    await tx
      .deleteFrom('recovery_codes')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .execute()
    const createdAtS = cloud.clock.nowS()
    await tx
      .insertInto('recovery_codes')
      .values(
        codes.map((code) => ({
          tenant,
          code_hash: hashRecoveryCode(cloud, code) ?? '',
          account_id: accountId,
          created_at_s: createdAtS,
          used_at_s: null,
        })),
      )
      .execute()
    await writeAuditLine(cloud, tx, accountId, 'recovery-codes-made', accountId)
    return ok(codes)
  })
}

export async function codesLeft(tx: TenantTransaction, tenant: string, accountId: string): Promise<number> {
  const { left } = await tx
    .selectFrom('recovery_codes')
    .select(({ fn }) => fn.countAll<number>().as('left'))
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .where('used_at_s', 'is', null)
    .executeTakeFirstOrThrow()
  return left
}

/** Whose code it is, if it is good. */
export async function accountOfCode(
  tx: TenantTransaction,
  tenant: string,
  codeHash: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('recovery_codes')
    .select('account_id')
    .where('tenant', '=', tenant)
    .where('code_hash', '=', codeHash)
    .where('used_at_s', 'is', null)
    .executeTakeFirst()
  return row?.account_id
}

/** Of two at once with one code, one gets it. */
export async function spendCode(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  codeHash: string,
): Promise<boolean> {
  const spent = await tx
    .updateTable('recovery_codes')
    .set({ used_at_s: cloud.clock.nowS() })
    .where('tenant', '=', cloud.config.tenant)
    .where('account_id', '=', accountId)
    .where('code_hash', '=', codeHash)
    .where('used_at_s', 'is', null)
    .executeTakeFirst()
  return spent.numUpdatedRows === 1n
}
