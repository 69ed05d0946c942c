/**
 * Modems of Iridium's short burst data, such as the 9602 and 9603 (Iridium 9602 SBD Transceiver Developer’s Guide): AT
 * commands over a serial line. A binary message goes in with its length and the low 16 bits of the sum of its bytes, and
 * comes out likewise.
 */

import { concat, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import type { Exchanged, ModemFault, SatelliteModem } from './modem'

/** The line to the modem; opened for each exchange, so that a modem that was pulled out is found again. */
export interface ModemLine {
  write(bytes: Uint8Array): void
  onBytes(heard: (bytes: Uint8Array) => void): void
  onEnd(ended: (why: string) => void): void
  close(): void
}

export type OpenLine = () => Promise<Result<ModemLine, string>>

const answerMs = 5_000
/** A session of the modem with the satellite ends by itself within a minute. */
const sessionMs = 120_000
const longestBytes = 4_096
/** MO status: below five the satellite has it (the guide, +SBDIX). */
const takenBelow = 5
const noService = 32
const readsMax = 3

export function sbdModem(open: OpenLine, messageBytesMax: number): SatelliteModem {
  let line: ModemLine | undefined
  return {
    async exchange(message) {
      if (message !== undefined && message.length > messageBytesMax)
        return fault('too-large', `${message.length} bytes`)
      const opened = await open()
      if (!opened.ok) return fault('silent', opened.error)
      line = opened.value
      try {
        return await exchangeOver(new Dialogue(line), message)
      } catch (error) {
        if (error instanceof Silence) return fault('silent', error.message)
        throw error
      } finally {
        line.close()
        line = undefined
      }
    },
    close: () => line?.close(),
  }
}

/** Whether a modem answers, and how strong its signal is, 0 to 5; nothing is sent. For people who look for a fault. */
export async function modemSignalNow(open: OpenLine): Promise<Result<number, string>> {
  const opened = await open()
  if (!opened.ok) return opened
  try {
    const modem = new Dialogue(opened.value)
    await modem.ask('ATE0', 'OK')
    const signal = /\+CSQ:\s*(\d)/.exec(await modem.ask('AT+CSQ', 'OK', sessionMs))?.[1]
    return signal === undefined ? err('it does not say its signal') : ok(Number(signal))
  } catch (error) {
    if (error instanceof Silence) return err(error.message)
    throw error
  } finally {
    opened.value.close()
  }
}

const fault = (cause: ModemFault['cause'], detail: string): Result<never, ModemFault> =>
  err({ cause, detail })

async function exchangeOver(
  modem: Dialogue,
  message: Bytes | undefined,
): Promise<Result<Exchanged, ModemFault>> {
  await modem.ask('ATE0', 'OK')
  // No flow control: three wires are enough.
  await modem.ask('AT&K0', 'OK')
  // No word of its own in the middle of an answer.
  await modem.ask('AT+SBDMTA=0', 'OK')
  const signal = /\+CSQ:\s*(\d)/.exec(await modem.ask('AT+CSQ', 'OK', sessionMs))?.[1]
  if (signal === undefined || signal === '0') return fault('no-signal', `signal ${signal ?? 'unknown'}`)
  await modem.ask('AT+SBDD0', 'OK')
  if (message !== undefined) {
    const written = await writeMessage(modem, message)
    if (!written.ok) return written
  }
  const text = await modem.ask('AT+SBDIX', 'OK', sessionMs)
  const figures = /\+SBDIX:\s*(\d+),\s*(\d+),\s*(\d+),\s*(-?\d+),\s*(\d+),\s*(\d+)/.exec(text)
  const [sent, , received, , , waiting] = (figures ?? []).slice(1).map(Number)
  if (sent === undefined || waiting === undefined) return fault('not-sent', text.slice(0, 80))
  if (sent === noService) return fault('no-signal', 'no network service')
  if (sent >= takenBelow) return fault('not-sent', `MO status ${sent}`)
  return ok({ received: received === 1 ? await readMessage(modem) : undefined, waiting })
}

async function writeMessage(modem: Dialogue, message: Bytes): Promise<Result<void, ModemFault>> {
  await modem.ask(`AT+SBDWB=${message.length}`, 'READY')
  // The verdict first, then OK: whoever asks on before that takes the one for the other.
  const said = await modem.send(concat(message, checksum(message)), /(^|\n)[0-3]\r\n[^]*OK\r\n/)
  const verdict = /[0-3]/.exec(said)?.[0]
  return verdict === '0' ? ok(undefined) : fault('not-sent', `the modem says ${verdict}`)
}

/** Undefined where it comes damaged each time: reading it again costs nothing, another exchange does. */
async function readMessage(modem: Dialogue): Promise<Bytes | undefined> {
  for (let tries = 0; tries < readsMax; tries += 1) {
    const bytes = await modem.askBinary('AT+SBDRB')
    const message = bytes.subarray(2, -2)
    const sum = bytes.subarray(-2)
    const own = checksum(message)
    if (sum[0] === own[0] && sum[1] === own[1]) return toBytes(message)
  }
  return undefined
}

function checksum(message: Uint8Array): Bytes {
  const sum = message.reduce((total, byte) => total + byte, 0)
  return toBytes([(sum >> 8) & 0xff, sum & 0xff])
}

class Silence extends Error {}

/** One question after the other; what comes unasked, such as ring alerts, is read over. */
class Dialogue {
  readonly #line: ModemLine
  #heard: Bytes = new Uint8Array()
  #look: (() => void) | undefined
  #ended: string | undefined

  constructor(line: ModemLine) {
    this.#line = line
    line.onBytes((bytes) => {
      // A line that never stops talking is no modem's.
      this.#heard = concat(this.#heard, bytes).slice(-longestBytes)
      this.#look?.()
    })
    line.onEnd((why) => {
      this.#ended = why
      this.#look?.()
    })
  }

  /** Waits for a line that is `done`; an ERROR is silence: the modem has not understood. */
  ask(command: string, done: 'OK' | 'READY', timeoutMs = answerMs): Promise<string> {
    return this.send(utf8(`${command}\r`), new RegExp(`(^|\\n)${done}\\r\\n`), timeoutMs)
  }

  async send(bytes: Uint8Array, done: RegExp, timeoutMs = answerMs): Promise<string> {
    const heard = await this.#sendAndWait(bytes, timeoutMs, (all) => {
      const text = Buffer.from(all).toString('latin1')
      if (/(^|\n)ERROR\r\n/.test(text)) throw new Silence(`the modem says ERROR to ${printable(bytes)}`)
      return done.test(text)
    })
    return Buffer.from(heard).toString('latin1')
  }

  /** Length of two bytes, message, checksum of two bytes. */
  async askBinary(command: string): Promise<Uint8Array> {
    const isWhole = (all: Uint8Array): boolean => all.length >= 2 && all.length >= lengthIn(all) + 4
    const heard = await this.#sendAndWait(utf8(`${command}\r`), answerMs, isWhole)
    return heard.subarray(0, lengthIn(heard) + 4)
  }

  #sendAndWait(
    bytes: Uint8Array,
    timeoutMs: number,
    isDone: (heard: Uint8Array) => boolean,
  ): Promise<Uint8Array> {
    this.#heard = new Uint8Array()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => finish(() => reject(new Silence(`no answer to ${printable(bytes)}`))),
        timeoutMs,
      )
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        this.#look = undefined
        settle()
      }
      this.#look = () => {
        try {
          if (isDone(this.#heard)) finish(() => resolve(this.#heard))
          else if (this.#ended !== undefined) throw new Silence(this.#ended)
        } catch (error) {
          finish(() => reject(error instanceof Error ? error : new Silence(String(error))))
        }
      }
      this.#line.write(bytes)
      this.#look()
    })
  }
}

const lengthIn = (bytes: Uint8Array): number => (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)

const printable = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, 20))
    .toString('latin1')
    .replaceAll(/[^ -~]/g, '')
