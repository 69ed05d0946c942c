/**
 * A sealed letter in messages of a modem, and back. Each says which letter it is of, which part it is, and how many there
 * are, so that they may come in any order and any number of times:
 *
 *     1 byte    1: a part of a letter; 2: an answer
 *     4 bytes   number of the letter, random
 *     1 byte    part's index (high four bits) and number of parts less one (low four bits)
 *     the rest  the part
 */

import { concat, toBytes, type Bytes } from '@/lib/core/bytes'

export const frameHeadBytes = 6
export const framesMax = 16

const kinds = { part: 1, answer: 2 } as const
export type FrameKind = keyof typeof kinds

export interface Frame {
  readonly kind: FrameKind
  /** 0 to 2³² − 1. */
  readonly letter: number
  readonly index: number
  readonly count: number
  readonly bytes: Bytes
}

/** How much of a letter that many messages carry. */
export const roomIn = (frames: number, messageBytesMax: number): number =>
  Math.min(frames, framesMax) * (messageBytesMax - frameHeadBytes)

/** Undefined where it needs more than sixteen. Every part but the last is full. */
export function framesOf(
  kind: FrameKind,
  letter: number,
  sealed: Bytes,
  messageBytesMax: number,
): readonly Bytes[] | undefined {
  const room = messageBytesMax - frameHeadBytes
  const count = Math.max(1, Math.ceil(sealed.length / room))
  if (room < 1 || count > framesMax) return undefined
  return Array.from({ length: count }, (_, index) => {
    const head = new Uint8Array(frameHeadBytes)
    const view = new DataView(head.buffer)
    view.setUint8(0, kinds[kind])
    view.setUint32(1, letter)
    view.setUint8(5, (index << 4) | (count - 1))
    return concat(head, sealed.subarray(index * room, (index + 1) * room))
  })
}

/** Undefined where it is no frame: a modem's message may come from anybody. */
export function readFrame(message: Uint8Array): Frame | undefined {
  if (message.length <= frameHeadBytes) return undefined
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const kind = (Object.keys(kinds) as FrameKind[]).find((name) => kinds[name] === view.getUint8(0))
  const part = view.getUint8(5)
  const [index, count] = [part >> 4, (part & 15) + 1]
  if (kind === undefined || index >= count) return undefined
  return { kind, letter: view.getUint32(1), index, count, bytes: toBytes(message.subarray(frameHeadBytes)) }
}

/** All parts of one letter in their order; undefined while one is missing, or where they do not belong together. */
export function joinFrames(frames: readonly Frame[]): Bytes | undefined {
  const [first] = frames
  if (first === undefined) return undefined
  const parts = new Map(
    frames
      .filter(
        ({ letter, count, kind }) => letter === first.letter && count === first.count && kind === first.kind,
      )
      .map((frame) => [frame.index, frame.bytes]),
  )
  if (parts.size < first.count) return undefined
  return concat(...Array.from({ length: first.count }, (_, index) => parts.get(index) ?? new Uint8Array()))
}
