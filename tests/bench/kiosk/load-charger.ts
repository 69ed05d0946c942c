/**
 * An OCPP 2.0.1 charger that does no more than a load needs: it accepts whatever it is told, begins a transaction when it
 * is started from afar, and then sends meter readings as fast as they are acknowledged.
 */

import { WebSocket } from 'ws'

type Payload = Readonly<Record<string, unknown>>

/** What it draws: a register that rises faster than a charger can would be a fault of its own. */
const powerW = 11_000
const startWh = 10_000

export class LoadCharger {
  readonly #socket: WebSocket
  readonly #identity: string
  readonly #waiting = new Map<string, (answer: Payload) => void>()
  #calls = 0
  #seqNo = 0
  #transactionId = ''
  #startedAtMs = 0
  #onCommand: (atMs: number) => void = () => undefined

  private constructor(socket: WebSocket, identity: string) {
    this.#socket = socket
    this.#identity = identity
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as readonly unknown[]))
  }

  static async connect(ocppPort: number, identity: string): Promise<LoadCharger> {
    const socket = new WebSocket(`ws://127.0.0.1:${ocppPort}/ocpp/${identity}`, 'ocpp2.0.1')
    const charger = new LoadCharger(socket, identity)
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve)
      socket.on('error', reject)
    })
    await charger.call('BootNotification', {
      reason: 'PowerUp',
      chargingStation: { vendorName: 'Outpost', model: 'Load' },
    })
    await charger.#status('Available')
    return charger
  }

  async plug(): Promise<void> {
    await this.#status('Occupied')
  }

  /** One reading, acknowledged. */
  async sendReading(): Promise<void> {
    await this.#event('Updated', 'MeterValuePeriodic', this.#readings('Sample.Periodic'))
  }

  async end(): Promise<void> {
    const reading = this.#readings('Transaction.End')
    await this.#event('Ended', 'EVDeparted', { ...reading, stoppedReason: 'EVDisconnected' })
    await this.#status('Available')
  }

  /** When it was told to start, by `performance.now()`. */
  untilCommanded(): Promise<number> {
    return new Promise((resolve) => (this.#onCommand = resolve))
  }

  close(): void {
    this.#socket.terminate()
  }

  call(action: string, payload: Payload): Promise<Payload> {
    this.#calls += 1
    const id = `${this.#identity}-${this.#calls}`
    this.#socket.send(JSON.stringify([2, id, action, payload]))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #take([kind, id, third, fourth]: readonly unknown[]): void {
    if (kind === 2) return this.#answer(String(id), String(third), fourth as Payload)
    const waiting = this.#waiting.get(String(id))
    this.#waiting.delete(String(id))
    if (kind !== 3) throw new Error(`The controller refused a call: ${String(third)} ${String(fourth)}`)
    waiting?.(third as Payload)
  }

  #answer(id: string, action: string, payload: Payload): void {
    if (action === 'RequestStartTransaction') this.#onCommand(performance.now())
    const reply = (answer: Payload): void => this.#socket.send(JSON.stringify([3, id, answer]))
    if (action === 'SetVariables') {
      const asked = payload['setVariableData'] as readonly Payload[]
      const results = asked.map(({ component, variable }) => ({
        attributeStatus: 'Accepted',
        component,
        variable,
      }))
      return reply({ setVariableResult: results })
    }
    reply({ status: 'Accepted' })
    if (action === 'RequestStartTransaction') void this.#begin(payload)
  }

  async #begin({ idToken, remoteStartId }: Payload): Promise<void> {
    this.#transactionId = `${this.#identity}-${Date.now()}`
    this.#startedAtMs = Date.now()
    await this.#event(
      'Started',
      'RemoteStart',
      { ...this.#readings('Transaction.Begin'), idToken },
      remoteStartId,
    )
  }

  #event(eventType: string, triggerReason: string, rest: Payload, remoteStartId?: unknown): Promise<Payload> {
    const { stoppedReason, ...body } = rest
    const started = remoteStartId === undefined ? {} : { remoteStartId }
    const stopped = stoppedReason === undefined ? {} : { stoppedReason }
    const transactionInfo = {
      transactionId: this.#transactionId,
      chargingState: 'Charging',
      ...started,
      ...stopped,
    }
    const seqNo = this.#seqNo
    this.#seqNo += 1
    const timestamp = new Date().toISOString()
    const evse = { id: 1, connectorId: 1 }
    return this.call('TransactionEvent', {
      eventType,
      triggerReason,
      timestamp,
      seqNo,
      transactionInfo,
      evse,
      ...body,
    })
  }

  #readings(context: string): Payload {
    const atMs = Date.now()
    const register = startWh + Math.floor(((atMs - this.#startedAtMs) * powerW) / 3_600_000)
    const sample = (measurand: string, value: number, unit: string): Payload => ({
      value,
      context,
      measurand,
      unitOfMeasure: { unit },
    })
    const sampledValue = [
      sample('Energy.Active.Import.Register', register, 'Wh'),
      sample('Power.Active.Import', powerW, 'W'),
    ]
    return { meterValue: [{ timestamp: new Date(atMs).toISOString(), sampledValue }] }
  }

  async #status(connectorStatus: string): Promise<void> {
    const timestamp = new Date().toISOString()
    await this.call('StatusNotification', { timestamp, connectorStatus, evseId: 1, connectorId: 1 })
  }
}
