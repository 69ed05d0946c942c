/** Which database a command is about: the one named on its line, in the environment, or the embedded one. */

import { join } from 'node:path'
import { environmentNames } from '@/lib/cloud/config'
import { embeddedDatabaseUrl } from '@/lib/cloud/database/embedded-address'
import { MigrationMismatch } from '@/lib/cloud/database/migrate'
import { PlainFailure } from '../setup/plain-failure.mjs'

export const notMigrated = 'This database has no tables of Outpost yet; run "npm run db -- migrate" first.'

type Environment = Readonly<Record<string, string | undefined>>

/** `asAdmin` prefers the user that may change tables. */
export function databaseAddress(
  named: string | undefined,
  env: Environment,
  { asAdmin }: { readonly asAdmin: boolean },
): string {
  const admin = asAdmin ? env[environmentNames.databaseAdminUrl] : undefined
  const dataFolder = env[environmentNames.dataFolder] ?? join(process.cwd(), 'var')
  const found = [named, admin, env[environmentNames.databaseUrl]].find(
    (url) => url !== undefined && url !== '',
  )
  const url = found ?? embeddedDatabaseUrl(join(dataFolder, 'postgres'))
  if (url === undefined) {
    throw new PlainFailure(
      `No database: give --database-url, set ${environmentNames.databaseUrl}, or start Outpost with "npm start".`,
    )
  }
  return url
}

/** Faults of the network and of passwords as one sentence; others go on as they are. */
export function plainly(failure: unknown): never {
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : ''
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    throw new PlainFailure('The database does not answer at this address; is it running?')
  if (code === '28P01' || code === '28000')
    throw new PlainFailure('The database refuses this user or password.')
  if (code === '3D000') throw new PlainFailure('The server has no database of this name.')
  if (code === '42501') throw new PlainFailure('This user may not do that; use one that owns the tables.')
  if (code === '42P01' || code === '22023') throw new PlainFailure(notMigrated)
  if (failure instanceof MigrationMismatch) throw new PlainFailure(failure.message)
  throw failure
}
