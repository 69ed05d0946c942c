/** Signed policies: the first one, the next one, and the same again before it runs out. */

import { parseMessage, signMessage } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds } from '@/lib/core/units'
import { defaultPolicy } from '@/lib/policy/defaults'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { policiesOf } from '../issuance/queries'
import { policyFault } from './policy-check'

const dayS = 86_400
/** A policy with less time than this left is signed anew, so that chargers cut off for weeks still hold a valid one. */
const policyRenewBeforeS = 60 * dayS
const policyDays = 90

/** The first policy, with this tariff; later the one in force again, in time. The operator's row is locked. */
export async function establishPolicy(
  cloud: Cloud,
  tx: TenantTransaction,
  tariff: CompactTariff,
): Promise<void> {
  const nowS = cloud.clock.nowS()
  const newest = await newestPolicy(cloud, tx)
  if (newest === undefined) {
    const fromS = addSeconds(nowS, -dayS)
    return putInForce(cloud, tx, defaultPolicy(cloud.config.tenant, 1, tariff, fromS))
  }
  // An announced one has a life of its own before it, and renewing the one in force would overtake it.
  if (newest.notBeforeS > nowS || newest.notAfterS > nowS + policyRenewBeforeS) return
  const fromS = addSeconds(nowS, -dayS)
  const { notAfterS } = defaultPolicy(cloud.config.tenant, newest.sequence + 1, newest.tariff, fromS)
  await putInForce(cloud, tx, { ...newest, sequence: newest.sequence + 1, notBeforeS: fromS, notAfterS })
}

export type PolicyChange = Partial<Omit<Policy, 'operator' | 'sequence'>>

/** Signs a policy with other terms, or one sentence about why not. The operator's row is locked. */
export async function followPolicy(
  cloud: Cloud,
  tx: TenantTransaction,
  change: PolicyChange,
): Promise<Result<number, string>> {
  const { inForce, next } = await policiesOf(cloud, tx)
  const sequence = (next ?? inForce).policy.sequence + 1
  const startS = change.notBeforeS ?? cloud.clock.nowS()
  const endS = Math.max(inForce.policy.notAfterS, startS + policyDays * dayS)
  const terms = { ...inForce.policy, notAfterS: epochSeconds(endS), ...change, sequence }
  const fault = policyFault({ ...inForce.policy, sequence: sequence - 1 }, terms, cloud.clock.nowS())
  if (fault !== undefined) return err(fault)
  await putInForce(cloud, tx, terms)
  return ok(sequence)
}

async function newestPolicy(cloud: Cloud, tx: TenantTransaction): Promise<Policy | undefined> {
  const latest = await tx
    .selectFrom('policies')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const parsed = latest === undefined ? undefined : parseMessage(policy, latest.bytes)
  return parsed?.ok === true ? parsed.value.payload : undefined
}

async function putInForce(cloud: Cloud, tx: TenantTransaction, terms: Policy): Promise<void> {
  const { tenant } = cloud.config
  const { sequence } = terms
  const signed = await signMessage(policy, terms, cloud.issuer)
  await tx
    .insertInto('policies')
    .values({ tenant, sequence, bytes: Buffer.from(signed.bytes) })
    .execute()
  await tx.updateTable('tenants').set({ policy_epoch: sequence }).where('tenant', '=', tenant).execute()
}
