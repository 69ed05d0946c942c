/** `npm run bench -- console`: how soon a console answers with ten thousand drivers and a million sessions. */

import { parseArgs } from 'node:util'
import { progress } from '@/tests/bench/figures'
import { measureConsole } from '@/tests/bench/console/measure-console'
import { PlainFailure } from '../setup/plain-failure.mjs'

export const consoleUsage = `npm run bench -- console [--json] [--drivers 10000] [--sessions 1000000] [--screens [fleet,tokens]]
  --drivers   how many drivers the fleet has, each with a token
  --sessions  how many sessions of them are in the books; a million take some minutes to load
  --screens   only takes pictures of every state, or of those that begin so, for docs/screens`

const most = 10_000_000

export async function benchConsole(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      screens: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      drivers: { type: 'string', default: '10000' },
      sessions: { type: 'string', default: '1000000' },
    },
  })
  const size = { drivers: Number(values.drivers), sessions: Number(values.sessions) }
  const areCounts = Object.values(size).every(
    (count) => Number.isInteger(count) && count > 0 && count <= most,
  )
  if (!areCounts) throw new PlainFailure(consoleUsage)
  if (values.screens) {
    const { takeScreens } = await import('@/tests/bench/screens')
    const only = positionals.flatMap((names) => names.split(','))
    progress(`${await takeScreens('console', only)} pictures in docs/screens`)
    return 0
  }
  const figures = await measureConsole(size)
  process.stdout.write(`${values.json ? JSON.stringify(figures) : JSON.stringify(figures, undefined, 2)}\n`)
  return 0
}
