/**
 * The receiver's decision about a verified bundle, from nothing but what it accepted last. Pure: the receiver commits
 * what comes back together with its own effects, and acknowledges afterwards.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { equalBytes, type Bytes } from '@/lib/core/bytes'
import { appendLeaves, emptyFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { equalHashes, type Hash } from '@/lib/log/hash'
import type { VerifiedBundle } from './bundle'

/** What the receiver holds of one (device, epoch). */
export interface AcceptedLog {
  readonly frontier: Frontier
  /** Roots of earlier sizes, where the receiver keeps them: a late bundle is then checked against them. */
  readonly rootAt?: (size: number) => Hash | undefined
}

/** Nothing accepted yet: a new device or a new epoch. */
export const nothingAccepted: AcceptedLog = { frontier: emptyFrontier }

export type Acceptance =
  /** Everything in the bundle was accepted before. Acknowledge what is held. */
  | { readonly kind: 'duplicate' }
  /** `events` are new, from seq `firstSeq`; the log now ends at `frontier`. */
  | {
      readonly kind: 'extended'
      readonly firstSeq: number
      readonly events: readonly Bytes[]
      readonly frontier: Frontier
    }

/**
 * Refuses with `device.gap` when events between are missing (facts: `size` held, `firstSeq` got), and with
 * `device.fork` when the device signed a log that contradicts what it signed before: both bundles are the evidence.
 */
export function acceptBundle(accepted: AcceptedLog, bundle: VerifiedBundle): Result<Acceptance, Refusal> {
  const held = accepted.frontier.size
  const { frontier: before, frontierAfter: after } = bundle
  if (before.size > held) return err(refusal('device.gap', { size: held, firstSeq: before.size }))
  const root = rootOf(after)
  if (after.size < held) {
    const known = accepted.rootAt?.(after.size)
    return known === undefined || equalHashes(known, root) ? ok({ kind: 'duplicate' }) : fork(held)
  }
  const firstNew = held - before.size
  // Verified already from this very frontier, where the bundle begins at the end of what is held.
  const extended = isSameFrontier(accepted.frontier, before)
    ? after
    : appendLeaves(accepted.frontier, bundle.leaves.slice(firstNew)).frontier
  if (!equalHashes(rootOf(extended), root)) return fork(held)
  if (after.size === held) return ok({ kind: 'duplicate' })
  return ok({
    kind: 'extended',
    firstSeq: held,
    events: bundle.events.slice(firstNew),
    frontier: extended,
  })
}

const isSameFrontier = (left: Frontier, right: Frontier): boolean =>
  left.size === right.size &&
  left.hashes.length === right.hashes.length &&
  left.hashes.every((hash, index) => equalBytes(hash, right.hashes[index] ?? emptyBytes))

const emptyBytes = new Uint8Array()

const fork = (held: number): Result<never, Refusal> => err(refusal('device.fork', { size: held }))
