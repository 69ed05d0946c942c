import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDemoControl } from '@/scripts/start/demo-control'
import type { DemoState } from '@/scripts/start/demo-control-types'

const page = 'http://localhost:3000'
let server: ReturnType<typeof createDemoControl>
let state: DemoState
let pressed: string[]

beforeEach(async () => {
  pressed = []
  state = {
    controller: 'running',
    uplink: 'online',
    vehicle: 'unplugged',
    driverAppUrl: page,
    kioskScreenUrl: 'http://localhost:3100',
  }
  const press = (name: string) => async () => void pressed.push(name)
  server = createDemoControl(
    {
      state: async () => state,
      killController: press('kill'),
      restartController: press('restart'),
      setUplink: async (offline) => void pressed.push(`offline ${offline}`),
      plug: press('plug'),
      unplug: async () => {
        throw new Error('the virtual charger is not running')
      },
    },
    [page],
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

interface Answer {
  status: number
  body: unknown
  allowed: string | undefined
}

const send = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    const sent = request({ method, path, port, host: '127.0.0.1', headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: text === '' ? undefined : JSON.parse(text),
          allowed: response.headers['access-control-allow-origin'],
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })

test('the demo page reads the state', async () => {
  expect(await send('GET', '/state', { origin: page })).toEqual({ status: 200, body: state, allowed: page })
})

test('each switch presses its target and answers with the state', async () => {
  for (const path of ['/kill-controller', '/restart-controller', '/plug']) {
    expect(await send('POST', path, { origin: page })).toMatchObject({ status: 200, body: state })
  }
  await send('POST', '/uplink', { origin: page }, '{"offline":true}')
  expect(pressed).toEqual(['kill', 'restart', 'plug', 'offline true'])
})

test.each(['', 'no', '[]', 'null', '{"offline":"yes"}'])(
  'an uplink request of %j is malformed',
  async (body) => {
    expect(await send('POST', '/uplink', {}, body)).toMatchObject({
      status: 400,
      body: { error: 'malformed' },
    })
    expect(pressed).toEqual([])
  },
)

test('another page cannot press a switch', async () => {
  const answer = await send('POST', '/kill-controller', { origin: 'https://elsewhere.example' })
  expect(answer).toEqual({ status: 403, body: { error: 'forbidden' }, allowed: undefined })
  expect(pressed).toEqual([])
})

test('a name that only resolves to this machine cannot press a switch', async () => {
  const answer = await send('POST', '/kill-controller', { host: 'rebound.example' })
  expect(answer.status).toBe(403)
  expect(pressed).toEqual([])
})

test('a browser may ask beforehand', async () => {
  expect(await send('OPTIONS', '/uplink', { origin: page })).toMatchObject({ status: 204, allowed: page })
})

test('a target that is not there is a conflict, not a crash', async () => {
  expect(await send('POST', '/unplug')).toMatchObject({ status: 409, body: { error: 'not-running' } })
})

test('an endless body is refused', async () => {
  expect(await send('POST', '/uplink', {}, 'x'.repeat(5_000))).toMatchObject({ status: 413 })
})

test('an unknown path is not found', async () => {
  expect(await send('POST', '/anything')).toMatchObject({ status: 404, body: { error: 'not-found' } })
})
