/**
 * The site's book on the disk, beside the parcels and in a file of its own: proofs of spends, and the issuer's news, as they
 * were signed. A spend is on the disk before its charger hears that it is held. Methods throw when the disk does.
 */

import Database from 'libsql'
import { fromHex, toBytes } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { decodeNewsItem, encodeNewsItem, type NewsItem } from '@/lib/protocol/news-item'
import { reserveBytesMax } from '@/lib/roads/gateway-site-messages'
import { spendProofField, type ProvenSpend, type SpendProof } from '@/lib/sync/spend-proof'

const schemaVersion = 1

const schema = `
  CREATE TABLE spend (hash BLOB PRIMARY KEY, proof BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE news (place INTEGER PRIMARY KEY, item BLOB NOT NULL) STRICT;
  PRAGMA user_version = ${schemaVersion};`

/** With what came of it: three messages more. */
const proofBytesMax = 3 * reserveBytesMax

/** Opens or creates the file; throws where it is damaged, of a newer program, or the disk fails. */
export function openBookStore(path: string): BookStore {
  const database = new Database(path)
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const version = all<{ user_version: number }>(database, 'PRAGMA user_version')[0]?.user_version ?? 0
    if (version > schemaVersion) throw new Error(`Schema ${version} is newer than this program`)
    if (version === 0) database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
    const checked = all<{ quick_check: string }>(database, 'PRAGMA quick_check(1)')[0]?.quick_check
    if (checked !== 'ok') throw new Error(`Damaged: ${String(checked)}`)
    return new BookStore(database)
  } catch (error) {
    database.close()
    throw error
  }
}

export class BookStore {
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(database: Database.Database) {
    this.#database = database
    this.#statements = prepareStatements(database)
  }

  /** Everything that can be read; what stands there is believed only after it was verified again. */
  spends(): readonly SpendProof[] {
    return all<{ proof: ArrayBuffer }>(this.#database, 'SELECT proof FROM spend').flatMap(({ proof }) => {
      const decoded = decodeCbor(new Uint8Array(proof), proofBytesMax)
      const read = decoded.ok ? spendProofField.decode(decoded.value, 'spend') : decoded
      return read.ok ? [read.value] : []
    })
  }

  news(): readonly NewsItem[] {
    return all<{ item: ArrayBuffer }>(this.#database, 'SELECT item FROM news ORDER BY place').flatMap(
      ({ item }) => {
        const read = decodeNewsItem(toBytes(item))
        return read.ok ? [read.value] : []
      },
    )
  }

  /** Durable on return. */
  keep(spends: readonly ProvenSpend[], gone: readonly MessageHash[]): void {
    if (spends.length + gone.length === 0) return
    this.#transaction(() => {
      for (const hash of gone) this.#statements.drop.run([blob(hash)])
      for (const { hash, proof } of spends)
        this.#statements.put.run(blob(hash), Buffer.from(encodeCbor(spendProofField.encode(proof))))
    })
  }

  /** All of the board, in its order. */
  keepNews(items: readonly NewsItem[]): void {
    this.#transaction(() => {
      this.#database.exec('DELETE FROM news')
      for (const item of items) this.#statements.putNews.run([Buffer.from(encodeNewsItem(item))])
    })
  }

  close(): void {
    all(this.#database, 'PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

const prepareStatements = (database: Database.Database) => ({
  put: database.prepare('INSERT OR REPLACE INTO spend (hash, proof) VALUES (?, ?)'),
  drop: database.prepare('DELETE FROM spend WHERE hash = ?'),
  putNews: database.prepare('INSERT INTO news (item) VALUES (?)'),
})

const blob = (hex: string): Buffer => Buffer.from(fromHex(hex))
const all = <Row>(database: Database.Database, sql: string): Row[] => database.prepare(sql).all() as Row[]
