/** What the computer itself says about how it is. Read at the moment of asking; each figure costs less than a millisecond. */

import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { journalPath } from '../journal-place'

export interface MachineFacts {
  readonly freeBytes: number
  readonly journalBytes: number
  readonly usedBytes: number
  readonly availableBytes: number
  readonly totalBytes: number
  readonly cameras: number
  /** Of the processor, in whole degrees; undefined where no sensor says. */
  readonly temperatureC: number | undefined
  readonly upS: number
  readonly runtime: string
}

export function machineFacts(dataFolder: string): MachineFacts {
  const { bavail, bsize } = statfsSync(dataFolder)
  const journal = journalPath(dataFolder)
  return {
    freeBytes: bavail * bsize,
    journalBytes: ['', '-wal'].reduce((sum, end) => sum + sizeOf(journal + end), 0),
    usedBytes: process.memoryUsage.rss(),
    availableBytes: freemem(),
    totalBytes: totalmem(),
    cameras: existsSync('/dev') ? readdirSync('/dev').filter((name) => /^video\d+$/.test(name)).length : 0,
    temperatureC: temperature(),
    upS: Math.floor(process.uptime()),
    runtime: `Node ${process.versions.node}`,
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** In thousandths of a degree, as Linux has it. */
function temperature(): number | undefined {
  try {
    const value = Number(readFileSync('/sys/class/thermal/thermal_zone0/temp', 'utf8').trim())
    return Number.isFinite(value) && value > 0 ? Math.round(value / 1_000) : undefined
  } catch {
    return undefined
  }
}
