/**
 * The way to a built app: a small proxy in the test's own process. It can be shut in the middle of anything, can publish
 * a newer service worker, and gives answers of its own in place of the app's.
 */

import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const loopback = '127.0.0.1'

export class FrontDoor {
  readonly #server: Server
  #port = 0
  #version = 0
  /** Path → JSON that is answered instead of asking the app. */
  readonly answers = new Map<string, object>()
  /** Every address that was asked for. */
  readonly asked: string[] = []

  /** `appPort`: where the app listens, or will. */
  constructor(readonly appPort: number) {
    this.#server = createServer((incoming, outgoing) => this.#serve(incoming, outgoing))
  }

  /** `localhost` counts as a secure context, so that a service worker may run. */
  get url(): string {
    return `http://localhost:${this.#port}`
  }

  /** Opens, or opens again where it was. */
  async open(port = this.#port): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(port, loopback, done))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** As a new release does: the worker's bytes differ. */
  publishNewerWorker(): void {
    this.#version += 1
  }

  /** Nothing answers any more, not even on open connections. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((done) => this.#server.close(done))
    this.#server.closeAllConnections()
    await closed
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url ?? '/'
    this.asked.push(path)
    const own = this.answers.get(path)
    if (own !== undefined) {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(own))
      return
    }
    const isWorker = path === '/sw.js' && this.#version > 0
    const headers = isWorker ? wholeAndPlain(incoming) : incoming.headers
    const onward = request(
      // A connection of its own: one that was kept may be closed by the app in the moment in which it is used.
      { host: loopback, port: this.appPort, path, method: incoming.method, headers, agent: false },
      (answer) => {
        const { 'content-length': _length, ...others } = answer.headers
        outgoing.writeHead(answer.statusCode ?? 502, isWorker ? others : answer.headers)
        answer.on('data', (part) => outgoing.write(part))
        answer.on('error', () => outgoing.destroy())
        answer.on('end', () => outgoing.end(isWorker ? `\n// release ${this.#version}\n` : undefined))
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }
}

/** So that the worker's text can be lengthened. */
function wholeAndPlain({ headers }: IncomingMessage) {
  const asked = { ...headers, 'accept-encoding': 'identity', 'if-none-match': '' }
  delete asked['if-modified-since']
  return asked
}
