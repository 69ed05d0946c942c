/**
 * A charger's disk that fails on request, around the journal's twin in memory. It outlives the programs that write to
 * it. A power cut strikes at a chosen write, before it is durable (a torn write, an unsynced tail: the journal's
 * transaction never was) or after it (the answer never came); then the program of that life is gone.
 */

import { toBytes } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import { journalFault, type JournalFault, type StoredEvent } from '@/lib/journal/journal'
import { MemoryDisk } from '@/lib/journal/memory-disk'
import type { Anchor, JournalMedium, JournalStore, LogHead } from '@/lib/journal/store'
import type { Dice } from './dice'
import type { KioskTable } from '@/charger-kiosk/session/records'

export type DiskFault = 'cut-before' | 'cut-after' | 'full' | 'answer-lost' | 'unreadable'

interface Plan {
  readonly kind: DiskFault
  /** Writes that still go well. */
  left: number
  /** Writes that then fail, for a disk that is full or does not answer for a while. */
  lasts: number
}

export interface DiskBackup {
  readonly contents: ReturnType<MemoryDisk['backUp']>
}

export class WorldDisk implements JournalMedium {
  readonly #disk = new MemoryDisk()
  readonly #onCut: () => void
  #life = 0
  #plan: Plan | undefined
  #heads: LogHead[] = []
  writes = 0
  /** A write goes wrong right now. */
  onFault: () => void = () => undefined

  /** @param onCut the power fails right now, in the middle of a write. */
  constructor(onCut: () => void) {
    this.#onCut = onCut
  }

  plan(kind: DiskFault, afterWrites: number, lasts = 1): void {
    this.#plan = { kind, left: afterWrites, lasts }
  }

  mend(): void {
    this.#plan = undefined
    this.#disk.fault = undefined
  }

  /** Whoever wrote until now writes no more. */
  newLife(): void {
    this.#life += 1
    this.#disk.fault = undefined
  }

  /** Turns one bit of one event that is kept; false where there is none. */
  rot(dice: Dice): boolean {
    const events = this.#disk.contents?.events
    const places = [...(events?.keys() ?? [])]
    if (events === undefined || places.length === 0) return false
    const place = dice.pick(places)
    const event = events.get(place)
    if (event === undefined) return false
    const payload = toBytes(event.payload)
    const at = dice.below(payload.length)
    payload[at] = (payload[at] ?? 0) ^ (1 << dice.below(8))
    events.set(place, { ...event, payload })
    return true
  }

  backUp(): DiskBackup {
    return { contents: this.#disk.backUp() }
  }

  restore({ contents }: DiskBackup): void {
    this.#disk.restore(contents)
  }

  /** A row as it would be found after a power cut now. */
  row(table: KioskTable, key: string): Uint8Array | undefined {
    return this.#disk.contents?.projections.get(`${table}\u0000${key}`)?.value
  }

  /** Where the log stands on this disk. */
  get head(): LogHead | undefined {
    return this.#disk.contents?.head
  }

  /** Where the log has stood, or nearly, since somebody last asked. */
  takeHeads(): readonly LogHead[] {
    const heads = this.#heads
    this.#heads = []
    return heads
  }

  event(epoch: number, seq: number): StoredEvent | undefined {
    return this.#disk.contents?.events.get(`${epoch}/${seq}`)
  }

  rows(table: KioskTable): ReadonlyMap<string, Uint8Array> {
    const found = new Map<string, Uint8Array>()
    for (const [address, { key, value }] of this.#disk.contents?.projections ?? []) {
      if (address.startsWith(`${table}\u0000`)) found.set(key, value)
    }
    return found
  }

  open(): Result<JournalStore, JournalFault> {
    const opened = this.#disk.open()
    if (!opened.ok) return opened
    const store = opened.value
    const life = this.#life
    const isGone = (): boolean => life !== this.#life
    return ok({
      load: () => (isGone() ? noPower : store.load()),
      claim: (device, head, marker) => (isGone() ? noPower : store.claim(device, head, marker)),
      commit: (batch) => {
        if (isGone()) return noPower
        this.#heads.push(batch.head)
        return this.#commit(() => store.commit(batch))
      },
      readEvents: (epoch, from, to) => store.readEvents(epoch, from, to),
      readNode: (epoch, level, index) => store.readNode(epoch, level, index),
      readLeaves: (epoch, from, to) => store.readLeaves(epoch, from, to),
      readProjection: (table, key) => store.readProjection(table, key),
      listProjection: (table, after, countMax) => store.listProjection(table, after, countMax),
      close: () => store.close(),
    })
  }

  readAnchor(): Result<Anchor | undefined, JournalFault> {
    return this.#disk.readAnchor()
  }

  writeAnchor(anchor: Anchor): Result<void, JournalFault> {
    return this.#disk.writeAnchor(anchor)
  }

  #commit(write: () => Result<void, JournalFault>): Result<void, JournalFault> {
    this.writes += 1
    const plan = this.#plan
    if (plan === undefined) return write()
    if (plan.left > 0) {
      plan.left -= 1
      return write()
    }
    plan.lasts -= 1
    if (plan.lasts <= 0) this.#plan = undefined
    this.onFault()
    switch (plan.kind) {
      case 'cut-before':
        this.#cut()
        return noPower
      case 'cut-after':
        write()
        this.#cut()
        return noPower
      case 'full':
        return err(journalFault('full', 'No room left'))
      case 'answer-lost':
        write()
        return err(journalFault('unavailable', 'The answer to a write was lost'))
      case 'unreadable':
        this.#disk.fault = 'unreadable'
        return err(journalFault('unavailable', 'The disk does not answer'))
    }
  }

  #cut(): void {
    this.newLife()
    this.#onCut()
  }
}

const noPower: Result<never, JournalFault> = err(journalFault('unavailable', 'The power is gone'))
