/**
 * Who may do what in an organisation: one table for a fleet's people and for the operator's own. The words `organization`,
 * `member`, `invitation` and `ac` belong to the library that keeps members; the others are ours.
 */

import { createAccessControl } from 'better-auth/plugins/access'

/** What may be done in every organisation, by what it is done to. */
const ownActs = {
  organization: ['read', 'update', 'delete'],
  member: ['read', 'create', 'update', 'delete'],
  invitation: ['read', 'create', 'cancel'],
  ac: ['read'],
  audit: ['read'],
  'api-key': ['read', 'create', 'revoke'],
} as const

/** What only a fleet's people may do: an operator has no credit, no tokens and no drivers of its own. */
const fleetActs = {
  credit: ['read', 'top-up'],
  token: ['read', 'issue', 'revoke'],
  card: ['read', 'issue', 'revoke'],
  driver: ['read', 'change'],
  session: ['read', 'export'],
  case: ['read', 'open'],
  invoice: ['read', 'address'],
} as const

/** What only the operator's own people may do. */
const operatorActs = {
  fleet: ['read', 'found', 'credit-line', 'freeze'],
  charger: ['read', 'enrol', 'revoke'],
  policy: ['read', 'sign'],
  decision: ['read', 'decide', 'refund'],
  payment: ['read', 'import'],
} as const

const statements = { ...ownActs, ...fleetActs, ...operatorActs } as const
type Statements = typeof statements

/** Such as `token.issue`. */
export type Act = {
  [Resource in keyof Statements & string]: `${Resource}.${Statements[Resource][number]}`
}[keyof Statements & string]

export const roles = ['owner', 'manager', 'viewer'] as const
export type Role = (typeof roles)[number]

export const organisationKinds = ['fleet', 'operator'] as const
export type OrganisationKind = (typeof organisationKinds)[number]

export const accessControl = createAccessControl(statements)

type Rights = Parameters<typeof accessControl.newRole>[0]

const reading = {
  organization: ['read'],
  member: ['read'],
  credit: ['read'],
  token: ['read'],
  card: ['read'],
  driver: ['read'],
  session: ['read'],
  case: ['read'],
  invoice: ['read'],
  fleet: ['read'],
  charger: ['read'],
  policy: ['read'],
  decision: ['read'],
  payment: ['read'],
} satisfies Rights

/** The library asks for lists that may change, and changes none. */
const everything = Object.fromEntries(
  Object.entries(statements).map(([resource, actions]) => [resource, [...actions]]),
) as Rights

/** Owners decide who belongs to it and which programs may act for it; managers run the day; viewers look. */
export const roleRights = {
  owner: accessControl.newRole(everything),
  manager: accessControl.newRole({
    ...reading,
    invitation: ['read', 'create', 'cancel'],
    audit: ['read'],
    credit: ['read', 'top-up'],
    token: ['read', 'issue', 'revoke'],
    card: ['read', 'issue', 'revoke'],
    driver: ['read', 'change'],
    session: ['read', 'export'],
    case: ['read', 'open'],
    fleet: ['read', 'freeze'],
    charger: ['read', 'enrol'],
    decision: ['read', 'decide'],
    payment: ['read', 'import'],
  }),
  viewer: accessControl.newRole(reading),
}

/** Whether a role may do this in an organisation of this kind. The only place that answers that question. */
export function mayAct(role: Role, kind: OrganisationKind, act: Act): boolean {
  if (!everyAct.includes(act)) return false
  const [resource = '', action = ''] = act.split('.')
  if (Object.hasOwn(kind === 'fleet' ? operatorActs : fleetActs, resource)) return false
  // The library's types know each resource by its own actions; both halves come from one act of the same table.
  return roleRights[role].authorize({ [resource]: [action] } as never).success
}

/** Every act, for tables and tests. */
export const everyAct: readonly Act[] = Object.entries(statements).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}.${action}` as Act),
)
