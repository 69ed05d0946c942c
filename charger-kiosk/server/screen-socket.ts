/** The WebSocket between controller and touchscreen: states go out, acts come in. Only our own page may connect. */

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { limits } from '@/lib/core/limits'
import { screenStateEveryMs, type ToScreen } from '../screen-protocol'
import { GatheredScans } from './gathered-scans'
import type { ScreenHost } from './screen-host'
import { parseFromScreen } from './screen-message'

/** A person does a few things a second; a code that is seen again is quieted by the screen. More is a flood. */
const messagesPerSecondMax = 20
/** Changes within this time go out as one state. */
const gatherMs = 50

export interface ScreenSocket {
  close(): void
}

/** @param isOwnOrigin whether a page of this origin is the touchscreen itself. */
export function serveScreens(
  server: Server,
  host: ScreenHost,
  isOwnOrigin: (origin: string | undefined) => boolean,
): ScreenSocket {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.screenMessageBytesMax })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = (request.url ?? '').split('?')[0]
    if (
      path !== '/screen' ||
      !isOwnOrigin(request.headers.origin) ||
      sockets.clients.size >= limits.screenSocketsMax
    ) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      return
    }
    socket.on('error', () => socket.destroy())
    sockets.handleUpgrade(request, socket, head, (screen) => attend(screen, host))
  }
  server.on('upgrade', upgrade)

  const tell = (message: ToScreen): void => {
    const text = JSON.stringify(message)
    for (const screen of sockets.clients) send(screen, text)
  }
  const tellState = (): void => tell({ type: 'state', state: host.state() })
  let gathering: ReturnType<typeof setTimeout> | undefined
  const stopChanges = host.onChange(() => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      tellState()
    }, gatherMs)
  })
  const stopMessages = host.onMessage(tell)
  const repeating = setInterval(tellState, screenStateEveryMs)

  return {
    close() {
      stopChanges()
      stopMessages()
      clearTimeout(gathering)
      clearInterval(repeating)
      server.off('upgrade', upgrade)
      for (const screen of sockets.clients) screen.terminate()
      sockets.close()
    },
  }
}

function attend(screen: WebSocket, host: ScreenHost): void {
  screen.on('error', () => screen.terminate())
  let heard = 0
  const scans = new GatheredScans()
  const forget = setInterval(() => (heard = 0), 1_000)
  screen.on('close', () => clearInterval(forget))
  screen.on('message', (data, isBinary) => {
    heard += 1
    if (heard > messagesPerSecondMax) return screen.close(1_008, 'Too much at once')
    const message = isBinary ? undefined : parseFromScreen(String(data))
    if (message === undefined) return
    const taken = scans.take(message)
    if (taken.type === 'parts') return send(screen, JSON.stringify(taken satisfies ToScreen))
    // Refusals are values; a rejection is a bug, and must not take the other screens along.
    host.receive(taken).catch(() => screen.terminate())
  })
  send(screen, JSON.stringify({ type: 'state', state: host.state() } satisfies ToScreen))
}

/** A screen that does not read is not written to without bound; it gets the newest state when it reads again. */
function send(screen: WebSocket, text: string): void {
  if (screen.readyState === screen.OPEN && screen.bufferedAmount < 1_000_000) screen.send(text)
}
