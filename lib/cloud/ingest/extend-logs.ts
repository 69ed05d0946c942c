/**
 * Makes devices' logs longer by what their bundles bring. A bundle that overtook another is put aside, and is taken in as
 * soon as the gap before it is filled, in the same transaction; only then is it seen whether it contradicts the rest.
 */

import { assert } from '@/lib/core/assert'
import { equalBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { VerifiedBundle } from '@/lib/sync/bundle'
import { acceptBundle, type Acceptance } from '@/lib/sync/receive'
import { findingsInTime } from './device-findings'
import { EarlyShelf, pieceKey, type EarlyPiece } from './early-pieces'
import { reopenBundle, type OpenedBundle } from './read-bundle'
import {
  logName,
  type HeldLog,
  type InboxItem,
  type LogExtension,
  type NewCase,
  type ReconcileTransaction,
} from './store'

export interface Upload extends OpenedBundle {
  /** Undefined for a piece that came earlier and was put aside. */
  readonly item: InboxItem | undefined
  readonly bytes: Bytes
  /** All that the charger has had, the one that the bundle names first. */
  readonly certificates: readonly Bytes[]
  /** Then whatever the log says was signed by the key of its one certificate. */
  readonly hasOneKey: boolean
}

export type Accepted = ReadonlyMap<Upload, Result<Acceptance, Refusal>>

/** What became of each upload, and of each early piece that could be taken in now. Locks the devices' logs. */
export async function extendLogs(
  tx: ReconcileTransaction,
  uploads: readonly Upload[],
  nowS: EpochSeconds,
  cases: NewCase[],
): Promise<Accepted> {
  const extending = new Extending(tx, nowS, cases)
  await extending.lock(uploads)
  for (const upload of uploads) await extending.takeWithWhatFollows(upload)
  await extending.finish()
  return extending.accepted
}

class Extending {
  readonly accepted = new Map<Upload, Result<Acceptance, Refusal>>()
  readonly #tx: ReconcileTransaction
  readonly #nowS: EpochSeconds
  readonly #cases: NewCase[]
  readonly #logs = new Map<string, HeldLog>()
  readonly #shelves = new Map<string, EarlyShelf>()
  /** Put aside in this batch: what becomes of the piece becomes of the upload. */
  readonly #aside = new Map<string, Upload>()
  #extensions: LogExtension[] = []

  constructor(tx: ReconcileTransaction, nowS: EpochSeconds, cases: NewCase[]) {
    this.#tx = tx
    this.#nowS = nowS
    this.#cases = cases
  }

  async lock(uploads: readonly Upload[]): Promise<void> {
    const keys = uploads.map(({ bundle }) => bundle.checkpoint.payload)
    for (const [name, held] of await this.#tx.lockLogs(keys, this.#nowS)) this.#logs.set(name, held)
  }

  async takeWithWhatFollows(upload: Upload): Promise<void> {
    let next: Upload | undefined = upload
    while (next !== undefined) {
      await this.#take(next)
      next = await this.#following(upload)
    }
  }

  async finish(): Promise<void> {
    await this.#flush()
    const changes = [...this.#shelves.values()].map((shelf) => shelf.changes)
    const added = changes.flatMap((change) => change.added)
    const dropped = changes.flatMap((change) => change.dropped)
    if (added.length + dropped.length > 0) await this.#tx.changeEarly(added, dropped, this.#nowS)
  }

  async #take(upload: Upload): Promise<void> {
    const { bundle } = upload
    const { device, epoch, timeS } = bundle.checkpoint.payload
    const held = this.#heldOf(upload)
    if (bundle.frontier.size < held.frontier.size && this.#extensions.length > 0) await this.#flush()
    const acceptance = await this.#accept(bundle, held)
    this.accepted.set(upload, acceptance)
    if (!acceptance.ok) {
      if (acceptance.error.code === 'device.gap') await this.#putAside(upload)
      return
    }
    if (acceptance.value.kind === 'duplicate') return
    this.#cases.push(...findingsInTime(bundle, held.checkpointAtS, this.#nowS))
    const { firstSeq, events, frontier } = acceptance.value
    const checkpoint = bundle.checkpoint.bytes
    this.#extensions.push({ device, epoch, firstSeq, events, frontier, checkpoint, checkpointAtS: timeS })
    this.#logs.set(logName({ device, epoch }), { ...held, frontier, checkpointAtS: timeS })
  }

  /** The next early piece of the same log that does not begin beyond its end. */
  async #following(upload: Upload): Promise<Upload | undefined> {
    const { device, epoch } = upload.bundle.checkpoint.payload
    const { frontier, earlyCount } = this.#heldOf(upload)
    if (earlyCount === 0 && !this.#shelves.has(device)) return undefined
    const piece = (await this.#shelfOf(device)).takeUpTo({ device, epoch }, frontier.size)
    return piece && (this.#aside.get(pieceKey(piece)) ?? earlyUpload(piece, upload))
  }

  async #putAside(upload: Upload): Promise<void> {
    const piece = pieceOf(upload)
    // A bare checkpoint has nothing to keep.
    if (piece.firstSeq === piece.endSeq) return
    ;(await this.#shelfOf(piece.device)).put(piece)
    this.#aside.set(pieceKey(piece), upload)
  }

  async #shelfOf(device: string): Promise<EarlyShelf> {
    const known = this.#shelves.get(device)
    if (known !== undefined) return known
    const shelf = new EarlyShelf(await this.#tx.earlyPieces(device))
    this.#shelves.set(device, shelf)
    return shelf
  }

  async #accept(bundle: VerifiedBundle, { frontier }: HeldLog): Promise<Result<Acceptance, Refusal>> {
    const accepted = acceptBundle({ frontier }, bundle)
    if (!accepted.ok || !(await this.#contradicts(bundle, frontier.size))) return accepted
    return err(refusal('device.fork', { size: frontier.size }))
  }

  /** Whether the device says something else now about events that it reported before. */
  async #contradicts(bundle: VerifiedBundle, heldSize: number): Promise<boolean> {
    const { device, epoch } = bundle.checkpoint.payload
    const first = bundle.frontier.size
    const overlap = bundle.events.slice(0, Math.max(0, heldSize - first))
    if (overlap.length === 0) return false
    const held = await this.#tx.storedEvents({ device, epoch }, first, overlap.length)
    return held.some((bytes, index) => !equalBytes(bytes, overlap[index] ?? new Uint8Array()))
  }

  #heldOf({ bundle }: Upload): HeldLog {
    const name = logName(bundle.checkpoint.payload)
    const held = this.#logs.get(name)
    assert(held !== undefined, `the log of ${name} is locked`)
    return held
  }

  async #flush(): Promise<void> {
    await this.#tx.extendLogs(this.#extensions, this.#nowS)
    this.#extensions = []
  }
}

function pieceOf({ bundle, bytes }: Upload): EarlyPiece {
  const { device, epoch, size: endSeq, root } = bundle.checkpoint.payload
  return { device, epoch, firstSeq: bundle.frontier.size, endSeq, root, bytes }
}

/** The certificates of its device are those of the upload that filled the gap. */
function earlyUpload(piece: EarlyPiece, { certificates: [, ...known] }: Upload): Upload {
  const opened = reopenBundle(piece.bytes)
  const { bytes } = opened.certificate
  const hasOneKey = known.every((other) => equalBytes(other, bytes))
  return { item: undefined, bytes: piece.bytes, ...opened, certificates: [bytes, ...known], hasOneKey }
}
