/** The socket to the controller: comes back by itself, and notices a controller that has gone quiet. */

import type { CancelTimer, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { screenSilenceMs, type FromScreen, type ToScreen } from '../screen-protocol'

/** Waits between attempts. The controller is on the same machine, so there is no crowd to protect it from. */
const retryMs = [250, 500, 1_000, 2_000, 4_000] as const

/** One connection, however it is made. */
export interface Socket {
  send(text: string): void
  close(): void
}

export interface SocketEvents {
  onMessage(data: unknown): void
  onClose(): void
}

export interface ControllerLinkOptions {
  open(events: SocketEvents): Socket
  readonly timers: Timers
  onLink(link: 'live' | 'lost'): void
  onMessage(message: ToScreen): void
}

export interface ControllerLink {
  /** Lost when the link is down: a scan or a code is simply shown again. Returns whether it went out. */
  send(message: FromScreen): boolean
  close(): void
}

export function controllerLink(options: ControllerLinkOptions): ControllerLink {
  const { timers } = options
  let socket: Socket | undefined
  let live = false
  let failures = 0
  let cancelRetry: CancelTimer = () => undefined
  let cancelSilence: CancelTimer = () => undefined

  function connect(): void {
    const opened = options.open({
      onMessage: (data) => {
        const message = socket === opened ? parseToScreen(data) : undefined
        if (message === undefined) return
        heard(opened)
        options.onMessage(message)
      },
      onClose: () => lose(opened),
    })
    socket = opened
    waitForSilence(opened)
  }

  function heard(from: Socket): void {
    failures = 0
    waitForSilence(from)
    if (live) return
    live = true
    options.onLink('live')
  }

  /** A connection that says nothing is as good as none: also one that never opens. */
  function waitForSilence(from: Socket): void {
    cancelSilence()
    cancelSilence = timers.after(durationMs(screenSilenceMs), () => {
      lose(from)
      from.close()
    })
  }

  function lose(closed: Socket): void {
    if (socket !== closed) return
    socket = undefined
    live = false
    cancelSilence()
    options.onLink('lost')
    const waitMs = retryMs[Math.min(failures, retryMs.length - 1)] ?? 4_000
    failures += 1
    cancelRetry = timers.after(durationMs(waitMs), connect)
  }

  connect()
  return {
    send(message) {
      if (socket === undefined || !live) return false
      socket.send(JSON.stringify(message))
      return true
    },
    close() {
      const closing = socket
      socket = undefined
      cancelRetry()
      cancelSilence()
      closing?.close()
    },
  }
}

const types: readonly unknown[] = [
  'state',
  'feedback',
  'shown-again',
  'news',
] satisfies readonly ToScreen['type'][]

/** The controller and its screen are of one build; what is checked here is that this is a message at all. */
export function parseToScreen(data: unknown): ToScreen | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(data)
    const known = typeof value === 'object' && value !== null && 'type' in value && types.includes(value.type)
    return known ? (value as ToScreen) : undefined
  } catch {
    return undefined
  }
}
