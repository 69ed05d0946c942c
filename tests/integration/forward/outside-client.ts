/** A charger that nobody here wrote: a WebSocket, JSON frames, and answers as OCPP asks for them. No code of the simulator's. */

import { WebSocket } from 'ws'

type Payload = Readonly<Record<string, unknown>>

export interface Asked {
  readonly action: string
  readonly payload: Payload
}

export class OutsideClient {
  readonly asked: Asked[] = []
  readonly #socket: WebSocket
  readonly #waiting = new Map<string, (frame: readonly unknown[]) => void>()
  #calls = 0
  isClosed = false

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.#hear(String(data)))
    socket.on('close', () => (this.isClosed = true))
    socket.on('error', () => (this.isClosed = true))
  }

  /** Rejects with the HTTP status where it is not let in. */
  static open(url: string, subprotocol: string, identity: string, password?: string): Promise<OutsideClient> {
    const credentials = Buffer.from(`${identity}:${password ?? ''}`).toString('base64')
    const headers = password === undefined ? {} : { authorization: `Basic ${credentials}` }
    const socket = new WebSocket(`${url}/${identity}`, [subprotocol], { headers })
    const client = new OutsideClient(socket)
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client))
      socket.on('error', reject)
    })
  }

  call(action: string, payload: Payload): Promise<Payload> {
    return this.callText(action, JSON.stringify(payload))
  }

  /** The payload's own text, spaces and all. */
  callText(action: string, text: string): Promise<Payload> {
    this.#calls += 1
    const id = `outside-${this.#calls}`
    const answered = new Promise<Payload>((resolve, reject) => {
      this.#waiting.set(id, ([kind, , payload, description]) => {
        if (kind === 3) resolve(payload as Payload)
        else reject(new Error(`${String(payload)} ${String(description)}`))
      })
    })
    this.#socket.send(`[2,"${id}","${action}",${text}]`)
    return answered
  }

  of(action: string): readonly Payload[] {
    return this.asked.filter((one) => one.action === action).map(({ payload }) => payload)
  }

  /** As a pulled cable. */
  cut(): void {
    this.#socket.terminate()
  }

  #hear(text: string): void {
    const frame = JSON.parse(text) as readonly unknown[]
    const [kind, id, action, payload] = frame as [number, string, string, Payload]
    if (kind !== 2) {
      this.#waiting.get(id)?.(frame)
      this.#waiting.delete(id)
      return
    }
    this.asked.push({ action, payload })
    this.#socket.send(JSON.stringify([3, id, answerTo(action, payload)]))
  }
}

function answerTo(action: string, payload: Payload): Payload {
  switch (action) {
    case 'SetVariables': {
      const data = payload['setVariableData'] as readonly Payload[]
      const setVariableResult = data.map(({ component, variable }) => ({
        attributeStatus: 'Accepted',
        component,
        variable,
      }))
      return { setVariableResult }
    }
    case 'GetLocalListVersion':
      return { listVersion: 0, versionNumber: 0 }
    case 'GetVariables':
      return { getVariableResult: [] }
    case 'UnlockConnector':
      return { status: 'Unlocked' }
    default:
      return { status: 'Accepted' }
  }
}
