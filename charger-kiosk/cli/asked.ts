/** What one command line asked for, as every command gets it. */

import { loadKioskConfig, type KioskConfig } from '../config'
import { Failure } from './usage'

export interface Asked {
  readonly config: string
  readonly words: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

export const textOf = ({ values }: Asked, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function configOf({ config }: Asked): KioskConfig {
  const loaded = loadKioskConfig(process.env, config)
  if (loaded.ok) return loaded.value
  throw new Failure(loaded.error.join('\n'))
}

/** What a controller that runs on this machine says about itself; undefined where none runs. */
export async function askRunning(port: number): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) })
    const value: unknown = await response.json()
    return typeof value === 'object' && value !== null && 'status' in value ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** A second process at the same journal would make the first one stop. */
export async function refuseWhileRunning(config: KioskConfig): Promise<void> {
  if ((await askRunning(config.screenPort)) === undefined) return
  throw new Failure(`The controller runs (port ${config.screenPort}): stop it first, then ask again.`)
}
