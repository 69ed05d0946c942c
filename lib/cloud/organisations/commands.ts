/**
 * Organisations and their people. Each act takes the organisation's row first, so that two acts at once cannot leave it
 * without an owner, and writes its audit line in the same transaction.
 */

import type { Locale } from '@/lib/format/locale'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { hashSecret, normaliseCode, randomCode, randomId } from '../secrets'
import { actor, inLibrary, keepPerson, lockOrganisation } from './in-library'
import { mailInvitation } from './invitation-mail'
import { joinLink } from './join-link'
import { ask, type Person } from './library'
import { memberOf } from './queries'
import type { OrganisationKind, Role } from './roles'

export interface FoundOrganisation {
  readonly founder: Person
  readonly name: string
  readonly kind: OrganisationKind
}

/** The founder is its owner. A fleet gets its account in the books with its first transfer. */
export const foundOrganisation = (
  cloud: Cloud,
  { founder, name, kind }: FoundOrganisation,
): Promise<Result<{ readonly organisationId: string }, Refusal>> =>
  inLibrary(cloud, async (tx) => {
    await keepPerson(cloud, tx, founder)
    const founded = await ask(founder, (api, headers) =>
      api.createOrganization({
        headers,
        body: { name, kind, slug: slugOf(cloud), keepCurrentActiveOrganization: true },
      }),
    )
    if (!founded.ok) return founded
    const organisationId = founded.value.id
    if (kind === 'fleet') await keepFleet(cloud, tx, organisationId, name)
    await writeAuditLine(cloud, tx, founder.accountId, 'organisation.found', organisationId, organisationId)
    return ok({ organisationId })
  })

export interface Invite {
  readonly organisationId: string
  /** The account that invites. */
  readonly author: string
  readonly email: string
  readonly role: Role
  /** Of the mail. */
  readonly locale?: Locale | undefined
}

export interface Invitation {
  readonly invitationId: string
  /** Good once, for whoever follows it. */
  readonly joinUrl: string
  readonly expiresAtS: number
  /** Else whoever invites passes the link on. */
  readonly isMailed: boolean
}

/** An earlier invitation of the same address ends with this one. */
export const inviteMember = (cloud: Cloud, invite: Invite): Promise<Result<Invitation, Refusal>> =>
  inLibrary(cloud, async (tx) => {
    const inviter = await actor(cloud, tx, invite)
    if (!inviter.ok) return inviter
    const { organisationId, email, role } = invite
    const made = await ask(inviter.value, (api, headers) =>
      // The library's type knows its own roles; ours stand in the table that it was given.
      api.createInvitation({ headers, body: { organizationId: organisationId, email, role } }),
    )
    if (!made.ok) return made
    const invitationId = made.value.id
    const { joinUrl, codeHash } = joinLink(cloud, invitationId, await kindOf(cloud, tx, organisationId))
    await tx
      .updateTable('organisation_invitations')
      .set({ code_hash: codeHash })
      .where('tenant', '=', cloud.config.tenant)
      .where('invitation_id', '=', invitationId)
      .execute()
    await writeAuditLine(cloud, tx, invite.author, 'member.invite', invitationId, organisationId)
    const link = { invitationId, joinUrl }
    const mailed = await mailInvitation(cloud, tx, { inviter: inviter.value, ...invite, ...link })
    return ok({ ...link, ...mailed })
  })

const kindOf = async (
  cloud: Cloud,
  tx: TenantTransaction,
  organisationId: string,
): Promise<OrganisationKind> =>
  (
    await tx
      .selectFrom('organisations')
      .select('kind')
      .where('tenant', '=', cloud.config.tenant)
      .where('organisation_id', '=', organisationId)
      .executeTakeFirstOrThrow()
  ).kind

export interface AcceptInvitation {
  readonly code: string
  readonly accountId: string
  /** What the others in the organisation call them. */
  readonly name: string
}

/** Whoever holds the code may join, once: it was sent to the address, or handed over by the inviter. */
export const acceptInvitation = (
  cloud: Cloud,
  { code, accountId, name }: AcceptInvitation,
): Promise<Result<{ readonly organisationId: string; readonly role: Role }, Refusal>> =>
  inLibrary(cloud, async (tx) => {
    const { tenant } = cloud.config
    const invitation = await tx
      .selectFrom('organisation_invitations')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('code_hash', '=', hashSecret(normaliseCode(code)))
      .forUpdate()
      .executeTakeFirst()
    if (invitation === undefined) return err(refusal('organisation.invitation'))
    const { organisation_id: organisationId, invitation_id: invitationId, email } = invitation
    await lockOrganisation(tx, tenant, organisationId)
    if ((await memberOf(tx, tenant, organisationId, accountId)) !== undefined)
      return err(refusal('organisation.member'))
    const person = await keepPerson(cloud, tx, { accountId, email, name })
    const accepted = await ask({ ...person, email }, (api, headers) =>
      api.acceptInvitation({ headers, body: { invitationId } }),
    )
    if (!accepted.ok) return accepted
    await writeAuditLine(cloud, tx, accountId, 'member.join', invitationId, organisationId)
    return ok({ organisationId, role: invitation.role })
  })

interface ActOnMember {
  readonly organisationId: string
  readonly author: string
  readonly memberId: string
}

export const changeRole = (
  cloud: Cloud,
  act: ActOnMember & { readonly role: Role },
): Promise<Result<{ readonly role: Role }, Refusal>> =>
  inLibrary(cloud, async (tx) => {
    const author = await actor(cloud, tx, act)
    if (!author.ok) return author
    const { organisationId, memberId, role } = act
    const subject = await accountOf(cloud, tx, organisationId, memberId)
    const changed = await ask(author.value, (api, headers) =>
      api.updateMemberRole({ headers, body: { memberId, role, organizationId: organisationId } }),
    )
    if (!changed.ok) return changed
    await writeAuditLine(cloud, tx, act.author, `member.role.${role}`, subject, organisationId)
    return ok({ role })
  })

export const leave = async (
  cloud: Cloud,
  organisationId: string,
  accountId: string,
): Promise<Result<{ readonly left: true }, Refusal>> => {
  const own = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    memberOf(tx, cloud.config.tenant, organisationId, accountId),
  )
  return own === undefined
    ? err(refusal('api.not-found'))
    : removeMember(cloud, { organisationId, author: accountId, memberId: own.memberId })
}

/** Also for somebody who leaves by themselves. The last owner stays. */
export const removeMember = (
  cloud: Cloud,
  act: ActOnMember,
): Promise<Result<{ readonly left: true }, Refusal>> =>
  inLibrary(cloud, async (tx) => {
    const author = await actor(cloud, tx, act)
    if (!author.ok) return author
    const { organisationId, memberId } = act
    const subject = await accountOf(cloud, tx, organisationId, memberId)
    const isOwn = subject === act.author
    const gone = await ask<unknown>(author.value, (api, headers) =>
      isOwn
        ? api.leaveOrganization({ headers, body: { organizationId: organisationId } })
        : api.removeMember({ headers, body: { memberIdOrEmail: memberId, organizationId: organisationId } }),
    )
    if (!gone.ok) return gone
    const action = isOwn ? 'member.leave' : 'member.remove'
    await writeAuditLine(cloud, tx, act.author, action, subject, organisationId)
    return ok({ left: true })
  })

export const cancelInvitation = (
  cloud: Cloud,
  act: { readonly organisationId: string; readonly author: string; readonly invitationId: string },
): Promise<Result<{ readonly cancelled: true }, Refusal>> =>
  inLibrary(cloud, async (tx) => {
    const author = await actor(cloud, tx, act)
    if (!author.ok) return author
    const { organisationId, invitationId } = act
    // The library finds an invitation by its id alone: one of somebody else's organisation is none of ours.
    const found = await tx
      .selectFrom('organisation_invitations')
      .select('invitation_id')
      .where('tenant', '=', cloud.config.tenant)
      .where('organisation_id', '=', organisationId)
      .where('invitation_id', '=', invitationId)
      .executeTakeFirst()
    if (found === undefined) return err(refusal('api.not-found'))
    const cancelled = await ask<unknown>(author.value, (api, headers) =>
      api.cancelInvitation({ headers, body: { invitationId } }),
    )
    if (!cancelled.ok) return cancelled
    await writeAuditLine(cloud, tx, act.author, 'member.uninvite', invitationId, organisationId)
    return ok({ cancelled: true })
  })

/** The person stays known after the membership has gone: a line of the log can still say who it was. */
async function accountOf(
  cloud: Cloud,
  tx: TenantTransaction,
  organisationId: string,
  memberId: string,
): Promise<string> {
  const member = await tx
    .selectFrom('organisation_members')
    .select('account_id')
    .where('tenant', '=', cloud.config.tenant)
    .where('organisation_id', '=', organisationId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  // Of nobody here: the library refuses it.
  return member?.account_id ?? memberId
}

export interface OpenOrganisation {
  readonly organisationId: string
  readonly kind: OrganisationKind
  readonly name: string
  readonly owner: Person
}

/** By the operator, for an organisation whose id it chooses. Safe to repeat. */
export async function openOrganisation(
  cloud: Cloud,
  tx: TenantTransaction,
  { organisationId, kind, name, owner }: OpenOrganisation,
): Promise<void> {
  const { tenant } = cloud.config
  const created = { tenant, organisation_id: organisationId, created_at_s: cloud.clock.nowS() }
  await tx
    .insertInto('organisations')
    .values({ ...created, kind, name, slug: organisationId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await keepPerson(cloud, tx, owner)
  await tx
    .insertInto('organisation_members')
    .values({ ...created, member_id: randomId(cloud.random), account_id: owner.accountId, role: 'owner' })
    .onConflict((conflict) => conflict.columns(['tenant', 'organisation_id', 'account_id']).doNothing())
    .execute()
}

/** Numbers of fleets stand in grants; the tenant's row orders those who found fleets at the same time. */
async function keepFleet(cloud: Cloud, tx: TenantTransaction, fleetId: string, name: string): Promise<void> {
  const { tenant } = cloud.config
  await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forNoKeyUpdate().execute()
  const { last } = await tx
    .selectFrom('fleets')
    .select(({ fn }) => fn.max('fleet_number').as('last'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('fleets')
    .values({
      tenant,
      fleet_id: fleetId,
      fleet_number: (last ?? 0) + 1,
      name,
      created_at_s: cloud.clock.nowS(),
    })
    .execute()
}

/** Nobody sees it; the library wants one that nobody else has. */
const slugOf = (cloud: Cloud): string => randomCode(cloud.random).toLowerCase()
