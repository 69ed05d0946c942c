/**
 * The site's book on the disk, beside the parcels and in a file of its own: proofs of spends, and the issuer's news, as they
 * were signed. A spend is on the disk before its charger hears that it is held. Methods throw when the disk does.
 */

import type Database from 'libsql'
import { fromHex, toBytes } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { decodeNewsItem, encodeNewsItem, type NewsItem } from '@/lib/protocol/news-item'
import { reserveBytesMax } from '@/lib/roads/gateway-site-messages'
import { spendProofField, type ProvenSpend, type SpendProof } from '@/lib/sync/spend-proof'
import { inTransaction, openGatewayFile, rowsOf } from '../store/gateway-file'

const tables = `
  CREATE TABLE spend (hash BLOB PRIMARY KEY, proof BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE news (place INTEGER PRIMARY KEY, item BLOB NOT NULL) STRICT;`

/** With what came of it: three messages more. */
const proofBytesMax = 3 * reserveBytesMax

/** Opens or creates the file; throws where it is damaged, of a newer program, or the disk fails. */
export const openBookStore = (path: string): BookStore =>
  openGatewayFile(path, { version: 1, tables }, (database) => new BookStore(database))

export class BookStore {
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(database: Database.Database) {
    this.#database = database
    this.#statements = prepareStatements(database)
  }

  /** Everything that can be read; what stands there is believed only after it was verified again. */
  spends(): readonly SpendProof[] {
    return rowsOf<{ proof: ArrayBuffer }>(this.#database, 'SELECT proof FROM spend').flatMap(({ proof }) => {
      const decoded = decodeCbor(new Uint8Array(proof), proofBytesMax)
      const read = decoded.ok ? spendProofField.decode(decoded.value, 'spend') : decoded
      return read.ok ? [read.value] : []
    })
  }

  news(): readonly NewsItem[] {
    return rowsOf<{ item: ArrayBuffer }>(this.#database, 'SELECT item FROM news ORDER BY place').flatMap(
      ({ item }) => {
        const read = decodeNewsItem(toBytes(item))
        return read.ok ? [read.value] : []
      },
    )
  }

  /** Durable on return. */
  keep(spends: readonly ProvenSpend[], gone: readonly MessageHash[]): void {
    if (spends.length + gone.length === 0) return
    inTransaction(this.#database, () => {
      for (const hash of gone) this.#statements.drop.run([blob(hash)])
      for (const { hash, proof } of spends)
        this.#statements.put.run(blob(hash), Buffer.from(encodeCbor(spendProofField.encode(proof))))
    })
  }

  /** All of the board, in its order. */
  keepNews(items: readonly NewsItem[]): void {
    inTransaction(this.#database, () => {
      this.#database.exec('DELETE FROM news')
      for (const item of items) this.#statements.putNews.run([Buffer.from(encodeNewsItem(item))])
    })
  }

  close(): void {
    rowsOf(this.#database, 'PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }
}

const prepareStatements = (database: Database.Database) => ({
  put: database.prepare('INSERT OR REPLACE INTO spend (hash, proof) VALUES (?, ?)'),
  drop: database.prepare('DELETE FROM spend WHERE hash = ?'),
  putNews: database.prepare('INSERT INTO news (item) VALUES (?)'),
})

const blob = (hex: string): Buffer => Buffer.from(fromHex(hex))
