/** A device's log in memory that signs bundles of itself: what tests of both ends of a road start from. */

import { toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { deviceId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import { nobleSigner } from '@/lib/crypto/noble'
import { verifyWithNode } from '@/lib/crypto/node'
import { expectOk } from '@/lib/core/result'
import { appendLeaves, emptyFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { signMessage } from '@/lib/protocol/message'
import { checkpoint, type Checkpoint } from '@/lib/protocol/messages/checkpoint'
import { decodeBundle, encodeBundle, verifyBundle, type VerifiedBundle } from '@/lib/sync/bundle'

export const deviceSigner = nobleSigner(new Uint8Array(32).fill(3))
export const strangerSigner = nobleSigner(new Uint8Array(32).fill(4))

export const frontierOf = (events: readonly Uint8Array[]): Frontier =>
  appendLeaves(emptyFrontier, events.map(leafHash)).frontier

export const named = (...names: readonly string[]): Bytes[] => names.map(utf8)

/** The bundle of events from..to−1 of a log, with any part of the checkpoint replaced. */
export async function bundleBytes(
  log: readonly Uint8Array[],
  from: number,
  to: number = log.length,
  replaced: Partial<Checkpoint> = {},
  signer = deviceSigner,
): Promise<Bytes> {
  const signed = await signMessage(
    checkpoint,
    {
      device: deviceId('CP-7'),
      epoch: 1,
      size: to,
      root: toHex(rootOf(frontierOf(log.slice(0, to)))),
      timeS: epochSeconds(1_700_000_000),
      ...replaced,
    },
    signer,
  )
  return encodeBundle({
    checkpoint: signed.bytes,
    certificate: toBytes([0xa0]),
    frontier: frontierOf(log.slice(0, from)),
    events: log.slice(from, to),
  })
}

export async function bundleOf(
  log: readonly Uint8Array[],
  from: number,
  to: number = log.length,
): Promise<VerifiedBundle> {
  const parsed = expectOk(decodeBundle(await bundleBytes(log, from, to)), 'decode')
  return expectOk(verifyBundle(parsed, deviceSigner.publicKey, verifyWithNode), 'verify')
}
