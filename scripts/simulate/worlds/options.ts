/** What `npm run simulate` is told about worlds: which seeds, and what to do with them. */

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'
import { mutants } from './mutants'

export interface WorldOptions {
  readonly mode: 'seeds' | 'mutants' | 'double-spend'
  readonly seeds: readonly number[]
  /** Every step of every world. */
  readonly tellsAll: boolean
  readonly onPostgres: boolean
  /** A planted bug to live with, by its id: what a failing world looks like. */
  readonly planted: string | undefined
  readonly json: boolean
  readonly processes: number
}

export const worldUsage = `npm run simulate -- --seeds 1..500 [options]     whole worlds, deterministic
  --seeds 1..500      every seed of a range; --seed 7 for one
  --story             tells every step
  --postgres          the same worlds on a real PostgreSQL
  --mutants           plants each known bug and looks for a seed that finds it
  --mutant id         plants one of them in the worlds of these seeds
  --double-spend      the worst loss of a double spend, by caps, couriers and delay
  --processes 2       how many worlds live at once; one a core unless told otherwise
  --json              one JSON object as the last line`

const seedsMax = 1_000_000
/** Within so many worlds every planted bug must be found. */
const mutantSeeds = '1..50'
const processesMax = 64

/**
 * Whether these arguments speak of worlds. A replay is asked for by a flag that only a replay has, or by nothing at
 * all; a seed alone is a world's, since seeds are what failing worlds are named by.
 */
export function speaksOfWorlds(args: readonly string[]): boolean {
  if (args.some((arg) => /^--(trace|from|days|raised-caps)(=|$)/.test(arg))) return false
  return args.some((arg) => /^--(seeds?|story|mutants?|double-spend|postgres|processes)(=|$)/.test(arg))
}

export function readWorldOptions(args: readonly string[]): Result<WorldOptions, string> {
  let values: Readonly<Record<string, string | boolean | undefined>>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string' },
        seed: { type: 'string' },
        story: { type: 'boolean', default: false },
        postgres: { type: 'boolean', default: false },
        mutants: { type: 'boolean', default: false },
        mutant: { type: 'string' },
        'double-spend': { type: 'boolean', default: false },
        processes: { type: 'string', default: String(Math.min(availableParallelism(), processesMax)) },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return err(error instanceof Error ? error.message : 'These options cannot be read.')
  }
  const mode =
    values['mutants'] === true ? 'mutants' : values['double-spend'] === true ? 'double-spend' : 'seeds'
  const text = values['seeds'] ?? values['seed'] ?? (mode === 'mutants' ? mutantSeeds : '1..100')
  const seeds = seedsOf(String(text))
  if (seeds === undefined) return err('--seeds is a range like 1..500, or one number.')
  const processes = /^\d{1,2}$/.test(String(values['processes'])) ? Number(values['processes']) : 0
  if (processes < 1 || processes > processesMax)
    return err(`--processes is a number from 1 to ${processesMax}.`)
  const planted = values['mutant'] === undefined ? undefined : String(values['mutant'])
  if (planted !== undefined && !mutants.some(({ id }) => id === planted))
    return err(`No bug is called ${planted}; --mutants names them all.`)
  return ok({
    mode,
    seeds,
    planted,
    tellsAll: values['story'] === true,
    onPostgres: values['postgres'] === true,
    json: values['json'] === true,
    processes,
  })
}

function seedsOf(text: string): readonly number[] | undefined {
  const [, first, last = first] = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(text) ?? []
  const from = Number(first)
  const to = Number(last)
  if (first === undefined || to < from || to - from >= seedsMax) return undefined
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
