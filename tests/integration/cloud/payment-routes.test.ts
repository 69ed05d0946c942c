import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GET as fetchGrant, POST as orderGrant } from '@/app/api/v1/guest/grants/route'
import { GET as readPayments } from '@/app/api/v1/payments/route'
import { POST as receive } from '@/app/api/v1/payments/webhook/route'
import { fromBase64Url } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { environmentNames } from '@/lib/cloud/config'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { freshSigner } from './world'

let database: TestDatabase
let folder: string
const origin = 'http://localhost:3000'

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-payments-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  await runningCloud()
})
afterAll(async () => {
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function call(
  route: (request: Request) => Promise<Response>,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const method = body === undefined ? 'GET' : 'POST'
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  }
  const response = await route(new Request(`${origin}/api/v1`, init))
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

const order = (change: object = {}): string =>
  JSON.stringify({
    amountMinor: 1_500,
    currency: 'EUR',
    cardNumber: '4242 4242 4242 4242',
    devicePublicKey: freshSigner().publicKey,
    ...change,
  })
const bearer = (letter: string) => ({ authorization: `Bearer ${letter.repeat(43)}` })

test('everybody may know how one pays here', async () => {
  expect(await call(readPayments, {})).toEqual({
    status: 200,
    json: { currency: 'EUR', asksForCardNumber: true, guest: { minimumMinor: 500, maximumMinor: 6_000 } },
  })
})

test('a guest gets the grant with everything to check it by, and gets it again by the token alone', async () => {
  const signer = freshSigner()
  const ordered = await call(orderGrant, bearer('A'), order({ devicePublicKey: signer.publicKey }))
  expect(ordered).toMatchObject({ status: 200, json: { state: 'ready' } })
  expect(Object.keys(ordered.json)).toEqual(
    expect.arrayContaining(['grant', 'root', 'trustList', 'revocations', 'policy']),
  )
  const bytes = fromBase64Url(ordered.json['grant'] as string) ?? new Uint8Array()
  expect(expectOk(parseMessage(grant, bytes), 'grant').payload.deviceKey).toBe(signer.publicKey)
  const again = await call(fetchGrant, bearer('A'))
  expect(again.json['grant']).toBe(ordered.json['grant'])
  expect(await call(fetchGrant, bearer('B'))).toMatchObject({ status: 404 })
})

test.each([
  ['without a token', {}, order(), 400, 'api.malformed'],
  ['with a short token', { authorization: 'Bearer short' }, order(), 400, 'api.malformed'],
  ['without a key', bearer('C'), order({ devicePublicKey: undefined }), 400, 'api.malformed'],
  [
    'with a declined card',
    bearer('D'),
    order({ cardNumber: '4000 0000 0000 0002' }),
    402,
    'account.card-declined',
  ],
  ['for too much', bearer('E'), order({ amountMinor: 6_001 }), 422, 'account.amount'],
])('an order %s is refused', async (_how, headers, body, status, code) => {
  expect(await call(orderGrant, headers, body)).toMatchObject({ status, json: { error: { code } } })
})

test.each([
  ['unsigned', {}, '{}', 400, 'payment.signature'],
  ['signed by nobody', { 'outpost-signature': `t=1,v1=${'0'.repeat(64)}` }, '{}', 400, 'payment.signature'],
  ['of another provider', { 'stripe-signature': 't=1,v1=00' }, '{}', 400, 'payment.signature'],
  ['endless', {}, 'x'.repeat(70_000), 413, 'api.too-large'],
])('a webhook that is %s is refused', async (_how, headers, body, status, code) => {
  expect(await call(receive, headers, body)).toMatchObject({ status, json: { error: { code } } })
})
