import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url, toBase64Url } from '@/lib/core/bytes'
import { chargerId } from '@/lib/core/ids'
import { signMessage } from '@/lib/protocol/message'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { close as closeMessage } from '@/lib/protocol/messages/close'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { SoftwareAuthenticator } from '../../fixtures/software-authenticator'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, Phone } from './world'

let database: TestDatabase
let folder: string
let cloud: Cloud
const origin = 'http://localhost:3000'
const apiFolder = fileURLToPath(new URL('../../../app/api/v1', import.meta.url))

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-api-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  cloud = await runningCloud()
})
afterAll(async () => {
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

type Route = (request: Request) => Promise<Response>

/** Calls a route as the server does, with a browser's headers. */
async function call(
  path: string,
  options: {
    body?: unknown
    bytes?: Uint8Array
    cookie?: string
    origin?: string | null
    method?: string
  } = {},
): Promise<{ status: number; json: Record<string, unknown>; cookie: string | undefined }> {
  const method = options.method ?? 'POST'
  const routes = (await import(/* @vite-ignore */ join(apiFolder, path, 'route.ts'))) as Record<string, Route>
  const headers = new Headers({ host: 'localhost:3000', 'content-type': 'application/json' })
  if (options.origin !== null) headers.set('origin', options.origin ?? origin)
  if (options.cookie !== undefined) headers.set('cookie', options.cookie)
  const body = options.bytes ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  const request = new Request(`${origin}/api/v1/${path}`, {
    method,
    headers,
    ...(method === 'POST' && body !== undefined ? { body: body as BodyInit } : {}),
  })
  const response = await routes[method]!(request)
  const text = await response.text()
  return {
    status: response.status,
    json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    cookie: response.headers.get('set-cookie')?.split(';')[0],
  }
}

const get = (path: string, cookie?: string) =>
  call(path, { method: 'GET', ...(cookie === undefined ? {} : { cookie }) })

async function signUp() {
  const authenticator = new SoftwareAuthenticator(origin)
  const begun = await call('account/register/options')
  const response = authenticator.register(begun.json['options'] as never)
  const done = await call('account/register/verify', {
    body: { challengeId: begun.json['challengeId'], response },
  })
  expect(done.status).toBe(200)
  return { authenticator, cookie: done.cookie!, accountId: done.json['accountId'] as string }
}

const payment = {
  amountMinor: 5_000,
  currency: 'EUR',
  cardNumber: '4242 4242 4242 4242',
  idempotencyKey: 'first-payment',
}

test('a driver signs up, pays in, gets a grant, charges, reports, and the charger reports the same', async () => {
  const { cookie } = await signUp()
  expect((await call('account/top-up', { cookie, body: payment })).json).toMatchObject({
    state: 'paid',
    balanceMinor: 5_000,
  })
  const signer = freshSigner()
  const granted = await call('wallet/grants', { cookie, body: { devicePublicKey: signer.publicKey } })
  expect(granted.status).toBe(200)
  expect(Object.keys(granted.json).sort()).toEqual(
    ['grant', 'policy', 'revocationDeltas', 'revocations', 'root', 'trustList'], // prettier-ignore
  )
  const phone = Phone.holding(fromBase64Url(granted.json['grant'] as string)!, signer)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 20_000)
  const reported = await call('wallet/report', { body: phone.report(), origin: null })
  expect(reported.json['sessions']).toEqual([{ sessionId: session.id, state: 'settled', totalMinor: 980 }])
  const synced = await call('sync', { bytes: await charger.bundle(), origin: null })
  expect(Object.keys(synced.json).sort()).toEqual(
    ['acknowledgement', 'permits', 'policy', 'revocationDeltas', 'revocations', 'trustList'], // prettier-ignore
  )
  const account = await get('account', cookie)
  expect(account.json).toMatchObject({ balanceMinor: 0, reservedMinor: 4_020, owedMinor: 0 })
  expect(account.json['sessions']).toMatchObject([{ state: 'settled', reportedBy: ['phone', 'charger'] }])
  expect((await get('demo/ledger')).json).toMatchObject({ imbalanceMinor: 0, sessions: { settled: 1 } })
  const dispute = { cookie, body: { sessionId: session.id, reason: 'wrong-price' } }
  expect((await call('account/disputes', dispute)).json).toMatchObject({
    caseId: expect.any(String) as string,
  })
  expect((await get('account', cookie)).json['sessions']).toMatchObject([{ state: 'case', totalMinor: 980 }])
  expect((await call('account/disputes', { ...dispute, body: { reason: 'wrong-price' } })).status).toBe(400)
  expect((await call('account/disputes', { body: dispute.body })).status).toBe(401)
})

test('who is not signed in sees no account, and another site cannot act for who is', async () => {
  expect(await get('account')).toMatchObject({
    status: 401,
    json: { error: { code: 'api.unauthenticated' } },
  })
  const { cookie } = await signUp()
  const foreign = await call('account/top-up', { cookie, origin: 'http://evil.example', body: payment })
  expect(foreign).toMatchObject({ status: 403, json: { error: { code: 'api.forbidden' } } })
  expect((await get('fleet', cookie)).status).toBe(403)
  const out = await call('account/sign-out', { cookie })
  expect(out.status).toBe(204)
  expect((await get('account', cookie)).status).toBe(401)
})

test('a signed-in driver signs in again on the next visit', async () => {
  const { authenticator, accountId } = await signUp()
  const begun = await call('account/sign-in/options')
  const response = authenticator.signIn(begun.json['options'] as never)
  const body = { challengeId: begun.json['challengeId'], response }
  expect((await call('account/sign-in/verify', { body })).json).toMatchObject({ accountId })
  expect((await call('account/sign-in/verify', { body })).status).toBe(401)
})

test('the demonstration’s manager issues a token that a phone claims', async () => {
  expect((await call('demo/seed')).status).toBe(200)
  const { cookie, status } = await call('demo/sign-in')
  expect(status).toBe(204)
  const order = { driverName: 'Ailsa', capMinor: 9_000, sessionCapMinor: 6_000, dailyLimitMinor: 0, days: 7 }
  const issued = await call('fleet/tokens', {
    cookie: cookie!,
    body: { ...order, idempotencyKey: 'token-one' },
  })
  expect(issued.json['claimUrl']).toMatch(
    /^http:\/\/localhost:3000\/claim#([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/,
  )
  const claimed = await call('wallet/claim', {
    body: { code: issued.json['claimCode'], devicePublicKey: freshSigner().publicKey },
  })
  expect(claimed.json).toMatchObject({ fleetName: 'Glen Haulage' })
  expect((await get('fleet', cookie)).json).toMatchObject({ balanceMinor: 41_000, reservedMinor: 9_000 })
  const paid = await call('fleet/top-up', {
    cookie: cookie!,
    body: { ...payment, idempotencyKey: 'fleet-pays' },
  })
  expect(paid.json).toMatchObject({ state: 'paid', balanceMinor: 46_000 })
})

test('a driver gives a grant back for the next, lifts a cap while online, and fetches the time for a charger', async () => {
  const { cookie } = await signUp()
  await call('account/top-up', { cookie, body: { ...payment, idempotencyKey: 'renewing' } })
  const [signer, next] = [freshSigner(), freshSigner()]
  const granted = await call('wallet/grants', { cookie, body: { devicePublicKey: signer.publicKey } })
  const phone = Phone.holding(fromBase64Url(granted.json['grant'] as string)!, signer)
  const charger = await Charger.enrolled(cloud)
  const raise = { serial: phone.serial, chargerId: charger.id, maximumMinor: 3_000 }
  const raised = await call('wallet/raise', { cookie, body: raise })
  expect(raised).toMatchObject({ status: 200, json: { permit: expect.any(String) as string } })
  const payload = { serial: phone.serial, lastSeq: 0, head: phone.grant.hash, timeS: cloud.clock.nowS() }
  const close = toBase64Url((await signMessage(closeMessage, payload, signer)).bytes)
  const body = { close, devicePublicKey: next.publicKey }
  expect(await call('wallet/renew', { body })).toMatchObject({ status: 401 })
  expect(await call('wallet/renew', { cookie, body, origin: 'http://evil.example' })).toMatchObject({
    status: 403,
  })
  const renewed = await call('wallet/renew', { cookie, body })
  expect(renewed).toMatchObject({ status: 200, json: { grant: expect.any(String) as string } })
  expect((await call('wallet/renew', { cookie, body })).json['grant']).toBe(renewed.json['grant'])
  expect(await call('wallet/raise', { cookie, body: raise })).toMatchObject({
    json: { error: { code: 'grant.revoked' } },
  })
  const time = await call('time', { body: { nonce: '0123456789abcdef' }, origin: null })
  expect(time).toMatchObject({ status: 200, json: { time: expect.any(String) as string } })
})

test('a charger that is enrolled asks for a certificate for its next key', async () => {
  const charger = await Charger.enrolled(cloud)
  const next = freshSigner()
  const payload = {
    operator: cloud.config.tenant,
    chargerId: chargerId(charger.id),
    key: next.publicKey,
    timeS: cloud.clock.nowS(),
  }
  const signed = async (signer: typeof next) =>
    toBase64Url((await signMessage(certificateRenewal, payload, signer)).bytes)
  const body = { renewal: await signed(charger.signer), proof: await signed(next) }
  expect(await call('chargers/renew', { body, origin: null })).toMatchObject({
    status: 200,
    json: { certificate: expect.any(String) as string },
  })
  const forged = { ...body, proof: await signed(charger.signer) }
  expect(await call('chargers/renew', { body: forged, origin: null })).toMatchObject({ status: 403 })
})

test.each([
  ['account/register/verify', {}],
  ['wallet/renew', { close: 'x', devicePublicKey: 7 }],
  ['chargers/renew', { renewal: 'YQ' }],
  ['time', { nonce: 7 }],
  ['account/sign-in/verify', { challengeId: 'x', response: {} }],
  ['wallet/claim', { code: 'x' }],
  ['wallet/report', { chains: 7 }],
  ['chargers/enrol', { chargerId: 'x' }],
])('%s answers malformed JSON with 400', async (path, body) => {
  expect(await call(path, { body })).toMatchObject({
    status: 400,
    json: { error: { code: 'api.malformed' } },
  })
})

test('bodies that are not JSON, not UTF-8 or too large are refused before anybody looks at them', async () => {
  for (const bytes of [new TextEncoder().encode('{"chains":['), Uint8Array.of(0xff, 0xfe)]) {
    expect(await call('wallet/report', { bytes })).toMatchObject({ status: 400 })
  }
  const large = await call('wallet/report', { bytes: new Uint8Array(70_000).fill(0x20) })
  expect(large).toMatchObject({ status: 413, json: { error: { code: 'api.too-large' } } })
  expect(await call('sync', { bytes: new Uint8Array(2_100_000) })).toMatchObject({ status: 413 })
})

test('the public trust is there for everybody, and health says that all is well', async () => {
  const trust = await get('trust')
  expect(trust.json['root']).toMatch(/^[0-9a-f]{64}$/)
  expect(await get('health')).toMatchObject({
    status: 200,
    json: { status: 'ok', database: 'ok', verifier: 'libsodium' },
  })
})
