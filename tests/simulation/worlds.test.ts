/** Whole worlds from seeds: what must always hold holds at every step, and in the end the books are the truth's. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bundleWorker, openBundleFolder } from '@/scripts/simulate/worlds/bundle'
import { complaintOf, figuresOf } from '@/scripts/simulate/worlds/main'
import { mutants } from '@/scripts/simulate/worlds/mutants'
import { figuresOfMutants, runMutants } from '@/scripts/simulate/worlds/run-mutants'
import { runWorkers } from '@/scripts/simulate/worlds/run-workers'
import type { WorldReport } from '@/simulator/world/live-through'
import { openTestDatabase, type TestDatabase } from '../integration/database-fixture'

const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index)

/** On a machine that has much else to do. */
vi.setConfig({ testTimeout: 400_000 })

const order = { processes: 2, stopsAtViolation: false, tellsAll: false }

let bundles: ReturnType<typeof openBundleFolder>
let bundle: string

beforeAll(async () => {
  bundles = openBundleFolder()
  bundle = await bundleWorker(bundles.folder, 'memory', 'memory')
})
afterAll(() => bundles.remove())

const violations = (reports: readonly WorldReport[]): unknown[] =>
  reports.flatMap(({ seed, violations: found, story }) => found.map((one) => ({ seed, ...one, story })))

const sixtySeeds = seedsFrom(1, 60)
let sixty: Promise<readonly WorldReport[]> | undefined
/** Lived through once, for all tests that look at them. */
const sixtyWorlds = (): Promise<readonly WorldReport[]> =>
  (sixty ??= runWorkers({ ...order, bundle, seeds: sixtySeeds }))

test('Sixty worlds in which anything may fail end with the books that the truth says', async () => {
  const seeds = sixtySeeds
  const reports = await sixtyWorlds()
  expect(violations(reports)).toEqual([])
  expect(reports.map(({ seed }) => seed)).toEqual(seeds)
  const { steps } = figuresOf(reports, 1_000)
  // Worlds in which nothing happens prove nothing.
  expect(steps).toBeGreaterThan(40 * seeds.length)
})

test('Among them is everything that worlds are there for, so that their proof is not empty', async () => {
  const { lived } = figuresOf(await sixtyWorlds(), 1_000)
  const never = Object.entries(lived).filter(([, count]) => count === 0)
  expect(never).toEqual([])
})

test('Seeds that once went wrong go right', async () => {
  // A code shown again after months; claims of a stolen key beyond what a reserve has left.
  const reports = await runWorkers({ ...order, bundle, seeds: [61, 242, 368] })
  expect(violations(reports)).toEqual([])
})

test('A seed tells the same story twice, in one process and in another, after whatever came before', async () => {
  const once = await runWorkers({ ...order, processes: 1, bundle, seeds: [11, 4, 11] })
  const elsewhere = await runWorkers({ ...order, processes: 1, bundle, seeds: [11] })
  const hashes = [...once, ...elsewhere].filter(({ seed }) => seed === 11).map(({ traceHash }) => traceHash)
  expect(hashes).toHaveLength(3)
  expect(new Set(hashes).size).toBe(1)
  expect(once.find(({ seed }) => seed === 4)?.traceHash).not.toBe(hashes[0])
})

test('What workers do once instead of many times changes nothing of a world', async () => {
  const portable = await bundleWorker(bundles.folder, 'portable', 'memory', [], [])
  const seeds = seedsFrom(1, 6)
  const [quick, slow] = await Promise.all(
    [bundle, portable].map((one) => runWorkers({ ...order, processes: 1, bundle: one, seeds })),
  )
  expect(quick?.map(({ traceHash }) => traceHash)).toEqual(slow?.map(({ traceHash }) => traceHash))
  expect(quick).toHaveLength(6)
})

test('Planted bugs are found, each by the rule that it breaks', async () => {
  const planted = [
    'ignore-first-seen',
    'unseen-start-twice',
    'fork-unseen',
    'same-code-twice',
    'silent-second-receipt',
    'post-twice',
    'forged-news',
    'equivocating-log',
    'no-new-epoch',
  ]
  const outcomes = await runMutants(
    mutants.filter(({ id }) => planted.includes(id)),
    seedsFrom(1, 50),
    2,
  )
  expect(figuresOfMutants(outcomes)).toEqual({ mutants: 9, killed: 9, survivors: [] })
  const rules = new Map(outcomes.map(({ id, foundBy }) => [id, foundBy?.rule]))
  expect(rules.get('ignore-first-seen')).toBe('the first-seen cap holds')
  expect(rules.get('fork-unseen')).toBe('a fork opens a case')
})

test('A world that goes wrong tells its story and the command that shows it again', async () => {
  const [mutant] = mutants.filter(({ id }) => id === 'ignore-first-seen')
  const broken = await bundleWorker(bundles.folder, 'broken', 'memory', mutant === undefined ? [] : [mutant])
  const reports = await runWorkers({
    ...order,
    processes: 1,
    stopsAtViolation: true,
    bundle: broken,
    seeds: seedsFrom(1, 50),
  })
  const found = reports.at(-1)
  expect(found?.violations[0]?.rule).toBe('the first-seen cap holds')
  expect(found?.story).toContainEqual(expect.stringContaining('VIOLATED: the first-seen cap holds'))
  if (found === undefined) throw new Error('No world was lived through')
  const asked = { tellsAll: false, onPostgres: false, planted: 'ignore-first-seen' }
  expect(complaintOf(found, asked).at(-1)).toBe(
    `  See it again: npm run simulate -- --seed ${found.seed} --story --mutant ignore-first-seen`,
  )
})

test('A worker that breaks down is a violation of the world that it was in, not a world less', async () => {
  const [report] = await runWorkers({ ...order, bundle: '/nowhere/at-all.mjs', seeds: [5] })
  expect(report).toMatchObject({ seed: 5, violations: [{ rule: 'nothing breaks' }] })
})

test('Five worlds on a real PostgreSQL end as they should', async () => {
  const database: TestDatabase = await openTestDatabase()
  try {
    const onPostgres = await bundleWorker(bundles.folder, 'postgres', 'postgres')
    const env = { OUTPOST_WORLD_DATABASE: database.url }
    const reports = await runWorkers({ ...order, bundle: onPostgres, seeds: seedsFrom(1, 5), env })
    expect(violations(reports)).toEqual([])
    expect(reports).toHaveLength(5)
  } finally {
    await database.close()
  }
})
