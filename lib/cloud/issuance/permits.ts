/**
 * The issuer's word while somebody is online: vetoes of sessions and grants, and raised caps at a charger that knows a
 * grant only little. Signed, written down once, and told to chargers and phones whom they concern until they end.
 */

import { toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import {
  chargerId,
  grantSerial,
  sessionId,
  type ChargerId,
  type GrantSerial,
  type SessionId,
} from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { LiveRaise } from './raise-rule'

/**
 * Permits that count at one time for one charger, and for all: together one answer carries them, so that none is ever
 * left out. One more is refused to whoever asks for it.
 */
export const permitsOfChargerMax = 32
export const permitsOfAllMax = 32
/** Permits that one answer brings to a phone. */
const permitsOfPhoneMax = 32

export type PermitTerms =
  | { readonly verdict: 'veto'; readonly sessionId: SessionId; readonly chargerId?: ChargerId }
  | { readonly verdict: 'veto'; readonly serial: GrantSerial; readonly chargerId?: ChargerId }
  | {
      readonly verdict: 'raise'
      readonly serial: GrantSerial
      readonly chargerId: ChargerId
      readonly maximumMinor: MinorUnits
    }

/** The caller holds whatever must not change meanwhile. The operator's row keeps the counts below. */
export async function issuePermit(
  cloud: Cloud,
  tx: TenantTransaction,
  terms: PermitTerms,
  notAfterS: EpochSeconds,
  author: string,
): Promise<Result<Bytes, Refusal>> {
  const { tenant } = cloud.config
  const timeS = cloud.clock.nowS()
  await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forUpdate().execute()
  const most = terms.chargerId === undefined ? permitsOfAllMax : permitsOfChargerMax
  if ((await countLive(cloud, tx, terms.chargerId)) >= most) return err(refusal('news.full', { most }))
  const payload: Permit = { operator: tenant, ...terms, timeS, notAfterS }
  const signed = await signMessage(permit, payload, cloud.issuer)
  await tx
    .insertInto('permits')
    .values({
      tenant,
      permit_id: signed.hash,
      verdict: payload.verdict,
      session_id: payload.sessionId ?? null,
      serial: payload.serial ?? null,
      charger_id: payload.chargerId ?? null,
      maximum_minor: payload.maximumMinor ?? null,
      author,
      issued_at_s: timeS,
      not_after_s: notAfterS,
      bytes: Buffer.from(signed.bytes),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return ok(signed.bytes)
}

async function countLive(cloud: Cloud, tx: TenantTransaction, at: ChargerId | undefined): Promise<number> {
  const { live } = await tx
    .selectFrom('permits')
    .select(({ fn }) => fn.countAll<number>().as('live'))
    .where('tenant', '=', cloud.config.tenant)
    .where('not_after_s', '>=', cloud.clock.nowS())
    .where('charger_id', at === undefined ? 'is' : '=', at ?? null)
    .executeTakeFirstOrThrow()
  return live
}

/** What a charger must know, newest first; never more than one answer carries. */
export async function permitsOfCharger(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: ChargerId,
): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('permits')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .where('not_after_s', '>=', cloud.clock.nowS())
    .where((where) => where.or([where('charger_id', 'is', null), where('charger_id', '=', charger)]))
    .orderBy('issued_at_s', 'desc')
    .orderBy('permit_id')
    .limit(permitsOfAllMax + permitsOfChargerMax)
    .execute()
  return rows.map(({ bytes }) => toBase64Url(toBytes(bytes)))
}

/** What the holder of these grants may know and carry: about the grants, and about sessions under them. */
export async function permitsOfGrants(
  cloud: Cloud,
  tx: TenantTransaction,
  serials: readonly GrantSerial[],
): Promise<readonly string[]> {
  const { tenant } = cloud.config
  if (serials.length === 0) return []
  const rows = await tx
    .selectFrom('permits')
    .select('bytes')
    .where('tenant', '=', tenant)
    .where('not_after_s', '>=', cloud.clock.nowS())
    .where((where) =>
      where.or([
        where('serial', 'in', [...serials]),
        where('session_id', 'in', (inner) =>
          inner
            .selectFrom('charging_sessions')
            .select('charging_sessions.session_id')
            .where('charging_sessions.tenant', '=', tenant)
            .where('charging_sessions.serial', 'in', [...serials]),
        ),
      ]),
    )
    .orderBy('issued_at_s', 'desc')
    .orderBy('permit_id')
    .limit(permitsOfPhoneMax)
    .execute()
  return rows.map(({ bytes }) => toBase64Url(toBytes(bytes)))
}

/** Raises of a grant that still count, newest first. */
export async function raisesOf(
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
): Promise<readonly LiveRaise[]> {
  const rows = await tx
    .selectFrom('permits')
    .select(['charger_id', 'maximum_minor', 'not_after_s', 'bytes'])
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', serial)
    .where('verdict', '=', 'raise')
    .where('not_after_s', '>=', cloud.clock.nowS())
    .orderBy('issued_at_s', 'desc')
    .orderBy('permit_id')
    .execute()
  return rows.map((row) => ({
    chargerId: chargerId(row.charger_id ?? ''),
    maximumMinor: row.maximum_minor ?? 0,
    notAfterS: row.not_after_s,
    bytes: toBytes(row.bytes),
  }))
}

const dayS = 86_400
/** A vetoed session's offer has long run out by then, and so has the longest grant with its holds. */
const vetoDays = 75

/** @param id of a session (32 hex digits) or a grant (16). Undefined for neither. */
export function vetoOf(id: string, at: string | undefined): PermitTerms | undefined {
  const where = at === undefined ? {} : { chargerId: chargerId(at) }
  if (/^[0-9a-f]{32}$/.test(id)) return { verdict: 'veto', sessionId: sessionId(id), ...where }
  if (/^[0-9a-f]{16}$/.test(id)) return { verdict: 'veto', serial: grantSerial(id), ...where }
  return undefined
}

export const vetoEnd = (nowS: EpochSeconds): EpochSeconds => addSeconds(nowS, vetoDays * dayS)
