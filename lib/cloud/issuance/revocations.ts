/** Takes grants back, and signs what phones and chargers carry around about it. */

import { toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { signMessage } from '@/lib/protocol/message'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { announcedMax, planRevocations, type RevocationPlan, type RevocationStep } from './revocation-plan'

/** Puts a grant on the list that phones and chargers carry around; gives the epoch of that list. Safe to repeat. */
export async function revoke(
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
  notAfterS: number,
  reason: string,
): Promise<number> {
  const { tenant } = cloud.config
  const current = await tx
    .selectFrom('tenants')
    .select('revocation_epoch')
    .where('tenant', '=', tenant)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const epoch = current.revocation_epoch + 1
  const added = await tx
    .insertInto('revoked_grants')
    .values({ tenant, serial, epoch, not_after_s: notAfterS, reason, revoked_at_s: cloud.clock.nowS() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return current.revocation_epoch
  await tx.updateTable('tenants').set({ revocation_epoch: epoch }).where('tenant', '=', tenant).execute()
  return epoch
}

/** Of a fleet's grant that its holder shall exchange for the next one, by the token's new rules. */
export const renewalReason = 'fleet-renewal'

export const isRevoked = async (cloud: Cloud, tx: TenantTransaction, serial: GrantSerial): Promise<boolean> =>
  (await revocationOf(cloud, tx, serial)) !== undefined

export const revocationOf = (
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
): Promise<{ readonly epoch: number; readonly reason: string; readonly revoked_at_s: number } | undefined> =>
  tx
    .selectFrom('revoked_grants')
    .select(['epoch', 'reason', 'revoked_at_s'])
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', serial)
    .executeTakeFirst()

/** Grants on the list that have not expired, and how many of them no answer can carry yet. */
export async function revocationLoad(
  cloud: Cloud,
  tx: TenantTransaction,
): Promise<{ readonly live: number; readonly waiting: number }> {
  const { live } = await tx
    .selectFrom('revoked_grants')
    .select(({ fn }) => fn.countAll<number>().as('live'))
    .where('tenant', '=', cloud.config.tenant)
    .where('not_after_s', '>=', cloud.clock.nowS())
    .executeTakeFirstOrThrow()
  return { live, waiting: Math.max(0, live - announcedMax) }
}

export interface RevocationNews {
  /** Signed just now, so that it carries fresh time as well. */
  readonly revocations: Bytes
  readonly deltas: readonly string[]
}

export async function revocationNews(cloud: Cloud, tx: TenantTransaction): Promise<RevocationNews> {
  const { tenant } = cloud.config
  const plan = await currentPlan(cloud, tx)
  const timeS = cloud.clock.nowS()
  const signed = await signMessage(revocations, { operator: tenant, timeS, ...plan.list }, cloud.issuer)
  const deltas: string[] = []
  for (const step of plan.deltas) deltas.push(await signedDelta(cloud, step))
  return { revocations: signed.bytes, deltas }
}

async function currentPlan(cloud: Cloud, tx: TenantTransaction): Promise<RevocationPlan> {
  const { tenant } = cloud.config
  const { revocation_epoch: epoch } = await tx
    .selectFrom('tenants')
    .select('revocation_epoch')
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const rows = await tx
    .selectFrom('revoked_grants')
    .select(['serial', 'epoch'])
    .where('tenant', '=', tenant)
    .where('not_after_s', '>=', cloud.clock.nowS())
    // One that is revoked meanwhile belongs to an epoch that was not read.
    .where('epoch', '<=', epoch)
    .orderBy('epoch')
    .limit(announcedMax + 1)
    .execute()
  const live = rows.map((row) => ({ serial: grantSerial(row.serial), epoch: row.epoch }))
  return planRevocations(live, epoch)
}

/** Signed once for each pair of epochs: what is between two epochs never grows. */
const signedDeltas = new WeakMap<Cloud['issuer'], Map<string, string>>()
const signedDeltasMax = 512

async function signedDelta({ config, clock, issuer }: Cloud, step: RevocationStep): Promise<string> {
  const known = signedDeltas.get(issuer) ?? new Map<string, string>()
  signedDeltas.set(issuer, known)
  const name = `${config.tenant} ${step.fromEpoch} ${step.epoch}`
  const before = known.get(name)
  if (before !== undefined) return before
  const payload = { operator: config.tenant, timeS: clock.nowS(), ...step }
  const text = toBase64Url(toBytes((await signMessage(revocationDelta, payload, issuer)).bytes))
  for (const oldest of known.keys()) {
    if (known.size < signedDeltasMax) break
    known.delete(oldest)
  }
  known.set(name, text)
  return text
}
