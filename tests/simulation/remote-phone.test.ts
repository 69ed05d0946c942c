/** A virtual phone at a cloud that is reached over HTTP: the real routes behind a socket, cookies and all. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentNames } from '@/lib/cloud/config'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { systemClock, systemRandom } from '@/lib/cloud/system'
import { fromBase64Url } from '@/lib/core/bytes'
import { nonce } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk } from '@/lib/core/result'
import { addSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import { openIssued } from '@/lib/protocol/trust'
import { isRevoked } from '@/lib/wallet/trust-state'
import { remoteCloud } from '@/simulator/phone/remote-cloud'
import { VirtualPhone } from '@/simulator/phone/virtual-phone'
import { openTestDatabase, type TestDatabase } from '../integration/database-fixture'

type Route = (request: Request) => Promise<Response>

const apiFolder = fileURLToPath(new URL('../../app', import.meta.url))
let database: TestDatabase
let folder: string
let server: Server
let origin: string

/** What the web server does for a route: the file of the path, and the function of the method. */
async function answer(request: IncomingMessage): Promise<Response> {
  const path = new URL(request.url ?? '/', origin).pathname
  const file = join(apiFolder, path, 'route.ts')
  const routes = (await import(/* @vite-ignore */ file)) as Record<string, Route>
  const method = request.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
  const body = method === 'GET' ? {} : { body: await text(request) }
  const route = routes[method]
  if (route === undefined) throw new Error(`${path} has no ${method}`)
  return route(new Request(new URL(path, origin), { method, headers, ...body }))
}

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-remote-'))
  server = createServer((request, response) => {
    void answer(request).then(async (answered) => {
      response.writeHead(answered.status, Object.fromEntries(answered.headers))
      response.end(await answered.text())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  process.env[environmentNames.origin] = origin
  await runningCloud()
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const openPhone = (): Promise<VirtualPhone> =>
  VirtualPhone.open({
    cloud: remoteCloud(origin),
    clock: systemClock,
    random: systemRandom,
    origin,
    buildTimeS: addSeconds(systemClock.nowS(), -86_400),
  })

test('A phone signs up, pays in, takes a grant along and keeps its sign-in, over HTTP', async () => {
  const phone = await openPhone()
  expectOk(await phone.signUp(), 'signs up')
  expectOk(await phone.topUp(4_000, 'EUR', 'remote-phone'), 'pays in')
  expectOk(await phone.takeAlong(), 'takes a grant along')
  expectOk(await phone.report(), 'reports')
  const { account, chains } = phone.wallet.snapshot()
  expect(account).toMatchObject({ balanceMinor: 0, reservedMinor: 4_000, signedIn: true })
  expect(chains.map(({ grant }) => grant.payload.capMinor)).toEqual([4_000])
})

test('A grant is exchanged for the next one over HTTP, and what the account has more comes along', async () => {
  const phone = await openPhone()
  expectOk(await phone.signUp(), 'signs up')
  expectOk(await phone.topUp(2_500, 'EUR', 'remote-exchange-1'), 'pays in')
  expectOk(await phone.takeAlong(), 'takes a grant along')
  expectOk(await phone.topUp(2_500, 'EUR', 'remote-exchange-2'), 'pays in again')
  expectOk(await phone.takeAlong(), 'exchanges it')
  const { account, chains } = phone.wallet.snapshot()
  expect(chains.map(({ closing, grant }) => [closing?.outcome, grant.payload.capMinor])).toEqual([
    ['renewed', 2_500],
    [undefined, 5_000],
  ])
  expect(account).toMatchObject({ balanceMinor: 0, reservedMinor: 5_000 })
  expectOk(await phone.report(), 'reports')
  const { trust } = phone.wallet.snapshot()
  expect(trust !== null && isRevoked(trust, chains[0]!.serial)).toBe(true)
})

test('The issuer signs the time for the nonce of an offer', async () => {
  const phone = await openPhone()
  expectOk(await phone.signUp(), 'signs up')
  expectOk(await phone.topUp(2_500, 'EUR', 'remote-time'), 'pays in')
  expectOk(await phone.takeAlong(), 'takes a grant along')
  const signed = expectOk(await remoteCloud(origin).time(nonce('0123456789abcdef')), 'signed')
  const list = phone.wallet.snapshot().trust?.trustList.payload
  const opened = openIssued(signedTime, fromBase64Url(signed)!, list!, undefined, verifyWithNode)
  expect(opened?.payload.nonce).toBe('0123456789abcdef')
})

test('A phone that never signed up is told so', async () => {
  const phone = await openPhone()
  expect(await phone.takeAlong()).toEqual(err(refusal('api.unauthenticated')))
})
