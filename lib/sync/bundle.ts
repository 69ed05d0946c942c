/**
 * A bundle: events first … last of one log under a checkpoint that the device signed. It is immutable; its id is
 * (device, epoch, first seq, last seq, root). The frontier before the first event travels along, so that the root can
 * be recomputed from the bundle alone: damage on the way is told apart from a device that contradicts itself.
 * A bundle without events is a bare checkpoint, which asks for news.
 */

import { concat, toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Verify } from '@/lib/crypto/signature'
import { appendLeaves, parseFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { hashLength, leafHash, parseHash, type Hash } from '@/lib/log/hash'
import { encodeCbor } from '@/lib/protocol/cbor'
import { at, bytesUpTo, integer, list, readField, struct } from '@/lib/protocol/fields'
import { parseMessage, verifyMessage, type ParsedMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { checkpoint, type Checkpoint } from '@/lib/protocol/messages/checkpoint'

export interface BundleContent {
  /** The signed checkpoint at the size after the last event. */
  readonly checkpoint: Uint8Array
  /** The device's certificate: the receiver decides whether to believe its key. */
  readonly certificate: Uint8Array
  /** Of the log before the first event; its size is the first seq. */
  readonly frontier: Frontier
  readonly events: readonly Uint8Array[]
}

/** Well formed, but nobody vouches for it yet. */
export interface ParsedBundle {
  readonly checkpoint: ParsedMessage<Checkpoint>
  readonly certificate: Bytes
  readonly frontier: Frontier
  readonly events: readonly Bytes[]
}

declare const verified: unique symbol
/** Signed by the device's key, and frontier and events have exactly the signed root. */
export type VerifiedBundle = CheckedBundle & { readonly [verified]: true }

interface CheckedBundle extends ParsedBundle {
  readonly checkpoint: VerifiedMessage<Checkpoint>
  readonly leaves: readonly Hash[]
  readonly frontierAfter: Frontier
}

/** 53 subtrees cover the largest safe integer. */
const frontierBytesMax = 53 * hashLength

const wire = struct({
  checkpoint: at(1, bytesUpTo(limits.messageBytesMax)),
  certificate: at(2, bytesUpTo(limits.messageBytesMax)),
  firstSeq: at(
    3,
    integer((value) => value),
  ),
  /** The hashes one after the other, largest subtree first: one entry under the cap on entries, not 53. */
  frontier: at(4, bytesUpTo(frontierBytesMax)),
  events: at(5, list(bytesUpTo(limits.eventBytesMax), limits.bundleEventsMax)),
})

/** What a bundle needs besides its events: keys, heads, two messages and the frontier. */
const envelopeBytesMax = 2 * limits.messageBytesMax + frontierBytesMax + 64
const eventHeadBytesMax = 5

/** How many of these events, from the first, fit into one bundle. */
export function countThatFits(events: readonly { readonly payload: Uint8Array }[]): number {
  let room = limits.bundleBytesMax - envelopeBytesMax
  let count = 0
  for (const { payload } of events) {
    room -= payload.length + eventHeadBytesMax
    if (room < 0 || count === limits.bundleEventsMax) break
    count += 1
  }
  return count
}

export function encodeBundle(content: BundleContent): Bytes {
  const { checkpoint: signed, certificate, frontier, events } = content
  return encodeCbor(
    wire.encode({
      checkpoint: signed,
      certificate,
      firstSeq: frontier.size,
      frontier: concat(...frontier.hashes),
      events,
    }),
  )
}

/**
 * The events are parts of `bytes`, as they stand there.
 * Refuses with `api.too-large`, `api.malformed`, or `device.checkpoint` where the parts do not belong together.
 */
export function decodeBundle(bytes: Uint8Array): Result<ParsedBundle, Refusal> {
  if (bytes.length > limits.bundleBytesMax) return err(refusal('api.too-large'))
  const fields = readField(wire, bytes)
  if (fields === undefined) return err(refusal('api.malformed'))
  const signed = parseMessage(checkpoint, fields.checkpoint)
  const frontier = parseFrontier(fields.firstSeq, splitHashes(fields.frontier))
  if (!signed.ok || frontier === undefined) return err(refusal('api.malformed'))
  const events = fields.events as Bytes[]
  if (signed.value.payload.size !== frontier.size + events.length) return err(refusal('device.checkpoint'))
  return ok({ checkpoint: signed.value, certificate: toBytes(fields.certificate), frontier, events })
}

/** Refuses with `device.checkpoint` unless `key` signed exactly these events behind exactly this frontier. */
export function verifyBundle(
  bundle: ParsedBundle,
  key: PublicKey,
  verify: Verify,
): Result<VerifiedBundle, Refusal> {
  const signed = verifyMessage(bundle.checkpoint, key, verify)
  if (signed === undefined) return err(refusal('device.checkpoint'))
  const leaves = bundle.events.map(leafHash)
  const frontierAfter = appendLeaves(bundle.frontier, leaves).frontier
  if (toHex(rootOf(frontierAfter)) !== signed.payload.root) return err(refusal('device.checkpoint'))
  const checked: CheckedBundle = { ...bundle, checkpoint: signed, leaves, frontierAfter }
  return ok(checked as VerifiedBundle)
}

/** Names the content, whatever road it came by. */
export function bundleId({ checkpoint: signed, frontier }: ParsedBundle): string {
  const { device, epoch, size, root } = signed.payload
  return `${device}/${epoch}/${frontier.size}-${size}/${root}`
}

function splitHashes(bytes: Uint8Array): Hash[] {
  const hashes: Hash[] = []
  for (let offset = 0; offset < bytes.length; offset += hashLength) {
    const hash = parseHash(bytes.subarray(offset, offset + hashLength))
    if (hash === undefined) return []
    hashes.push(hash)
  }
  return hashes
}
