/** What `npm run keys` is told. Every mistake gets one plain sentence. */

import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'
import { overlapDays } from '@/lib/cloud/operator/trust-lists'

export const usage = `npm run keys -- <command> [options]
  status                      the issuer's keys that devices accept, and which one this server signs with
  rotate-issuer               makes the issuer's next key and has the root's key of this folder list it
  request                     makes the next key and prints what the root must sign, where that key is kept elsewhere
      --overlap-days ${overlapDays.usual}       how long the present key is accepted besides; at least ${overlapDays.least}
  sign REQUEST                signs a request with the root's key of this folder; prints the list
  import LIST                 takes in a list that the root signed
  activate                    lets this server sign with the next key from its next start on
  --database-url URL          for all that ask the database`

const commands = ['status', 'rotate-issuer', 'request', 'sign', 'import', 'activate'] as const
export type KeysCommand = (typeof commands)[number]

export interface KeysOptions {
  readonly command: KeysCommand
  readonly file: string
  readonly overlapDays: number
  readonly databaseUrl: string | undefined
}

const flags = {
  'overlap-days': { type: 'string', default: String(overlapDays.usual) },
  'database-url': { type: 'string' },
} as const

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: flags, allowPositionals: true })

export function readOptions(args: readonly string[]): Result<KeysOptions, string> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return err(error instanceof Error ? error.message : 'These options cannot be read.')
  }
  const { values, positionals } = parsed
  const [name, file = '', ...rest] = positionals
  const command = commands.find((known) => known === name)
  if (command === undefined || rest.length > 0) return err('There is no such command.')
  const needsFile = command === 'sign' || command === 'import'
  if (needsFile !== (file !== ''))
    return err(needsFile ? `"${command}" needs a file.` : `"${command}" takes no file.`)
  const days = /^\d{1,4}$/.test(values['overlap-days']) ? Number(values['overlap-days']) : 0
  if (days < overlapDays.least || days > 730)
    return err(
      `--overlap-days is a number from ${overlapDays.least} to 730: the longest grants live 45 days and must stay good.`,
    )
  return ok({ command, file, overlapDays: days, databaseUrl: values['database-url'] })
}
