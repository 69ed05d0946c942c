/** Several uplinks, each from an address of its own on loopback, against servers that answer, linger, cut and lie. */

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openUplinks, type UplinkConfig } from '@/charger-kiosk/uplinks/open-uplinks'
import { systemRandom, systemTimers } from '@/charger-kiosk/system'
import { toBase64Url, utf8 } from '@/lib/core/bytes'
import { durationMs, epochSeconds } from '@/lib/core/units'

const noonS = Date.parse('2026-03-30T12:00:00Z') / 1_000
const servers: Server[] = []
let folder: string
let nowMs = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uplinks-'))
  nowMs = 0
})
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true })
})

type ByAddress = Record<string, 'cloud' | 'cut' | 'portal' | 'endless' | 'redirect'>

/** One address, as the cloud has; what comes of a request depends on the uplink that it came by. */
async function network(ways: ByAddress): Promise<{ readonly origin: string; readonly came: string[] }> {
  const came: string[] = []
  const listener: RequestListener = (request, response) => {
    const address = request.socket.remoteAddress ?? ''
    came.push(address)
    request.resume()
    request.on('end', () => {
      switch (ways[address]) {
        case 'cloud':
          response.writeHead(200, { 'content-type': 'application/json' })
          return response.end(JSON.stringify({ acknowledgement: toBase64Url(utf8('ack')) }))
        case 'portal':
          response.writeHead(200, { 'content-type': 'text/html' })
          return response.end('<h1>Welcome to FreeWifi</h1>')
        case 'redirect':
          response.writeHead(302, { location: 'http://portal.example/' })
          return response.end()
        case 'endless':
          response.writeHead(200, { 'content-type': 'application/json' })
          response.on('error', () => undefined)
          return void pour(response)
        default:
          return request.socket.destroy()
      }
    })
  }
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came }
}

function pour(response: Parameters<RequestListener>[1]): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

const cable: UplinkConfig = { terms: { name: 'cable' }, localAddress: '127.0.0.2' }
const sim: UplinkConfig = {
  terms: { name: 'sim', pricePerMbMinor: 50, bytesPerDayMax: 200_000 },
  localAddress: '127.0.0.3',
}

function open(cloudOrigin: string, uplinks: readonly UplinkConfig[]) {
  const clock = { nowS: () => epochSeconds(noonS + nowMs / 1_000), monotonicMs: () => durationMs(nowMs) }
  const ports = { clock, random: systemRandom, timers: systemTimers }
  const road = openUplinks({ cloudOrigin, uplinks, dataFolder: folder }, ports)
  if (road === undefined) throw new Error('There are uplinks')
  return road
}

const figureOf = (road: ReturnType<typeof open>, name: string) =>
  road.figures.find((figure) => figure.name === name)

test('the cheap uplink carries, and the dear one is not asked', async () => {
  const { origin, came } = await network({ '127.0.0.2': 'cloud', '127.0.0.3': 'cloud' })
  const road = open(origin, [sim, cable])
  expect((await road.send(utf8('bundle'))).ok).toBe(true)
  expect(came).toEqual(['127.0.0.2'])
})

test.each(['cut', 'portal', 'redirect', 'endless'] as const)(
  'a cable that is %s costs no attempt: the other uplink brings the answer, and the cable is tried again later',
  async (fate) => {
    const ways: ByAddress = { '127.0.0.2': fate, '127.0.0.3': 'cloud' }
    const { origin, came } = await network(ways)
    const road = open(origin, [cable, sim])
    expect((await road.send(utf8('one'))).ok).toBe(true)
    expect((await road.send(utf8('two'))).ok).toBe(true)
    expect(came).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.3'])
    expect(figureOf(road, 'cable')).toMatchObject({ attempts: 1, answers: 0, isResting: true })
    ways['127.0.0.2'] = 'cloud'
    nowMs += 3_000
    expect((await road.send(utf8('three'))).ok).toBe(true)
    expect(came.at(-1)).toBe('127.0.0.2')
    expect(figureOf(road, 'cable')).toMatchObject({ attempts: 2, answers: 1, isResting: false })
  },
)

test('an address that this computer does not have is an uplink that is down', async () => {
  const { origin } = await network({ '127.0.0.3': 'cloud' })
  const gone: UplinkConfig = { terms: { name: 'gone' }, localAddress: '192.0.2.1' }
  expect((await open(origin, [gone, sim]).send(utf8('one'))).ok).toBe(true)
  const alone = await open(origin, [gone]).send(utf8('one'))
  expect(alone).toMatchObject({ ok: false, error: { code: 'api.unreachable' } })
})

test('the bytes that crossed are counted both ways with their heads, and not more', async () => {
  const { origin } = await network({ '127.0.0.3': 'cloud' })
  const road = open(origin, [sim])
  await road.send(utf8('x'.repeat(5_000)))
  const figure = figureOf(road, 'sim')
  expect(figure?.sentBytes).toBeGreaterThan(5_100)
  expect(figure?.sentBytes).toBeLessThan(5_600)
  expect(figure?.receivedBytes).toBeGreaterThan(100)
  expect(figure?.spent.dayBytes).toBe((figure?.sentBytes ?? 0) + (figure?.receivedBytes ?? 0))
})

test('a budget survives a restart, ends what is not urgent, and is there again the next day', async () => {
  const { origin, came } = await network({ '127.0.0.3': 'cloud' })
  const terms = { ...sim.terms, bytesPerDayMax: 20_000 }
  const small = { ...sim, terms }
  const before = open(origin, [small])
  expect((await before.send(utf8('x'.repeat(7_000)))).ok).toBe(true)
  const road = open(origin, [small])
  expect(figureOf(road, 'sim')?.spent).toEqual(figureOf(before, 'sim')?.spent)
  expect(await road.send(utf8('x'.repeat(7_000)))).toMatchObject({
    error: { code: 'api.unreachable', detail: 'No uplink may carry this now' },
  })
  expect(came).toHaveLength(1)
  expect(road.meter?.leave('ordinary').kind).toBe('yes')
  nowMs += 86_400_000
  expect((await road.send(utf8('x'.repeat(7_000)))).ok).toBe(true)
})

test('a budget whose file is garbage begins anew, and a file cut short is no other', async () => {
  const { origin } = await network({ '127.0.0.3': 'cloud' })
  await open(origin, [sim]).send(utf8('one'))
  writeFileSync(join(folder, 'uplinks', 'sim.spent'), 'garbage')
  expect(figureOf(open(origin, [sim]), 'sim')?.spent.dayBytes).toBe(0)
})

test('what the cloud itself refuses is no reason to ask again by a dear uplink', async () => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(409, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { code: 'device.gap', facts: { size: 2 } } }))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const road = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, [cable, sim])
  expect(await road.send(utf8('one'))).toMatchObject({ error: { code: 'device.gap' } })
  expect(figureOf(road, 'sim')?.attempts).toBe(0)
})
