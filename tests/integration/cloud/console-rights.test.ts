/** Every request of the consoles' API as everybody: each role, nobody, people of another organisation, and the operator's own. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { keepSignIn } from '@/lib/cloud/accounts/sign-ins'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { everyOperation } from '@/lib/cloud/operations/every-operation'
import { openApiDocument } from '@/lib/cloud/operations/openapi'
import type { Operation } from '@/lib/cloud/operations/operation'
import { apiKeysOf, createApiKey, revokeApiKey } from '@/lib/cloud/organisations/api-keys'
import { acceptInvitation, foundOrganisation, inviteMember } from '@/lib/cloud/organisations/commands'
import { peopleOf } from '@/lib/cloud/organisations/queries'
import { mayAct, roles, type OrganisationKind, type Role } from '@/lib/cloud/organisations/roles'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openAccount } from './world'

const apiFolder = fileURLToPath(new URL('../../../app/api/v1', import.meta.url))

let database: TestDatabase
let folder: string
let cloud: Cloud
let home: Organisation
let away: Organisation
let operations: Organisation

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-rights-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  process.env[environmentNames.worker] = '0'
  cloud = await runningCloud()
  home = await openOrganisation('Home')
  away = await openOrganisation('Away')
  operations = await openOrganisation('Operations', 'operator')
})
afterAll(async () => {
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Organisation {
  readonly organisationId: string
  readonly cookies: Readonly<Record<Role, string>>
}

async function signIn(accountId: string): Promise<string> {
  const { token } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    keepSignIn(cloud, tx, accountId, null),
  )
  return `outpost_session=${token}`
}

async function openOrganisation(name: string, kind: OrganisationKind = 'fleet'): Promise<Organisation> {
  const accountId = await openAccount(cloud, 0)
  const founder = { accountId, name: 'Owner', email: `owner@${name}.example` }
  const { organisationId } = expectOk(await foundOrganisation(cloud, { founder, name, kind }), name)
  const member = async (role: Role): Promise<string> => {
    const email = `${role}@${name}.example`
    const invited = expectOk(
      await inviteMember(cloud, { organisationId, author: accountId, email, role }),
      role,
    )
    const joining = await openAccount(cloud, 0)
    const code = invited.joinUrl.split('#')[1] ?? ''
    expectOk(await acceptInvitation(cloud, { code, accountId: joining, name: role }), role)
    return signIn(joining)
  }
  const cookies = {
    owner: await signIn(accountId),
    manager: await member('manager'),
    viewer: await member('viewer'),
  }
  return { organisationId, cookies }
}

type Route = (request: Request, place: { params: Promise<Record<string, string>> }) => Promise<Response>

/** Ids that exist in nobody's organisation; what is asked is whether one may ask at all. */
const nobodys = 'f'.repeat(32)

async function call(
  operation: Operation,
  headers: Record<string, string>,
  body: unknown = {},
  query = '',
): Promise<Response> {
  const file = operation.path.replaceAll(/\{(\w+)\}/g, '[$1]')
  const routes = (await import(/* @vite-ignore */ join(apiFolder, file, 'route.ts'))) as Record<
    string,
    Route | undefined
  >
  const route = routes[operation.method]
  if (route === undefined) throw new Error(`${operation.id} has no route`)
  const params = Object.fromEntries(Object.keys(operation.params.shape).map((name) => [name, nobodys]))
  const request = new Request(`http://localhost:3000/api/v1${operation.path}${query}`, {
    method: operation.method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(operation.method === 'GET' ? {} : { body: JSON.stringify(body) }),
  })
  return route(request, { params: Promise.resolve(params) })
}

/** A refusal is JSON; what is not is the file that was asked for. */
const codeOf = async (response: Response): Promise<string | undefined> =>
  response.headers.get('content-type')?.startsWith('application/json') === true
    ? ((await response.json()) as { error?: { code: string } }).error?.code
    : undefined

const ofMembers = everyOperation.filter(({ act }) => act !== 'signed-in')

test.each(everyOperation.map((operation) => [operation.id, operation] as const))(
  '%s asks who it is',
  async (_id, operation) => {
    expect(await codeOf(await call(operation, {}))).toBe('api.unauthenticated')
    const forged = { cookie: `outpost_session=${'A'.repeat(43)}` }
    expect(await codeOf(await call(operation, forged))).toBe('api.unauthenticated')
  },
)

test.each(ofMembers.flatMap((operation) => roles.map((role) => [operation.id, role, operation] as const)))(
  '%s by a %s is allowed exactly where the table of rights allows it',
  async (_id, role, operation) => {
    if (operation.act === 'signed-in') throw new Error('unreachable')
    // A body that no operation takes: whoever may do it is told that it is malformed, and nothing happens.
    const code = await codeOf(await call(operation, { cookie: home.cookies[role] }, { rubbish: true }))
    if (mayAct(role, 'fleet', operation.act)) expect(code).not.toBe('organisation.role')
    else expect(code).toBe('organisation.role')
  },
)

test.each(ofMembers.flatMap((operation) => roles.map((role) => [operation.id, role, operation] as const)))(
  '%s by a %s of another organisation is forbidden, as it is for one that does not exist',
  async (_id, role, operation) => {
    const cookie = away.cookies[role]
    const named = await call(operation, { cookie, 'outpost-organisation': home.organisationId })
    const guessed = await call(operation, { cookie, 'outpost-organisation': nobodys })
    expect([named.status, await codeOf(named)]).toEqual([403, 'api.forbidden'])
    expect([guessed.status, await codeOf(guessed)]).toEqual([403, 'api.forbidden'])
  },
)

test.each(ofMembers.flatMap((operation) => roles.map((role) => [operation.id, role, operation] as const)))(
  '%s by a %s of the operator is allowed exactly where the table of rights allows it',
  async (_id, role, operation) => {
    if (operation.act === 'signed-in') throw new Error('unreachable')
    const code = await codeOf(await call(operation, { cookie: operations.cookies[role] }, { rubbish: true }))
    expect(code === 'organisation.role').toBe(!mayAct(role, 'operator', operation.act))
  },
)

test('what looks over all fleets is asked below /operator, and nothing else is', () => {
  for (const { id, path, overFleets } of everyOperation)
    expect(overFleets === true, id).toBe(path.startsWith('/operator/'))
})

test('no fleet may do any of it, and the operator nothing that is a fleet’s', () => {
  const allowed = (kind: OrganisationKind) =>
    new Set(
      ofMembers.filter(({ act }) => act !== 'signed-in' && mayAct('owner', kind, act)).map(({ id }) => id),
    )
  const [fleets, operators] = [allowed('fleet'), allowed('operator')]
  for (const { id, path } of ofMembers) {
    if (path.startsWith('/operator/')) expect([fleets.has(id), operators.has(id)], id).toEqual([false, true])
    if (path.startsWith('/fleet')) expect([fleets.has(id), operators.has(id)], id).toEqual([true, false])
  }
})

test('nobody founds an operator by themselves', async () => {
  const found = everyOperation.find(({ id }) => id === 'foundFleet')
  if (found === undefined) throw new Error('foundFleet is gone')
  const body = { name: 'Mine', yourName: 'Eve', email: 'eve@evil.example', kind: 'operator' }
  expect(await codeOf(await call(found, { cookie: home.cookies.owner }, body))).toBe('api.malformed')
})

test.each(
  everyOperation.flatMap((operation) =>
    operation.act !== 'signed-in' &&
    mayAct('owner', 'fleet', operation.act) &&
    'search' in operation.query.shape
      ? [[operation.id, operation] as const]
      : [],
  ),
)('%s refuses to look for a character that no text has', async (_id, operation) => {
  const cookie = home.cookies.owner
  expect(await codeOf(await call(operation, { cookie }, {}, '?search=%00'))).toBe('api.malformed')
  expect(await codeOf(await call(operation, { cookie }, {}, '?search=a'))).toBeUndefined()
})

test.each(
  everyOperation
    .filter(({ method }) => method === 'POST')
    .map((operation) => [operation.id, operation] as const),
)('%s from a page of another origin is forbidden, whoever is signed in', async (_id, operation) => {
  const response = await call(operation, { cookie: home.cookies.owner, origin: 'https://evil.example' })
  expect(await codeOf(response)).toBe('api.forbidden')
})

test('a viewer reads the members, and learns nothing of invitations', async () => {
  const list = everyOperation.find(({ id }) => id === 'listPeople')
  if (list === undefined) throw new Error('listPeople is gone')
  const invite = { organisationId: home.organisationId, email: 'next@home.example', role: 'viewer' } as const
  const owner = (await peopleOf(cloud, home.organisationId)).members.find(({ role }) => role === 'owner')
  expectOk(await inviteMember(cloud, { ...invite, author: owner?.accountId ?? '' }), 'invitation')
  const read = async (role: Role) => {
    const answer = (await (await call(list, { cookie: home.cookies[role] })).json()) as unknown
    return list.answer.parse(answer) as { members: unknown[]; invitations: unknown[] }
  }
  expect(await read('viewer')).toMatchObject({ members: [{}, {}, {}], invitations: [] })
  expect((await read('manager')).invitations).toHaveLength(1)
})

test('the document names every operation with its right and its shapes', () => {
  const { paths } = openApiDocument('https://outpost.example') as {
    paths: Record<string, Record<string, { operationId: string }>>
  }
  const named = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map((one) => one.operationId),
  )
  expect(named.sort()).toEqual(everyOperation.map(({ id }) => id).sort())
  expect(paths['/organisation/invitations']?.['post']).toMatchObject({
    description: 'Right: invitation.create. A passkey, shown just now',
    requestBody: { content: { 'application/json': { schema: { required: ['email', 'role'] } } } },
  })
})

async function keyOf(role: 'manager' | 'viewer', days = 30) {
  const owner = (await peopleOf(cloud, home.organisationId)).members.find((member) => member.role === 'owner')
  const order = {
    organisationId: home.organisationId,
    author: owner?.accountId ?? '',
    name: role,
    role,
    days,
  }
  return expectOk(await createApiKey(cloud, order), 'key')
}

test.each(
  ofMembers.flatMap((operation) =>
    (['manager', 'viewer'] as const).map((role) => [operation.id, role, operation] as const),
  ),
)(
  '%s by a key with the rights of a %s is allowed as to a person, whatever organisation the request names',
  async (_id, role, operation) => {
    if (operation.act === 'signed-in') throw new Error('unreachable')
    const { secret, keyId } = await keyOf(role)
    const headers = { authorization: `Bearer ${secret}`, 'outpost-organisation': away.organisationId }
    const code = await codeOf(await call(operation, headers, { rubbish: true }))
    expect(code === 'organisation.role').toBe(!mayAct(role, 'fleet', operation.act))
    expect(code).not.toBe('api.unauthenticated')
    const act = { organisationId: home.organisationId, author: 'x', keyId }
    expectOk(await revokeApiKey(cloud, act), 'revoked')
  },
)

test('a key ends when it is revoked, and a wrong one never began', async () => {
  const people = everyOperation.find(({ id }) => id === 'listPeople')
  if (people === undefined) throw new Error('listPeople is gone')
  const { secret, keyId } = await keyOf('viewer')
  const status = async (shown: string) => (await call(people, { authorization: `Bearer ${shown}` })).status
  expect(await status(secret)).toBe(200)
  const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`
  expect(await status(wrong)).toBe(401)
  expect(await status('outpost_x')).toBe(401)
  const act = { organisationId: away.organisationId, author: 'x', keyId }
  expect(await revokeApiKey(cloud, act)).toMatchObject({ error: { code: 'api.not-found' } })
  expect(await status(secret)).toBe(200)
  expectOk(await revokeApiKey(cloud, { ...act, organisationId: home.organisationId }), 'revoked')
  expect(await status(secret)).toBe(401)
})

test('a key that is shown counts alone: with a manager’s cookie beside it, it still may no more', async () => {
  const { secret } = await keyOf('viewer')
  const invite = everyOperation.find(({ id }) => id === 'invite')
  if (invite === undefined) throw new Error('invite is gone')
  const both = { authorization: `Bearer ${secret}`, cookie: home.cookies.owner }
  expect(await codeOf(await call(invite, both))).toBe('organisation.role')
})

test('an organisation has at most twenty keys at a time', async () => {
  const before = (await apiKeysOf(cloud, home.organisationId)).filter(({ revokedAtS }) => revokedAtS === null)
  await Promise.all(Array.from({ length: 20 - before.length }, () => keyOf('viewer')))
  await expect(keyOf('viewer')).rejects.toThrow(/organisation.limit/)
})
