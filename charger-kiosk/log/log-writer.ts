/**
 * The controller's log: one JSON object a line, on standard output and, where a folder is configured, in files that
 * rotate by size and number. It holds what happened to the machine, never who charged. A log that cannot be written
 * is given up silently: the charger goes on, and the journal has what matters.
 */

import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type LogLevel = 'error' | 'warn' | 'info'
export type Log = (what: string, facts?: Readonly<Record<string, unknown>>) => void

export interface LogSettings {
  readonly level: LogLevel
  readonly folder?: string | undefined
  readonly fileBytesMax: number
  readonly filesMax: number
}

const rank: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2 }
const lineCharsMax = 4_000

/** By how lines are named everywhere: what failed needs a person, what is lost or waited for may pass. */
export function levelOf(what: string): LogLevel {
  if (/-failed$/.test(what)) return 'error'
  return /^(cloud-lost|waiting-|key-not-)/.test(what) ? 'warn' : 'info'
}

/** @param print where each line goes besides the files */
export function openLog(settings: LogSettings, now: () => Date, print: (line: string) => void): Log {
  const file = settings.folder === undefined ? undefined : new RotatingFile(settings.folder, settings)
  return (what, facts = {}) => {
    const level = levelOf(what)
    if (rank[level] > rank[settings.level]) return
    const line = JSON.stringify({ at: now().toISOString(), level, what, ...facts })
    const whole =
      line.length <= lineCharsMax ? line : JSON.stringify({ at: now().toISOString(), level, what })
    print(`${whole}\n`)
    file?.write(`${whole}\n`)
  }
}

/** `outpost-kiosk.log` and its predecessors `.1` (newest) to `.n`. */
class RotatingFile {
  readonly #path: string
  readonly #bytesMax: number
  readonly #filesMax: number
  #bytes: number | undefined

  constructor(folder: string, { fileBytesMax, filesMax }: LogSettings) {
    this.#path = join(folder, 'outpost-kiosk.log')
    this.#bytesMax = fileBytesMax
    this.#filesMax = filesMax
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch {
      // The first write fails as well, and is given up.
    }
  }

  write(line: string): void {
    try {
      this.#bytes ??= statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
      const bytes = Buffer.byteLength(line)
      if (this.#bytes > 0 && this.#bytes + bytes > this.#bytesMax) this.#rotate()
      appendFileSync(this.#path, line, { mode: 0o600 })
      this.#bytes += bytes
    } catch {
      this.#bytes = undefined
    }
  }

  #rotate(): void {
    const name = (index: number): string => (index === 0 ? this.#path : `${this.#path}.${index}`)
    for (let index = this.#filesMax - 2; index >= 0; index -= 1) {
      if (statSync(name(index), { throwIfNoEntry: false }) !== undefined) {
        renameSync(name(index), name(index + 1))
      }
    }
    if (this.#filesMax === 1) appendFileSync(this.#path, '', { flag: 'w' })
    this.#bytes = 0
  }
}
