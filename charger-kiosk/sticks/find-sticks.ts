/** Where sticks are mounted. What is not plainly a folder there is none. */

import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stickFolderName } from '@/lib/roads/stick-folder'

/** More sockets than any charger has. */
const sticksMax = 4
const namesMax = 64

/**
 * Folders directly below any of `places` that something is mounted on, or that hold an `outpost` folder: somebody prepared
 * them. In the order of their names; what cannot be looked at is left out.
 */
export async function findSticks(places: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const place of places) {
    const home = await lstat(place).catch(() => undefined)
    const names = home === undefined ? [] : await readdir(place).catch(() => [])
    for (const name of names.sort().slice(0, namesMax)) {
      const folder = join(place, name)
      const entry = await lstat(folder).catch(() => undefined)
      if (entry?.isDirectory() !== true) continue
      const prepared = await lstat(join(folder, stickFolderName)).catch(() => undefined)
      if (entry.dev !== home?.dev || prepared?.isDirectory() === true) found.push(folder)
    }
  }
  return found.slice(0, sticksMax)
}
