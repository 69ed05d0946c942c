/** HTTP server of the demo's switches; routes and types stand in demo-control-types.ts. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { DemoError, DemoState, DemoTargets } from './demo-control-types'

const bodyBytesMax = 1_024

type Reply =
  { readonly status: 200; readonly body: DemoState } | { readonly status: number; readonly body: DemoError }

const refuse = (status: number, error: DemoError['error']): Reply => ({ status, body: { error } })

/**
 * @param allowedOrigins pages that may press the switches. A request from any other page is refused, and so is a
 *   request by another host name (DNS rebinding), because any web page can send requests to loopback.
 */
export function createDemoControl(targets: DemoTargets, allowedOrigins: readonly string[]): Server {
  return createServer((request, response) => {
    void answer(request, response, targets, allowedOrigins)
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  targets: DemoTargets,
  allowedOrigins: readonly string[],
): Promise<void> {
  const origin = request.headers.origin
  const known = origin === undefined || allowedOrigins.includes(origin)
  if (origin !== undefined && known) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('vary', 'origin')
  }
  if (!known || !isLoopbackHost(request.headers.host)) return write(response, refuse(403, 'forbidden'))
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end()
    return
  }
  const body = await readBody(request)
  if (body === undefined) return write(response, refuse(413, 'too-large'))
  try {
    write(response, await route(`${request.method} ${request.url}`, body, targets))
  } catch {
    write(response, refuse(409, 'not-running'))
  }
}

async function route(line: string, body: string, targets: DemoTargets): Promise<Reply> {
  switch (line) {
    case 'GET /state':
      break
    case 'POST /kill-controller':
      await targets.killController()
      break
    case 'POST /restart-controller':
      await targets.restartController()
      break
    case 'POST /plug':
      await targets.plug()
      break
    case 'POST /unplug':
      await targets.unplug()
      break
    case 'POST /uplink': {
      const offline = parseUplink(body)
      if (offline === undefined) return refuse(400, 'malformed')
      await targets.setUplink(offline)
      break
    }
    default:
      return refuse(404, 'not-found')
  }
  return { status: 200, body: await targets.state() }
}

function parseUplink(body: string): boolean | undefined {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null || !('offline' in value)) return undefined
    return typeof value.offline === 'boolean' ? value.offline : undefined
  } catch {
    return undefined
  }
}

const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyBytesMax) return undefined
  }
  return text
}

function write(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(reply.body))
}
