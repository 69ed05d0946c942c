/**
 * Keys by which programs act for an organisation, with a manager's or a viewer's rights. The secret is shown once; what
 * is kept finds it and cannot be turned back into it.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact } from '../database/connection'
import { hashSecret, randomId, randomToken } from '../secrets'
import { apiKeyLimits } from './limits'
import type { ActingAs, Membership } from './queries'
import { mayAct, type Act, type Role } from './roles'

export type ApiKeyRole = Exclude<Role, 'owner'>

/** So that a secret that leaks into code or logs is found by looking for it. */
const secretPrefix = 'outpost_'
const secretPattern = /^outpost_[A-Za-z0-9_-]{43}$/

const daySeconds = 86_400
/** Written at most this often: a use a second must not be a write a second. */
const useResolutionS = 600

export interface CreateApiKey {
  readonly organisationId: string
  readonly author: string
  readonly name: string
  readonly role: ApiKeyRole
  readonly days: number
}

export interface CreatedApiKey {
  readonly keyId: string
  readonly secret: string
  readonly expiresAtS: number
}

export const createApiKey = (
  cloud: Cloud,
  { organisationId, author, name, role, days }: CreateApiKey,
): Promise<Result<CreatedApiKey, Refusal>> => {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    // Orders those who create at the same time.
    await tx
      .selectFrom('organisations')
      .select('organisation_id')
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', organisationId)
      .forUpdate()
      .execute()
    const nowS = cloud.clock.nowS()
    const { count } = await tx
      .selectFrom('api_keys')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', organisationId)
      .where('revoked_at_s', 'is', null)
      .where('expires_at_s', '>', nowS)
      .executeTakeFirstOrThrow()
    if (count >= apiKeyLimits.keys) return err(refusal('organisation.limit'))
    const keyId = randomId(cloud.random)
    const secret = `${secretPrefix}${randomToken(cloud.random)}`
    const expiresAtS = nowS + days * daySeconds
    await tx
      .insertInto('api_keys')
      .values({
        tenant,
        key_id: keyId,
        organisation_id: organisationId,
        name,
        role,
        secret_hash: hashSecret(secret),
        author,
        created_at_s: nowS,
        expires_at_s: expiresAtS,
        last_used_at_s: null,
        revoked_at_s: null,
      })
      .execute()
    await writeAuditLine(cloud, tx, author, 'api-key.create', keyId, organisationId)
    return ok({ keyId, secret, expiresAtS })
  })
}

/** Takes effect with the next request that shows it. Safe to repeat. */
export const revokeApiKey = (
  cloud: Cloud,
  act: { readonly organisationId: string; readonly author: string; readonly keyId: string },
): Promise<Result<{ readonly revoked: true }, Refusal>> => {
  const { tenant } = cloud.config
  const { organisationId, keyId } = act
  return transact(cloud.db, tenant, async (tx) => {
    const known = await tx
      .selectFrom('api_keys')
      .select('revoked_at_s')
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', organisationId)
      .where('key_id', '=', keyId)
      .forUpdate()
      .executeTakeFirst()
    if (known === undefined) return err(refusal('api.not-found'))
    if (known.revoked_at_s !== null) return ok({ revoked: true })
    await tx
      .updateTable('api_keys')
      .set({ revoked_at_s: cloud.clock.nowS() })
      .where('tenant', '=', tenant)
      .where('key_id', '=', keyId)
      .execute()
    await writeAuditLine(cloud, tx, act.author, 'api-key.revoke', keyId, organisationId)
    return ok({ revoked: true })
  })
}

export interface ApiKey {
  readonly keyId: string
  readonly name: string
  readonly role: ApiKeyRole
  readonly createdAtS: number
  readonly expiresAtS: number
  readonly lastUsedAtS: number | null
  readonly revokedAtS: number | null
}

/** Newest first. */
export const apiKeysOf = (cloud: Cloud, organisationId: string): Promise<readonly ApiKey[]> => {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('api_keys')
      .select([
        'key_id as keyId',
        'name',
        'role',
        'created_at_s as createdAtS',
        'expires_at_s as expiresAtS',
        'last_used_at_s as lastUsedAtS',
        'revoked_at_s as revokedAtS',
      ])
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', organisationId)
      .orderBy('created_at_s', 'desc')
      .orderBy('key_id')
      .limit(apiKeyLimits.listed)
      .execute(),
  )
}

/** What a request brings, or undefined when it brings no key. */
export const secretOf = (authorization: string | null): string | undefined => {
  const secret = /^Bearer (\S{1,80})$/.exec(authorization ?? '')?.[1]
  return secret?.startsWith(secretPrefix) === true ? secret : undefined
}

/** May this key do this? One that is unknown, revoked or expired gets the answer of somebody who is not signed in. */
export async function standingOfKey(
  cloud: Cloud,
  secret: string,
  act: Act,
): Promise<Result<ActingAs, Refusal>> {
  if (!secretPattern.test(secret)) return err(refusal('api.unauthenticated'))
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const key = await inTenant(cloud.db, tenant, async (tx) => {
    const found = await tx
      .selectFrom('api_keys as k')
      .innerJoin('organisations as o', (join) =>
        join.onRef('o.tenant', '=', 'k.tenant').onRef('o.organisation_id', '=', 'k.organisation_id'),
      )
      .select(['k.key_id', 'k.organisation_id', 'k.role', 'k.last_used_at_s', 'o.kind', 'o.name'])
      .where('k.tenant', '=', tenant)
      .where('k.secret_hash', '=', hashSecret(secret))
      .where('k.revoked_at_s', 'is', null)
      .where('k.expires_at_s', '>', nowS)
      .executeTakeFirst()
    if (found !== undefined && (found.last_used_at_s ?? 0) < nowS - useResolutionS)
      await tx
        .updateTable('api_keys')
        .set({ last_used_at_s: nowS })
        .where('tenant', '=', tenant)
        .where('key_id', '=', found.key_id)
        .execute()
    return found
  })
  if (key === undefined) return err(refusal('api.unauthenticated'))
  const membership: Membership = {
    organisationId: key.organisation_id,
    name: key.name,
    kind: key.kind,
    memberId: key.key_id,
    role: key.role,
  }
  return mayAct(key.role, key.kind, act)
    ? ok({ ...membership, author: `api-key:${key.key_id}` })
    : err(refusal('organisation.role'))
}
