/** `npm run bench`: runs a bench by name and prints its figures; one JSON object is the last line with `--json`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { inProject } from '../setup/root.mjs'
import { measureReconcile, wholeSize } from '@/tests/bench/reconcile'
import { measureCeremony, type CeremonyFigures } from './ceremony'
import { benchConsole, consoleUsage } from './console'
import { benchDriverApp, driverAppUsage } from './driver-app'
import { benchKiosk, kioskUsage } from './kiosk'
import { figuresTable, withFigures } from './readme-table'

const usage = `npm run bench -- ceremony [--json] [--readme]
npm run bench -- reconcile [--json] [--sessions 10000] [--sizes 100000,1000000]
${driverAppUsage}
${kioskUsage}
${consoleUsage}
  --json      one JSON object as the last line
  --readme    writes the figures into README.md
  --sessions  sessions of the run with one worker and of the run with two
  --sizes     more runs with two workers, to see whether the cost of a session stays flat; a million takes long`

interface BenchOptions {
  readonly name: 'ceremony' | 'reconcile'
  readonly json: boolean
  readonly readme: boolean
  /** Sessions of each run of the reconcile bench. */
  readonly sizes: readonly number[]
}

/** Gives the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  if (args[0] === 'driver-app') return benchDriverApp(args.slice(1))
  if (args[0] === 'console') return benchConsole(args.slice(1))
  if (args[0] === 'kiosk') return benchKiosk(args.slice(1))
  const options = readOptions(args)
  if (options === undefined) {
    process.stderr.write(`${usage}\n`)
    return 1
  }
  const figures =
    options.name === 'ceremony' ? await benchCeremony(options) : await measureReconcile(options.sizes)
  if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`)
  else if (options.name === 'reconcile') process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`)
  return 0
}

async function benchCeremony({ readme }: BenchOptions): Promise<CeremonyFigures> {
  const figures = await measureCeremony()
  process.stdout.write(`${figuresTable(figures)}\n`)
  if (readme) writeReadme(figures)
  return figures
}

const sessionsByDefault = '10000'
const sessionsMax = 1_000_000

function readOptions(args: readonly string[]): BenchOptions | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        readme: { type: 'boolean', default: false },
        sessions: { type: 'string', default: sessionsByDefault },
        sizes: { type: 'string', default: '' },
      },
    })
    const [name] = positionals
    const sizes = [values.sessions, ...values.sizes.split(',').filter((size) => size !== '')].map(Number)
    const isSound = sizes.every((size) => Number.isInteger(size) && size > 0 && size <= sessionsMax)
    if (positionals.length !== 1 || (name !== 'ceremony' && name !== 'reconcile') || !isSound)
      return undefined
    return { name, json: values.json, readme: values.readme, sizes: sizes.map(wholeSize) }
  } catch {
    return undefined
  }
}

function writeReadme(figures: CeremonyFigures): void {
  const path = inProject('README.md')
  const written = withFigures(readFileSync(path, 'utf8'), figures)
  if (!written.ok)
    throw new PlainFailure('README.md has no marks <!-- bench:start --> and <!-- bench:end -->.')
  writeFileSync(path, written.value)
}
