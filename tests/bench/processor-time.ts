/**
 * Processor time of the database's processes, from the process table of Linux: what a run costs, whatever else the
 * machine is busy with. Undefined where there is no such table.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the kernel tells user space, whatever its own ticks are. */
const usPerTick = 10_000

interface ProcessTimes {
  readonly parent: number
  readonly ownUs: number
  /** Of children that have ended. */
  readonly endedUs: number
}

/** Of the server whose cluster lies in `dataFolder`: all its processes since they began, and those that have ended. */
export function serverProcessorUs(dataFolder: string): number | undefined {
  const server = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  const own = timesOf(server)
  if (own === undefined) return undefined
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter((times) => times?.parent === server)
  return children.reduce((sum, times) => sum + (times?.ownUs ?? 0), own.ownUs + own.endedUs)
}

/** Undefined for a process that has ended meanwhile. */
function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands in brackets and may hold anything.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number)
    return {
      parent: Number(fields[1]),
      ownUs: (user + system) * usPerTick,
      endedUs: (endedUser + endedSystem) * usPerTick,
    }
  } catch {
    return undefined
  }
}
