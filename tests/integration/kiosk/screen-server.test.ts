/** The controller's web server over real sockets: what it gives to its own screen, and to nobody else. */

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { limits } from '@/lib/core/limits'
import { expectOk } from '@/lib/core/result'
import {
  startHttpServer,
  type HttpServerOptions,
  type KioskHttpServer,
} from '@/charger-kiosk/server/http-server'
import { controllerHost } from '@/charger-kiosk/server/screen-host'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { Panel, temporaryFolder, until } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let world: KioskWorld
let server: KioskHttpServer
const flips: boolean[] = []

async function serve(changes: Partial<HttpServerOptions> = {}): Promise<void> {
  server = expectOk(
    await startHttpServer(controllerHost(world.controller), {
      port: 0,
      screenFolder: join(folder.path, 'screen'),
      embeddingOrigins: [],
      health: () => ({ status: 'ready' }),
      ...changes,
    }),
    'a free port',
  )
}

beforeEach(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder.path, 'screen', 'assets'), { recursive: true })
  writeFileSync(join(folder.path, 'screen', 'index.html'), '<!doctype html>')
  writeFileSync(join(folder.path, 'screen', 'assets', 'reader-1a2b.wasm'), 'wasm')
  writeFileSync(join(folder.path, 'secret.json'), '{"secret":true}')
  symlinkSync(join(folder.path, 'secret.json'), join(folder.path, 'screen', 'link.json'))
  world = await KioskWorld.create()
  await serve()
})
afterEach(async () => {
  await server.close()
  folder.remove()
})

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Paths as they are typed: `fetch` would tidy them up. */
const get = (
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
      },
      (response) => {
        let body = ''
        response.on('data', (chunk) => (body += String(chunk)))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(options.body)
  })

describe('files', () => {
  test('come with their type and a policy under which nothing foreign runs or frames', async () => {
    const page = await get('/')
    expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    expect(page.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval'")
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    const wasm = await get('/assets/reader-1a2b.wasm')
    expect([wasm.status, wasm.headers['content-type']]).toEqual([200, 'application/wasm'])
    expect(wasm.headers['cache-control']).toContain('immutable')
  })

  test.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%5c..%5csecret.json',
    '//etc/passwd',
    '/%00index.html',
    '/%zz',
    '/link.json',
    '/nothing.html',
    '/assets',
  ])('outside of the folder do not exist: %s', async (path) => {
    const reply = await get(path)
    expect(reply.status).toBe(404)
    expect(reply.body).not.toContain('secret"')
  })

  test('are for reading alone', async () => {
    expect((await get('/', { method: 'PUT' })).status).toBeGreaterThanOrEqual(400)
    expect((await get('/', { method: 'DELETE' })).status).toBeGreaterThanOrEqual(400)
  })

  test('go to nobody who came under another host’s name', async () => {
    expect((await get('/', { headers: { host: 'evil.example' } })).status).toBe(403)
    expect((await get('/health', { headers: { host: 'evil.example' } })).status).toBe(403)
    expect((await get('/health')).body).toBe('{"status":"ready"}')
  })
})

describe('the demo’s switch', () => {
  const body = '{"offline":true}'

  test('does not exist at a real charger', async () => {
    expect((await get('/demo/uplink', { method: 'POST', body })).status).toBe(404)
  })

  test('turns, in a demo, for programs and not for pages', async () => {
    await server.close()
    await serve({ embeddingOrigins: ['http://localhost:3000'], setUplink: (offline) => flips.push(offline) })
    expect((await get('/demo/uplink', { method: 'POST', body })).status).toBe(200)
    expect(flips).toEqual([true])
    expect((await get('/demo/uplink', { method: 'POST', body: '{"offline":"yes"}' })).status).toBe(400)
    expect((await get('/demo/uplink', { method: 'POST', body: 'x'.repeat(5_000) })).status).toBe(400)
    expect(
      (await get('/demo/uplink', { method: 'POST', body, headers: { origin: 'https://evil.example' } }))
        .status,
    ).toBe(403)
    expect(flips).toEqual([true])
    expect((await get('/')).headers['content-security-policy']).toContain(
      'frame-ancestors http://localhost:3000',
    )
  })
})

describe('the screen’s socket', () => {
  const connect = (headers: Record<string, string>): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/screen`, { headers })
      socket.on('open', () => {
        socket.terminate()
        resolve('open')
      })
      socket.on('error', (error) => resolve(error.message))
    })

  test('opens for the page that this server gave out, and for no other', async () => {
    expect(await connect({ origin: `http://localhost:${server.port}` })).toBe('open')
    expect(await connect({ origin: 'http://evil.example' })).toContain('403')
    expect(await connect({ origin: 'http://localhost:1' })).toContain('403')
    expect(await connect({ origin: 'null' })).toContain('403')
    expect(await connect({})).toContain('403')
  })

  test('shows the state at once and after each change, and takes acts', async () => {
    const panel = await Panel.open(server.port)
    await panel.until('available')
    await startSession(world, await TestWallet.create('anna'), 1_000)
    const { stopCode } = await panel.until('charging')
    expect(panel.messages).toContainEqual({ type: 'feedback', outcome: 'accepted' })
    panel.say({ type: 'stop', connectorId: 1, stopCode: stopCode === '000000' ? '000001' : '000000' })
    await panel.until('charging', ({ stopTriesLeft }) => stopTriesLeft === 4)
    panel.say({ type: 'stop', connectorId: 1, stopCode: stopCode ?? '' })
    await panel.until('finished')
    panel.say({ type: 'dismiss', connectorId: 1 })
    await panel.until('available')
    panel.close()
  })

  test('ignores garbage, and other connectors', async () => {
    const panel = await Panel.open(server.port)
    for (const garbage of ['', '{', '[]', '{"type":"stop"}', '{"type":"dismiss","connectorId":9}']) {
      panel.say(garbage as never)
    }
    await world.charger.plug()
    await panel.until('offering')
    expect(panel.isClosed).toBe(false)
    panel.close()
  })

  test('ends for a screen that floods or sends too much at once, and goes on for the others', async () => {
    const calm = await Panel.open(server.port)
    const flood = await Panel.open(server.port)
    for (let index = 0; index < 60; index += 1) flood.say({ type: 'dismiss', connectorId: 1 })
    await until(() => flood.isClosed, 'the end of the flood')
    const huge = await Panel.open(server.port)
    huge.say({ type: 'scanned', connectorId: 1, text: 'x'.repeat(limits.screenMessageBytesMax) })
    await until(() => huge.isClosed, 'the end of the oversize message')
    await world.charger.plug()
    await calm.until('offering')
    calm.close()
  })

  test('serves a few screens, not a crowd', async () => {
    const panels: Panel[] = []
    for (let index = 0; index < limits.screenSocketsMax; index += 1)
      panels.push(await Panel.open(server.port))
    expect(await connect({ origin: `http://localhost:${server.port}` })).toContain('403')
    for (const panel of panels) panel.close()
  })
})

test('a port in use is said plainly', async () => {
  const second = await startHttpServer(controllerHost(world.controller), {
    port: server.port,
    screenFolder: folder.path,
    embeddingOrigins: [],
    health: () => ({}),
  })
  expect(second.ok ? '' : second.error).toContain(String(server.port))
})
