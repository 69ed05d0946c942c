/**
 * A disk whose power fails, under the product's own store. The journal lies in real files; what a write had not synced
 * when the power went is lost, kept or torn, sector by sector, in any mixture, as a drive's cache leaves it. Whoever
 * wrote before a cut writes no more: the next life begins on a copy of what the cut left.
 *
 * What is synced is what SQLite promises under WAL and `synchronous=FULL`: everything before the running commit; the
 * write-ahead log whole before a checkpoint touches the database.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Random } from '@/lib/core/clock'
import { err, ok, type Result } from '@/lib/core/result'
import { readAnchorFile, writeAnchorFile } from '@/lib/journal/anchor-file'
import { journalFault, type JournalFault } from '@/lib/journal/journal'
import { openLibsqlStore } from '@/lib/journal/libsql-store'
import { deviceLock, folderVault } from '@/lib/journal/segment-vault'
import type { Anchor, JournalMedium, JournalStore } from '@/lib/journal/store'
import { fractionFrom } from '@/simulator/replay/seeded-random'

const encryptionKey = 'of a disk whose power fails, sooner or later'
const sectorBytes = 512
/** The disk is simulated: what is beneath it need not last, and memory is quick. */
const beneath = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const files = ['journal.db', 'journal.db-wal', 'journal.db.anchor'] as const
const noPower: Result<never, JournalFault> = err(journalFault('unavailable', 'The power is gone'))

/** What stands in each file; a missing file is empty. */
type Image = Readonly<Record<(typeof files)[number], Buffer>>

export class TornDisk implements JournalMedium {
  readonly #root = mkdtempSync(join(beneath, 'outpost-torn-'))
  /** Its files are synced one by one: of them the power leaves the old or the new. */
  readonly #vault = folderVault(join(this.#root, 'keys'), deviceLock(new Uint8Array(32).fill(3)))
  readonly #random: Random
  readonly #onCut: () => void
  readonly #keepsPromises: boolean
  readonly #stores: JournalStore[] = []
  #life = 0
  /** Writes until the one in whose middle the power fails. */
  #writesLeft: number | undefined
  #early: Image | undefined

  /**
   * @param onCut the power fails right now, in the middle of a write
   * @param keepsPromises false plays a drive that says "synced" and keeps nothing of it, to see that this is noticed
   */
  constructor(random: Random, onCut: () => void, keepsPromises = true) {
    this.#random = random
    this.#onCut = onCut
    this.#keepsPromises = keepsPromises
    mkdirSync(this.#folder)
  }

  /** The power fails in the middle of the write after the next `writes`. */
  cutAfter(writes: number): void {
    this.#writesLeft = writes
    if (!this.#keepsPromises) this.#early = this.#image()
  }

  /** No cut any more that was planned and did not come. */
  spare(): void {
    this.#writesLeft = undefined
    this.#early = undefined
  }

  /** The power fails right now, between two writes. */
  cutNow(): void {
    this.#cut(this.#early ?? this.#image())
  }

  open(): Result<JournalStore, JournalFault> {
    const opened = openLibsqlStore(this.#path('journal.db'), encryptionKey, this.#vault)
    if (!opened.ok) return opened
    const store = opened.value
    this.#stores.push(store)
    const life = this.#life
    const isGone = (): boolean => life !== this.#life
    return ok({
      load: () => (isGone() ? noPower : store.load()),
      claim: (device, head, marker) => this.#write(isGone, () => store.claim(device, head, marker)),
      commit: (batch) => this.#write(isGone, () => store.commit(batch)),
      readEvents: (epoch, from, to) => (isGone() ? noPower : store.readEvents(epoch, from, to)),
      readNode: (epoch, level, index) => (isGone() ? undefined : store.readNode(epoch, level, index)),
      readLeaves: (epoch, from, to) => (isGone() ? [] : store.readLeaves(epoch, from, to)),
      readProjection: (table, key) => (isGone() ? noPower : store.readProjection(table, key)),
      listProjection: (table, after, countMax) =>
        isGone() ? noPower : store.listProjection(table, after, countMax),
      close: () => undefined,
    })
  }

  readAnchor(): Result<Anchor | undefined, JournalFault> {
    return readAnchorFile(this.#path('journal.db.anchor'), encryptionKey)
  }

  writeAnchor(anchor: Anchor): Result<void, JournalFault> {
    const life = this.#life
    const write = () => writeAnchorFile(this.#path('journal.db.anchor'), encryptionKey, anchor)
    return this.#write(() => life !== this.#life, write)
  }

  remove(): void {
    this.#closeStores()
    rmSync(this.#root, { recursive: true, force: true })
  }

  get #folder(): string {
    return join(this.#root, String(this.#life))
  }

  #path(name: (typeof files)[number]): string {
    return join(this.#folder, name)
  }

  #write(isGone: () => boolean, write: () => Result<void, JournalFault>): Result<void, JournalFault> {
    if (isGone()) return noPower
    if (this.#writesLeft === undefined) return write()
    this.#writesLeft -= 1
    if (this.#writesLeft >= 0) return write()
    const before = this.#image()
    write()
    this.#cut(this.#early ?? this.#torn(before, this.#image()))
    return noPower
  }

  #cut(left: Image): void {
    const dead = this.#folder
    this.#writesLeft = undefined
    this.#early = undefined
    this.#life += 1
    mkdirSync(this.#folder)
    for (const name of files) {
      if (left[name].length > 0) writeFileSync(this.#path(name), left[name])
    }
    // Closing tidies up as a dead program cannot; it does so where nobody looks any more.
    this.#closeStores()
    rmSync(dead, { recursive: true, force: true })
    this.#onCut()
  }

  #closeStores(): void {
    for (const store of this.#stores.splice(0)) store.close()
  }

  #image(): Image {
    const [database, log, anchor] = files.map((name) => contentOf(this.#path(name)))
    const none = Buffer.alloc(0)
    return {
      'journal.db': database ?? none,
      'journal.db-wal': log ?? none,
      'journal.db.anchor': anchor ?? none,
    }
  }

  /** The anchor is replaced whole by a rename. A checkpoint begins when the log's end is synced. */
  #torn(before: Image, after: Image): Image {
    const anchor = this.#chance(0.5) ? 'journal.db.anchor' : undefined
    const isCheckpointed = !before['journal.db'].equals(after['journal.db'])
    return {
      'journal.db': this.#mixed(before['journal.db'], after['journal.db']),
      'journal.db-wal': isCheckpointed
        ? after['journal.db-wal']
        : this.#mixed(before['journal.db-wal'], after['journal.db-wal']),
      'journal.db.anchor': (anchor === undefined ? before : after)['journal.db.anchor'],
    }
  }

  /** Of each sector that changed, the old content, the new, or both halves; of a longer file also its old end. */
  #mixed(before: Buffer, after: Buffer): Buffer {
    const keeps = [0, 0.1, 0.5, 0.9, 1][Math.floor(fractionFrom(this.#random) * 5)] ?? 0
    const isLonger = after.length > before.length
    const mixed = Buffer.alloc(isLonger && this.#chance(0.3) ? before.length : after.length)
    before.copy(mixed)
    for (let at = 0; at < mixed.length; at += sectorBytes) {
      const end = Math.min(at + sectorBytes, mixed.length)
      const isSame = at < before.length && before.subarray(at, end).equals(after.subarray(at, end))
      if (isSame || !this.#chance(keeps)) continue
      const half = this.#chance(0.1) ? at + Math.floor((end - at) / 2) : end
      after.copy(mixed, at, at, half)
    }
    return mixed
  }

  #chance(share: number): boolean {
    return fractionFrom(this.#random) < share
  }
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
