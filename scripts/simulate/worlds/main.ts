/** `npm run simulate -- --seeds 1..500`: lives through the worlds, tells what was violated and how to see it again. */

import { addedUp, type LivedThing } from '@/simulator/world/lived'
import type { WorldReport } from '@/simulator/world/live-through'
import { openTemporaryPlace } from '../temporary-place'
import { bundleWorker, openBundleFolder } from './bundle'
import { readWorldOptions, worldUsage, type WorldOptions } from './options'
import { lossSheet, lossTable } from './loss-sheet'
import { mutants } from './mutants'
import { figuresOfMutants, runMutants } from './run-mutants'
import { runWorkers } from './run-workers'

export interface SeedsFigures {
  readonly runs: number
  readonly steps: number
  readonly violations: number
  /** The first seed that violated anything. */
  readonly seedOfFirst: number | null
  readonly worldsPerSecond: number
  /** How often all of them met what worlds are there for. */
  readonly lived: Readonly<Record<LivedThing, number>>
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** Gives the exit code. */
export async function simulateWorlds(args: readonly string[]): Promise<number> {
  const options = readWorldOptions(args)
  if (!options.ok) {
    say(`${options.error}\n\n${worldUsage}`)
    return 1
  }
  switch (options.value.mode) {
    case 'seeds':
      return runSeeds(options.value)
    case 'mutants':
      return plantMutants(options.value)
    case 'double-spend':
      return tellLosses(options.value)
  }
}

function tellLosses({ json }: WorldOptions): number {
  const figures = lossSheet()
  for (const line of lossTable(figures)) print(line)
  if (json) print(JSON.stringify({ doubleSpend: figures }))
  return 0
}

async function plantMutants({ seeds, processes, json }: WorldOptions): Promise<number> {
  const outcomes = await runMutants(mutants, seeds, processes, ({ id, foundBy }) => {
    const found = foundBy === undefined ? 'SURVIVES' : `found by seed ${foundBy.seed}: ${foundBy.rule}`
    print(`${id.padEnd(mutantWidth)} ${found}`)
  })
  const figures = figuresOfMutants(outcomes)
  print(`${figures.killed} of ${figures.mutants} mutants found within ${seeds.length} worlds each`)
  if (json) print(JSON.stringify(figures))
  return figures.survivors.length === 0 ? 0 : 1
}

const mutantWidth = 32

async function runSeeds(options: WorldOptions): Promise<number> {
  const startedMs = performance.now()
  const reports = await worldsOf(options, (report) => tell(report, options))
  const figures = figuresOf(reports, performance.now() - startedMs)
  print(
    `${figures.runs} worlds, ${figures.steps} steps, ${figures.violations} violations, ` +
      `${figures.worldsPerSecond} worlds/s`,
  )
  if (options.json) print(JSON.stringify(figures))
  return figures.violations === 0 ? 0 : 1
}

/** Lives through all worlds of the options; their reports in the order of seeds. */
export async function worldsOf(
  { seeds, processes, onPostgres, tellsAll, planted }: Omit<WorldOptions, 'mode' | 'json'>,
  onWorld: (report: WorldReport) => void = () => undefined,
): Promise<readonly WorldReport[]> {
  const bundles = openBundleFolder()
  try {
    const bundle = await bundleWorker(
      bundles.folder,
      'worker',
      onPostgres ? 'postgres' : 'memory',
      mutants.filter(({ id }) => id === planted),
    )
    const order = { bundle, seeds, processes, tellsAll, stopsAtViolation: false, onWorld }
    if (!onPostgres) return await runWorkers(order)
    const place = await openTemporaryPlace()
    try {
      return await runWorkers({ ...order, env: { OUTPOST_WORLD_DATABASE: place.databaseUrl } })
    } finally {
      await place.remove()
    }
  } finally {
    bundles.remove()
  }
}

export function figuresOf(reports: readonly WorldReport[], elapsedMs: number): SeedsFigures {
  const broken = reports.filter(({ violations }) => violations.length > 0)
  return {
    runs: reports.length,
    steps: reports.reduce((sum, { steps }) => sum + steps, 0),
    violations: broken.reduce((sum, { violations }) => sum + violations.length, 0),
    seedOfFirst: broken[0]?.seed ?? null,
    worldsPerSecond: Math.round((reports.length * 10_000) / elapsedMs) / 10,
    lived: addedUp(reports.map(({ lived }) => lived)),
  }
}

function tell(report: WorldReport, options: WorldOptions): void {
  if (options.tellsAll) for (const line of report.story) print(line)
  for (const line of complaintOf(report, options)) say(line)
}

/** Nothing where nothing was violated. */
export function complaintOf(
  { seed, story, violations }: WorldReport,
  options: Pick<WorldOptions, 'tellsAll' | 'onPostgres' | 'planted'>,
): readonly string[] {
  if (violations.length === 0) return []
  return [
    `Seed ${seed} violates:`,
    ...violations.map(({ step, rule, detail }) => `  step ${step}: ${rule}: ${detail}`),
    ...(options.tellsAll ? [] : story.slice(-storyEnd).map((line) => `    ${line}`)),
    `  See it again: ${replayCommand(seed, options)}`,
  ]
}

/** How much of a story stands before the violation where nobody asked for all of it. */
const storyEnd = 12

const replayCommand = (
  seed: number,
  { onPostgres, planted }: Pick<WorldOptions, 'onPostgres' | 'planted'>,
): string =>
  `npm run simulate -- --seed ${seed} --story` +
  `${onPostgres ? ' --postgres' : ''}${planted === undefined ? '' : ` --mutant ${planted}`}`
