/** What each uplink has used of its budgets, one small file each, put in place whole: a cut leaves the old or the new. */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { decodeRoadSpent, encodeRoadSpent, nothingSpent } from '@/lib/sync/road-budget'
import type { SpentBook } from '@/lib/roads/uplinks-road'

export function spentFiles(folder: string): SpentBook {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (name: string): string => join(folder, `${name}.spent`)
  return {
    read: (name) => {
      try {
        return decodeRoadSpent(readFileSync(pathOf(name))) ?? nothingSpent
      } catch {
        // There is none before the first attempt.
        return nothingSpent
      }
    },
    write: (name, spent) => {
      const fresh = `${pathOf(name)}.new`
      const file = openSync(fresh, 'w', 0o600)
      try {
        writeSync(file, encodeRoadSpent(spent))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(fresh, pathOf(name))
    },
  }
}
