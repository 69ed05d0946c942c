import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import { issueToken } from '@/lib/cloud/fleet/commands'
import { fleetOverview } from '@/lib/cloud/fleet/queries'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import {
  acceptInvitation,
  cancelInvitation,
  changeRole,
  foundOrganisation,
  inviteMember,
  removeMember,
} from '@/lib/cloud/organisations/commands'
import { membershipsOf, peopleOf, standing } from '@/lib/cloud/organisations/queries'
import type { Role } from '@/lib/cloud/organisations/roles'
import { topUp } from '@/lib/cloud/topup/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openAccount, openWorld } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const weekS = 7 * 86_400

async function found(cloud: Cloud, name: string, email = 'anna@glen.example') {
  const accountId = await openAccount(cloud, 0)
  const founder = { accountId, name: 'Anna Bell', email }
  const { organisationId } = expectOk(
    await foundOrganisation(cloud, { founder, name, kind: 'fleet' }),
    'found',
  )
  return { accountId, organisationId }
}

const codeOf = (joinUrl: string): string => joinUrl.split('#')[1] ?? ''

async function join(cloud: Cloud, organisationId: string, author: string, email: string, role: Role) {
  const invited = expectOk(await inviteMember(cloud, { organisationId, author, email, role }), 'invitation')
  const accountId = await openAccount(cloud, 0)
  const accept = { code: codeOf(invited.joinUrl), accountId, name: email }
  expectOk(await acceptInvitation(cloud, accept), 'accepted')
  const [membership] = await membershipsOf(cloud, accountId)
  return { accountId, memberId: membership?.memberId ?? '', accept }
}

test('whoever founds a fleet owns it, and each fleet has a number of its own', async () => {
  const { cloud } = await openWorld(database)
  const [one, two] = await Promise.all([
    found(cloud, 'Glen Haulage'),
    found(cloud, 'Loch Couriers', 'b@c.example'),
  ])
  expect(await membershipsOf(cloud, one.accountId)).toMatchObject([
    { organisationId: one.organisationId, name: 'Glen Haulage', kind: 'fleet', role: 'owner' },
  ])
  const numbers = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('fleets').select('fleet_number').where('tenant', '=', cloud.config.tenant).execute(),
  )
  expect(numbers.map((row) => row.fleet_number).sort()).toEqual([1, 2])
  expect(two.organisationId).not.toBe(one.organisationId)
})

test('an invitation lets one person in, once, with the role that was meant', async () => {
  const { cloud } = await openWorld(database)
  const { accountId, organisationId } = await found(cloud, 'Glen Haulage')
  const member = await join(cloud, organisationId, accountId, 'Ben@Glen.example', 'viewer')
  expect(await membershipsOf(cloud, member.accountId)).toMatchObject([{ organisationId, role: 'viewer' }])
  const again = { ...member.accept, accountId: await openAccount(cloud, 0) }
  expect(await acceptInvitation(cloud, again)).toMatchObject({ error: { code: 'organisation.invitation' } })
  expect(await acceptInvitation(cloud, member.accept)).toMatchObject({
    error: { code: 'organisation.member' },
  })
  const { members, invitations } = await peopleOf(cloud, organisationId)
  expect(members.map(({ email, role }) => [email, role])).toEqual([
    ['anna@glen.example', 'owner'],
    ['ben@glen.example', 'viewer'],
  ])
  expect(invitations).toEqual([])
})

test('an invitation ends after a week by the cloud’s clock, when it is withdrawn, and with the next for the same address', async () => {
  const world = await openWorld(database)
  const { cloud } = world
  const { accountId, organisationId } = await found(cloud, 'Glen Haulage')
  const invite = (email: string) =>
    inviteMember(cloud, { organisationId, author: accountId, email, role: 'manager' })
  const first = expectOk(await invite('cara@glen.example'), 'first')
  const second = expectOk(await invite('cara@glen.example'), 'second')
  const withdrawn = expectOk(await invite('dan@glen.example'), 'withdrawn')
  expectOk(
    await cancelInvitation(cloud, {
      organisationId,
      author: accountId,
      invitationId: withdrawn.invitationId,
    }),
    'cancel',
  )
  const stranger = await openAccount(cloud, 0)
  for (const { joinUrl } of [first, withdrawn])
    expect(
      await acceptInvitation(cloud, { code: codeOf(joinUrl), accountId: stranger, name: 'X' }),
    ).toMatchObject({ error: { code: 'organisation.invitation' } })
  expect((await peopleOf(cloud, organisationId)).invitations).toMatchObject([{ email: 'cara@glen.example' }])
  world.pass(weekS + 1)
  expect((await peopleOf(cloud, organisationId)).invitations).toEqual([])
  const late = { code: codeOf(second.joinUrl), accountId: stranger, name: 'X' }
  expect(await acceptInvitation(cloud, late)).toMatchObject({ error: { code: 'organisation.invitation' } })
})

test('rubbish as address is refused by name', async () => {
  const { cloud } = await openWorld(database)
  const { accountId, organisationId } = await found(cloud, 'Glen Haulage')
  const invited = await inviteMember(cloud, {
    organisationId,
    author: accountId,
    email: 'no',
    role: 'viewer',
  })
  expect(invited).toMatchObject({ error: { code: 'organisation.email' } })
})

test('managers invite, but no owners; viewers invite nobody, and neither changes roles', async () => {
  const { cloud } = await openWorld(database)
  const owner = await found(cloud, 'Glen Haulage')
  const { organisationId } = owner
  const manager = await join(cloud, organisationId, owner.accountId, 'm@glen.example', 'manager')
  const viewer = await join(cloud, organisationId, owner.accountId, 'v@glen.example', 'viewer')
  const invite = (author: string, role: Role) =>
    inviteMember(cloud, {
      organisationId,
      author,
      email: `${role}-of-${author.slice(0, 4)}@glen.example`,
      role,
    })
  expectOk(await invite(manager.accountId, 'viewer'), 'a manager invites')
  for (const [author, role] of [
    [manager.accountId, 'owner'],
    [viewer.accountId, 'viewer'],
  ] as const)
    expect(await invite(author, role)).toMatchObject({ error: { code: 'organisation.role' } })
  for (const author of [manager.accountId, viewer.accountId]) {
    const promoted = await changeRole(cloud, {
      organisationId,
      author,
      memberId: viewer.memberId,
      role: 'owner',
    })
    expect(promoted).toMatchObject({ error: { code: 'organisation.role' } })
    const removed = await removeMember(cloud, {
      organisationId,
      author,
      memberId: author === viewer.accountId ? manager.memberId : viewer.memberId,
    })
    expect(removed).toMatchObject({ error: { code: 'organisation.role' } })
  }
  const demoted = await changeRole(cloud, {
    organisationId,
    author: owner.accountId,
    memberId: manager.memberId,
    role: 'viewer',
  })
  expectOk(demoted, 'an owner changes roles')
  expect(await standing(cloud, manager.accountId, 'token.issue')).toMatchObject({
    error: { code: 'organisation.role' },
  })
})

test('two owners who remove each other at the same time leave one', async () => {
  const { cloud } = await openWorld(database)
  for (let round = 0; round < 5; round += 1) {
    const first = await found(cloud, 'Glen Haulage', `first-${round}@glen.example`)
    const { organisationId } = first
    const second = await join(cloud, organisationId, first.accountId, `second-${round}@glen.example`, 'owner')
    const [own] = await membershipsOf(cloud, first.accountId)
    await Promise.all([
      changeRole(cloud, {
        organisationId,
        author: first.accountId,
        memberId: second.memberId,
        role: 'viewer',
      }),
      changeRole(cloud, {
        organisationId,
        author: second.accountId,
        memberId: own?.memberId ?? '',
        role: 'viewer',
      }),
    ])
    const { members } = await peopleOf(cloud, organisationId)
    expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1)
    const last = members.find(({ role }) => role === 'owner')
    const left = await removeMember(cloud, {
      organisationId,
      author: last?.accountId ?? '',
      memberId: last?.memberId ?? '',
    })
    expect(left).toMatchObject({ error: { code: 'organisation.last-owner' } })
  }
})

test('nobody acts on people of another organisation, by whatever id they guess', async () => {
  const { cloud } = await openWorld(database)
  const own = await found(cloud, 'Glen Haulage')
  const other = await found(cloud, 'Loch Couriers', 'o@loch.example')
  const victim = await join(cloud, other.organisationId, other.accountId, 'v@loch.example', 'viewer')
  const open = expectOk(
    await inviteMember(cloud, {
      organisationId: other.organisationId,
      author: other.accountId,
      email: 'w@loch.example',
      role: 'viewer',
    }),
    'invitation',
  )
  const attempts = await Promise.all([
    changeRole(cloud, {
      organisationId: own.organisationId,
      author: own.accountId,
      memberId: victim.memberId,
      role: 'owner',
    }),
    removeMember(cloud, {
      organisationId: own.organisationId,
      author: own.accountId,
      memberId: victim.memberId,
    }),
    removeMember(cloud, {
      organisationId: other.organisationId,
      author: own.accountId,
      memberId: victim.memberId,
    }),
    inviteMember(cloud, {
      organisationId: other.organisationId,
      author: own.accountId,
      email: 'spy@glen.example',
      role: 'viewer',
    }),
    cancelInvitation(cloud, {
      organisationId: own.organisationId,
      author: own.accountId,
      invitationId: open.invitationId,
    }),
  ])
  expect(attempts.map(({ ok }) => ok)).toEqual([false, false, false, false, false])
  expect((await peopleOf(cloud, other.organisationId)).members).toHaveLength(2)
  expect((await peopleOf(cloud, other.organisationId)).invitations).toHaveLength(1)
  expect(await standing(cloud, own.accountId, 'credit.read', other.organisationId)).toEqual(
    await standing(cloud, own.accountId, 'credit.read', 'no-such-organisation'),
  )
})

test('work for one organisation sees no row of another, even where a query forgets to ask whose', async () => {
  const { cloud } = await openWorld(database)
  const own = await found(cloud, 'Glen Haulage')
  const other = await found(cloud, 'Loch Couriers', 'o@loch.example')
  const token = async ({ accountId, organisationId }: typeof own) => {
    const owner = fleetAccount(organisationId)
    const credit = { amountMinor: 10_000, currency: cloud.config.currency, cardNumber: '4242 4242 4242 4242' }
    expectOk(
      await topUp(cloud, { owner, ...credit, idempotencyKey: organisationId, author: accountId }),
      'credit',
    )
    const order = { driverName: 'D', capMinor: 5_000, sessionCapMinor: 5_000, dailyLimitMinor: 0, days: 5 }
    return issueToken(cloud, { fleetId: organisationId, ...order, idempotencyKey: 'one', author: accountId })
  }
  for (const fleet of [own, other]) expectOk(await token(fleet), 'token')
  const counts = () =>
    inTenant(cloud.db, cloud.config.tenant, async (tx) => ({
      tokens: (await tx.selectFrom('fleet_tokens').select('fleet_id').execute()).map((row) => row.fleet_id),
      payments: (await tx.selectFrom('card_payments').select('owner').execute()).map((row) => row.owner),
      fleets: (await tx.selectFrom('fleets').select('fleet_id').execute()).map((row) => row.fleet_id),
      audit: (await tx.selectFrom('audit_lines').select('organisation_id').execute()).length,
    }))
  expect((await counts()).tokens).toHaveLength(2)
  const seen = await withinOrganisation(own.organisationId, counts)
  expect(seen).toMatchObject({
    tokens: [own.organisationId],
    payments: [fleetAccount(own.organisationId)],
    fleets: [own.organisationId],
  })
  expect(
    await withinOrganisation(own.organisationId, () => fleetOverview(cloud, other.organisationId)),
  ).toMatchObject({ error: { code: 'api.not-found' } })
  await expect(
    withinOrganisation(own.organisationId, () => token({ ...other, accountId: own.accountId })),
  ).rejects.toThrow()
  const stolen = await withinOrganisation(own.organisationId, () =>
    inTenant(cloud.db, cloud.config.tenant, (tx) =>
      tx.updateTable('fleet_tokens').set({ revoked_at_s: 1 }).executeTakeFirstOrThrow(),
    ),
  )
  expect(Number(stolen.numUpdatedRows)).toBe(1)
})
