/** Who belongs to which organisation, and what they may do there. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { Person } from './library'
import { organisationLimits } from './limits'
import { mayAct, type Act, type OrganisationKind, type Role } from './roles'

export interface Membership {
  readonly organisationId: string
  readonly name: string
  readonly kind: OrganisationKind
  readonly memberId: string
  readonly role: Role
}

/** Somebody, or a program, whose role allows what was asked. */
export interface ActingAs extends Membership {
  /** Who stands in audit lines: an account, or `api-key:` and the key's id. */
  readonly author: string
}

/** Oldest first. */
export const membershipsOf = (cloud: Cloud, accountId: string): Promise<readonly Membership[]> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => memberships(tx, cloud.config.tenant, accountId))

async function memberships(
  tx: TenantTransaction,
  tenant: string,
  accountId: string,
  organisationId?: string,
): Promise<readonly Membership[]> {
  let query = tx
    .selectFrom('organisation_members as m')
    .innerJoin('organisations as o', (join) =>
      join.onRef('o.tenant', '=', 'm.tenant').onRef('o.organisation_id', '=', 'm.organisation_id'),
    )
    .select([
      'm.organisation_id as organisationId',
      'o.name as name',
      'o.kind as kind',
      'm.member_id as memberId',
      'm.role as role',
    ])
    .where('m.tenant', '=', tenant)
    .where('m.account_id', '=', accountId)
    .orderBy('m.created_at_s')
    .orderBy('m.organisation_id')
    .limit(organisationLimits.perAccount)
  if (organisationId !== undefined) query = query.where('m.organisation_id', '=', organisationId)
  return query.execute()
}

/**
 * May this account do this, in the organisation that it names, or in its first one? Somebody else's organisation and
 * one that does not exist get the same answer.
 */
export async function standing(
  cloud: Cloud,
  accountId: string,
  act: Act,
  organisationId?: string,
): Promise<Result<ActingAs, Refusal>> {
  const { tenant } = cloud.config
  const [membership] = await inTenant(cloud.db, tenant, (tx) =>
    memberships(tx, tenant, accountId, organisationId),
  )
  if (membership === undefined) return err(refusal('api.forbidden'))
  return mayAct(membership.role, membership.kind, act)
    ? ok({ ...membership, author: accountId })
    : err(refusal('organisation.role'))
}

export async function memberOf(
  tx: TenantTransaction,
  tenant: string,
  organisationId: string,
  accountId: string,
): Promise<Membership | undefined> {
  return (await memberships(tx, tenant, accountId, organisationId))[0]
}

export async function personOf(
  tx: TenantTransaction,
  tenant: string,
  accountId: string,
): Promise<Person | undefined> {
  const row = await tx
    .selectFrom('console_people')
    .select(['account_id', 'email', 'name'])
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row && { accountId: row.account_id, email: row.email, name: row.name }
}

export interface Member extends Person {
  readonly memberId: string
  readonly role: Role
  readonly sinceS: number
}

export interface OpenInvitation {
  readonly invitationId: string
  readonly email: string
  readonly role: Role
  readonly expiresAtS: number
}

export const peopleOf = (
  cloud: Cloud,
  organisationId: string,
): Promise<{ readonly members: readonly Member[]; readonly invitations: readonly OpenInvitation[] }> => {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => ({
    members: await tx
      .selectFrom('organisation_members as m')
      .innerJoin('console_people as p', (join) =>
        join.onRef('p.tenant', '=', 'm.tenant').onRef('p.account_id', '=', 'm.account_id'),
      )
      .select([
        'm.member_id as memberId',
        'm.account_id as accountId',
        'p.email as email',
        'p.name as name',
        'm.role as role',
        'm.created_at_s as sinceS',
      ])
      .where('m.tenant', '=', tenant)
      .where('m.organisation_id', '=', organisationId)
      .orderBy('m.created_at_s')
      .orderBy('p.email')
      .limit(organisationLimits.members)
      .execute(),
    invitations: await tx
      .selectFrom('organisation_invitations')
      .select(['invitation_id as invitationId', 'email', 'role', 'expires_at_s as expiresAtS'])
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', organisationId)
      .where('status', '=', 'pending')
      .where('expires_at_s', '>', cloud.clock.nowS())
      .orderBy('created_at_s')
      .limit(organisationLimits.invitations)
      .execute(),
  }))
}
