/**
 * The OCPP library's client, which can also send a payload as the text that it was received as: its own way would parse
 * and write it again. The library writes a marker in the payload's place, and the marker is exchanged for the text in the
 * one method through which every frame passes.
 */

import { randomUUID } from 'node:crypto'
import { RPCClient } from 'ocpp-rpc'

const markerAtEnd = /"(raw:[0-9a-f-]{36})"\]$/

export class RawCallClient extends RPCClient {
  readonly #texts = new Map<string, string>()

  /** As `call` does: rejects with the far end's CALLERROR, after the time limit, and when the link is lost. */
  async callText(action: string, payload: string, callTimeoutMs: number): Promise<unknown> {
    const marker = `raw:${randomUUID()}`
    this.#texts.set(marker, payload)
    try {
      return await this.call(action, { toJSON: () => marker }, { callTimeoutMs })
    } finally {
      this.#texts.delete(marker)
    }
  }

  override sendRaw(message: string): void {
    const marker = markerAtEnd.exec(message)
    const text = marker === null ? undefined : this.#texts.get(marker[1] ?? '')
    super.sendRaw(
      marker === null || text === undefined ? message : `${message.slice(0, marker.index)}${text}]`,
    )
  }
}
