/**
 * A code in several pieces, for what one QR code holds only so densely that cameras give up: numbered frames, shown in
 * turn and gathered in any order. A frame is `OP1F:` and the Base45 of
 * `count (1 byte) ‖ index (1) ‖ length of the whole (2, big-endian) ‖ digest (4) ‖ piece`, the digest being the first
 * 4 bytes of SHA-256 of the whole envelope. It only tells frames of different codes apart; what is gathered is judged
 * by its signatures like any code.
 */

import { concat, equalBytes, toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { sha256 } from '@/lib/crypto/hash'
import { decodeBase45, encodeBase45 } from './base45'
import { codePrefix } from './envelope'

const framePrefix = 'OP1F:'
const headBytes = 8
const digestBytes = 4

interface Frame {
  readonly count: number
  readonly index: number
  readonly length: number
  readonly digest: Bytes
  readonly piece: Bytes
}

/** The pieces of one code that were seen so far. A value: gathering makes the next one. */
export interface Gathering {
  readonly count: number
  readonly length: number
  readonly digest: Bytes
  readonly pieces: ReadonlyMap<number, Bytes>
}

export type Gathered =
  /** Not a frame: a code of one piece, to be taken as it is. */
  { readonly kind: 'whole'; readonly text: string } | { readonly kind: 'part'; readonly gathering: Gathering }

/**
 * The frames of a code, or the code alone where it fits one piece.
 *
 * @param text a code of ours (`OP1:…`)
 * @param pieceBytesMax bytes of the envelope in one frame
 */
export function splitIntoFrames(text: string, pieceBytesMax: number): readonly string[] {
  const whole = decodeBase45(text.slice(codePrefix.length))
  if (!text.startsWith(codePrefix) || whole === undefined) return [text]
  const count = Math.ceil(whole.length / pieceBytesMax)
  if (count < 2 || count > limits.codeFramesMax) return [text]
  const digest = digestOf(whole)
  return Array.from({ length: count }, (_, index) => {
    const head = [count, index, whole.length >> 8, whole.length & 255]
    const [from, to] = rangeOf(count, whole.length, index)
    return framePrefix + encodeBase45(concat(toBytes(head), digest, whole.subarray(from, to)))
  })
}

/** How many pieces are here, for people who wait. */
export const progressOf = ({ pieces, count }: Gathering): { have: number; need: number } => ({
  have: pieces.size,
  need: count,
})

/**
 * One more look of the camera. A frame of another code begins anew: whoever showed the first has changed what they show.
 * Refuses with `code.damaged` what is no frame of ours, and pieces that do not make the whole they promised.
 */
export function gatherFrame(gathering: Gathering | undefined, text: string): Result<Gathered, ReasonCode> {
  if (!text.startsWith(framePrefix)) return ok({ kind: 'whole', text })
  if (text.length > limits.scannedTextCharsMax) return err('code.too-large')
  const frame = readFrame(text)
  if (frame === undefined) return err('code.damaged')
  const { count, length, digest, index, piece } = frame
  const isSame =
    gathering?.count === count && gathering.length === length && equalBytes(gathering.digest, digest)
  const pieces = new Map(isSame ? gathering.pieces : []).set(index, piece)
  if (pieces.size < count) return ok({ kind: 'part', gathering: { count, length, digest, pieces } })
  const whole = concat(...Array.from({ length: count }, (_, at) => pieces.get(at) ?? new Uint8Array()))
  if (!equalBytes(digestOf(whole), digest)) return err('code.damaged')
  return ok({ kind: 'whole', text: codePrefix + encodeBase45(whole) })
}

function readFrame(text: string): Frame | undefined {
  const bytes = decodeBase45(text.slice(framePrefix.length))
  if (bytes === undefined || bytes.length <= headBytes) return undefined
  const [count = 0, index = 0, high = 0, low = 0] = bytes
  const length = high * 256 + low
  if (count < 2 || count > limits.codeFramesMax || index >= count) return undefined
  if (length < count || length > limits.messageBytesMax) return undefined
  const digest = toBytes(bytes.subarray(headBytes - digestBytes, headBytes))
  const piece = toBytes(bytes.subarray(headBytes))
  const [from, to] = rangeOf(count, length, index)
  // One spelling for each frame: pieces are equally long, the last is what remains.
  return piece.length === to - from ? { count, index, length, digest, piece } : undefined
}

function rangeOf(count: number, length: number, index: number): readonly [number, number] {
  const size = Math.ceil(length / count)
  return [Math.min(length, index * size), Math.min(length, (index + 1) * size)]
}

const digestOf = (whole: Uint8Array): Bytes => toBytes(sha256(whole).subarray(0, digestBytes))
