/** How a sign-in begins, goes on and ends, through the server's own routes, as its owner and as a thief sees it. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { signInsMax } from '@/lib/cloud/accounts/sign-ins'
import { environmentNames } from '@/lib/cloud/config'
import { inTenant } from '@/lib/cloud/database/connection'
import { createApiKey } from '@/lib/cloud/organisations/api-keys'
import { hashSecret } from '@/lib/cloud/secrets'
import { callRoute, ConsoleBrowser, openRunningCloud, type Running } from './console-browser'

let running: Running

beforeAll(async () => {
  running = await openRunningCloud({ [environmentNames.trustedProxies]: '1' })
})
afterAll(() => running.close())

const hourS = 3_600
const dayS = 24 * hourS

/** As if the sign-in were older than it is. */
const age = (
  { token }: ConsoleBrowser,
  what: { readonly seen?: number; readonly proved?: number; readonly begun?: number },
) => {
  const { db, clock, config } = running.cloud
  const nowS = clock.nowS()
  return inTenant(db, config.tenant, (tx) =>
    tx
      .updateTable('sign_ins')
      .set({
        ...(what.seen === undefined
          ? {}
          : { seen_at_s: nowS - what.seen, console_seen_at_s: nowS - what.seen }),
        ...(what.proved === undefined ? {} : { proved_at_s: nowS - what.proved }),
        ...(what.begun === undefined ? {} : { expires_at_s: nowS - what.begun + 30 * dayS }),
      })
      .where('token_hash', '=', hashSecret(token))
      .execute(),
  )
}

/** What the driver's app and what a console are told. */
async function doors(browser: ConsoleBrowser): Promise<string> {
  const driver = await browser.call('/account', { method: 'GET' })
  const desk = await browser.call('/organisations', { method: 'GET' })
  return `${driver.status} ${desk.status}`
}

async function signedUp(): Promise<ConsoleBrowser> {
  const browser = new ConsoleBrowser()
  await browser.signUp()
  return browser
}

/** Somebody who has what the cookie was. */
function copyOf(browser: ConsoleBrowser): ConsoleBrowser {
  const thief = new ConsoleBrowser()
  thief.cookie = browser.cookie
  return thief
}

async function owner(): Promise<ConsoleBrowser & { memberId: string; organisationId: string }> {
  const browser = await signedUp()
  const body = { name: 'Fleet', yourName: 'Ada', email: 'ada@fleet.example' }
  const founded = await browser.call('/organisations', { body })
  expect(founded.status).toBe(200)
  const listed = (await browser.call('/organisations', { method: 'GET' })).json as unknown as {
    memberships: { memberId: string; organisationId: string }[]
  }
  const [membership] = listed.memberships
  if (membership === undefined) throw new Error('the founder is no member')
  return Object.assign(browser, membership)
}

test('a token that was planted before the sign-in is never the one that is signed in', async () => {
  const browser = await signedUp()
  const planted = 'A'.repeat(43)
  browser.cookie = `outpost_session=${planted}`
  await browser.signIn()
  expect(browser.token).not.toBe(planted)
  expect(await doors(browser)).toBe('200 200')
  const thief = new ConsoleBrowser()
  thief.cookie = `outpost_session=${planted}`
  expect(await doors(thief)).toBe('401 401')
})

test('signing in again gives a new token, and the one before ends', async () => {
  const browser = await signedUp()
  const before = copyOf(browser)
  await browser.signIn()
  expect(browser.token).not.toBe(before.token)
  expect([await doors(browser), await doors(before)]).toEqual(['200 200', '401 401'])
})

test('showing the passkey once more gives a new token, and the one before ends', async () => {
  const browser = await signedUp()
  const before = copyOf(browser)
  expect((await browser.showPasskey()).status).toBe(204)
  expect(browser.token).not.toBe(before.token)
  expect([await doors(browser), await doors(before)]).toEqual(['200 200', '401 401'])
})

test('a copy of the cookie is worth nothing after its owner signed out', async () => {
  const browser = await signedUp()
  const thief = copyOf(browser)
  expect(await doors(thief)).toBe('200 200')
  const out = await browser.call('/account/sign-out')
  expect(out.headers.get('set-cookie')).toContain(
    'outpost_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
  )
  expect(await doors(thief)).toBe('401 401')
})

test('two browsers are signed in side by side until one of them ends the others', async () => {
  const desk = await signedUp()
  const phone = new ConsoleBrowser(desk.authenticator)
  await phone.signIn()
  expect([await doors(desk), await doors(phone)]).toEqual(['200 200', '200 200'])
  expect((await desk.call('/account/sign-out-others')).status).toBe(204)
  expect([await doors(desk), await doors(phone)]).toEqual(['200 200', '401 401'])
})

test('two who show one token at once to renew it end with one of them', async () => {
  const browser = await signedUp()
  const thief = new ConsoleBrowser(browser.authenticator)
  thief.cookie = browser.cookie
  const questions = [
    (await browser.call('/account/prove/options')).json,
    (await thief.call('/account/prove/options')).json,
  ] as const
  const answers = await Promise.all([browser.showPasskey(questions[0]), thief.showPasskey(questions[1])])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 401])
})

test('one browser too many ends the sign-in that was used longest ago', async () => {
  const first = await signedUp()
  await age(first, { seen: 2 * hourS })
  const later: ConsoleBrowser[] = []
  for (let count = 0; count < signInsMax; count += 1) {
    const browser = new ConsoleBrowser(first.authenticator)
    await browser.signIn()
    later.push(browser)
  }
  expect((await first.call('/account', { method: 'GET' })).status).toBe(401)
  expect((await later[0]?.call('/account', { method: 'GET' }))?.status).toBe(200)
})

test.each([
  ['an hour without use', { seen: hourS + 1 }, '200 401'],
  ['a working day after the passkey, however busy', { proved: 12 * hourS + 1 }, '200 401'],
  ['two weeks in a pocket', { seen: 14 * dayS + 1 }, '401 401'],
  ['thirty days, however busy', { begun: 30 * dayS + 1 }, '401 401'],
])('after %s the driver’s app and a console answer so', async (_name, older, expected) => {
  const browser = await signedUp()
  await age(browser, older)
  expect(await doors(browser)).toBe(expected)
})

test('use counts, to some minutes', async () => {
  const browser = await owner()
  await age(browser, { seen: 50 * 60 })
  expect(await doors(browser)).toBe('200 200')
  const row = await inTenant(running.cloud.db, running.cloud.config.tenant, (tx) =>
    tx
      .selectFrom('sign_ins')
      .select('console_seen_at_s')
      .where('token_hash', '=', hashSecret(browser.token))
      .executeTakeFirstOrThrow(),
  )
  expect(running.cloud.clock.nowS() - row.console_seen_at_s).toBeLessThan(60)
})

test('who may act for an organisation changes only with a passkey that was shown just now', async () => {
  const browser = await owner()
  const { memberId, organisationId } = browser
  await age(browser, { proved: 16 * 60 })
  const acts = [
    () =>
      browser.call('/organisation/members/{memberId}/role', {
        params: { memberId },
        body: { role: 'owner' },
      }),
    () => browser.call('/organisation/members/{memberId}/remove', { params: { memberId } }),
    () => browser.call('/organisation/api-keys', { body: { name: 'x', role: 'viewer', days: 1 } }),
    () => browser.call('/organisation/invitations', { body: { email: 'eve@fleet.example', role: 'owner' } }),
  ]
  for (const act of acts) expect((await act()).code).toBe('account.prove-again')
  expect((await browser.call('/organisation/people', { method: 'GET' })).status).toBe(200)
  await browser.showPasskey()
  expect((await acts[0]?.())?.status).toBe(200)
  expect((await acts[2]?.())?.status).toBe(200)
  const author = (await browser.call('/account', { method: 'GET' })).json.accountId
  const order = { organisationId, author, name: 'program', role: 'manager', days: 1 } as const
  const { secret } = expectOk(await createApiKey(running.cloud, order), 'key')
  const body = { email: 'eve@fleet.example', role: 'manager' }
  const headers = { authorization: `Bearer ${secret}` }
  const byKey = await callRoute('/organisation/invitations', { headers, body })
  expect(await byKey.json()).toMatchObject({ error: { code: 'account.prove-again' } })
})

test('an account that is deleted is signed in nowhere any more', async () => {
  const browser = await signedUp()
  const other = new ConsoleBrowser(browser.authenticator)
  await other.signIn()
  expect((await browser.call('/account/delete')).status).toBe(200)
  expect(await doors(other)).toBe('401 401')
  expect((await other.signIn()).code).toBe('account.passkey')
})

test.each([
  '/account/sign-in/verify',
  '/account/register/verify',
  '/account/recover/verify',
  '/demo/sign-in',
])('a page of somebody else’s cannot sign anybody in by %s', async (path) => {
  const browser = new ConsoleBrowser()
  const foreign: readonly Record<string, string>[] = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) expect((await browser.call(path, { headers })).code).toBe('api.forbidden')
  expect(browser.cookie).toBe('')
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'what a form can send as %s changes nothing',
  async (type) => {
    const browser = await owner()
    const body = '{"name":"Eve’s","yourName":"Eve","email":"eve@evil.example"}'
    const form = { 'content-type': type }
    expect((await browser.call('/organisations', { headers: form, body })).code).toBe('api.malformed')
    const old = { 'content-type': type, cookie: browser.cookie }
    const unnamed = await callRoute('/organisations', { headers: old, body })
    expect(await unnamed.json()).toMatchObject({ error: { code: 'api.forbidden' } })
  },
)

test('guesses from one address are stopped, whatever they make up about where they come from', async () => {
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess += 1) {
    const headers = {
      'x-forwarded-for': `203.0.113.${guess}, 198.51.100.7`,
      'x-real-ip': `203.0.113.${guess}`,
    }
    const asked = await callRoute('/account/recover/options', {
      headers,
      body: { code: 'AAAA-AAAA-AAAA-AAAA' },
    })
    statuses.push(asked.status)
  }
  expect(statuses.filter((status) => status === 429)).toHaveLength(2)
})
