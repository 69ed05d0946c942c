/**
 * Technician mode for a laptop on the charger's own network: the same pages, over HTTPS with the site's certificate. It
 * listens only while somebody at the touchscreen has opened it. Without the password there is nothing but the page that
 * asks for it. Requests that change something must be JSON from this very address, so no other page can send them.
 */

import { X509Certificate } from 'node:crypto'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { err, ok, type Result } from '@/lib/core/result'
import type { TlsIdentity } from '@/lib/crypto/site-certificate'
import { fileFor, serveFile } from '../server/screen-files'
import type { TechnicianDesk } from './desk'
import type { LanDesk, LanDoor, OpenDoor } from './lan-desk'
import { readAct } from './read-act'

export interface LanServerOptions {
  /** `0.0.0.0`: every network of this computer. */
  readonly host: string
  readonly port: number
  readonly screenFolder: string
  /** Undefined only where the configuration says so: passwords and cookies then cross the network as they are. */
  readonly tls: (() => Result<TlsIdentity, string>) | undefined
  /** Asked for at each request, because the desk is made with this door. */
  readonly desk: () => { readonly technician: TechnicianDesk; readonly lan: LanDesk }
}

const bodyBytesMax = 4_096
/** A page asks for its state once a second; a person does little besides. */
const requestsPerSecondMax = 20
const cookieName = 'outpost-technician'

export const lanDoor = (options: LanServerOptions): LanDoor => ({ listen: () => openDoor(options) })

async function openDoor(options: LanServerOptions): Promise<Result<OpenDoor, string>> {
  const made = options.tls?.()
  if (made?.ok === false) return made
  const tls = made?.value
  const limiter = new Limiter()
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (limiter.isTooMany()) return end(response, 429, { error: 'too many requests' }, tls !== undefined)
    answer(request, response, options, tls !== undefined).catch(() => response.destroy())
  }
  const server =
    tls === undefined
      ? createHttpServer(serve)
      : createHttpsServer({ key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' }, serve)
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  server.maxConnections = 16
  const problem = await listen(server, options)
  if (problem !== undefined) return err(problem)
  const { port } = server.address() as AddressInfo
  return ok({
    addresses: addressesOf(options.host, port, tls !== undefined),
    fingerprint: tls === undefined ? null : new X509Certificate(tls.cert).fingerprint256,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

const listen = (server: Server, { host, port }: LanServerOptions): Promise<string | undefined> =>
  new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`A laptop cannot be let in at ${host}:${port} (${error.code ?? 'error'}): ${error.message}`),
    )
    server.listen(port, host, () => resolve(undefined))
  })

function addressesOf(host: string, port: number, isSecure: boolean): readonly string[] {
  const names = host === '0.0.0.0' ? lanAddresses() : [host]
  return names.map((name) => `${isSecure ? 'https' : 'http'}://${name}:${port}/technician`)
}

/** IPv4 addresses of this computer on its networks. */
export function lanAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const outside = all.filter(({ family, internal }) => family === 'IPv4' && !internal)
  return (outside.length > 0 ? outside : all.filter(({ family }) => family === 'IPv4')).map(
    ({ address }) => address,
  )
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: LanServerOptions,
  isSecure: boolean,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  // A page elsewhere may point its own name here (DNS rebinding); a laptop comes by the number that the screen shows.
  if (!isOwnHost(request.headers.host, options.host))
    return end(response, 403, { error: 'another host' }, isSecure)
  if (path.startsWith('/technician/api/')) return api(request, response, path, options, isSecure)
  if (request.method !== 'GET') return end(response, 404, { error: 'not found' }, isSecure)
  const wanted = path === '/technician' || path === '/technician/' ? '/technician.html' : path
  const isPublic = wanted === '/technician.html' || wanted.startsWith('/assets/')
  const file = isPublic ? fileFor(options.screenFolder, wanted) : undefined
  if (file === undefined) return end(response, 404, { error: 'not found' }, isSecure)
  serveFile(file, response, securityHeaders(isSecure))
}

async function api(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  { desk }: LanServerOptions,
  isSecure: boolean,
): Promise<void> {
  const { technician, lan } = desk()
  const isIn = lan.holds(cookieOf(request))
  const isChange = request.method === 'POST'
  if (isChange && !isOwnPage(request)) return end(response, 403, { error: 'not from this page' }, isSecure)
  if (path === '/technician/api/enter' && isChange) {
    const { password } = ((await readBody(request)) ?? {}) as Readonly<Record<string, unknown>>
    const entry = typeof password === 'string' ? lan.enter(password) : undefined
    if (entry?.ok !== true) return end(response, 403, { code: 'technician.password' }, isSecure)
    const flags = `Path=/technician; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
    response.setHeader('set-cookie', `${cookieName}=${entry.cookie}; ${flags}`)
    return end(response, 200, technician.state('lan'), isSecure)
  }
  if (!isIn) return end(response, 401, { code: 'technician.closed' }, isSecure)
  if (path === '/technician/api/state' && !isChange)
    return end(response, 200, technician.state('lan'), isSecure)
  if (path === '/technician/api/act' && isChange) {
    const act = readAct(await readBody(request))
    if (act === undefined) return end(response, 400, { code: 'api.malformed' }, isSecure)
    const done = await technician.act(act, 'lan')
    return end(
      response,
      done.ok ? 200 : 409,
      done.ok ? technician.state('lan') : { code: done.error },
      isSecure,
    )
  }
  if (path === '/technician/api/bundle' && !isChange) return bundle(response, technician, isSecure)
  end(response, 404, { error: 'not found' }, isSecure)
}

function bundle(response: ServerResponse, technician: TechnicianDesk, isSecure: boolean): void {
  const made = technician.bundle
  if (made === undefined) return end(response, 404, { error: 'not made yet' }, isSecure)
  response.writeHead(200, {
    ...securityHeaders(isSecure),
    'content-type': 'application/json',
    'content-disposition': `attachment; filename="${made.fileName}"`,
    'cache-control': 'no-store',
  })
  response.end(made.text)
}

function end(response: ServerResponse, status: number, body: unknown, isSecure: boolean): void {
  response.writeHead(status, {
    ...securityHeaders(isSecure),
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(body))
}

const securityHeaders = (isSecure: boolean): Readonly<Record<string, string>> => ({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  ...(isSecure ? { 'strict-transport-security': 'max-age=3600' } : {}),
})

const isOwnHost = (header: string | undefined, host: string): boolean => {
  const name = (header ?? '').replace(/:\d+$/, '')
  return name === host || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)
}

/** JSON cannot be sent by a form, and a page elsewhere cannot hide its origin. */
function isOwnPage(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  const isJson = request.headers['content-type']?.startsWith('application/json') === true
  return isJson && origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
}

function cookieOf(request: IncomingMessage): string | undefined {
  const pairs = (request.headers.cookie ?? '').slice(0, 2_000).split(/;\s*/)
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyBytesMax) return undefined
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** For all callers together: it is one laptop. */
class Limiter {
  #second = 0
  #count = 0

  isTooMany(): boolean {
    const second = Math.floor(performance.now() / 1_000)
    this.#count = second === this.#second ? this.#count + 1 : 1
    this.#second = second
    return this.#count > requestsPerSecondMax
  }
}
