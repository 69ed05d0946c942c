/** The line to a modem: a serial device of this computer, or a socket to one elsewhere on the charger's own network. */

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { ReadStream, WriteStream } from 'node:tty'
import { promisify } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'
import type { ModemLine, OpenLine } from './sbd-modem'

const connectMs = 5_000

/** @param address `/dev/ttyUSB0`, or `tcp://host:port`. @param baud 9602 and 9603 speak 19,200. */
export const openLine =
  (address: string, baud: number): OpenLine =>
  () =>
    address.startsWith('tcp://') ? overSocket(new URL(address)) : overSerial(address, baud)

async function overSocket(url: URL): Promise<Result<ModemLine, string>> {
  const socket = connect({ host: url.hostname, port: Number(url.port), timeout: connectMs })
  const gone = new Promise<Result<never, string>>((resolve) => {
    socket.once('error', (error) => resolve(err(error.message)))
    socket.once('timeout', () => resolve(err(`no answer within ${connectMs / 1_000} s`)))
  })
  const opened = await Promise.race([once(socket, 'connect').then(() => ok(undefined)), gone]).catch(
    (error: unknown) => err(String(error)),
  )
  socket.setTimeout(0)
  if (opened.ok) return ok(lineOf(socket, socket))
  socket.destroy()
  return opened
}

/** Its speed is set by the system's own `stty`: a library for it would be native code for one call. */
async function overSerial(path: string, baud: number): Promise<Result<ModemLine, string>> {
  try {
    const raw = ['-F', path, String(baud), 'raw', '-echo', '-hupcl', 'clocal']
    await promisify(execFile)('stty', raw, { timeout: connectMs })
    // Plain descriptors: of a file handle that nobody holds any more the collector closes the descriptor, too.
    const flags = constants.O_RDWR | constants.O_NOCTTY
    const [input, output] = [openSync(path, flags), openSync(path, flags)]
    try {
      return ok(lineOf(new ReadStream(input), new WriteStream(output)))
    } catch (error) {
      closeSync(input)
      closeSync(output)
      throw error
    }
  } catch (error) {
    return err(error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error))
  }
}

function lineOf(input: Socket | ReadStream, output: Socket | WriteStream): ModemLine {
  const ended: ((why: string) => void)[] = []
  const end = (why: string): void => ended.forEach((each) => each(why))
  input.on('error', (error) => end(error.message))
  output.on('error', (error) => end(error.message))
  input.on('close', () => end('the line has ended'))
  return {
    write: (bytes) => void output.write(bytes),
    onBytes: (heard) => input.on('data', (bytes: Uint8Array) => heard(bytes)),
    onEnd: (listener) => ended.push(listener),
    close: () => {
      ended.length = 0
      input.destroy()
      output.destroy()
    },
  }
}
