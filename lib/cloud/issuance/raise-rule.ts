/**
 * How much one charger may be told to hold for a grant: what the grant's reserve still has, less what was promised to
 * other chargers. All raises that count at one time together never exceed it. Pure; the server and simulated worlds
 * both decide by this one function.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { ChargerId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'

export interface LiveRaise {
  readonly chargerId: ChargerId
  readonly maximumMinor: number
  readonly notAfterS: number
  readonly bytes: Bytes
}

export interface RaiseQuestion {
  readonly chargerId: ChargerId
  /** What was asked for. */
  readonly maximumMinor: number
  readonly capMinor: number
  /** The grant's reserve as it stands, under lock. */
  readonly reserve: { readonly balanceMinor: number; readonly pendingMinor: number }
  /** Of the same grant, newest first, only those that still count. */
  readonly raises: readonly LiveRaise[]
  /** Open holds of the grant at this charger: they are part of what the raise allows there. */
  readonly heldHereMinor: number
  readonly nowS: number
}

export type RaiseDecision =
  | { readonly kind: 'again'; readonly bytes: Bytes }
  | { readonly kind: 'raise'; readonly maximumMinor: MinorUnits }

/** A raise with less time than this left is given anew. */
const raiseFreshS = 900
const raisesOfGrantMax = 8

export function decideRaise({
  chargerId,
  maximumMinor,
  capMinor,
  reserve,
  raises,
  heldHereMinor,
  nowS,
}: RaiseQuestion): Result<RaiseDecision, Refusal> {
  const here = raises.find((raise) => raise.chargerId === chargerId)
  const elsewhere = new Map<string, number>()
  for (const raise of raises.filter((one) => one.chargerId !== chargerId))
    elsewhere.set(raise.chargerId, Math.max(elsewhere.get(raise.chargerId) ?? 0, raise.maximumMinor))
  const promised = [...elsewhere.values()].reduce((sum, one) => sum + one, 0)
  const room = reserve.balanceMinor - reserve.pendingMinor + heldHereMinor - promised
  const grantedMinor = Math.min(maximumMinor, capMinor, room)
  if (grantedMinor <= 0) return err(refusal('account.insufficient-funds'))
  const isEnough =
    here !== undefined && here.maximumMinor >= grantedMinor && here.notAfterS > nowS + raiseFreshS
  if (isEnough) return ok({ kind: 'again', bytes: here.bytes })
  if (raises.length >= raisesOfGrantMax) return err(refusal('api.rate-limited'))
  return ok({ kind: 'raise', maximumMinor: minorUnits(grantedMinor) })
}
