/** What stands behind the touchscreen: the controller, or, before the charger is enrolled, a screen that says so. */

import { envelopeToText } from '@/lib/protocol/envelope'
import type { Controller } from '../controller/controller'
import type { KioskConfig } from '../config'
import type { FromScreen, ScreenState, ToScreen } from '../screen-protocol'

export interface ScreenHost {
  state(): ScreenState
  /** Calls back when the state has changed. Returns the way to stop. */
  onChange(listener: () => void): () => void
  /** Calls back with what every screen must be told besides the state. */
  onMessage(listener: (message: ToScreen) => void): () => void
  receive(message: FromScreen): Promise<void>
}

/** A host that changes hands once, when the controller is ready; the screens stay connected. */
export class ChangingHost implements ScreenHost {
  #host: ScreenHost
  readonly #changeListeners = new Set<() => void>()
  readonly #messageListeners = new Set<(message: ToScreen) => void>()

  constructor(first: ScreenHost) {
    this.#host = first
  }

  handOver(next: ScreenHost): void {
    this.#host = next
    next.onChange(() => {
      for (const listener of this.#changeListeners) listener()
    })
    next.onMessage((message) => {
      for (const listener of this.#messageListeners) listener(message)
    })
    for (const listener of this.#changeListeners) listener()
  }

  state = (): ScreenState => this.#host.state()
  receive = (message: FromScreen): Promise<void> => this.#host.receive(message)

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => this.#changeListeners.delete(listener)
  }

  onMessage(listener: (message: ToScreen) => void): () => void {
    this.#messageListeners.add(listener)
    return () => this.#messageListeners.delete(listener)
  }
}

export function controllerHost(controller: Controller): ScreenHost {
  const listeners = new Set<(message: ToScreen) => void>()
  controller.onFeedback((_connectorId, feedback) => {
    for (const listener of listeners) listener({ type: 'feedback', ...feedback })
  })
  return {
    state: () => controller.screenState(),
    onChange: (listener) => controller.onChange(listener),
    onMessage: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    receive: async (message) => {
      switch (message.type) {
        case 'scanned': {
          const outcome = await controller.handleScan(message.connectorId, message.text)
          const { connectorId } = message
          if (outcome.kind === 'news') {
            for (const listener of listeners) listener({ type: 'news', connectorId, pieces: outcome.pieces })
          }
          if (outcome.kind !== 'known') return
          const { what, bytes } = outcome.known
          const code = envelopeToText({ kind: what, parts: [bytes] })
          const again: ToScreen = { type: 'shown-again', connectorId, what, code }
          for (const listener of listeners) listener(again)
          return
        }
        case 'stop':
          await controller.handleStop(message.connectorId, message.stopCode)
          return
        case 'dismiss':
          await controller.dismiss(message.connectorId)
          return
        case 'technician':
          // Before technician mode stands in front of this host, there is none.
          return
      }
    },
  }
}

/** Until the operator's certificate is here, the charger sells nothing and says why. */
export function unpairedHost(config: KioskConfig, nowS: () => number): ScreenHost {
  return {
    state: () => ({
      chargerId: config.chargerId,
      siteLabel: config.chargerId,
      supportPhone: config.supportPhone,
      uplink: 'offline',
      nowS: nowS(),
      demoPageOrigins: [],
      connectors: config.bays.bays.map((connectorId) => ({
        connectorId,
        bayLabel: String(connectorId),
        tariff: null,
        phase: { kind: 'unavailable', reason: 'charger.unpaired' },
      })),
    }),
    onChange: () => () => undefined,
    onMessage: () => () => undefined,
    receive: () => Promise.resolve(),
  }
}
