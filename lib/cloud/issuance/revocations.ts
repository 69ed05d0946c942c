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
  return revokeAll(cloud, tx, [serial], notAfterS, reason)
}

/** Likewise for many that end at one time, each with an epoch of its own; gives the last. */
export async function revokeAll(
  cloud: Cloud,
  tx: TenantTransaction,
  serials: readonly GrantSerial[],
  notAfterS: number,
  reason: string,
): Promise<number> {
  const { tenant } = cloud.config
  const { revocation_epoch: current } = await tx
    .selectFrom('tenants')
    .select('revocation_epoch')
    .where('tenant', '=', tenant)
    .forUpdate()
    .executeTakeFirstOrThrow()
  // Whoever revokes waits for the lock above, so what is read now stays.
  const rows = await tx
    .selectFrom('revoked_grants')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('serial', 'in', serials)
    .execute()
  const known = new Set(rows.map((row) => row.serial))
  const fresh = serials.filter((serial) => !known.has(serial))
  if (fresh.length === 0) return current
  const epoch = current + fresh.length
  const revokedAtS = cloud.clock.nowS()
  await tx
    .insertInto('revoked_grants')
    .values(
      fresh.map((serial, at) => ({
        ...{ tenant, serial, epoch: current + at + 1, not_after_s: notAfterS, reason },
        revoked_at_s: revokedAtS,
      })),
    )
    .execute()
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
