/** What `npm run simulate` is told: flags, each with one plain sentence when it is wrong. */

import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import type { TraceWindow } from '@/simulator/traces/corridor'
import { londonEpochSeconds } from '@/simulator/traces/london-time'

export interface SimulateOptions {
  /** `a9`: the real corridor where its file is found. `seeded`: made-up sessions of the same shape. */
  readonly trace: 'a9' | 'seeded'
  readonly window: TraceWindow
  readonly seed: number
  readonly raisedCaps: boolean
  readonly json: boolean
}

export const usage = `npm run simulate -- [options]
  --trace a9          the real corridor (OUTPOST_DATA or ../shared/data), or "seeded" for made-up sessions
  --from 2018-07-14   first day, British time; every charger is cut off for 24 hours
  --days 2            1 to 60
  --seed 1            who drives, who scans, when phones come home, what the links lose
  --raised-caps       lifts every limit, so that each session takes what the trace says
  --json              one JSON object as the last line`

const dayS = 86_400
const daysMax = 60

export function readOptions(args: readonly string[]): Result<SimulateOptions, string> {
  let values: Readonly<Record<string, string | boolean | undefined>>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        trace: { type: 'string', default: 'a9' },
        from: { type: 'string', default: '2018-07-14' },
        days: { type: 'string', default: '2' },
        seed: { type: 'string', default: '1' },
        'raised-caps': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return err(error instanceof Error ? error.message : 'These options cannot be read.')
  }
  const { trace, from, days, seed } = values
  if (trace !== 'a9' && trace !== 'seeded') return err('--trace is "a9" or "seeded".')
  const fromS = londonEpochSeconds(`${String(from)}T00:00`)
  if (fromS === undefined) return err('--from is a day like 2018-07-14.')
  const dayCount = integer(days, 1, daysMax)
  if (dayCount === undefined) return err(`--days is a number from 1 to ${daysMax}.`)
  const seedNumber = integer(seed, 0, 2 ** 32 - 1)
  if (seedNumber === undefined) return err('--seed is a whole number below 2³².')
  return ok({
    trace,
    window: { fromS, untilS: epochSeconds(fromS + dayCount * dayS) },
    seed: seedNumber,
    raisedCaps: values['raised-caps'] === true,
    json: values['json'] === true,
  })
}

function integer(text: unknown, min: number, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(String(text)) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}
