/** What the page of people draws: members, invitations, programs and the log. Shapes of the API's answers (docs/adr/0044). */

import type { z } from 'zod'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type {
  createKey,
  invite,
  listApiKeys,
  listOrganisations,
  listPeople,
  readAudit,
} from '@/lib/cloud/operations/organisation'
import type { Refusal } from '@/lib/core/reason'
import type { Progress } from '../progress'

export type People = AnswerOf<typeof listPeople>
export type Member = People['members'][number]
export type Invitation = People['invitations'][number]
export type Invited = AnswerOf<typeof invite> & { readonly email: string }
export type ApiKey = AnswerOf<typeof listApiKeys>['keys'][number]
export type CreatedKey = AnswerOf<typeof createKey> & { readonly name: string }
export type AuditLine = AnswerOf<typeof readAudit>['lines'][number]
export type Role = Member['role']

/** The log’s kinds of acts; empty for all. */
export type AuditTopic = NonNullable<z.output<(typeof readAudit)['query']>['topic']> | ''
type OrganisationKind = AnswerOf<typeof listOrganisations>['memberships'][number]['kind']

/** What there is to look for in each console's log. */
export const auditTopics = {
  fleet: ['', 'people', 'programs', 'credit', 'drivers', 'tokens', 'cards', 'sessions'],
  operator: ['', 'people', 'programs', 'credit', 'cases'],
} as const satisfies Record<OrganisationKind, readonly AuditTopic[]>

/** What is read apart from the people; null where the role does not show it. */
export type Shown<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'there'; readonly value: T }

/** The one question that may stand before the page. */
export type PeopleDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'invite'; readonly progress: Progress }
  | { readonly kind: 'invited'; readonly invited: Invited }
  | { readonly kind: 'role'; readonly member: Member; readonly progress: Progress }
  | { readonly kind: 'remove'; readonly member: Member; readonly progress: Progress }
  | { readonly kind: 'leave'; readonly progress: Progress }
  | { readonly kind: 'create-key'; readonly progress: Progress }
  | { readonly kind: 'created-key'; readonly created: CreatedKey }
  | { readonly kind: 'revoke-key'; readonly apiKey: ApiKey; readonly progress: Progress }

export interface PeopleView {
  readonly people: People
  readonly keys: Shown<readonly ApiKey[]> | null
  readonly log: Shown<{ readonly lines: readonly AuditLine[]; readonly hasMore: boolean }> | null
  readonly topic: AuditTopic
  readonly topics: readonly AuditTopic[]
  readonly may: {
    readonly invite: boolean
    readonly cancel: boolean
    readonly changeRole: boolean
    readonly remove: boolean
    readonly createKey: boolean
    readonly revokeKey: boolean
  }
  readonly organisation: string
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
  /** Withdrawing an invitation asks nothing; what refused it. */
  readonly refusal: Refusal | null
  readonly dialog: PeopleDialog
}

export interface PeopleActs {
  onOpen(dialog: PeopleDialog): void
  onCloseDialog(): void
  onInvite(order: { readonly email: string; readonly role: Role }): void
  onWithdraw(invitationId: string): void
  onRole(memberId: string, role: Role): void
  onRemove(memberId: string): void
  onLeave(): void
  onCreateKey(order: {
    readonly name: string
    readonly role: 'manager' | 'viewer'
    readonly days: number
  }): void
  onRevokeKey(keyId: string): void
  onTopic(topic: AuditTopic): void
  onOlder(): void
  onCopy(text: string): void
}
