/** The operator's own organisation: opened at the terminal, once, and from then on in the hands of its owners. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { auditOf } from '@/lib/cloud/organisations/audit-log'
import { acceptInvitation, foundOrganisation, inviteMember } from '@/lib/cloud/organisations/commands'
import { inviteOperatorOwner } from '@/lib/cloud/organisations/operator-owner'
import { membershipsOf } from '@/lib/cloud/organisations/queries'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openAccount, openWorld } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const order = { name: 'Highland Charging', email: 'Rhona@operator.example' }
const codeOf = (joinUrl: string): string => joinUrl.split('#')[1] ?? ''
const accept = async (cloud: Cloud, joinUrl: string) => {
  const accountId = await openAccount(cloud, 0)
  const joined = await acceptInvitation(cloud, { code: codeOf(joinUrl), accountId, name: 'Rhona Baxter' })
  return { accountId, joined }
}

test('whoever follows the link of the terminal owns the operator’s organisation and invites the others', async () => {
  const { cloud } = await openWorld(database)
  const invited = expectOk(await inviteOperatorOwner(cloud, order), 'invited')
  expect(invited.joinUrl).toMatch(/^http:\/\/localhost:3000\/operator\/join#/)
  const { accountId } = await accept(cloud, invited.joinUrl)
  expect(await membershipsOf(cloud, accountId)).toMatchObject([
    { organisationId: invited.organisationId, kind: 'operator', name: 'Highland Charging', role: 'owner' },
  ])
  const next = expectOk(
    await inviteMember(cloud, {
      ...{ organisationId: invited.organisationId, author: accountId },
      ...{ email: 'second@operator.example', role: 'viewer' },
    }),
    'second',
  )
  expect(next.joinUrl).toContain('/operator/join#')
  const { lines } = expectOk(await auditOf(cloud, invited.organisationId), 'log')
  expect(lines.map(({ action }) => action).sort()).toEqual([
    ...['member.invite', 'member.invite', 'member.join', 'organisation.found'],
  ])
  expect(lines.find(({ action }) => action === 'organisation.found')).toMatchObject({
    ...{ author: 'terminal', subjectName: 'Highland Charging' },
  })
})

test('a second invitation before anybody joined ends the first; after that the terminal invites nobody', async () => {
  const { cloud } = await openWorld(database)
  const first = expectOk(await inviteOperatorOwner(cloud, order), 'first')
  const second = expectOk(await inviteOperatorOwner(cloud, { ...order, name: 'Other' }), 'second')
  expect(second.organisationId).toBe(first.organisationId)
  expect((await accept(cloud, first.joinUrl)).joined).toMatchObject({
    error: { code: 'organisation.invitation' },
  })
  expectOk((await accept(cloud, second.joinUrl)).joined, 'joined')
  expect(await inviteOperatorOwner(cloud, order)).toMatchObject({ error: { code: 'api.conflict' } })
  expect((await accept(cloud, second.joinUrl)).joined).toMatchObject({ ok: false })
})

test('two terminals at once open one organisation, and the database keeps it at one', async () => {
  const { cloud } = await openWorld(database)
  const both = await Promise.all([inviteOperatorOwner(cloud, order), inviteOperatorOwner(cloud, order)])
  const [one, two] = both.map((invited) => expectOk(invited, 'invited').organisationId)
  expect(one).toBe(two)
  const founder = { accountId: await openAccount(cloud, 0), name: 'Eve', email: 'eve@evil.example' }
  await expect(foundOrganisation(cloud, { founder, name: 'Second', kind: 'operator' })).rejects.toThrow(
    /organisations_operator/,
  )
  const kinds = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('organisations').select('kind').where('tenant', '=', cloud.config.tenant).execute(),
  )
  expect(kinds).toEqual([{ kind: 'operator' }])
})
