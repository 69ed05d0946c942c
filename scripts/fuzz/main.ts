/** `npm run fuzz`: reads the options, runs the workers, prints what was found and says by its exit code whether all held. */

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { createProgress } from '../setup/progress.mjs'
import type { Finding, FuzzFigures } from './fuzz'
import { runWorkers, type FuzzOrder } from './run-workers'

const usage = `npm run fuzz -- [options]
  --runs N      inputs (100000)
  --seed TEXT   the same seed gives the same inputs (1)
  --from N      first input's number, to repeat a finding (0)
  --workers N   processes side by side (one a core, eight at most)
  --json        one JSON object as the last line`

const workersMax = 8

export interface FuzzOptions {
  readonly runs: number
  readonly seed: string
  readonly from: number
  readonly workers: number
  readonly json: boolean
}

export function readFuzzOptions(args: readonly string[]): FuzzOptions | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '100000' },
        seed: { type: 'string', default: '1' },
        from: { type: 'string', default: '0' },
        workers: { type: 'string', default: String(Math.min(workersMax, availableParallelism())) },
        json: { type: 'boolean', default: false },
      },
    })
    const [runs, from, workers] = [values.runs, values.from, values.workers].map(wholeNumber)
    if (runs === undefined || from === undefined || workers === undefined) return undefined
    if (runs < 1 || workers < 1 || workers > workersMax) return undefined
    return { runs, seed: values.seed, from, workers: Math.min(workers, runs), json: values.json }
  } catch {
    return undefined
  }
}

const wholeNumber = (text: string): number | undefined => {
  const value = Number(text.replaceAll('_', ''))
  return /^\d[\d_]*$/.test(text) && Number.isSafeInteger(value) ? value : undefined
}

/** Gives the exit code. */
export async function fuzz(args: readonly string[]): Promise<number> {
  const options = readFuzzOptions(args)
  if (options === undefined) {
    process.stderr.write(`${usage}\n`)
    return 1
  }
  const startMs = performance.now()
  const figures = await withProgress(options)
  const elapsedS = (performance.now() - startMs) / 1_000
  const { runs, accepted, crashes, hangs, falseAccepts, findings } = figures
  for (const finding of findings) process.stdout.write(`${sentenceOf(finding, options)}\n`)
  const perSecond = Math.round(runs / elapsedS)
  process.stdout.write(
    `${runs} inputs, ${perSecond} a second: ${accepted} accepted rightly, ${crashes} crashes, ${hangs} hangs, ${falseAccepts} false accepts\n`,
  )
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ runs, crashes, hangs, falseAccepts, accepted, perSecond })}\n`)
  }
  return crashes + hangs + falseAccepts === 0 && runs > 0 ? 0 : 1
}

const withProgress = (options: FuzzOptions): Promise<FuzzFigures> =>
  new Promise((resolve, reject) => {
    const order = (busyWith: (detail: string) => void): FuzzOrder => ({
      ...options,
      first: options.from,
      onProgress: (runs, findings) =>
        busyWith(
          `${runs.toLocaleString('en')} of ${options.runs.toLocaleString('en')}, ${findings} findings`,
        ),
    })
    createProgress(process.stderr)
      .step('Fuzzing', async (busyWith) => resolve(await runWorkers(order(busyWith))))
      .catch(reject)
  })

const sentenceOf = ({ kind, target, number, detail, hex }: Finding, { seed }: FuzzOptions): string =>
  `${kind} in ${target}: ${detail}\n  ${hex}\n  npm run fuzz -- --seed ${seed} --from ${number} --runs 1`
