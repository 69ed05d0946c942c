/** Dashboard, health and metrics over plain HTTP: reading only, and nothing in it that a stranger may not see. */

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { chooseLocale } from '@/lib/format/locale'
import type { EpochSeconds } from '@/lib/core/units'
import { metricsText, type GatewayCounts } from './metrics'
import { dashboardPage } from './page'
import { style } from './style'
import { gatewayView, oldestOf, type ViewSources } from './view'

export interface DashboardPorts {
  readonly sources: ViewSources
  readonly counts: () => GatewayCounts
  readonly nowS: () => EpochSeconds
}

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

const fontFile =
  '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2'

export class DashboardServer {
  readonly #ports: DashboardPorts
  readonly #server: Server
  #font: Buffer | undefined

  constructor(ports: DashboardPorts) {
    this.#ports = ports
    this.#server = createServer((request, response) => this.#answer(request, response))
    this.#server.maxConnections = 32
    this.#server.requestTimeout = 10_000
  }

  /** Rejects where the address is taken. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => resolve())
    })
    return (this.#server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '/' } = request
    const { pathname, searchParams } = new URL(url, 'http://gateway')
    if (method !== 'GET' && method !== 'HEAD') return send(response, 405, 'text/plain', 'Only for reading.\n')
    if (pathname === '/style.css') return send(response, 200, 'text/css', style)
    if (pathname === '/font.woff2') return this.#sendFont(response)
    const { sources, counts, nowS } = this.#ports
    const view = gatewayView(sources, nowS())
    if (pathname === '/metrics')
      return send(response, 200, 'text/plain; version=0.0.4', metricsText(view, counts()))
    if (pathname === '/health') {
      const oldestS = oldestOf(view.piles)
      const ageS = oldestS === undefined ? 0 : view.nowS - oldestS
      const kept = view.piles.reduce((sum, { count }) => sum + count, 0)
      const body = { status: 'ok', uplink: view.uplink.state, kept, oldestKeptS: ageS }
      return send(response, 200, 'application/json', `${JSON.stringify(body)}\n`)
    }
    if (pathname !== '/') return send(response, 404, 'text/plain', 'There is no such page.\n')
    const preferred = (request.headers['accept-language'] ?? '').split(',').slice(0, 8)
    const locale = chooseLocale(
      searchParams.get('lang'),
      preferred.map((tag) => tag.split(';')[0]?.trim() ?? ''),
    )
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    send(response, 200, 'text/html', dashboardPage(view, { locale, timeZone }))
  }

  /** Without it the page is read in a font of the reader's. */
  #sendFont(response: ServerResponse): void {
    try {
      this.#font ??= readFileSync(createRequire(import.meta.url).resolve(fontFile))
      send(response, 200, 'font/woff2', this.#font, { 'cache-control': 'max-age=86400' })
    } catch {
      send(response, 404, 'text/plain', 'The font is not installed.\n')
    }
  }
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): void {
  const isText = typeof body === 'string' && !type.includes('version=')
  response.writeHead(status, {
    ...headers,
    'content-type': isText ? `${type}; charset=utf-8` : type,
    ...more,
  })
  response.end(body)
}
