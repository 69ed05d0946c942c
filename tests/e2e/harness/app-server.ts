/**
 * The built app alone, without database or controller, behind a small front door in the test's own process. The door can
 * be shut in the middle of anything, can publish a newer service worker, and answers for the operator's trust list.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startGuard, type Guard } from '@/scripts/start/guard'
import { startProcessGroup, type ProcessGroup } from '@/scripts/start/process-group'

const projectRoot = resolve('.')
const loopback = '127.0.0.1'

export class AppServer {
  readonly #guard: Guard
  readonly #app: ProcessGroup
  readonly #folder: string
  readonly #door: Server
  readonly #appPort: number
  #version = 0
  /** `localhost` counts as a secure context, so that a service worker may run. */
  url = ''
  /** What `GET /api/v1/trust` answers; without it there is no operator. */
  trust: object | undefined
  /** Every address that was asked for. */
  readonly asked: string[] = []

  private constructor(guard: Guard, app: ProcessGroup, folder: string, appPort: number) {
    this.#guard = guard
    this.#app = app
    this.#folder = folder
    this.#appPort = appPort
    this.#door = createServer((incoming, outgoing) => this.#serve(incoming, outgoing))
  }

  static async start(): Promise<AppServer> {
    const folder = mkdtempSync(join(tmpdir(), 'outpost-app-'))
    const guard = startGuard(join(projectRoot, 'scripts/start/guard-process.mjs'))
    const app = startProcessGroup(
      {
        name: 'app',
        args: [
          join(projectRoot, 'node_modules/next/dist/bin/next'),
          'start',
          '--port=0',
          `--hostname=${loopback}`,
        ],
        env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', OUTPOST_VAR: folder, OUTPOST_DEMO: '1' },
        cwd: projectRoot,
        logFile: join(folder, 'app.log'),
      },
      guard,
    )
    const port = await app.firstLine((line) => /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1])
    await app.firstLine((line) => (line.includes('Ready in') ? true : undefined))
    if (port === undefined)
      throw new Error(`The app did not start: ${app.complaint(/^\S/) ?? 'no reason given'}`)
    const server = new AppServer(guard, app, folder, Number(port))
    await new Promise<void>((done) => server.#door.listen(0, loopback, done))
    server.url = `http://localhost:${(server.#door.address() as AddressInfo).port}`
    return server
  }

  /** As a new release does: the worker's bytes differ. */
  publishNewerWorker(): void {
    this.#version += 1
  }

  /** Nothing answers any more, not even on open connections. */
  async shut(): Promise<void> {
    if (!this.#door.listening) return
    const closed = new Promise((done) => this.#door.close(done))
    this.#door.closeAllConnections()
    await closed
  }

  async close(): Promise<void> {
    await this.shut()
    await this.#app.stop()
    this.#guard.dismiss()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url ?? '/'
    this.asked.push(path)
    if (path === '/api/v1/trust' && this.trust !== undefined) {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.trust))
      return
    }
    // Whole and uncompressed, so that the worker's text can be lengthened.
    const headers = { ...incoming.headers, 'accept-encoding': 'identity', 'if-none-match': '' }
    delete headers['if-modified-since']
    const onward = request(
      { host: loopback, port: this.#appPort, path, method: incoming.method, headers },
      (answer) => {
        const isWorker = path === '/sw.js' && this.#version > 0
        const { 'content-length': length, ...others } = answer.headers
        outgoing.writeHead(
          answer.statusCode ?? 502,
          isWorker || length === undefined ? others : answer.headers,
        )
        answer.on('data', (part) => outgoing.write(part))
        answer.on('end', () => outgoing.end(isWorker ? `\n// release ${this.#version}\n` : undefined))
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }
}
