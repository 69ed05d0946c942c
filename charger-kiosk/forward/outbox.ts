/**
 * What a site CSMS has yet to be told, on disk: each charger's messages in their order, the ids that the site CSMS gave to
 * transactions, and what was set aside because it never took it. A file of its own beside the journal (ADR 0038): what
 * becomes of it never touches money. Encrypted as the journal is; every commit is one fsync.
 *
 * Longer than most files, because every change here is one transaction over several tables. All text is stored as bytes and
 * read with `all` only, for the reasons that `lib/journal/libsql-store.ts` gives.
 */

import Database from 'libsql'
import { createHash } from 'node:crypto'
import { limits } from '@/lib/core/limits'
import type { ChargePointIdentity } from '../ocpp/ids'
import {
  outboxSchema,
  prepareStatements,
  schemaVersion,
  type AsideRow,
  type MessageRow,
  type TransactionRow,
} from './outbox-tables'

/** 0: begins and ends of transactions; 1: what else happened; 2: readings, of which there are many. */
export type Importance = 0 | 1 | 2

export interface NewMessage {
  readonly charger: ChargePointIdentity
  readonly action: string
  readonly payload: string
  readonly importance: Importance
  /** What makes a repeat a repeat. */
  readonly digest: string
  /** OCPP 1.6: this controller's number of the transaction, where the message has one or got one as its answer. */
  readonly transactionId: number | undefined
  /** The site CSMS could not be told when it happened. */
  readonly wasCutOff: boolean
  readonly heardAtS: number
  /** OCPP 1.6: a start brings its tag's digest, so that a stop without a number can be told by it. */
  readonly startTag?: string | undefined
}

export interface KeptMessage {
  readonly id: number
  readonly action: string
  readonly payload: string
  readonly importance: Importance
  readonly transactionId: number | undefined
  readonly wasCutOff: boolean
  readonly heardAtS: number
  /** Times that the site CSMS refused it or did not answer, and times that the link broke under it. */
  readonly refusals: number
  readonly losses: number
}

export interface QueueFigures {
  readonly waiting: number
  readonly oldestAtS: number | undefined
  readonly delivered: number
  /** Never taken by the site CSMS, kept as evidence. */
  readonly setAside: number
  /** Dropped because the queue was full. */
  readonly dropped: number
}

type Tally = 'delivered' | 'set-aside' | 'dropped'

/** Tidied once in so many messages: counting what waits takes longer than adding to it. */
const tidyEvery = 50

export class Outbox {
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #untilTidy = new Map<ChargePointIdentity, number>()

  /** Throws where the file cannot be opened or is damaged. `:memory:` for one that nobody needs tomorrow. */
  constructor(path: string, encryptionKey: string) {
    const options = path === ':memory:' ? {} : { encryptionCipher: 'aes256cbc', encryptionKey, timeout: 2 }
    // The package's types leave encryption out.
    this.#database = new Database(path, options as Database.Options)
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const version = Number(
      first<{ user_version: number }>(this.#database, 'PRAGMA user_version')?.user_version ?? 0,
    )
    if (version > schemaVersion) throw new Error(`its schema ${version} is newer than this program`)
    if (version === 0) this.#database.exec(`BEGIN IMMEDIATE; ${outboxSchema} COMMIT;`)
    const checked = first<{ quick_check: string }>(this.#database, 'PRAGMA quick_check(1)')?.quick_check
    if (checked !== 'ok') throw new Error(`it is damaged: ${String(checked)}`)
    this.#statements = prepareStatements(this.#database)
  }

  /** Durable on return. False for a repeat, and for a second start of a transaction that was told already. */
  add(message: NewMessage): boolean {
    const { charger, action, payload, digest, transactionId, startTag } = message
    const sql = this.#statements
    return this.#transaction(() => {
      const isStart = startTag !== undefined && transactionId !== undefined
      if (sql.seen.all(bytes(charger), bytes(digest)).length > 0) {
        if (isStart) this.#nameAgain(message, transactionId, startTag)
        return false
      }
      if (isStart) {
        if (sql.transaction.all(bytes(charger), transactionId).length > 0) return false
        sql.putTransaction.run(bytes(charger), transactionId, bytes(startTag), bytes(digest), null)
      }
      if (action === 'StopTransaction' && transactionId !== undefined) {
        sql.endTransaction.run(bytes(charger), transactionId)
      }
      sql.putSeen.run(bytes(charger), bytes(digest))
      sql.putMessage.run(
        bytes(charger),
        message.importance,
        bytes(action),
        bytes(payload),
        checksum(payload),
        transactionId ?? null,
        message.wasCutOff ? 1 : 0,
        message.heardAtS,
      )
      return true
    })
  }

  /** The oldest that waits. One whose text is not as it was written comes with an empty text. */
  next(charger: ChargePointIdentity): KeptMessage | undefined {
    const row = (this.#statements.next.all([bytes(charger)]) as MessageRow[])[0]
    if (row === undefined) return undefined
    const payload = text(row.payload)
    const isWhole = Buffer.from(row.checksum).equals(checksum(payload))
    return {
      id: row.id,
      action: text(row.action),
      payload: isWhole ? payload : '',
      importance: row.importance as Importance,
      transactionId: row.transaction_id ?? undefined,
      wasCutOff: row.cut_off === 1,
      heardAtS: row.heard_s,
      refusals: row.refusals,
      losses: row.losses,
    }
  }

  /** The site CSMS has it. `siteId` is the number that it gave to a transaction that began. */
  delivered(charger: ChargePointIdentity, message: KeptMessage, siteId?: number): void {
    const sql = this.#statements
    this.#transaction(() => {
      sql.dropMessage.run([message.id])
      sql.count.run(bytes(charger), bytes('delivered'), 1)
      if (siteId !== undefined && message.transactionId !== undefined) {
        sql.setSiteId.run(siteId, bytes(charger), message.transactionId)
      }
    })
  }

  /** It was tried in vain: `refused` by the site CSMS, or `lost` with its link. */
  failed(message: KeptMessage, how: 'refused' | 'lost'): void {
    this.#statements[how].run([message.id])
  }

  /** Out of the way of those behind it, and kept where somebody can read it. */
  setAside(charger: ChargePointIdentity, message: KeptMessage, reason: string, atS: number): void {
    const sql = this.#statements
    this.#transaction(() => {
      sql.putAside.run(
        bytes(charger),
        bytes(message.action),
        bytes(message.payload),
        bytes(reason.slice(0, 300)),
        message.heardAtS,
        atS,
      )
      sql.dropMessage.run([message.id])
      sql.count.run(bytes(charger), bytes('set-aside'), 1)
      sql.pruneAside.run(bytes(charger), bytes(charger), limits.forwardSetAsideMax)
    })
  }

  /** What was set aside, the latest first. */
  aside(charger: ChargePointIdentity): readonly { action: string; payload: string; reason: string }[] {
    const rows = this.#statements.aside.all([bytes(charger)]) as AsideRow[]
    return rows.map((row) => ({
      action: text(row.action),
      payload: text(row.payload),
      reason: text(row.reason),
    }))
  }

  /**
   * Called after each `add`. Once in a while it makes room where more than `max` wait: every second reading goes first, so
   * that what is left still shows the course; then every second event within transactions; begins and ends last, the
   * oldest first. Gives how many went.
   */
  keepBounded(charger: ChargePointIdentity, max: number): number {
    const left = (this.#untilTidy.get(charger) ?? Math.min(tidyEvery, max)) - 1
    this.#untilTidy.set(charger, left > 0 ? left : Math.min(tidyEvery, max))
    if (left > 0) return 0
    const sql = this.#statements
    return this.#transaction(() => {
      const own = bytes(charger)
      sql.pruneSeen.run(own, own, limits.forwardDigestsMax)
      sql.pruneTags.run(own, own, limits.forwardTransactionsMax)
      sql.pruneTransactions.run(own, own, limits.forwardTransactionsMax)
      const { n, size } = this.#load(charger)
      const room = size > limits.forwardTextBytesMax ? Math.min(max, Math.floor(n / 2)) : max
      return n > room ? this.#shrink(charger, n, room) : 0
    })
  }

  /** A start that nobody here knows gets another number when it is repeated after a restart; the site has one for both. */
  #nameAgain({ charger, digest }: NewMessage, transactionId: number, tag: string): void {
    const sql = this.#statements
    const [first] = sql.byDigest.all(bytes(charger), bytes(digest)) as TransactionRow[]
    if (first === undefined || first.own_id === transactionId) return
    sql.putTransaction.run(bytes(charger), transactionId, bytes(tag), bytes(digest), first.own_id)
  }

  #shrink(charger: ChargePointIdentity, before: number, room: number): number {
    const sql = this.#statements
    for (const importance of [2, 1]) {
      if (this.#waiting(charger) > room) sql.thin.run(bytes(charger), importance)
    }
    // Thinning halves: what is still too much goes from the least important up.
    const over = this.#waiting(charger) - room
    if (over > 0) sql.dropOldest.run(bytes(charger), over)
    const dropped = before - this.#waiting(charger)
    sql.count.run(bytes(charger), bytes('dropped'), dropped)
    return dropped
  }

  /** The id that the site CSMS gave to a transaction of ours. */
  siteIdOf(charger: ChargePointIdentity, transactionId: number): number | undefined {
    const [row] = this.#statements.transaction.all(bytes(charger), transactionId) as TransactionRow[]
    return row?.site_id ?? undefined
  }

  /** Our number of a transaction that the site CSMS names; the latest where it gave an id twice. */
  ownIdOf(charger: ChargePointIdentity, siteId: number): number | undefined {
    const [row] = this.#statements.bySiteId.all(bytes(charger), siteId) as TransactionRow[]
    return row?.own_id
  }

  /** For a stop whose number was lost: the one that began with its tag, else the only one that has not ended. */
  openByTag(charger: ChargePointIdentity, tag: string | undefined): number | undefined {
    const open = this.#statements.open.all([bytes(charger)]) as TransactionRow[]
    const tagged = tag === undefined ? undefined : open.findLast((row) => text(row.tag) === tag)
    return (tagged ?? (tag === undefined && open.length === 1 ? open[0] : undefined))?.own_id
  }

  noteTag(charger: ChargePointIdentity, tag: string): void {
    this.#statements.putTag.run(bytes(charger), bytes(tag))
  }

  /** Whether a transaction was ever started with this tag from here. */
  isOwnTag(charger: ChargePointIdentity, tag: string): boolean {
    return this.#statements.tag.all(bytes(charger), bytes(tag)).length > 0
  }

  /** A small fact about a charger that outlives this process. */
  fact(charger: ChargePointIdentity, name: string): string | undefined {
    const [row] = this.#statements.fact.all(bytes(charger), bytes(name)) as { value: ArrayBuffer }[]
    return row === undefined ? undefined : text(row.value)
  }

  setFact(charger: ChargePointIdentity, name: string, value: string): void {
    this.#statements.putFact.run(bytes(charger), bytes(name), bytes(value))
  }

  /** Of the newest message that waits, 0 for none. */
  lastId(charger: ChargePointIdentity): number {
    return Number((this.#statements.lastId.all([bytes(charger)]) as { id: number | null }[])[0]?.id ?? 0)
  }

  figures(charger: ChargePointIdentity): QueueFigures {
    const oldest = (this.#statements.next.all([bytes(charger)]) as MessageRow[])[0]
    return {
      waiting: this.#waiting(charger),
      oldestAtS: oldest?.heard_s,
      delivered: this.#tally(charger, 'delivered'),
      setAside: this.#tally(charger, 'set-aside'),
      dropped: this.#tally(charger, 'dropped'),
    }
  }

  close(): void {
    this.#database.close()
  }

  #waiting(charger: ChargePointIdentity): number {
    return Number((this.#statements.waiting.all([bytes(charger)]) as { n: number }[])[0]?.n ?? 0)
  }

  #tally(charger: ChargePointIdentity, name: Tally): number {
    return Number((this.#statements.tally.all(bytes(charger), bytes(name)) as { n: number }[])[0]?.n ?? 0)
  }

  #load(charger: ChargePointIdentity): { readonly n: number; readonly size: number } {
    const [row] = this.#statements.load.all([bytes(charger)]) as { n: number; size: number | null }[]
    return { n: Number(row?.n ?? 0), size: Number(row?.size ?? 0) }
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK')
      } catch {
        // SQLite has rolled back already after some failures; the first error is the one to report.
      }
      throw error
    }
  }
}

const bytes = (value: string): Buffer => Buffer.from(value, 'utf8')
const text = (value: ArrayBuffer): string => Buffer.from(value).toString('utf8')
/** The cipher does not authenticate its pages, so a text brings its own proof. */
const checksum = (payload: string): Buffer => createHash('sha256').update(payload).digest().subarray(0, 16)
const first = <Row>(database: Database.Database, sql: string): Row | undefined =>
  (database.prepare(sql).all() as Row[])[0]
