/** The server's own routes without a socket, and browsers that call them: each keeps its cookie as the server sets it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { SoftwareAuthenticator } from '../../fixtures/software-authenticator'
import { openTestDatabase, type TestDatabase } from '../database-fixture'

export const origin = 'http://localhost:3000'
const apiFolder = fileURLToPath(new URL('../../../app/api/v1', import.meta.url))

export interface Running {
  readonly cloud: Cloud
  readonly database: TestDatabase
  close(): Promise<void>
}

/** Call in `beforeAll`; call `close` in `afterAll`. */
export async function openRunningCloud(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const database = await openTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'outpost-routes-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  process.env[environmentNames.worker] = '0'
  Object.assign(process.env, environment)
  return {
    cloud: await runningCloud(),
    database,
    close: async () => {
      await stopRunningCloud()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Route = (request: Request, place: { params: Promise<Record<string, string>> }) => Promise<Response>

export interface Call {
  readonly method?: 'GET' | 'POST'
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** `path` below `/api/v1`, with parameters in braces. Throws where there is no such route. */
export async function callRoute(path: string, call: Call = {}): Promise<Response> {
  const { method = 'POST', params = {}, query = '', headers = {}, body = {} } = call
  const file = path.replaceAll(/\{(\w+)\}/g, '[$1]')
  const routes = (await import(/* @vite-ignore */ join(apiFolder, file, 'route.ts'))) as Record<
    string,
    Route | undefined
  >
  const route = routes[method]
  if (route === undefined) throw new Error(`${method} ${path} has no route`)
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const request = new Request(`${origin}/api/v1${address}${query}`, {
    method,
    headers: { 'content-type': 'application/json', host: 'localhost:3000', ...headers },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return route(request, { params: Promise.resolve({ ...params }) })
}

/** What the answers of the account's routes hold; each test reads what its route gives. */
interface Json {
  readonly error?: { readonly code: string }
  readonly accountId: string
  readonly challengeId: string
  readonly options: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON
}

export interface Answered {
  readonly status: number
  readonly code: string | undefined
  readonly json: Json
  readonly headers: Headers
}

export class ConsoleBrowser {
  cookie = ''
  constructor(readonly authenticator = new SoftwareAuthenticator(origin)) {}

  async call(path: string, call: Call = {}): Promise<Answered> {
    const headers = { origin, 'sec-fetch-site': 'same-origin', cookie: this.cookie, ...call.headers }
    const response = await callRoute(path, { ...call, headers })
    const set = response.headers.get('set-cookie')?.split(';')[0]
    if (set !== undefined) this.cookie = set
    const text = await response.text()
    const json = (text === '' ? {} : JSON.parse(text)) as Json
    return { status: response.status, code: json.error?.code, json, headers: response.headers }
  }

  get token(): string {
    return this.cookie.split('=')[1] ?? ''
  }

  async signUp(): Promise<string> {
    const { json } = await this.call('/account/register/options')
    const response = this.authenticator.register(json.options)
    const body = { challengeId: json.challengeId, response }
    return (await this.call('/account/register/verify', { body })).json.accountId
  }

  async signIn(): Promise<Answered> {
    const { json } = await this.call('/account/sign-in/options')
    const response = this.authenticator.signIn(json.options)
    return this.call('/account/sign-in/verify', { body: { challengeId: json.challengeId, response } })
  }

  /** `question` is what the browser was asked before, where two shall answer at once. */
  async showPasskey(question?: Json): Promise<Answered> {
    const json = question ?? (await this.call('/account/prove/options')).json
    const response = this.authenticator.signIn(json.options)
    return this.call('/account/prove/verify', { body: { challengeId: json.challengeId, response } })
  }
}
