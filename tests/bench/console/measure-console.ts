/**
 * How soon the console's heaviest answers are there with as much in the books as it has to bear: a page of sessions, the fleet
 * at a glance and the whole table of sessions as a file. The queries are run at the server as a member's request runs them:
 * as the application's role, through row-level security, for one organisation; without HTTP, which adds a millisecond or two.
 */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { toHex } from '@/lib/core/bytes'
import { environmentNames, readCloudConfig } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { countFleet, footings } from '@/lib/cloud/dashboard/count-days'
import { dashboardOf } from '@/lib/cloud/dashboard/dashboard'
import { inTenant } from '@/lib/cloud/database/connection'
import { startEmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { establish, openCloud } from '@/lib/cloud/open-cloud'
import { exportSessions } from '@/lib/cloud/sessions/export-sessions'
import type { SessionFilter } from '@/lib/cloud/sessions/session-filter'
import { sessionsOfFleet } from '@/lib/cloud/sessions/session-list'
import { percentile, progress, rounded } from '../figures'
import { loadFleet, type FleetSize } from './fleet-load'

/** The object that `--json` prints. */
export interface ConsoleFigures extends FleetSize {
  readonly listMsP95: number
  readonly dashboardMsP95: number
  readonly exportRowsPerSecond: number
  /** The most that the process had at any time during the export, Node itself included. */
  readonly exportRssMb: number
}

export async function measureConsole(size: FleetSize): Promise<ConsoleFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'))
  // Started by root, the server runs as another user, who has to get to its data.
  chmodSync(folder, 0o711)
  const server = await startEmbeddedDatabase({ dir: join(folder, 'postgres') })
  try {
    await migrateDatabase(server.url)
    const config = readCloudConfig({
      [environmentNames.dataFolder]: folder,
      [environmentNames.keyPassphrase]: 'only for this bench',
      [environmentNames.tenant]: 'bench',
    })
    const { cloud, close } = await openCloud(config, server.url)
    try {
      await establish(cloud)
      return await measureOn(cloud, server.url, size)
    } finally {
      await close()
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureOn(cloud: Cloud, adminUrl: string, size: FleetSize): Promise<ConsoleFigures> {
  progress(`loading ${size.sessions} sessions`)
  const fleetId = await loadFleet(cloud, adminUrl, size)
  progress('counting its days')
  await countFleet(cloud, fleetId)
  await mustAddUp(cloud, fleetId, size)
  progress('measuring')
  return withinOrganisation(fleetId, async () => {
    const listMs = await timesOf(listAsks(size), (filter) => sessionsOfFleet(cloud, fleetId, filter))
    const dashboardMs = await timesOf(Array.from({ length: roundsOf(size.sessions) * 2 }), () =>
      dashboardOf(cloud, fleetId),
    )
    const exported = await measureExport(cloud, fleetId)
    if (exported.rows !== size.sessions) throw new Error(`${exported.rows} rows of ${size.sessions} exported`)
    return {
      ...size,
      listMsP95: rounded(percentile(listMs, 0.95), 1),
      dashboardMsP95: rounded(percentile(dashboardMs, 0.95), 1),
      exportRowsPerSecond: Math.round(exported.rows / exported.seconds),
      exportRssMb: Math.round(exported.peakRssMb),
    }
  })
}

/** Books that do not add up, or sums of days that differ from the rows, are no load worth measuring. */
async function mustAddUp(cloud: Cloud, fleetId: string, size: FleetSize): Promise<void> {
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    const proof = await proveLedger(tx, tenant)
    if (!proof.isProved) throw new Error(`The books of the load do not add up: ${JSON.stringify(proof)}`)
    const sums = await footings(tx, { tenant, fleetId, owner: fleetAccount(fleetId) })
    const isSame = new Set(sums.map((sum) => JSON.stringify(sum))).size === 1
    if (!isSame || sums[0]?.sessions !== size.sessions)
      throw new Error(`Days, months and rows differ: ${JSON.stringify(sums)}`)
  })
}

/** A small load is for seeing that the bench works. */
const roundsOf = (sessions: number): number => (sessions < 100_000 ? 2 : 20)

type ListAsk = SessionFilter & { readonly after?: string; readonly limit?: number }

/** What managers look at: the newest, by state, site, day and name, in turns and together, and pages from anywhere. */
function listAsks({ drivers, sessions }: FleetSize): readonly ListAsk[] {
  const nowS = Math.floor(Date.now() / 1_000)
  const dayS = 86_400
  const asks = (round: number): readonly ListAsk[] => {
    const site = `b${round}`
    const fromS = nowS - (round + 1) * 13 * dayS
    const driver = (round * 37) % drivers
    return [
      {},
      { limit: 200 },
      { state: 'settled' },
      { state: 'phone' },
      { state: 'seen' },
      { state: 'case' },
      { site },
      { site, state: 'settled' },
      { site, state: 'phone' },
      { fromS, toS: fromS + dayS },
      { site, fromS, toS: fromS + dayS },
      { search: `Driver ${driver}` },
      { search: String(round) },
      { search: `BE ${driver % 1_000}` },
      { search: 'driver', site },
      { search: 'nobody' },
      { search: `abc${100 + round}` },
      { after: cursorAt(nowS - round * 7 * dayS) },
      { after: cursorAt(nowS - round * 5 * dayS), limit: 200 },
    ]
  }
  return Array.from({ length: roundsOf(sessions) }, (_, round) => asks(round)).flat()
}

/** A page that begins at a moment. */
const cursorAt = (atS: number): string =>
  Buffer.from(`${atS} ${toHex(new Uint8Array(16))}`).toString('base64url')

async function timesOf<T>(
  asks: readonly T[],
  ask: (one: T) => Promise<{ readonly ok: boolean; readonly error?: unknown }>,
): Promise<readonly number[]> {
  const times: number[] = []
  // Once to warm up; a server has been asked before.
  for (const one of asks.slice(0, 19)) await ask(one)
  for (const one of asks) {
    const started = performance.now()
    const answer = await ask(one)
    times.push(performance.now() - started)
    if (!answer.ok) throw new Error(`Refused: ${JSON.stringify(answer.error)}`)
  }
  return times
}

const newline = 10

async function measureExport(cloud: Cloud, fleetId: string) {
  const order = { fleetId, author: 'bench', locale: 'en', filter: {} } as const
  const started = performance.now()
  const stream = await exportSessions(cloud, order)
  let lines = 0
  let peak = 0
  for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) {
    for (const byte of piece) if (byte === newline) lines += 1
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const seconds = (performance.now() - started) / 1_000
  // The first line is the head.
  return { rows: lines - 1, seconds, peakRssMb: peak / 1e6 }
}
