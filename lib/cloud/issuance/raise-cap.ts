/**
 * A phone that is online asks for more than a charger grants a stranger. The cloud knows what the charger cannot: what
 * the grant's reserve still has. All raises of a grant that count at one time together never exceed that, so that a
 * cloned phone that asks at ten chargers gets no more than at one.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { ChargerId, GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, type EpochSeconds } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage, coversSite } from '@/lib/protocol/messages/grant'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { lockRest } from './closed-rests'
import { issuePermit, raisesOf } from './permits'
import { decideRaise } from './raise-rule'
import { isRevoked } from './revocations'

const raiseLifeS = 3_600

export interface RaiseRequest {
  readonly accountId: string
  readonly serial: GrantSerial
  readonly chargerId: ChargerId
  /** Open holds and unconfirmed bills at the charger may reach this; less is given where the grant has less. */
  readonly maximumMinor: number
}

export async function raiseCap(
  cloud: Cloud,
  tx: TenantTransaction,
  { accountId, serial, chargerId, maximumMinor }: RaiseRequest,
): Promise<Result<Bytes, Refusal>> {
  const grant = await raisableGrant(cloud, tx, accountId, serial, chargerId)
  if (!grant.ok) return grant
  const rest = await lockRest(cloud, tx, serial)
  if (rest === undefined) return err(refusal('grant.missing'))
  const decided = decideRaise({
    chargerId,
    maximumMinor,
    capMinor: grant.value.capMinor,
    reserve: rest,
    raises: await raisesOf(cloud, tx, serial),
    heldHereMinor: await openHoldsAt(cloud, tx, serial, chargerId),
    nowS: cloud.clock.nowS(),
  })
  if (!decided.ok) return decided
  if (decided.value.kind === 'again') return ok(decided.value.bytes)
  const terms = {
    verdict: 'raise',
    serial,
    chargerId,
    maximumMinor: decided.value.maximumMinor,
  } as const
  return issuePermit(cloud, tx, terms, raiseEnd(cloud.clock.nowS()), accountId)
}

/** Long enough to plug in and be accepted. */
export const raiseEnd = (nowS: EpochSeconds): EpochSeconds => addSeconds(nowS, raiseLifeS)

/** The account's own, alive, good at that charger, and under a key that no PIN alone guards. */
async function raisableGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  serial: GrantSerial,
  chargerId: ChargerId,
): Promise<Result<{ readonly capMinor: number }, Refusal>> {
  const { tenant } = cloud.config
  const row = await tx
    .selectFrom('grants')
    .select(['account_id', 'not_after_s', 'cap_minor', 'bytes'])
    .where('tenant', '=', tenant)
    .where('serial', '=', serial)
    .executeTakeFirst()
  if (row === undefined) return err(refusal('grant.missing'))
  if (row.account_id !== accountId) return err(refusal('api.forbidden'))
  if (row.not_after_s <= cloud.clock.nowS()) return err(refusal('grant.expired'))
  if (await isRevoked(cloud, tx, serial)) return err(refusal('grant.revoked'))
  const charger = await tx
    .selectFrom('chargers')
    .select('site_id')
    .where('tenant', '=', tenant)
    .where('charger_id', '=', chargerId)
    .executeTakeFirst()
  if (charger === undefined) return err(refusal('device.unknown'))
  const grant = parseMessage(grantMessage, row.bytes)
  if (!grant.ok) throw new Error(`Grant ${serial} does not parse any more`)
  if (!coversSite(grant.value.payload, charger.site_id)) return err(refusal('grant.site'))
  if (grant.value.payload.keyProtection === 'sealed') return err(refusal('hold.first-seen'))
  return ok({ capMinor: row.cap_minor })
}

async function openHoldsAt(
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
  chargerId: ChargerId,
): Promise<number> {
  const { held } = await tx
    .selectFrom('charging_sessions')
    .select(({ fn }) => fn.sum<string | null>('hold_minor').as('held'))
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', serial)
    .where('charger_id', '=', chargerId)
    .where('hold_state', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(held ?? 0)
}
