/** What `npm run courier` is told. Every mistake gets one plain sentence. */

import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { err, ok, type Result } from '@/lib/core/result'

export const usage = `npm run courier -- FOLDER --to ORIGIN [--again] [--json]
  FOLDER        a stick, or its folder "outpost", or any folder with *.parcels in it
  --to ORIGIN   of the operator's cloud, such as https://charge.example.org
  --again       hands in also what was answered before, for the newest news
  --json        tells the outcome as JSON
Gives 0 when everything is answered, 1 when it was not understood, 2 when something on the stick is
damaged or refused, 3 when the cloud was not reached: then run it again.`

export interface CourierOptions {
  readonly folder: string
  readonly origin: string
  readonly isAgain: boolean
  readonly isJson: boolean
}

/** @param from the folder that somebody stands in. */
export function readOptions(args: readonly string[], from: string): Result<CourierOptions, string> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { to: { type: 'string' }, again: { type: 'boolean' }, json: { type: 'boolean' } },
      allowPositionals: true,
    })
    const [folder, ...more] = positionals
    if (folder === undefined || more.length > 0) return err('Name one folder.')
    if (values.to === undefined) return err('Name the operator’s cloud by --to.')
    const origin = originOf(values.to)
    if (origin === undefined)
      return err(`${values.to} is no address of a cloud: https://, or http:// on this machine.`)
    const flags = { isAgain: values.again === true, isJson: values.json === true }
    return ok({ folder: resolve(from, folder), origin, ...flags })
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error))
  }
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))
  return isSafe ? url.origin : undefined
}
