/**
 * A modem of Iridium's short burst data without an antenna, over a socket: the AT commands that our controller uses, as the
 * developer's guide has them, one message each way, and the faults that a sky has.
 */

import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

export interface VirtualSky {
  /** 0 to 5. */
  signal: number
  /** What the next sessions end with, before they succeed again (MO status; 18 is a lost connection). */
  readonly refusals: number[]
  /** Given to the provider; what it rejects with is a session that failed. */
  deliver: (message: Uint8Array) => Promise<void> | void
  /** For this modem, the oldest first. */
  readonly mailbox: Uint8Array[]
  /** Answers nothing at all. */
  isMute: boolean
  /** Turns a bit of the next messages that it hands out. */
  garbles: number
  readonly sent: Uint8Array[]
}

export const clearSky = (): VirtualSky => ({
  ...{ signal: 4, refusals: [], deliver: () => undefined, mailbox: [] },
  ...{ isMute: false, garbles: 0, sent: [] },
})

export interface VirtualModem {
  readonly port: number
  close(): Promise<void>
}

export async function startVirtualModem(sky: VirtualSky, port = 0): Promise<VirtualModem> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    const modem = new Modem(sky, (bytes) => socket.write(bytes))
    socket.on('data', (bytes) => modem.hear(bytes))
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

class Modem {
  #text = ''
  #expected = 0
  #binary: number[] = []
  #outgoing: Uint8Array | undefined
  #incoming: Uint8Array = new Uint8Array()
  #momsn = 0

  constructor(
    readonly sky: VirtualSky,
    readonly say: (bytes: Uint8Array) => void,
  ) {}

  hear(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#expected > 0) this.#takeBinary(byte)
      else if (byte === 13) {
        const command = this.#text.trim()
        this.#text = ''
        if (!this.sky.isMute) void this.#obey(command)
      } else this.#text += String.fromCharCode(byte)
    }
  }

  #line(text: string): void {
    this.say(Buffer.from(`\r\n${text}\r\n`, 'latin1'))
  }

  #takeBinary(byte: number): void {
    this.#binary.push(byte)
    this.#expected -= 1
    if (this.#expected > 0) return
    const message = Uint8Array.from(this.#binary.slice(0, -2))
    const sum = message.reduce((total, each) => total + each, 0) & 0xffff
    const [high = 0, low = 0] = this.#binary.slice(-2)
    if (high * 256 + low === sum) this.#outgoing = message
    this.#line(high * 256 + low === sum ? '0' : '2')
    this.#line('OK')
  }

  async #obey(command: string): Promise<void> {
    const length = /^AT\+SBDWB=(\d+)$/.exec(command)?.[1]
    if (length !== undefined) {
      if (Number(length) > 340) return this.#line('3')
      this.#expected = Number(length) + 2
      this.#binary = []
      return this.#line('READY')
    }
    switch (command) {
      case 'AT+CSQ':
        this.#line(`+CSQ:${this.sky.signal}`)
        return this.#line('OK')
      case 'AT+SBDIX':
        return this.#session()
      case 'AT+SBDRB':
        return this.#handOut()
      case 'AT+SBDD0':
        this.#outgoing = undefined
        this.#line('0')
        return this.#line('OK')
      case 'AT+SBDMTA=0':
      case 'ATE0':
      case 'AT&K0':
        return this.#line('OK')
      default:
        return this.#line('ERROR')
    }
  }

  async #session(): Promise<void> {
    const { sky } = this
    const refused = sky.refusals.shift()
    if (refused !== undefined) return this.#ended(refused, 2, 0)
    if (this.#outgoing !== undefined) {
      try {
        await sky.deliver(this.#outgoing)
        sky.sent.push(this.#outgoing)
      } catch {
        return this.#ended(18, 2, 0)
      }
    }
    this.#outgoing = undefined
    this.#momsn += 1
    const received = sky.mailbox.shift()
    this.#incoming = received ?? new Uint8Array()
    this.#ended(0, received === undefined ? 0 : 1, this.#incoming.length)
  }

  #ended(sent: number, received: number, length: number): void {
    this.#line(`+SBDIX: ${sent}, ${this.#momsn}, ${received}, 0, ${length}, ${this.sky.mailbox.length}`)
    this.#line('OK')
  }

  #handOut(): void {
    const message = this.#incoming
    const sum = message.reduce((total, each) => total + each, 0) & 0xffff
    const isGarbled = this.sky.garbles > 0
    if (isGarbled) this.sky.garbles -= 1
    const given = isGarbled ? message.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) : message
    this.say(
      Buffer.concat([
        Buffer.from([message.length >> 8, message.length & 255]),
        given,
        Buffer.from([sum >> 8, sum & 255]),
      ]),
    )
  }
}
