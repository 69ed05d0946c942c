import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { inTenant } from '@/lib/cloud/database/connection'
import { createApiKey } from '@/lib/cloud/organisations/api-keys'
import { auditOf } from '@/lib/cloud/organisations/audit-log'
import { acceptInvitation, foundOrganisation, inviteMember, leave } from '@/lib/cloud/organisations/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openAccount, openWorld } from './world'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function openLog() {
  const { cloud } = await openWorld(database)
  const author = await openAccount(cloud, 0)
  const founder = { accountId: author, name: 'Anna Bell', email: 'anna@glen.example' }
  const founded = await foundOrganisation(cloud, { founder, name: 'Glen Haulage', kind: 'fleet' })
  const { organisationId } = expectOk(founded, 'founded')
  const invite = { organisationId, author, email: 'ben@glen.example', role: 'viewer', locale: 'de' } as const
  const { joinUrl } = expectOk(await inviteMember(cloud, invite), 'invited')
  const accountId = await openAccount(cloud, 0)
  const code = joinUrl.split('#')[1] ?? ''
  expectOk(await acceptInvitation(cloud, { code, accountId, name: 'Ben Ross' }), 'joined')
  const key = { organisationId, author, name: 'Payroll', role: 'viewer', days: 30 } as const
  expectOk(await createApiKey(cloud, key), 'key')
  expectOk(await leave(cloud, organisationId, accountId), 'left')
  return { cloud, organisationId, author, accountId, joinUrl }
}

test('each line names who acted and whom it was about, also after they have left', async () => {
  const { cloud, organisationId } = await openLog()
  const { lines, next } = expectOk(await auditOf(cloud, organisationId), 'log')
  const told = lines.map(({ action, author, subjectName }) => `${author} ${action} ${subjectName}`)
  expect(told.sort()).toEqual([
    'Anna Bell api-key.create Payroll',
    'Anna Bell member.invite ben@glen.example',
    'Anna Bell organisation.found Glen Haulage',
    'Ben Ross member.join ben@glen.example',
    'Ben Ross member.leave Ben Ross',
  ])
  expect(next).toBeNull()
})

test('the log can be narrowed to one person and to one kind of act', async () => {
  const { cloud, organisationId, author, accountId } = await openLog()
  const actions = async (question: Parameters<typeof auditOf>[2]) =>
    expectOk(await auditOf(cloud, organisationId, question), 'log')
      .lines.map(({ action }) => action)
      .sort()
  expect(await actions({ author: accountId })).toEqual(['member.join', 'member.leave'])
  expect(await actions({ topic: 'programs' })).toEqual(['api-key.create'])
  expect(await actions({ author, topic: 'people' })).toEqual(['member.invite', 'organisation.found'])
})

test('an invitation is mailed in the language of whoever invites, with the link that lets in', async () => {
  const { cloud, joinUrl } = await openLog()
  const mails = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('mails').selectAll().where('tenant', '=', cloud.config.tenant).execute(),
  )
  expect(mails).toMatchObject([
    { recipient: 'ben@glen.example', subject: 'Anna Bell lädt Sie zu Glen Haulage ein', state: 'waiting' },
  ])
  expect(mails[0]?.body).toContain(joinUrl)
})
