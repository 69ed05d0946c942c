/** `npm run db -- region | backup | restore`: where a tenant's data is kept, and how it is put back. */

import { existsSync, readFileSync } from 'node:fs'
import type { OperatorId } from '@/lib/core/ids'
import { BackupFailure } from '@/lib/cloud/backup/backup-format'
import { restoreBackup } from '@/lib/cloud/backup/restore-backup'
import { writeBackup } from '@/lib/cloud/backup/write-backup'
import { inTenant, openDatabase } from '@/lib/cloud/database/connection'
import { declareRegion, WrongRegion } from '@/lib/cloud/database/region'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { terminal, type Terminal } from '../setup/terminal'

const keepWords = ['region', 'backup', 'restore'] as const
export type KeepWord = (typeof keepWords)[number]
export const isKeepWord = (word: string): word is KeepWord => keepWords.some((known) => known === word)

export interface KeepOptions {
  readonly region?: string | undefined
  readonly to?: string | undefined
  readonly recipient?: string | undefined
  readonly from?: string | undefined
  readonly identity?: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

interface Keeping extends KeepOptions {
  readonly url: string
  readonly tenant: OperatorId
}

/** Whom backups are sealed to, where the command does not say. */
export const recipientName = 'OUTPOST_BACKUP_RECIPIENT'

/** Gives the exit code: 0 done, 2 the books do not foot after a restore. Anything else is a plain failure. */
export async function keep(
  word: KeepWord,
  options: Keeping,
  env: Environment,
  out: Terminal = terminal,
): Promise<number> {
  try {
    if (word === 'region') return await region(options, out)
    return word === 'backup' ? await backup(options, env, out) : await restore(options, out)
  } catch (error) {
    if (error instanceof BackupFailure || error instanceof WrongRegion) throw new PlainFailure(error.message)
    throw error
  }
}

async function region({ url, region: named = '' }: Keeping, out: Terminal): Promise<number> {
  const said = await declareRegion(url, named)
  out.print(said === 'declared' ? `This database stands in ${named}.` : `It is known already: ${named}.`)
  return 0
}

async function backup(options: Keeping, env: Environment, out: Terminal): Promise<number> {
  const { url, tenant, to, recipient = env[recipientName] } = options
  if (to === undefined || recipient === undefined)
    throw new PlainFailure(
      `Say where to and for whom: npm run db -- backup --to FOLDER --recipient age1… (or ${recipientName}).`,
    )
  if (!existsSync(to)) throw new PlainFailure(`There is no folder ${to}.`)
  const nowS = Math.floor(Date.now() / 1_000)
  const written = await writeBackup({ adminUrl: url, tenant, folder: to, recipient, nowS })
  out.print(`${written.rows} rows of ${tenant} are in ${written.path}.`)
  return 0
}

async function restore({ url, from, identity }: Keeping, out: Terminal): Promise<number> {
  if (from === undefined || identity === undefined)
    throw new PlainFailure('Say what and by which key: npm run db -- restore --from FILE --identity FILE.')
  for (const path of [from, identity])
    if (!existsSync(path)) throw new PlainFailure(`There is no file ${path}.`)
  const secret = readFileSync(identity, 'utf8')
    .split('\n')
    .find((line) => line.startsWith('AGE-SECRET-KEY-1'))
  const { tenant, rows } = await restoreBackup({ adminUrl: url, path: from, identity: secret ?? '' })
  const db = openDatabase(url, { connections: 1 })
  const proof = await inTenant(db, tenant, (tx) => proveLedger(tx, tenant)).finally(() => db.destroy())
  out.print(`${rows} rows of ${tenant} are back.`)
  out.print(proof.isProved ? 'The books foot.' : 'The books do NOT foot: see npm run db -- check.')
  return proof.isProved ? 0 : 2
}
