/**
 * One phone by radio: what it is in the middle of writing, what waits for it, and what it has asked. Memory is bounded
 * by construction: one code under way in each direction, and one waiting under each name.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, type Result } from '@/lib/core/result'
import {
  chunksOfCode,
  gatherChunk,
  nothingGathered,
  type ChunkGathering,
  type GatheredChunk,
} from '@/lib/protocol/bluetooth-chunks'
import { encodeNotice, type LinkNotice } from '@/lib/protocol/bluetooth-gatt'
import { Allowance } from './allowances'
import type { PhoneName } from './radio'

/** Under which a code waits for the phone; a newer one takes the place of one that is not under way yet. */
export type Slot = `offer ${number}` | 'answer' | 'status' | 'receipt'

/** The session that a phone authorized, and the code with which to ask for its receipt. */
export interface FollowedSession {
  readonly sessionId: SessionId
  readonly authorization: string
}

const nothing: Bytes = toBytes([])

export class PhoneLine {
  readonly name: PhoneName
  readonly writeBytesMax: number
  readonly startedMs: number
  lastHeardMs: number
  session: FollowedSession | undefined
  /** An authorization of this phone was accepted: it is no stranger any more. */
  isKnown = false
  /** Codes of it that wait for the controller. */
  codesWaiting = 0
  readonly #bytes: Allowance
  readonly #waiting = new Map<Slot, string>()
  readonly #sent = new Map<Slot, string>()
  readonly #underWay: Bytes[] = []
  readonly #notices: LinkNotice[] = []
  #gathering: ChunkGathering = nothingGathered

  constructor(name: PhoneName, writeBytesMax: number, nowMs: number) {
    this.name = name
    this.writeBytesMax = writeBytesMax
    this.startedMs = nowMs
    this.lastHeardMs = nowMs
    this.#bytes = new Allowance(limits.bluetoothBurstBytesMax, limits.bluetoothBytesPerSecondMax, nowMs)
  }

  /** One chunk that the phone wrote. An error means that this phone is not to be talked to any longer. */
  take(chunk: Uint8Array, nowMs: number): Result<GatheredChunk, ReasonCode> {
    this.lastHeardMs = nowMs
    if (!this.#bytes.take(chunk.length, nowMs)) return err('link.flood')
    const taken = gatherChunk(this.#gathering, chunk)
    this.#gathering = taken.ok && taken.value.kind === 'part' ? taken.value.gathering : nothingGathered
    return taken
  }

  /** False when the phone has it already, or will get it. */
  put(slot: Slot, code: string): boolean {
    if ((this.#waiting.get(slot) ?? this.#sent.get(slot)) === code) return false
    this.#waiting.set(slot, code)
    return true
  }

  /** For what was asked again: the phone gets it once more, although it had it. */
  putAgain(slot: Slot, code: string): void {
    this.#waiting.set(slot, code)
  }

  /** What is no longer on the screen is not sent, and would be new if it came back. */
  forgetOffersBut(bays: ReadonlySet<number>): void {
    for (const slots of [this.#waiting, this.#sent]) {
      for (const slot of slots.keys()) {
        if (slot.startsWith('offer ') && !bays.has(Number(slot.slice('offer '.length)))) slots.delete(slot)
      }
    }
  }

  say(reason: ReasonCode): void {
    if (this.#notices.length < limits.bluetoothCodesWaitingMax) this.#notices.push({ reason, isLast: false })
  }

  /** The last that this phone hears; what was meant for it besides is nobody's any more. */
  sayLast(reason: ReasonCode): void {
    this.#waiting.clear()
    this.#underWay.length = 0
    this.#notices.splice(0, Infinity, { reason, isLast: true })
  }

  get hasWaiting(): boolean {
    return this.#underWay.length > 0 || this.#notices.length > 0 || this.#waiting.size > 0
  }

  /** The next value for the phone. No notice but the last comes between the chunks of a code. */
  next(nowMs: number): Bytes {
    this.lastHeardMs = nowMs
    const chunk = this.#underWay.shift()
    if (chunk !== undefined) return chunk
    const notice = this.#notices.shift()
    if (notice !== undefined) return encodeNotice(notice)
    for (const [slot, code] of this.#waiting) {
      this.#waiting.delete(slot)
      this.#sent.set(slot, code)
      const [first, ...rest] = chunksOfCode(code, limits.bluetoothValueBytesMax) ?? []
      if (first === undefined) continue
      this.#underWay.push(...rest)
      return first
    }
    return nothing
  }
}
