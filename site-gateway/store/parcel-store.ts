/**
 * What the gateway keeps, on libsql with WAL and `synchronous=FULL` like the journal: a parcel is on the disk before its
 * charger hears so. Not encrypted, because everything in it is sealed. Text stands as bytes, because libsql ends the
 * process over bad UTF-8. Methods throw when the disk does; whoever lost a parcel by that is asked for it again.
 */

import type Database from 'libsql'
import { toBytes, toHex, fromHex, type Bytes } from '@/lib/core/bytes'
import { chargerId, parcelId, type ChargerId, type ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { parcelPriorities } from '@/lib/sync/parcel'
import { inTransaction, openGatewayFile, rowsOf } from './gateway-file'
import type { KeptParcel } from './shelf'

const tables = `
  CREATE TABLE parcel (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, id BLOB NOT NULL, priority INTEGER NOT NULL,
    kept_at_s INTEGER NOT NULL, ends_at_s INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (charger, id)) STRICT;
  CREATE TABLE answer (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, id BLOB NOT NULL, at_s INTEGER NOT NULL,
    bytes BLOB NOT NULL, UNIQUE (charger, id)) STRICT;
  CREATE TABLE charger (charger BLOB PRIMARY KEY, seen_at_s INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE fact (name BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE day (day INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;`

export interface WaitingAnswer {
  readonly id: ParcelId
  readonly bytes: Bytes
}

export type FactName = 'trust-list' | 'last-success'

/** Opens or creates the file; throws where it is damaged, of a newer program, or the disk fails. */
export const openParcelStore = (path: string): ParcelStore =>
  openGatewayFile(path, { version: 1, tables }, (database) => new ParcelStore(database))

interface ParcelRow {
  readonly arrival: number
  readonly charger: ArrayBuffer
  readonly id: ArrayBuffer
  readonly priority: number
  readonly kept_at_s: number
  readonly ends_at_s: number
  readonly size: number
}

export class ParcelStore {
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #shelf = new Map<string, KeptParcel>()
  readonly #seen = new Map<ChargerId, EpochSeconds>()

  constructor(database: Database.Database) {
    this.#database = database
    this.#statements = prepareStatements(database)
    const parcels = rowsOf<ParcelRow>(
      database,
      'SELECT arrival, charger, id, priority, kept_at_s, ends_at_s, length(bytes) AS size FROM parcel ORDER BY arrival',
    )
    for (const row of parcels) this.#put(parcelOf(row))
    for (const row of rowsOf<{ charger: ArrayBuffer; seen_at_s: number }>(database, 'SELECT * FROM charger'))
      this.#seen.set(chargerId(textOf(row.charger)), epochSeconds(row.seen_at_s))
  }

  /** Oldest first. */
  get shelf(): readonly KeptParcel[] {
    return [...this.#shelf.values()]
  }

  /** When each charger was last here. Within one run by the second, after a restart by its last greeting. */
  get seen(): ReadonlyMap<ChargerId, EpochSeconds> {
    return this.#seen
  }

  has(charger: ChargerId, id: ParcelId): boolean {
    return this.#shelf.has(keyOf(charger, id))
  }

  heldOf(charger: ChargerId): readonly ParcelId[] {
    return this.shelf.filter((one) => one.charger === charger).map(({ id }) => id)
  }

  /** Durable on return, with `going` gone. */
  keep(
    parcel: Omit<KeptParcel, 'arrival' | 'sizeBytes'>,
    bytes: Uint8Array,
    going: readonly KeptParcel[],
  ): void {
    const { charger, id, priority, keptAtS, endsAtS } = parcel
    let arrival = 0
    inTransaction(this.#database, () => {
      for (const { arrival: gone } of going) this.#statements.dropParcel.run(gone)
      const rank = parcelPriorities.indexOf(priority)
      this.#statements.putParcel.run(text(charger), blob(id), rank, keptAtS, endsAtS, Buffer.from(bytes))
      arrival =
        rowsOf<{ arrival: number }>(this.#database, 'SELECT last_insert_rowid() AS arrival')[0]?.arrival ?? 0
    })
    for (const gone of going) this.#shelf.delete(keyOf(gone.charger, gone.id))
    this.#put({ ...parcel, arrival, sizeBytes: bytes.length })
  }

  bytesOf({ arrival }: KeptParcel): Bytes | undefined {
    const [row] = this.#statements.parcelBytes.all([arrival]) as { bytes: ArrayBuffer }[]
    return row && toBytes(row.bytes)
  }

  drop(going: readonly KeptParcel[]): void {
    if (going.length === 0) return
    inTransaction(this.#database, () => {
      for (const { arrival } of going) this.#statements.dropParcel.run(arrival)
    })
    for (const gone of going) this.#shelf.delete(keyOf(gone.charger, gone.id))
  }

  /** The operator answered: parcel out and answer in, in one step. */
  settle(parcel: KeptParcel, answer: Bytes, nowS: EpochSeconds): void {
    const { charger, id, arrival } = parcel
    inTransaction(this.#database, () => {
      this.#statements.dropParcel.run(arrival)
      this.#statements.putAnswer.run(text(charger), blob(id), nowS, Buffer.from(answer))
      this.#statements.pruneAnswers.run(text(charger), text(charger), limits.gatewayAnswersPerChargerMax)
      this.#statements.putFact.run(text('last-success'), text(String(nowS)))
    })
    this.#shelf.delete(keyOf(charger, id))
  }

  /** Oldest first, as many as one exchange carries. */
  answersOf(charger: ChargerId): readonly WaitingAnswer[] {
    const found = this.#statements.answers.all(text(charger), limits.gatewayAnswersPerExchangeMax) as {
      id: ArrayBuffer
      bytes: ArrayBuffer
    }[]
    let room = limits.gatewayExchangeBytesMax
    const answers: WaitingAnswer[] = []
    for (const { id, bytes } of found) {
      room -= bytes.byteLength
      if (room < 0) break
      answers.push({ id: parcelId(toHex(new Uint8Array(id))), bytes: toBytes(bytes) })
    }
    return answers
  }

  answer(charger: ChargerId, id: ParcelId): WaitingAnswer | undefined {
    const [row] = this.#statements.answer.all(text(charger), blob(id)) as { bytes: ArrayBuffer }[]
    return row && { id, bytes: toBytes(row.bytes) }
  }

  countAnswers(): number {
    return rowsOf<{ count: number }>(this.#database, 'SELECT count(*) AS count FROM answer')[0]?.count ?? 0
  }

  forget(charger: ChargerId, taken: readonly ParcelId[]): void {
    if (taken.length === 0) return
    inTransaction(this.#database, () => {
      for (const id of taken) this.#statements.dropAnswer.run(text(charger), blob(id))
    })
  }

  /** Answers that nobody fetched: their charger is gone, or has another secret. */
  forgetBefore(timeS: EpochSeconds): void {
    this.#statements.dropAnswersBefore.run([timeS])
  }

  /** @param isGreeting only then it is written down */
  note(charger: ChargerId, nowS: EpochSeconds, isGreeting: boolean): void {
    this.#seen.set(charger, nowS)
    if (isGreeting) this.#statements.putCharger.run(text(charger), nowS)
  }

  fact(name: FactName): Bytes | undefined {
    const [row] = this.#statements.fact.all([text(name)]) as { value: ArrayBuffer }[]
    return row && toBytes(row.value)
  }

  setFact(name: FactName, value: Uint8Array): void {
    this.#statements.putFact.run(text(name), Buffer.from(value))
  }

  /** Bytes that passed the uplink on this day since 1970. */
  spentOn(day: number): number {
    const [row] = this.#statements.day.all([day]) as { bytes: number }[]
    return row?.bytes ?? 0
  }

  spend(day: number, bytes: number): void {
    this.#statements.spend.run(day, bytes)
    this.#statements.dropDays.run([day])
  }

  close(): void {
    rowsOf(this.#database, 'PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }

  #put(parcel: KeptParcel): void {
    this.#shelf.set(keyOf(parcel.charger, parcel.id), parcel)
  }
}

/** Read with `all` only, as in the journal: `get` leaves statements open. */
const prepareStatements = (database: Database.Database) => ({
  putParcel: database.prepare(
    'INSERT INTO parcel (charger, id, priority, kept_at_s, ends_at_s, bytes) VALUES (?, ?, ?, ?, ?, ?)',
  ),
  dropParcel: database.prepare('DELETE FROM parcel WHERE arrival = ?'),
  parcelBytes: database.prepare('SELECT bytes FROM parcel WHERE arrival = ?'),
  putAnswer: database.prepare('INSERT OR REPLACE INTO answer (charger, id, at_s, bytes) VALUES (?, ?, ?, ?)'),
  pruneAnswers: database.prepare(
    `DELETE FROM answer WHERE charger = ? AND arrival NOT IN
      (SELECT arrival FROM answer WHERE charger = ? ORDER BY arrival DESC LIMIT ?)`,
  ),
  answers: database.prepare('SELECT id, bytes FROM answer WHERE charger = ? ORDER BY arrival LIMIT ?'),
  answer: database.prepare('SELECT bytes FROM answer WHERE charger = ? AND id = ?'),
  dropAnswer: database.prepare('DELETE FROM answer WHERE charger = ? AND id = ?'),
  dropAnswersBefore: database.prepare('DELETE FROM answer WHERE at_s < ?'),
  putCharger: database.prepare('INSERT OR REPLACE INTO charger VALUES (?, ?)'),
  fact: database.prepare('SELECT value FROM fact WHERE name = ?'),
  putFact: database.prepare('INSERT OR REPLACE INTO fact VALUES (?, ?)'),
  day: database.prepare('SELECT bytes FROM day WHERE day = ?'),
  spend: database.prepare(
    'INSERT INTO day VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET bytes = bytes + excluded.bytes',
  ),
  dropDays: database.prepare('DELETE FROM day WHERE day < ?'),
})

const keyOf = (charger: ChargerId, id: ParcelId): string => `${charger}/${id}`
const text = (value: string): Buffer => Buffer.from(value, 'utf8')
const blob = (hex: string): Buffer => Buffer.from(fromHex(hex))
const textOf = (value: ArrayBuffer): string => Buffer.from(value).toString('utf8')

const parcelOf = (row: ParcelRow): KeptParcel => ({
  arrival: row.arrival,
  charger: chargerId(textOf(row.charger)),
  id: parcelId(toHex(new Uint8Array(row.id))),
  priority: parcelPriorities[row.priority] ?? 'later',
  sizeBytes: row.size,
  keptAtS: epochSeconds(row.kept_at_s),
  endsAtS: epochSeconds(row.ends_at_s),
})
