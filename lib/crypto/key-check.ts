/**
 * Which Ed25519 public keys are acceptable. Platforms disagree on unsound keys (node:crypto accepts the small-order
 * key 0100…00, under which anybody can sign), so unsound keys are refused before any platform sees them: the key
 * must be canonical, on the curve, not of small order and free of torsion. With torsion-free keys the cofactored
 * and cofactorless equations can still differ by a torsioned R; the adapters therefore compare R's bytes.
 */

import { Point } from '@noble/ed25519'
import { fromHex } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'

/** A torsion check costs about a verification, and a device meets few keys: verdicts are remembered, bounded. */
const rememberedMax = 10_000
const verdicts = new Map<PublicKey, boolean>()

export function isAcceptableKey(key: PublicKey): boolean {
  const known = verdicts.get(key)
  if (known !== undefined) return known
  const verdict = examine(key)
  if (verdicts.size >= rememberedMax) verdicts.clear()
  verdicts.set(key, verdict)
  return verdict
}

function examine(key: PublicKey): boolean {
  try {
    const point = Point.fromBytes(fromHex(key), false)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    return false
  }
}
