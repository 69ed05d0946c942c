/** The port of everything that can carry a bundle to the cloud and bring news back. */

import type { Bytes } from '@/lib/core/bytes'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { ParcelPriority } from '@/lib/sync/parcel'
import type { RoadLeave } from '@/lib/sync/road-budget'

/** Signed messages as they came; nobody has verified them yet. Absent: the cloud had nothing of the kind. */
export interface RoadNews {
  readonly acknowledgement: Bytes
  readonly trustList?: Bytes
  readonly revocations?: Bytes
  /** In force now, and announced to begin later. */
  readonly policy?: Bytes
  readonly nextPolicy?: Bytes
  /** Steps between epochs, in no particular order; what the list has no room for as well. */
  readonly revocationDeltas?: readonly Bytes[]
  /** Vetoes and raises for this charger. */
  readonly permits?: readonly Bytes[]
  /** Its own, renewed. */
  readonly certificate?: Bytes
  /** Parts of the list of its site's cards, where it has not said that it holds the newest. */
  readonly localList?: readonly Bytes[]
}

/**
 * `api.unreachable`: no answer, so nobody knows whether the bundle arrived. `api.malformed` and `api.too-large`: an
 * answer that is not the cloud's. `gateway.…` and `parcel.…`: what a carrier says. Any other code is the cloud's refusal.
 */
export interface RoadFault extends Refusal {
  /** What the cloud holds of this log, where it refused a gap or a fork; unverified. */
  readonly acknowledgement?: Bytes
  /** Beside it, so that it can be believed where the issuer's key has changed meanwhile; unverified. */
  readonly trustList?: Bytes
  /** For the technician's log. */
  readonly detail: string
}

/** Of a road whose bytes cost something: it asks before it carries, and is asked less often. */
export interface RoadMeter {
  leave(priority: ParcelPriority): RoadLeave
}

export interface Road {
  readonly name: string
  /** Absent: nothing is counted. */
  readonly meter?: RoadMeter | undefined
  /** Never rejects. Sending the same bundle again is harmless. */
  send(bundle: Bytes): Promise<Result<RoadNews, RoadFault>>
}
