/**
 * The library that keeps organisations, members and invitations, as we use it: no routes, no sessions and no passwords
 * of its own. Who acts is known by our passkeys already and is handed over with each call.
 */

import { betterAuth } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { organization } from 'better-auth/plugins/organization'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { libraryStore } from './library-store'
import { invitationLifeS, organisationLimits } from './limits'
import { accessControl, roleRights } from './roles'

/** Somebody whom our own sign-in knows. */
export interface Person {
  readonly accountId: string
  readonly email: string
  readonly name: string
}

const personHeader = 'outpost-person'

/** What the library is given as headers: they never leave this process and come from no request. */
const headersOf = (person: Person): Headers =>
  new Headers({ [personHeader]: encodeURIComponent(JSON.stringify(person)) })

const knownPeople = {
  id: 'outpost-people',
  hooks: {
    before: [
      {
        matcher: () => true,
        handler: createAuthMiddleware((ctx) => {
          const text = ctx.headers?.get(personHeader)
          if (text === null || text === undefined) return Promise.resolve({})
          const session = sessionOf(JSON.parse(decodeURIComponent(text)) as Person)
          return Promise.resolve({ context: { context: { ...ctx.context, session } } })
        }),
      },
    ],
  },
}

function sessionOf({ accountId, email, name }: Person) {
  const now = new Date()
  const expiresAt = new Date(now.getTime() + 60_000)
  const made = { createdAt: now, updatedAt: now }
  return {
    user: { id: accountId, email, name, emailVerified: true, ...made },
    session: { id: accountId, userId: accountId, token: accountId, expiresAt, ...made },
  }
}

/** Built at the first use: most processes never ask. */
function build() {
  return betterAuth({
    // It answers no request, so neither address nor secret is ever used to anybody.
    baseURL: 'http://localhost',
    secret: 'no cookie of this library is ever signed',
    database: libraryStore,
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    plugins: [
      knownPeople,
      organization({
        ac: accessControl,
        roles: roleRights,
        creatorRole: 'owner',
        membershipLimit: organisationLimits.members,
        invitationLimit: organisationLimits.invitations,
        organizationLimit: organisationLimits.perAccount,
        invitationExpiresIn: invitationLifeS,
        cancelPendingInvitationsOnReInvite: true,
        requireEmailVerificationOnInvitation: false,
        schema: { organization: { additionalFields: { kind: { type: 'string', input: true } } } },
      }),
    ],
  })
}

type Library = ReturnType<typeof build>
let built: Library | undefined

/** Calls the library as this person; what it refuses becomes one of our reasons. */
export async function ask<T>(
  person: Person,
  call: (api: Library['api'], headers: Headers) => Promise<T>,
): Promise<Result<T, Refusal>> {
  built ??= build()
  try {
    return ok(await call(built.api, headersOf(person)))
  } catch (error) {
    const code = error instanceof APIError ? reasonOf(error) : undefined
    if (code === undefined) throw error
    return err(refusal(code))
  }
}

/** The library's codes → ours. What is missing here is a fault of ours, not of somebody who asks. */
const reasons: Readonly<Record<string, ReasonCode>> = {
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: 'organisation.member',
  USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION: 'api.forbidden',
  MEMBER_NOT_FOUND: 'api.not-found',
  NO_MEMBER_FOUND: 'api.not-found',
  ORGANIZATION_NOT_FOUND: 'api.not-found',
  INVITATION_NOT_FOUND: 'organisation.invitation',
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION: 'organisation.invitation',
  INVALID_EMAIL: 'organisation.email',
  YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION: 'organisation.role',
  YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE: 'organisation.role',
  YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION: 'organisation.role',
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER: 'organisation.role',
  YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER: 'organisation.role',
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION: 'organisation.role',
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER: 'organisation.last-owner',
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER: 'organisation.last-owner',
  ORGANIZATION_MEMBERSHIP_LIMIT_REACHED: 'organisation.limit',
  INVITATION_LIMIT_REACHED: 'organisation.limit',
  YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS: 'organisation.limit',
}

function reasonOf(error: APIError): ReasonCode | undefined {
  const code: unknown = (error.body as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? reasons[code] : undefined
}
