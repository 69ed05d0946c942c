import { describe, expect, test } from 'vitest'
import {
  everyAct,
  mayAct,
  organisationKinds,
  roles,
  type Act,
  type OrganisationKind,
  type Role,
} from '@/lib/cloud/organisations/roles'

/** Written out once more, by hand: a change of the table must be meant. O, M, V: owner, manager, viewer. */
const ownTable: Readonly<Partial<Record<Act, string>>> = {
  'organization.read': 'OMV',
  'organization.update': 'O',
  'organization.delete': 'O',
  'member.read': 'OMV',
  'member.create': 'O',
  'member.update': 'O',
  'member.delete': 'O',
  'invitation.read': 'OM',
  'invitation.create': 'OM',
  'invitation.cancel': 'OM',
  'ac.read': 'O',
  'audit.read': 'OM',
  'api-key.read': 'O',
  'api-key.create': 'O',
  'api-key.revoke': 'O',
}

const fleetTable: Readonly<Partial<Record<Act, string>>> = {
  ...ownTable,
  'credit.read': 'OMV',
  'credit.top-up': 'OM',
  'token.read': 'OMV',
  'token.issue': 'OM',
  'token.revoke': 'OM',
  'card.read': 'OMV',
  'card.issue': 'OM',
  'card.revoke': 'OM',
  'driver.read': 'OMV',
  'driver.change': 'OM',
  'session.read': 'OMV',
  'session.export': 'OM',
  'case.read': 'OMV',
  'case.open': 'OM',
  'invoice.read': 'OMV',
  'invoice.address': 'O',
}

const operatorTable: Readonly<Partial<Record<Act, string>>> = {
  ...ownTable,
  'fleet.read': 'OMV',
  'fleet.found': 'O',
  'fleet.credit-line': 'O',
  'fleet.freeze': 'OM',
  'charger.read': 'OMV',
  'charger.enrol': 'OM',
  'charger.revoke': 'O',
  'policy.read': 'OMV',
  'policy.sign': 'O',
  'decision.read': 'OMV',
  'decision.decide': 'OM',
  'decision.refund': 'O',
  'payment.read': 'OMV',
  'payment.import': 'OM',
}

const letters: Readonly<Record<Role, string>> = { owner: 'O', manager: 'M', viewer: 'V' }
const tables: Readonly<Record<OrganisationKind, typeof fleetTable>> = {
  fleet: fleetTable,
  operator: operatorTable,
}

describe.each(organisationKinds)('in an organisation of the kind %s', (kind) => {
  test.each(everyAct)('%s is for whom the table says', (act) => {
    const allowed = roles.filter((role) => mayAct(role, kind, act)).map((role) => letters[role])
    expect(allowed.join('')).toBe(tables[kind][act] ?? '')
  })
})

test('what nobody named is allowed to nobody', () => {
  for (const act of ['', 'token', 'token.', '.issue', 'constructor.name', '__proto__.x'])
    for (const role of roles) expect(mayAct(role, 'operator', act as Act), `${role} ${act}`).toBe(false)
})
