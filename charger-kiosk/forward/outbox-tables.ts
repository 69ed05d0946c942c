/** The tables of the outbox and what is asked of them. `id` grows for ever, so that an order is an order. */

import type Database from 'libsql'

export const schemaVersion = 1

export const outboxSchema = `
  CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, importance INTEGER NOT NULL, action BLOB NOT NULL,
    payload BLOB NOT NULL, checksum BLOB NOT NULL, transaction_id INTEGER, cut_off INTEGER NOT NULL,
    heard_s INTEGER NOT NULL, refusals INTEGER NOT NULL DEFAULT 0, losses INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE INDEX message_of ON message (charger, id);
  CREATE TABLE seen (
    id INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, digest BLOB NOT NULL, UNIQUE (charger, digest)) STRICT;
  CREATE TABLE transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, own_id INTEGER NOT NULL, tag BLOB NOT NULL,
    digest BLOB NOT NULL, same_as INTEGER, site_id INTEGER, ended INTEGER NOT NULL DEFAULT 0,
    UNIQUE (charger, own_id)) STRICT;
  CREATE TABLE aside (
    id INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, action BLOB NOT NULL, payload BLOB NOT NULL,
    reason BLOB NOT NULL, heard_s INTEGER NOT NULL, at_s INTEGER NOT NULL) STRICT;
  CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, charger BLOB NOT NULL, tag BLOB NOT NULL) STRICT;
  CREATE INDEX tag_of ON tag (charger, tag);
  CREATE TABLE fact (
    charger BLOB NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (charger, name)) STRICT;
  CREATE TABLE tally (
    charger BLOB NOT NULL, name BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (charger, name)) STRICT;
  PRAGMA user_version = ${schemaVersion};`

export interface MessageRow {
  readonly id: number
  readonly action: ArrayBuffer
  readonly payload: ArrayBuffer
  readonly checksum: ArrayBuffer
  readonly importance: number
  readonly transaction_id: number | null
  readonly cut_off: number
  readonly heard_s: number
  readonly refusals: number
  readonly losses: number
}
export interface TransactionRow {
  readonly own_id: number
  readonly tag: ArrayBuffer
  readonly site_id: number | null
}
export interface AsideRow {
  readonly action: ArrayBuffer
  readonly payload: ArrayBuffer
  readonly reason: ArrayBuffer
}

/** A single bytes parameter must stand in an array, or the library takes it for named parameters. */
export const prepareStatements = (database: Database.Database) => ({
  seen: database.prepare('SELECT 1 FROM seen WHERE charger = ? AND digest = ?'),
  putSeen: database.prepare('INSERT INTO seen (charger, digest) VALUES (?, ?)'),
  pruneSeen: database.prepare(prune('seen')),
  putMessage: database.prepare(
    `INSERT INTO message (charger, importance, action, payload, checksum, transaction_id, cut_off, heard_s)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  next: database.prepare('SELECT * FROM message WHERE charger = ? ORDER BY id LIMIT 1'),
  lastId: database.prepare('SELECT max(id) AS id FROM message WHERE charger = ?'),
  waiting: database.prepare('SELECT count(*) AS n FROM message WHERE charger = ?'),
  load: database.prepare('SELECT count(*) AS n, sum(length(payload)) AS size FROM message WHERE charger = ?'),
  dropMessage: database.prepare('DELETE FROM message WHERE id = ?'),
  refused: database.prepare('UPDATE message SET refusals = refusals + 1 WHERE id = ?'),
  lost: database.prepare('UPDATE message SET losses = losses + 1 WHERE id = ?'),
  thin: database.prepare(
    `DELETE FROM message WHERE id IN (SELECT id FROM (
       SELECT id, row_number() OVER (ORDER BY id) AS n FROM message WHERE charger = ? AND importance = ?
     ) WHERE n % 2 = 1)`,
  ),
  dropOldest: database.prepare(
    'DELETE FROM message WHERE id IN (SELECT id FROM message WHERE charger = ? ORDER BY importance DESC, id LIMIT ?)',
  ),
  transaction: database.prepare(
    `SELECT one.own_id, one.tag, coalesce(first.site_id, one.site_id) AS site_id FROM transactions one
     LEFT JOIN transactions first ON first.charger = one.charger AND first.own_id = one.same_as
     WHERE one.charger = ? AND one.own_id = ?`,
  ),
  byDigest: database.prepare(
    'SELECT * FROM transactions WHERE charger = ? AND digest = ? AND same_as IS NULL LIMIT 1',
  ),
  bySiteId: database.prepare(
    `SELECT one.* FROM transactions one
     LEFT JOIN transactions first ON first.charger = one.charger AND first.own_id = one.same_as
     WHERE one.charger = ? AND coalesce(first.site_id, one.site_id) = ? ORDER BY one.id DESC LIMIT 1`,
  ),
  open: database.prepare('SELECT * FROM transactions WHERE charger = ? AND ended = 0 ORDER BY id'),
  putTransaction: database.prepare(
    'INSERT OR IGNORE INTO transactions (charger, own_id, tag, digest, same_as) VALUES (?, ?, ?, ?, ?)',
  ),
  setSiteId: database.prepare('UPDATE transactions SET site_id = ? WHERE charger = ? AND own_id = ?'),
  endTransaction: database.prepare('UPDATE transactions SET ended = 1 WHERE charger = ? AND own_id = ?'),
  pruneTransactions: database.prepare(prune('transactions')),
  putAside: database.prepare(
    'INSERT INTO aside (charger, action, payload, reason, heard_s, at_s) VALUES (?, ?, ?, ?, ?, ?)',
  ),
  aside: database.prepare(
    'SELECT action, payload, reason FROM aside WHERE charger = ? ORDER BY id DESC LIMIT 100',
  ),
  pruneAside: database.prepare(prune('aside')),
  putTag: database.prepare('INSERT INTO tag (charger, tag) VALUES (?, ?)'),
  tag: database.prepare('SELECT 1 FROM tag WHERE charger = ? AND tag = ? LIMIT 1'),
  pruneTags: database.prepare(prune('tag')),
  fact: database.prepare('SELECT value FROM fact WHERE charger = ? AND name = ?'),
  putFact: database.prepare('INSERT OR REPLACE INTO fact VALUES (?, ?, ?)'),
  count: database.prepare(
    `INSERT INTO tally (charger, name, n) VALUES (?, ?, ?)
     ON CONFLICT (charger, name) DO UPDATE SET n = n + excluded.n`,
  ),
  tally: database.prepare('SELECT n FROM tally WHERE charger = ? AND name = ?'),
})

/** Keeps the newest so many of a charger. */
const prune = (table: string): string =>
  `DELETE FROM ${table} WHERE charger = ? AND id <= (
     SELECT id FROM ${table} WHERE charger = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`
