/** The real cloud's routes on a loopback socket with a switch: while it is cut, connections break as on a dead line. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const routes = fileURLToPath(new URL('../../../app', import.meta.url))

type Route = (request: Request) => Promise<Response>

export class CloudFront {
  readonly #server: Server
  readonly #underWay = new Set<Promise<void>>()
  isCut = false
  /** When the cloud has taken a parcel in and nobody has heard so yet. */
  afterParcel: (() => Promise<void>) | undefined
  /** Requests that were let through, by path. */
  readonly served = new Map<string, number>()

  private constructor() {
    this.#server = createServer((request, response) => {
      const answering = this.#answer(request, response).finally(() => this.#underWay.delete(answering))
      this.#underWay.add(answering)
    })
  }

  static async open(): Promise<CloudFront> {
    const front = new CloudFront()
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve))
    return front
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Once the cloud has finished what it had in hand. */
  async close(): Promise<void> {
    this.isCut = true
    await Promise.allSettled(this.#underWay)
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isCut) return void request.socket.destroy()
    const path = request.url ?? '/'
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.served.set(path, (this.served.get(path) ?? 0) + 1)
    const { POST } = (await import(/* @vite-ignore */ join(routes, path, 'route.ts'))) as { POST: Route }
    const answered = await POST(
      new Request(`${this.origin}${path}`, {
        method: 'POST',
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
        body: Buffer.concat(chunks),
      }),
    )
    if (path === '/api/v1/parcels') await this.afterParcel?.()
    // The line may have been cut while the cloud was at work: its answer is lost.
    if (this.isCut) return void request.socket.destroy()
    response.writeHead(answered.status, Object.fromEntries(answered.headers))
    response.end(Buffer.from(await answered.arrayBuffer()))
  }
}
