/**
 * The operator's own organisation: one a tenant, opened at the operator's terminal and by nobody else. Its first owner is
 * invited there; from then on its owners decide who belongs to it, as in any organisation.
 */

import type { Locale } from '@/lib/format/locale'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { randomId } from '../secrets'
import { lockOrganisation } from './in-library'
import { mailInvitation } from './invitation-mail'
import { joinLink } from './join-link'
import { invitationLifeS } from './limits'

export interface InviteOwner {
  /** How the operator is called, if its organisation is opened now. */
  readonly name: string
  readonly email: string
  readonly locale?: Locale | undefined
}

export interface InvitedOwner {
  readonly organisationId: string
  readonly joinUrl: string
  readonly expiresAtS: number
  readonly isMailed: boolean
}

/** Who stands in the log for what was done at the terminal of the server. */
const terminal = 'terminal'

/** Again before anybody has joined: the invitation from before ends. Once somebody belongs to it, its owners invite. */
export const inviteOperatorOwner = (
  cloud: Cloud,
  { name, email, locale }: InviteOwner,
): Promise<Result<InvitedOwner, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const organisationId = await openOperator(cloud, tx, name)
    await lockOrganisation(tx, tenant, organisationId)
    if (await hasMembers(cloud, tx, organisationId)) return err(refusal('api.conflict'))
    await tx
      .updateTable('organisation_invitations')
      .set({ status: 'canceled' })
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', organisationId)
      .where('status', '=', 'pending')
      .execute()
    const nowS = cloud.clock.nowS()
    const invitationId = randomId(cloud.random)
    const { joinUrl, codeHash } = joinLink(cloud, invitationId, 'operator')
    await tx
      .insertInto('organisation_invitations')
      .values({
        ...{
          tenant,
          invitation_id: invitationId,
          organisation_id: organisationId,
          email: email.toLowerCase(),
        },
        ...{ role: 'owner', status: 'pending', inviter_id: terminal, code_hash: codeHash },
        ...{ expires_at_s: nowS + invitationLifeS, created_at_s: nowS },
      })
      .execute()
    await writeAuditLine(cloud, tx, terminal, 'member.invite', invitationId, organisationId)
    const inviter = { accountId: terminal, email, name }
    const invited = { inviter, organisationId, invitationId, email, role: 'owner', locale, joinUrl } as const
    return ok({ organisationId, joinUrl, ...(await mailInvitation(cloud, tx, invited)) })
  })

/** The tenant's row orders two terminals that open it at the same time. */
async function openOperator(cloud: Cloud, tx: TenantTransaction, name: string): Promise<string> {
  const { tenant } = cloud.config
  await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forNoKeyUpdate().execute()
  const known = await operatorOf(cloud, tx)
  if (known !== undefined) return known
  const organisationId = randomId(cloud.random)
  await tx
    .insertInto('organisations')
    .values({
      ...{ tenant, organisation_id: organisationId, kind: 'operator', name, slug: organisationId },
      created_at_s: cloud.clock.nowS(),
    })
    .execute()
  await writeAuditLine(cloud, tx, terminal, 'organisation.found', organisationId, organisationId)
  return organisationId
}

/** Of a transaction that sees all organisations. */
export const operatorOf = async (
  { config: { tenant } }: { readonly config: Pick<Cloud['config'], 'tenant'> },
  tx: TenantTransaction,
): Promise<string | undefined> =>
  (
    await tx
      .selectFrom('organisations')
      .select('organisation_id')
      .where('tenant', '=', tenant)
      .where('kind', '=', 'operator')
      .executeTakeFirst()
  )?.organisation_id

async function hasMembers(cloud: Cloud, tx: TenantTransaction, organisationId: string): Promise<boolean> {
  const member = await tx
    .selectFrom('organisation_members')
    .select('member_id')
    .where('tenant', '=', cloud.config.tenant)
    .where('organisation_id', '=', organisationId)
    .limit(1)
    .executeTakeFirst()
  return member !== undefined
}
