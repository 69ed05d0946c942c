/**
 * HTTP on loopback for the demo page and tests: the hand that plugs a vehicle in, and the faults on request.
 * Only loopback names and loopback pages are served, so that no web page elsewhere can reach it through a browser.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { viewCharger } from './state-view'
import type { Faults } from './state'
import { battery, scheduled } from './vehicle'
import type { VirtualCharger } from './virtual-charger'

type Body = Readonly<Record<string, unknown>>

const bodyBytesMax = 65_536

const loopback = /^(https?:\/\/)?(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

export function createControl(identity: string, charger: VirtualCharger): Server {
  return createServer((request, response) => {
    serve(identity, charger, request, response).catch(() => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"unreadable request"}')
    })
  })
}

async function serve(
  identity: string,
  charger: VirtualCharger,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin, host = '' } = request.headers
  const isForeign = !loopback.test(host) || (origin !== undefined && !loopback.test(origin))
  const reply = (status: number, body: unknown): void => {
    const cors = origin === undefined || isForeign ? {} : corsHeaders(origin)
    response.writeHead(status, { 'content-type': 'application/json', ...cors }).end(JSON.stringify(body))
  }
  if (isForeign) return reply(403, { error: 'loopback only' })
  if (request.method === 'OPTIONS') return reply(200, {})
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  if (request.method === 'POST') {
    const act = Object.hasOwn(actions, path) ? actions[path] : undefined
    if (act === undefined) return reply(404, { error: 'unknown action', actions: Object.keys(actions) })
    act(charger, await readBody(request))
  } else if (request.method !== 'GET' || path !== '/state') {
    return reply(404, { error: 'GET /state', actions: Object.keys(actions) })
  }
  charger.dispatch({ type: 'tick' })
  reply(200, viewCharger(identity, charger.state))
}

const corsHeaders = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-headers': 'content-type',
  vary: 'origin',
})

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyBytesMax) throw new RangeError('too large')
  }
  const body: unknown = text === '' ? {} : JSON.parse(text)
  if (typeof body !== 'object' || body === null) throw new TypeError('not an object')
  return body as Body
}

/** One table path → what happens; every reply is the state after it. */
const actions: Readonly<Record<string, (charger: VirtualCharger, body: Body) => void>> = {
  /** `{energyWh, durationS}` delivers exactly that; otherwise a battery that is 20 % full. */
  '/plug': (charger, body) => {
    const isScheduled = body['energyWh'] !== undefined && body['durationS'] !== undefined
    const vehicle = isScheduled
      ? scheduled(figure(body, 'energyWh', 0), figure(body, 'durationS', 1) * 1_000)
      : battery(
          figure(body, 'capacityWh', 60_000),
          figure(body, 'chargePercent', 20),
          figure(body, 'maxPowerW', 50_000),
        )
    charger.dispatch({ type: 'plug', connectorId: connectorOf(body), vehicle })
  },
  /** `{idTag}` at the charger's reader. */
  '/card': (charger, body) => {
    if (typeof body['idTag'] === 'string') charger.dispatch({ type: 'card', idTag: body['idTag'] })
  },
  '/unplug': (charger, body) => charger.dispatch({ type: 'unplug', connectorId: connectorOf(body) }),
  /** The red button on the charger itself. */
  '/emergency-stop': (charger, body) =>
    charger.dispatch({ type: 'stop', connectorId: connectorOf(body), reason: 'EmergencyStop' }),
  '/restart': (charger) => charger.dispatch({ type: 'restart', reason: 'PowerLoss' }),
  '/drop-link': (charger, body) => charger.dropLink(figure(body, 'downMs', 5_000)),
  '/reset-meter': (charger, body) =>
    charger.dispatch({ type: 'reset-meter', connectorId: connectorOf(body) }),
  '/faulted': (charger, body) =>
    charger.dispatch({
      type: 'set-faulted',
      connectorId: connectorOf(body),
      isFaulted: body['isFaulted'] !== false,
    }),
  '/faults': (charger, body) => charger.dispatch({ type: 'set-faults', faults: readFaults(body) }),
  '/garbage': (charger, body) =>
    charger.sendRaw(typeof body['text'] === 'string' ? body['text'] : '{"not":"OCPP"'),
}

const connectorOf = (body: Body): number => figure(body, 'connectorId', 1)

function figure(body: Body, key: string, fallback: number): number {
  const value = body[key] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new TypeError(key)
  return Math.round(value)
}

function readFaults(body: Body): Partial<Faults> {
  const switches = ['deaf', 'duplicates', 'minusOne', 'unsetClock'] as const
  const chosen = switches.filter((name) => typeof body[name] === 'boolean').map((name) => [name, body[name]])
  const remoteStart = (['obey', 'reject', 'accept-and-forget'] as const).find(
    (one) => one === body['remoteStart'],
  )
  const profiles = (['obey', 'Rejected', 'NotSupported'] as const).find((one) => one === body['profiles'])
  return {
    ...Object.fromEntries(chosen),
    ...(remoteStart === undefined ? {} : { remoteStart }),
    ...(profiles === undefined ? {} : { profiles }),
  }
}
