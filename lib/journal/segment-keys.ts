/**
 * Each 256 events of a log are a segment and have a key of their own. The keys lie beside the events, wrapped under the
 * vault's present secret: forgetting a segment is dropping its key, wrapping what is left under a new secret and destroying
 * the old one (ADR 0058). Whoever has the disk, an older copy of it and the device's key reads none of it any more.
 */

import { randomBytes } from 'node:crypto'
import type Database from 'libsql'
import type { Bytes } from '@/lib/core/bytes'
import { openUnder, sealUnder, type SegmentVault } from './segment-vault'

export const segmentEvents = 256

export const segmentSchema = `
  CREATE TABLE vault (only INTEGER PRIMARY KEY CHECK (only = 0), generation INTEGER NOT NULL) STRICT;
  CREATE TABLE segment (
    epoch INTEGER NOT NULL, number INTEGER NOT NULL, wrapped BLOB NOT NULL,
    PRIMARY KEY (epoch, number)) STRICT;`

/** The secret or a key that belongs to what is stored is not there. */
export class LostSegment extends Error {}

const firstGeneration = 1
/** Of keys held in memory; a log that is read from end to end needs each but once. */
const keysHeldMax = 64

interface Present {
  readonly generation: number
  readonly secret: Bytes
}

export class SegmentKeys {
  readonly #vault: SegmentVault
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #database: Database.Database
  #present: Present | undefined
  #keys = new Map<string, Bytes>()

  constructor(database: Database.Database, vault: SegmentVault) {
    this.#database = database
    this.#vault = vault
    this.#statements = prepareStatements(database)
  }

  /** In the transaction that stores it. */
  seal(epoch: number, seq: number, payload: Uint8Array): Bytes {
    return sealUnder(this.#keyFor(epoch, seq), payload, contextOf(epoch, seq))
  }

  /** Undefined where it was changed. Throws `LostSegment` where its key is gone. */
  open(epoch: number, seq: number, sealed: Uint8Array): Bytes | undefined {
    const key = this.#storedKey(epoch, numberOf(seq))
    if (key === undefined) throw new LostSegment(`The key of segment ${numberOf(seq)} is gone`)
    return openUnder(key, sealed, contextOf(epoch, seq))
  }

  /**
   * Inside the transaction of a purge: drops the keys of segments that lie wholly below, and of earlier epochs. Gives
   * whether any went; then `settle` is due once the transaction is on the disk.
   */
  dropBelow(epoch: number, below: number): boolean {
    const dropped = this.#statements.drop.all(epoch, epoch, numberOf(below))
    if (dropped.length === 0) return false
    const { generation } = this.#presentSecret()
    const next = generation + 1
    const left = this.#statements.all.all() as SegmentRow[]
    const secret = this.#vault.create(next)
    for (const row of left) {
      const key = this.#unwrap(row)
      this.#statements.put.run(row.epoch, row.number, Buffer.from(wrap(secret, row, key)))
    }
    this.#statements.putGeneration.run(next)
    this.#present = { generation: next, secret }
    this.#keys.clear()
    return true
  }

  /** Destroys every secret but the present one. Holds the file meanwhile, so that no other process changes it. */
  settle(): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const generation = this.#storedGeneration()
      if (generation !== undefined) this.#vault.destroyAllBut(generation)
    } finally {
      this.#database.exec('COMMIT')
    }
  }

  /** After a transaction that did not happen, or may not have: what is in memory may not be what is stored. */
  reset(): void {
    this.#present = undefined
    this.#keys.clear()
  }

  #keyFor(epoch: number, seq: number): Bytes {
    const number = numberOf(seq)
    const known = this.#storedKey(epoch, number)
    if (known !== undefined) return known
    const key = new Uint8Array(randomBytes(32))
    const row = { epoch, number }
    this.#statements.put.run(epoch, number, Buffer.from(wrap(this.#presentSecret().secret, row, key)))
    this.#remember(epoch, number, key)
    return key
  }

  #storedKey(epoch: number, number: number): Bytes | undefined {
    const known = this.#keys.get(nameOf(epoch, number))
    if (known !== undefined) return known
    const [row] = this.#statements.one.all(epoch, number) as SegmentRow[]
    if (row === undefined) return undefined
    const key = this.#unwrap(row)
    this.#remember(epoch, number, key)
    return key
  }

  #remember(epoch: number, number: number, key: Bytes): void {
    if (this.#keys.size >= keysHeldMax) this.#keys.clear()
    this.#keys.set(nameOf(epoch, number), key)
  }

  #unwrap(row: SegmentRow): Bytes {
    const key = openUnder(this.#presentSecret().secret, new Uint8Array(row.wrapped), wrapContext(row))
    if (key === undefined) throw new LostSegment(`The key of segment ${row.number} does not open`)
    return key
  }

  #presentSecret(): Present {
    if (this.#present !== undefined) return this.#present
    const stored = this.#storedGeneration()
    const generation = stored ?? firstGeneration
    // A file that was left by an attempt which did not come to its end is written anew.
    const secret = stored === undefined ? this.#vault.create(generation) : this.#vault.secretOf(generation)
    if (secret === undefined) throw new LostSegment(`The secret of generation ${generation} is gone`)
    if (stored === undefined) this.#statements.putGeneration.run(generation)
    this.#present = { generation, secret }
    return this.#present
  }

  #storedGeneration(): number | undefined {
    return (this.#statements.generation.all() as { generation: number }[])[0]?.generation
  }
}

interface SegmentName {
  readonly epoch: number
  readonly number: number
}
interface SegmentRow extends SegmentName {
  readonly wrapped: ArrayBuffer
}

const numberOf = (seq: number): number => Math.floor(seq / segmentEvents)
const nameOf = (epoch: number, number: number): string => `${epoch}/${number}`
const contextOf = (epoch: number, seq: number): string => `event ${epoch}/${seq}`
const wrapContext = ({ epoch, number }: SegmentName): string => `segment ${epoch}/${number}`
const wrap = (secret: Bytes, name: SegmentName, key: Bytes): Bytes =>
  sealUnder(secret, key, wrapContext(name))

const prepareStatements = (database: Database.Database) => ({
  generation: database.prepare('SELECT generation FROM vault'),
  putGeneration: database.prepare('INSERT OR REPLACE INTO vault VALUES (0, ?)'),
  one: database.prepare('SELECT epoch, number, wrapped FROM segment WHERE epoch = ? AND number = ?'),
  all: database.prepare('SELECT epoch, number, wrapped FROM segment'),
  put: database.prepare('INSERT OR REPLACE INTO segment VALUES (?, ?, ?)'),
  drop: database.prepare(
    'DELETE FROM segment WHERE epoch < ? OR (epoch = ? AND number < ?) RETURNING number',
  ),
})
