/** Organisations and their people. */

import { z } from 'zod'
import { locales } from '@/lib/format/locale'
import { auditTopics } from '../audit-topics'
import { apiKeyLimits } from '../organisations/limits'
import { organisationKinds, roles } from '../organisations/roles'
import { operation } from './operation'

const id = z.string().regex(/^[a-z0-9-]{1,64}$/)
const name = z.string().trim().min(1).max(120)
const email = z.string().trim().min(3).max(254)
const role = z.enum(roles).describe('owner: everything; manager: the day’s work; viewer: looks.')
const timeS = z.int().describe('Seconds since 1970, UTC.')

const membership = z.strictObject({
  organisationId: id,
  name,
  kind: z.enum(organisationKinds),
  memberId: id,
  role,
})

export const listOrganisations = operation({
  id: 'listOrganisations',
  method: 'GET',
  path: '/organisations',
  act: 'signed-in',
  summary: 'The organisations that you belong to.',
  answer: z.strictObject({
    memberships: z
      .array(
        membership.extend({ acts: z.array(z.string()).readonly().describe('What your role allows there.') }),
      )
      .readonly(),
    currency: z.string().describe('ISO 4217: what the operator’s books are kept in.'),
  }),
})

export const foundFleet = operation({
  id: 'foundFleet',
  method: 'POST',
  path: '/organisations',
  act: 'signed-in',
  summary: 'Founds a fleet, with you as its owner.',
  body: z.strictObject({ name, yourName: name, email }),
  answer: z.strictObject({ organisationId: id }),
})

export const joinOrganisation = operation({
  id: 'joinOrganisation',
  method: 'POST',
  path: '/organisations/join',
  act: 'signed-in',
  summary: 'Joins the organisation that invited you. An invitation is good once, for a week.',
  body: z.strictObject({ code: z.string().min(16).max(64), yourName: name }),
  answer: z.strictObject({ organisationId: id, role }),
})

export const listPeople = operation({
  id: 'listPeople',
  method: 'GET',
  path: '/organisation/people',
  act: 'member.read',
  summary: 'Who belongs to the organisation; who is invited is told only to those who may invite.',
  answer: z.strictObject({
    members: z
      .array(
        z.strictObject({ memberId: id, accountId: z.string(), name: z.string(), email, role, sinceS: timeS }),
      )
      .readonly(),
    invitations: z.array(z.strictObject({ invitationId: id, email, role, expiresAtS: timeS })).readonly(),
    sendsMail: z.boolean().describe('Else whoever invites passes the link on.'),
  }),
})

export const invite = operation({
  id: 'invite',
  method: 'POST',
  path: '/organisation/invitations',
  act: 'invitation.create',
  asksProof: true,
  summary: 'Invites somebody. An earlier invitation of the same address ends.',
  body: z.strictObject({ email, role, locale: z.enum(locales).default('en').describe('Of the mail.') }),
  answer: z.strictObject({ invitationId: id, joinUrl: z.url(), expiresAtS: timeS, isMailed: z.boolean() }),
})

export const withdrawInvitation = operation({
  id: 'withdrawInvitation',
  method: 'POST',
  path: '/organisation/invitations/{invitationId}/withdraw',
  act: 'invitation.cancel',
  summary: 'Withdraws an invitation that nobody has followed.',
  params: z.strictObject({ invitationId: id }),
  answer: z.strictObject({ cancelled: z.literal(true) }),
})

export const changeMemberRole = operation({
  id: 'changeMemberRole',
  method: 'POST',
  path: '/organisation/members/{memberId}/role',
  act: 'member.update',
  asksProof: true,
  summary: 'Gives a member another role. The last owner stays one.',
  params: z.strictObject({ memberId: id }),
  body: z.strictObject({ role }),
  answer: z.strictObject({ role }),
})

export const removeFromOrganisation = operation({
  id: 'removeFromOrganisation',
  method: 'POST',
  path: '/organisation/members/{memberId}/remove',
  act: 'member.delete',
  asksProof: true,
  summary: 'Removes a member. The last owner stays.',
  params: z.strictObject({ memberId: id }),
  answer: z.strictObject({ left: z.literal(true) }),
})

export const leaveOrganisation = operation({
  id: 'leaveOrganisation',
  method: 'POST',
  path: '/organisation/leave',
  act: 'organization.read',
  summary: 'Leaves the organisation. The last owner stays.',
  answer: z.strictObject({ left: z.literal(true) }),
})

export const readAudit = operation({
  id: 'readAudit',
  method: 'GET',
  path: '/organisation/audit',
  act: 'audit.read',
  summary: 'Who did what, newest first, a page at a time.',
  query: z.strictObject({
    before: z.string().max(80).optional().describe('`next` of the page before; absent for the newest.'),
    author: z.string().max(80).optional().describe('An account, or `api-key:` and the key’s id.'),
    topic: z.enum(auditTopics).optional(),
  }),
  answer: z.strictObject({
    lines: z
      .array(
        z.strictObject({
          lineId: z.string(),
          atS: timeS,
          action: z.string(),
          subject: z.string(),
          subjectName: z.string().nullable().describe('What is called by that id, where that is known.'),
          authorId: z.string(),
          author: z.string().describe('The name of the person or key, where it is still known; else the id.'),
          isProgram: z.boolean(),
        }),
      )
      .readonly(),
    next: z.string().nullable(),
  }),
})

const keyRole = z.enum(['manager', 'viewer'])

export const listApiKeys = operation({
  id: 'listApiKeys',
  method: 'GET',
  path: '/organisation/api-keys',
  act: 'api-key.read',
  summary: 'The keys of programs, newest first, without their secrets.',
  answer: z.strictObject({
    keys: z
      .array(
        z.strictObject({
          keyId: id,
          name,
          role: keyRole,
          createdAtS: timeS,
          expiresAtS: timeS,
          lastUsedAtS: timeS.nullable(),
          revokedAtS: timeS.nullable(),
        }),
      )
      .readonly(),
  }),
})

export const createKey = operation({
  id: 'createKey',
  method: 'POST',
  path: '/organisation/api-keys',
  act: 'api-key.create',
  asksProof: true,
  summary: 'A key for a program. The secret is told this once.',
  body: z.strictObject({ name, role: keyRole, days: z.int().min(1).max(apiKeyLimits.daysMost) }),
  answer: z.strictObject({ keyId: id, secret: z.string(), expiresAtS: timeS }),
})

export const revokeKey = operation({
  id: 'revokeKey',
  method: 'POST',
  path: '/organisation/api-keys/{keyId}/revoke',
  act: 'api-key.revoke',
  summary: 'Revokes a key: the next request that shows it is refused.',
  params: z.strictObject({ keyId: id }),
  answer: z.strictObject({ revoked: z.literal(true) }),
})
