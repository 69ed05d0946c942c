/** Where real traces lie, if they do: a folder beside the project, or the one that OUTPOST_DATA names. */

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The text of a trace, or undefined where the folder does not have it. */
export function readTrace(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const path = join(environment['OUTPOST_DATA'] ?? resolve('..', 'shared', 'data'), name)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
