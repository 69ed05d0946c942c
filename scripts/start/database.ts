/** The database of a started Outpost: the server that DATABASE_URL names, or the embedded one. Migrated before use. */

import { join } from 'node:path'
import { startEmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { PlainFailure } from '../setup/plain-failure.mjs'

export interface ReadyDatabase {
  readonly url: string
  /** Migrations that had to be applied; all of them in a fresh database. */
  readonly applied: number
  stop(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

export async function openDatabaseServer(dataDirectory: string, env: Environment): Promise<ReadyDatabase> {
  const named = env['DATABASE_URL']
  if (named !== undefined && named !== '') {
    const applied = await migrate(env['DATABASE_ADMIN_URL'] ?? named)
    return { url: named, applied, stop: () => Promise.resolve() }
  }
  const server = await startEmbeddedDatabase({ dir: join(dataDirectory, 'postgres') }).catch(plainly)
  try {
    return { url: server.url, applied: await migrate(server.url), stop: () => server.stop() }
  } catch (failure) {
    await server.stop()
    throw failure
  }
}

const migrate = async (url: string): Promise<number> =>
  (await migrateDatabase(url).catch(plainly)).applied.length

/** The database code already says what is wrong in one sentence; network faults only have a code. */
function plainly(failure: unknown): never {
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : ''
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    throw new PlainFailure(
      'The database that DATABASE_URL names does not answer; start it, or unset DATABASE_URL.',
    )
  }
  if (code === '28P01' || code === '28000') {
    throw new PlainFailure('The database refuses the user or password in DATABASE_URL.')
  }
  throw new PlainFailure(failure instanceof Error ? failure.message : String(failure))
}
