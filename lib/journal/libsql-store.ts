/**
 * The store on libsql: encrypted at rest (AES-256-CBC), WAL with `synchronous=FULL`, so that every commit is one
 * fsync. Events are sealed besides, each segment under a key of its own that a purge destroys (segment-keys.ts). The cipher does not authenticate its pages, so each projection row carries a digest of its own; events are
 * checked against their Merkle leaves by the journal. All text is stored as bytes: libsql ends the process when a
 * text column holds bad UTF-8, which is what one flipped bit of an encrypted page can turn it into.
 */

import Database from 'libsql'
import { concat, equalBytes, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { deviceId, deviceIdPattern, type DeviceId } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { sha256 } from '@/lib/crypto/hash'
import { parseHash, type Hash } from '@/lib/log/hash'
import { journalFault, type JournalFault, type ProjectionRow, type StoredEvent } from './journal'
import { LostSegment, SegmentKeys, segmentSchema } from './segment-keys'
import type { SegmentVault } from './segment-vault'
import { firstKeptPosition, type JournalStore, type LogHead, type StoreBatch } from './store'

const schemaVersion = 3

const schema = `
  CREATE TABLE identity (only INTEGER PRIMARY KEY CHECK (only = 0), device BLOB NOT NULL, writer BLOB NOT NULL) STRICT;
  CREATE TABLE epoch (
    epoch INTEGER PRIMARY KEY, size INTEGER NOT NULL, acknowledged INTEGER NOT NULL,
    root BLOB NOT NULL, revision INTEGER NOT NULL, purged INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE event (
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, kind BLOB NOT NULL, payload BLOB NOT NULL,
    PRIMARY KEY (epoch, seq)) STRICT;
  CREATE TABLE node (
    epoch INTEGER NOT NULL, level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (epoch, level, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE projection (
    name BLOB NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (name, key)) STRICT, WITHOUT ROWID;
  ${segmentSchema}
  PRAGMA user_version = ${schemaVersion};`

/** Version 2 remembers up to where events were purged; a journal of version 1 has purged nothing. */
const fromVersion1 = `
  ALTER TABLE epoch ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
  PRAGMA user_version = 2;`

/** How long one opening waits for another process's commit. */
const busyTimeoutS = 2

/** Opens or creates the file. Faults: `damaged` (also a wrong key, which the caller tells apart), `version`, disk. */
export function openLibsqlStore(
  path: string,
  encryptionKey: string,
  vault: SegmentVault,
): Result<JournalStore, JournalFault> {
  const options: EncryptedOptions = { encryptionCipher: 'aes256cbc', encryptionKey, timeout: busyTimeoutS }
  const opened = attempt(() => new Database(path, options))
  if (!opened.ok) return opened
  const database = opened.value
  const prepared = attempt(() => prepareDatabase(database, vault))
  const outcome = prepared.ok ? prepared.value : prepared
  if (outcome.ok) return ok(new LibsqlStore(database, outcome.value))
  attempt(() => database.close())
  return outcome
}

/** The package's types follow better-sqlite3 and leave encryption out. */
interface EncryptedOptions extends Database.Options {
  readonly encryptionCipher: 'aes256cbc'
  readonly encryptionKey: string
}

function prepareDatabase(
  database: Database.Database,
  vault: SegmentVault,
): Result<SegmentKeys, JournalFault> {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  const version = rows<{ user_version: number }>(database, 'PRAGMA user_version')[0]?.user_version ?? 0
  if (version > schemaVersion)
    return err(journalFault('version', `Schema ${version} is newer than this program`))
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
  if (version === 1) database.exec(`BEGIN IMMEDIATE; ${fromVersion1} COMMIT;`)
  if (version === 1 || version === 2) sealOldEvents(database, vault)
  const checked = rows<{ quick_check: string }>(database, 'PRAGMA quick_check(1)')[0]?.quick_check
  if (checked !== 'ok') return err(journalFault('damaged', String(checked)))
  const keys = new SegmentKeys(database, vault)
  // A power cut may have come between a purge and the end of the secret before it.
  keys.settle()
  return ok(keys)
}

/** Version 3 seals each event under its segment's key. */
function sealOldEvents(database: Database.Database, vault: SegmentVault): void {
  database.exec(`BEGIN IMMEDIATE; ${segmentSchema}`)
  try {
    const keys = new SegmentKeys(database, vault)
    const put = database.prepare('UPDATE event SET payload = ? WHERE epoch = ? AND seq = ?')
    type Old = EventRow & { readonly epoch: number }
    for (const { epoch, seq, payload } of rows<Old>(database, 'SELECT epoch, seq, payload FROM event'))
      put.run(blob(keys.seal(epoch, seq, new Uint8Array(payload))), epoch, seq)
    database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT;`)
  } catch (error) {
    attempt(() => database.exec('ROLLBACK'))
    throw error
  }
}

interface HeadRow {
  readonly epoch: number
  readonly size: number
  readonly acknowledged: number
  readonly root: ArrayBuffer
  readonly revision: number
  readonly purged: number
}

class LibsqlStore implements JournalStore {
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #keys: SegmentKeys
  #writer = ''

  constructor(database: Database.Database, keys: SegmentKeys) {
    this.#database = database
    this.#keys = keys
    this.#statements = prepareStatements(database)
  }

  load(): Result<{ device: DeviceId; head: LogHead } | undefined, JournalFault> {
    return attempt(() => {
      const identity = rows<{ device: ArrayBuffer }>(this.#database, 'SELECT device FROM identity')[0]
      const row = rows<HeadRow>(this.#database, 'SELECT * FROM epoch ORDER BY epoch DESC LIMIT 1')[0]
      if (identity === undefined || row === undefined) return undefined
      const device = fromUtf8(identity.device)
      const root = parseHash(new Uint8Array(row.root))
      if (!deviceIdPattern.test(device) || root === undefined) throw new DamagedRow('head')
      const { epoch, size, acknowledged: acknowledgedSize, revision, purged: purgedSize } = row
      const head = { epoch, size, acknowledgedSize, purgedSize, root, revision }
      return { device: deviceId(device), head }
    })
  }

  claim(device: DeviceId, head: LogHead, bootMarker: string): Result<void, JournalFault> {
    this.#writer = bootMarker
    return this.#transaction(() => {
      this.#statements.putIdentity.run(text(device), text(bootMarker))
      this.#putHead(head)
    })
  }

  commit({ head, events, nodes, projections, purgeBelow }: StoreBatch): Result<void, JournalFault> {
    const { putEvent, putNode, putProjection, deleteProjection, ownedBy } = this.#statements
    let isDropped = false
    const committed = this.#transaction(() => {
      if (ownedBy.all([text(this.#writer)]).length === 0) throw new Superseded()
      this.#putHead(head)
      for (const { seq, kind, payload } of events)
        putEvent.run(head.epoch, seq, text(kind), blob(this.#keys.seal(head.epoch, seq, payload)))
      for (const { level, index, hash } of nodes) putNode.run(head.epoch, level, index, blob(hash))
      if (purgeBelow !== undefined) isDropped = this.#purge(head.epoch, purgeBelow)
      for (const { table, key, value } of projections) {
        if (value === null) deleteProjection.run(text(table), text(key))
        else putProjection.run(text(table), text(key), blob(value), blob(rowDigest(table, key, value)))
      }
    })
    if (!committed.ok) this.#keys.reset()
    // What was purged is purged; secrets that could not be destroyed now are destroyed at the next opening.
    if (committed.ok && isDropped) attempt(() => this.#keys.settle())
    return committed
  }

  readEvents(epoch: number, from: number, to: number): Result<readonly StoredEvent[], JournalFault> {
    return attempt(() => {
      const found = this.#statements.events.all(epoch, from, to) as EventRow[]
      if (found.length !== to - from) throw new DamagedRow(`event in ${from}..${to}`)
      return found.map((row, index) => {
        if (row.seq !== from + index) throw new DamagedRow(`event ${from + index}`)
        const payload = this.#keys.open(epoch, row.seq, new Uint8Array(row.payload))
        if (payload === undefined) throw new DamagedRow(`event ${row.seq}`)
        return { seq: row.seq, kind: fromUtf8(row.kind), payload }
      })
    })
  }

  readNode(epoch: number, level: number, index: number): Hash | undefined {
    const found = attempt(() => this.#statements.node.all(epoch, level, index) as { hash: ArrayBuffer }[])
    const hash = found.ok ? found.value[0]?.hash : undefined
    return hash === undefined ? undefined : parseHash(new Uint8Array(hash))
  }

  readLeaves(epoch: number, from: number, to: number): readonly (Hash | undefined)[] {
    const found = attempt(() => this.#statements.leaves.all(epoch, from, to) as LeafRow[])
    const leaves = new Array<Hash | undefined>(to - from).fill(undefined)
    for (const { position, hash } of found.ok ? found.value : [])
      leaves[position - from] = parseHash(new Uint8Array(hash))
    return leaves
  }

  readProjection(table: string, key: string): Result<ProjectionRow | undefined, JournalFault> {
    return attempt(() => {
      const row = (this.#statements.projection.all(text(table), text(key)) as ProjectionStored[])[0]
      return row === undefined ? undefined : checkedRow(table, row)
    })
  }

  listProjection(
    table: string,
    after: string,
    countMax: number,
  ): Result<readonly ProjectionRow[], JournalFault> {
    return attempt(() => {
      const found = this.#statements.projections.all(text(table), text(after), countMax) as ProjectionStored[]
      return found.map((row) => checkedRow(table, row))
    })
  }

  close(): void {
    this.#writer = ''
    // A tidy end leaves one file behind; after a crash the write-ahead log is replayed at the next opening.
    attempt(() => rows(this.#database, 'PRAGMA wal_checkpoint(TRUNCATE)'))
    attempt(() => this.#database.close())
  }

  #putHead({ epoch, size, acknowledgedSize, purgedSize, root, revision }: LogHead): void {
    this.#statements.putHead.run(epoch, size, acknowledgedSize, blob(root), revision, purgedSize)
  }

  /** Earlier epochs go whole: what nobody else had of them was carried over. */
  #purge(epoch: number, below: number): boolean {
    this.#statements.purgeEvents.run(epoch, below, epoch)
    this.#statements.purgeEpochs.run([epoch])
    for (let level = 0; firstKeptPosition(below, level) > 0; level += 1)
      this.#statements.purgeNodes.run(epoch, level, firstKeptPosition(below, level))
    return this.#keys.dropBelow(epoch, below)
  }

  #transaction(work: () => void): Result<void, JournalFault> {
    return attempt(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        work()
        this.#database.exec('COMMIT')
      } catch (error) {
        // SQLite has already rolled back after some failures; the first error is the one to report.
        attempt(() => this.#database.exec('ROLLBACK'))
        throw error
      }
    })
  }
}

interface EventRow {
  readonly seq: number
  readonly kind: ArrayBuffer
  readonly payload: ArrayBuffer
}

interface LeafRow {
  readonly position: number
  readonly hash: ArrayBuffer
}

interface ProjectionStored {
  readonly key: ArrayBuffer
  readonly value: ArrayBuffer
  readonly digest: ArrayBuffer
}

/**
 * Statements are read with `all` only: `get` leaves them open, which would hold back the checkpoint of the WAL. A
 * single bytes parameter must stand in an array, or libsql takes it for named parameters.
 */
const prepareStatements = (database: Database.Database) => ({
  putIdentity: database.prepare('INSERT OR REPLACE INTO identity VALUES (0, ?, ?)'),
  ownedBy: database.prepare('SELECT 1 FROM identity WHERE writer = ?'),
  putHead: database.prepare('INSERT OR REPLACE INTO epoch VALUES (?, ?, ?, ?, ?, ?)'),
  putEvent: database.prepare('INSERT INTO event VALUES (?, ?, ?, ?)'),
  putNode: database.prepare('INSERT INTO node VALUES (?, ?, ?, ?)'),
  purgeEvents: database.prepare('DELETE FROM event WHERE (epoch = ? AND seq < ?) OR epoch < ?'),
  purgeEpochs: database.prepare('DELETE FROM node WHERE epoch < ?'),
  purgeNodes: database.prepare('DELETE FROM node WHERE epoch = ? AND level = ? AND position < ?'),
  putProjection: database.prepare('INSERT OR REPLACE INTO projection VALUES (?, ?, ?, ?)'),
  deleteProjection: database.prepare('DELETE FROM projection WHERE name = ? AND key = ?'),
  events: database.prepare(
    'SELECT seq, kind, payload FROM event WHERE epoch = ? AND seq >= ? AND seq < ? ORDER BY seq',
  ),
  node: database.prepare('SELECT hash FROM node WHERE epoch = ? AND level = ? AND position = ?'),
  leaves: database.prepare(
    'SELECT position, hash FROM node WHERE epoch = ? AND level = 0 AND position >= ? AND position < ?',
  ),
  projection: database.prepare('SELECT key, value, digest FROM projection WHERE name = ? AND key = ?'),
  projections: database.prepare(
    'SELECT key, value, digest FROM projection WHERE name = ? AND key > ? ORDER BY key LIMIT ?',
  ),
})

const blob = (bytes: Uint8Array): Buffer => Buffer.from(bytes)
const text = (value: string): Buffer => Buffer.from(value, 'utf8')
const fromUtf8 = (value: ArrayBuffer): string => Buffer.from(value).toString('utf8')

const rowDigest = (table: string, key: string, value: Uint8Array): Bytes =>
  toBytes(sha256(concat(utf8(`${table}\u0000${key}\u0000`), value)).subarray(0, 16))

function checkedRow(table: string, stored: ProjectionStored): ProjectionRow {
  const key = fromUtf8(stored.key)
  const bytes = new Uint8Array(stored.value)
  const isWhole = equalBytes(new Uint8Array(stored.digest), rowDigest(table, key, bytes))
  if (!isWhole) throw new DamagedRow(`${table}/${key}`)
  return { key, value: bytes }
}

const rows = <Row>(database: Database.Database, sql: string): Row[] => database.prepare(sql).all() as Row[]

class DamagedRow extends Error {}
class Superseded extends Error {}

function attempt<T>(work: () => T): Result<T, JournalFault> {
  try {
    return ok(work())
  } catch (error) {
    return err(faultOf(error))
  }
}

/** Our statements are right: where SQLite calls them wrong, a page has changed under them. It has no code for that. */
const damageWords = /unsupported file format|malformed|no such (?:table|column)/

function faultOf(error: unknown): JournalFault {
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof LostSegment) return journalFault('damaged', error.message)
  if (error instanceof DamagedRow) return journalFault('damaged', `Row unreadable: ${detail}`)
  if (error instanceof Superseded) return journalFault('superseded', 'Another process writes this journal')
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const isCorrupt = code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')
  if (isCorrupt || damageWords.test(detail)) return journalFault('damaged', detail)
  if (code.startsWith('SQLITE_FULL')) return journalFault('full', detail)
  return journalFault('unavailable', `${code} ${detail}`.trim())
}
