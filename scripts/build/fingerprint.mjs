// One hash over everything that a build step reads, so that a second start can skip the step.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../setup/root.mjs'

const skippedFolders = new Set(['node_modules', '.next', 'dist', 'var', '.git'])
/** What the build itself writes among its inputs. */
const generated = new Set(['public/sw.js', 'public/sw.js.map', 'public/zxing'])

/** Every file below `path`, sorted, or nothing when it does not exist. */
function filesBelow(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (!stats.isDirectory()) return [path]
  return readdirSync(join(root, path))
    .filter((name) => !skippedFolders.has(name) && !generated.has(`${path}/${name}`))
    .sort()
    .flatMap((name) => filesBelow(root, `${path}/${name}`))
}

/**
 * @param {readonly string[]} paths files and folders relative to `root`; missing ones count as absent
 * @param {readonly string[]} [settings] further inputs, such as environment values
 * @param {string} [root]
 * @returns {string} hex
 */
export function fingerprint(paths, settings = [], root = projectRoot) {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of filesBelow(root, path)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0')
    }
  }
  for (const setting of settings) hash.update(`${setting}\0`)
  return hash.digest('hex')
}
