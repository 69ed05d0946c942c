/**
 * How many sessions a second become money: bundles that wait in the inbox of a real PostgreSQL are decoded, the
 * wallets' signatures verified, sessions deduplicated, posted and committed, by one and by two worker processes. And
 * in the same run, on the same cores, what verification alone and posting alone would allow.
 */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import pg from 'pg'
import { environmentNames, readCloudConfig } from '@/lib/cloud/config'
import { startEmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { inTenant } from '@/lib/cloud/database/connection'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { establish, openCloud } from '@/lib/cloud/open-cloud'
import packageJson from '@/package.json'
import { progress, rounded } from './figures'
import { serverProcessorUs } from './processor-time'
import { sessionsPerCharger } from './reconcile-load'
import type { BenchOrder, BenchTask, BenchWord } from './reconcile-worker'

/** The object that `--json` prints. */
export interface ReconcileFigures {
  readonly oneWorker: { readonly sessionsPerSecond: number }
  readonly twoWorkers: { readonly sessionsPerSecond: number }
  readonly verifyCeiling: number
  readonly postCeiling: number
  readonly ceilingRatio: number
  /** Processor time of one session, whatever else the machine was busy with. */
  readonly processorUs: {
    readonly oneWorker: SessionCost
    readonly twoWorkers: SessionCost
    readonly verify: number
    readonly post: SessionCost
  }
  /** By how many sessions the run had; sizes that did not run are absent. */
  readonly perSessionUs: Readonly<Record<string, number>>
  readonly peakRssMb: number
}

/** Microseconds of processor time a session. */
export interface SessionCost {
  readonly workers: number
  /** Backends, log writer, checkpointer and whatever else the server runs; null where nobody can tell. */
  readonly database: number | null
}

interface Site {
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
  readonly folder: string
}

const databaseFolder = 'postgres'

/** What every process has worked off before it is measured; a test that measures nothing needs fewer. */
const warmSessionsOfBench = 8_000

/** Sessions in one transaction of the post-only ceiling: as many as a worker takes at once. */
const postBatch = 1_000

/** `sizes` are run with two workers each; the first one gives the figures of one and two workers. */
export async function measureReconcile(
  sizes: readonly number[],
  warmSessions = warmSessionsOfBench,
): Promise<ReconcileFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'))
  // Started by root, the server runs as another user, who has to get to its data.
  chmodSync(folder, 0o711)
  const server = await startEmbeddedDatabase({ dir: join(folder, databaseFolder) })
  try {
    const environment = {
      [environmentNames.dataFolder]: folder,
      [environmentNames.keyPassphrase]: 'only for this bench',
      [environmentNames.tenant]: 'bench',
    }
    return await measureOn({ url: server.url, environment, folder }, sizes, warmSessions)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureOn(
  site: Site,
  sizes: readonly number[],
  warmSessions: number,
): Promise<ReconcileFigures> {
  const [size = 0, ...larger] = sizes
  const files = [0, 1].map((share) => join(site.folder, `consents-${share}`))
  await prepareLoad(site, 'warm', warmSessions, [undefined, undefined])
  await prepareLoad(site, 'load', size, files)
  const one = await onCopy(site, size, [{ kind: 'reconcile' }])
  const two = await onCopy(site, size, bothReconcile)
  const verify = await runTasks(
    site,
    site.url,
    files.map((file) => ({ kind: 'verify', file })),
  )
  const post = await onCopy(
    site,
    undefined,
    [0, 1].map((share) => ({ kind: 'post', sessions: size, batch: postBatch, share, of: 2 })),
  )
  await admin(site, 'drop database load with (force)')
  const perSessionUs: Record<string, number> = { [size]: rounded((two.seconds * 1e6) / size) }
  let peakRssMb = Math.max(one.peakRssMb, two.peakRssMb)
  for (const sessions of larger) {
    await prepareLoad(site, 'run', sessions, [undefined, undefined])
    const run = await onRun(site, sessions, bothReconcile)
    perSessionUs[sessions] = rounded((run.seconds * 1e6) / sessions)
    peakRssMb = Math.max(peakRssMb, run.peakRssMb)
  }
  const verifyCeiling = verify.count / verify.seconds
  const postCeiling = post.count / post.seconds
  const perSecond = size / two.seconds
  return {
    oneWorker: { sessionsPerSecond: Math.round(size / one.seconds) },
    twoWorkers: { sessionsPerSecond: Math.round(perSecond) },
    verifyCeiling: Math.round(verifyCeiling),
    postCeiling: Math.round(postCeiling),
    ceilingRatio: rounded(perSecond / (1 / (1 / verifyCeiling + 1 / postCeiling))),
    processorUs: {
      oneWorker: costOf(one),
      twoWorkers: costOf(two),
      verify: costOf(verify).workers,
      post: costOf(post),
    },
    perSessionUs,
    peakRssMb,
  }
}

const costOf = ({ count, workersUs, databaseUs }: Run): SessionCost => ({
  workers: rounded(workersUs / count, 1),
  database: databaseUs === undefined ? null : rounded(databaseUs / count, 1),
})

const bothReconcile: readonly BenchTask[] = [{ kind: 'reconcile' }, { kind: 'reconcile' }]

const databaseUrl = (site: Site, name: string): string => {
  const url = new URL(site.url)
  url.pathname = `/${name}`
  return url.href
}

/** A database that holds the load and nothing else, signed by one process for each file of what the wallets signed. */
async function prepareLoad(
  site: Site,
  name: string,
  sessions: number,
  files: readonly (string | undefined)[],
): Promise<void> {
  await admin(site, `create database ${name}`)
  const url = databaseUrl(site, name)
  await migrateDatabase(url)
  const { cloud, close } = await openCloud(readCloudConfig(site.environment), url)
  await establish(cloud).finally(close)
  progress(`signing ${sessions} sessions`)
  const of = files.length
  await runTasks(
    site,
    url,
    files.map((file, share) => ({ kind: 'load', file, sessions, share, of })),
  )
}

/** Runs the tasks on a copy of the prepared load. */
async function onCopy(site: Site, sessions: number | undefined, tasks: readonly BenchTask[]): Promise<Run> {
  await admin(site, 'create database run template load')
  return onRun(site, sessions, tasks)
}

/** Proves the books afterwards where sessions were reconciled. */
async function onRun(site: Site, sessions: number | undefined, tasks: readonly BenchTask[]): Promise<Run> {
  const url = databaseUrl(site, 'run')
  const warm = tasks.map((_, index) => `warm_${index}`)
  try {
    for (const name of warm) await admin(site, `create database ${name} template warm`)
    // As autovacuum leaves it: what was written just now is on the disk, and the planner knows how much there is.
    await admin(site, 'checkpoint')
    await admin({ ...site, url }, 'vacuum analyze')
    progress(`${tasks.length} × ${tasks[0]?.kind ?? ''}`)
    const run = await runTasks(
      site,
      url,
      tasks,
      warm.map((name) => databaseUrl(site, name)),
    )
    if (sessions !== undefined) await mustBeSettled(site, url, sessions)
    return run
  } finally {
    for (const name of ['run', ...warm]) await admin(site, `drop database if exists ${name} with (force)`)
  }
}

async function mustBeSettled(site: Site, url: string, sessions: number): Promise<void> {
  const { cloud, close } = await openCloud(readCloudConfig(site.environment), url)
  try {
    await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
      await sql`set local statement_timeout = 0`.execute(tx)
      const { count } = await tx
        .selectFrom('charging_sessions')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('tenant', '=', cloud.config.tenant)
        .where('state', '=', 'settled')
        .executeTakeFirstOrThrow()
      const proof = await proveLedger(tx, cloud.config.tenant)
      if (count !== sessions || !proof.isProved)
        throw new Error(`${count} of ${sessions} sessions settled; books proved: ${proof.isProved}`)
    })
  } finally {
    await close()
  }
}

async function admin(site: Site, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: site.url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

interface Run {
  readonly seconds: number
  /** Sessions. */
  readonly count: number
  readonly peakRssMb: number
  readonly workersUs: number
  readonly databaseUs: number | undefined
}

/** `node --cpu-prof` on the bench profiles its processes too. */
const profiling = process.execArgv.filter((option) => option.startsWith('--cpu-prof'))

/** What `npm run worker` gives Node. */
const workerFlags = packageJson.scripts.worker.split(' ').filter((word) => word.startsWith('--'))

/** One process for each task, all started at once when all are ready. */
async function runTasks(
  site: Site,
  url: string,
  tasks: readonly BenchTask[],
  warmUrls: readonly string[] = [],
): Promise<Run> {
  const entry = fileURLToPath(new URL('reconcile-worker.ts', import.meta.url))
  const children = tasks.map(() =>
    fork(entry, { execArgv: [...workerFlags, '--import', 'tsx', ...profiling] }),
  )
  try {
    const ready = children.map((child) => nextWord(child))
    children.forEach((child, index) => {
      const task = tasks[index]
      if (task !== undefined)
        child.send({
          ...{ task, databaseUrl: url, warmUrl: warmUrls[index], environment: site.environment },
        } satisfies BenchOrder)
    })
    await Promise.all(ready)
    const data = join(site.folder, databaseFolder, 'data')
    const databaseBefore = serverProcessorUs(data)
    const started = performance.now()
    const ends = children.map((child) => nextWord(child))
    for (const child of children) child.send('go')
    const words = await Promise.all(ends)
    const seconds = (performance.now() - started) / 1_000
    const databaseAfter = serverProcessorUs(data)
    for (const child of children) child.send('end')
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')))
    const done = words.filter((word) => word.kind === 'done')
    return {
      seconds,
      count: done.reduce((sum, { count }) => sum + count, 0),
      peakRssMb: Math.max(...done.map(({ peakRssMb }) => peakRssMb)),
      workersUs: done.reduce((sum, { processorUs }) => sum + processorUs, 0),
      databaseUs:
        databaseBefore === undefined || databaseAfter === undefined
          ? undefined
          : databaseAfter - databaseBefore,
    }
  } finally {
    for (const child of children) child.kill()
  }
}

async function nextWord(child: ChildProcess): Promise<BenchWord> {
  const [word] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [{ kind: 'failed', why: 'A process of the bench ended early' }]),
  ])) as [BenchWord]
  if (word.kind === 'failed') throw new Error(word.why)
  return word
}

/** Sizes as the load can have them: whole chargers. */
export const wholeSize = (sessions: number): number =>
  Math.max(sessionsPerCharger, Math.round(sessions / sessionsPerCharger) * sessionsPerCharger)
