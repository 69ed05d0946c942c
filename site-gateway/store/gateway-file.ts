/** A file of the gateway on libsql: WAL with `synchronous=FULL` like the journal's, so that what was written is on the disk. */

import Database from 'libsql'

/** Opens or creates it, and gives it to `use`; throws where it is damaged, of a newer program, or the disk fails. */
export function openGatewayFile<T>(
  path: string,
  { version, tables }: { readonly version: number; readonly tables: string },
  use: (database: Database.Database) => T,
): T {
  const database = new Database(path)
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const found = rowsOf<{ user_version: number }>(database, 'PRAGMA user_version')[0]?.user_version ?? 0
    if (found > version) throw new Error(`Schema ${found} is newer than this program`)
    if (found === 0) database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${version}; COMMIT;`)
    const checked = rowsOf<{ quick_check: string }>(database, 'PRAGMA quick_check(1)')[0]?.quick_check
    if (checked !== 'ok') throw new Error(`Damaged: ${String(checked)}`)
    return use(database)
  } catch (error) {
    database.close()
    throw error
  }
}

export const rowsOf = <Row>(database: Database.Database, sql: string): Row[] =>
  database.prepare(sql).all() as Row[]

/** All of it or nothing. */
export function inTransaction(database: Database.Database, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    // SQLite has already rolled back after some failures; the first error is the one to report.
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}
