/**
 * The controller's own web server, for the touchscreen on this machine: its files, its WebSocket, a health answer and,
 * in a demonstration only, a switch for the road to the cloud. It listens on loopback.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { err, ok, type Result } from '@/lib/core/result'
import { fileFor, serveFile } from './screen-files'
import { serveScreens } from './screen-socket'
import type { ScreenHost } from './screen-host'

export interface HttpServerOptions {
  readonly port: number
  readonly screenFolder: string
  /** Pages that may embed the screen; empty outside of a demonstration. */
  readonly embeddingOrigins: readonly string[]
  readonly health: () => Readonly<Record<string, string | number | boolean>>
  /** Prometheus' text; with a token, only for whoever shows it. */
  readonly metrics?: { readonly text: () => string; readonly token: string | undefined }
  /** Present in a demonstration only. */
  readonly setUplink?: (offline: boolean) => void
}

export interface KioskHttpServer {
  readonly port: number
  close(): Promise<void>
}

const bodyBytesMax = 1_024
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

/** Fails with one plain sentence when the port cannot be had. */
export async function startHttpServer(
  host: ScreenHost,
  options: HttpServerOptions,
): Promise<Result<KioskHttpServer, string>> {
  const server = createServer((request, response) => {
    void answer(request, response, options).catch(() => response.destroy())
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  const problem = await listen(server, options.port)
  if (problem !== undefined) return err(problem)
  const { port } = server.address() as AddressInfo
  const ownOrigins = loopbackHosts.map((name) => `http://${name}:${port}`)
  const screens = serveScreens(server, host, (origin) => origin !== undefined && ownOrigins.includes(origin))
  return ok({
    port,
    close: () =>
      new Promise((resolve) => {
        screens.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

function listen(server: Server, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program uses it' : error.message
      resolve(`The touchscreen cannot be served on port ${port}: ${why}.`)
    })
    server.listen(port, '127.0.0.1', () => resolve(undefined))
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const headers = securityHeaders(options.embeddingOrigins)
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, {
      ...headers,
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    response.end(JSON.stringify(body))
  }
  // A page elsewhere may point its own host name at loopback (DNS rebinding); it gets nothing.
  if (!isLoopbackHost(request.headers.host)) return json(403, { error: 'loopback only' })
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  if (request.method === 'GET' && path === '/health') return json(200, options.health())
  if (request.method === 'GET' && path === '/metrics' && options.metrics !== undefined) {
    const { text, token } = options.metrics
    if (!isBearerOf(token, request.headers.authorization)) return json(401, { error: 'a token is needed' })
    const type = { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' }
    response.writeHead(200, { ...headers, ...type })
    response.end(text())
    return
  }
  if (request.method === 'POST' && path === '/demo/uplink' && options.setUplink !== undefined) {
    if (request.headers.origin !== undefined) return json(403, { error: 'not from a page' })
    const offline = await readUplink(request)
    if (offline === undefined) return json(400, { error: 'expected {"offline": true | false}' })
    options.setUplink(offline)
    return json(200, options.health())
  }
  const file = request.method === 'GET' ? fileFor(options.screenFolder, path) : undefined
  if (file === undefined) return json(404, { error: 'not found' })
  serveFile(file, response, headers)
}

/** Digests have one length, so neither content nor length shows in the time taken. */
function isBearerOf(token: string | undefined, given: string | undefined): boolean {
  if (token === undefined) return true
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(given ?? ''), digest(`Bearer ${token}`))
}

const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && loopbackHosts.includes(host.replace(/:\d+$/, ''))

const securityHeaders = (embeddingOrigins: readonly string[]): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    `frame-ancestors ${embeddingOrigins.length === 0 ? "'none'" : embeddingOrigins.join(' ')}`,
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
})

async function readUplink(request: IncomingMessage): Promise<boolean | undefined> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyBytesMax) return undefined
  }
  try {
    const value: unknown = JSON.parse(text)
    const offline =
      typeof value === 'object' && value !== null && 'offline' in value ? value.offline : undefined
    return typeof offline === 'boolean' ? offline : undefined
  } catch {
    return undefined
  }
}
