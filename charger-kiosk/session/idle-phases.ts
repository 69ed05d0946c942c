/** A connector without a session shows what its hardware permits: nothing, a free bay, or an offer. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type {
  ConnectorState,
  Effect,
  Hardware,
  MachineSettings,
  Now,
  ShownRefusal,
  Step,
} from './connector-state'
import type { KnownOffer } from './offer-book'
import { only, withPhase } from './step'

/** Why no session can begin here now, seen from the hardware; undefined when a vehicle waits for one. */
export function hindranceOf({ isLinked, status }: Hardware): ReasonCode | undefined {
  if (!isLinked) return 'charger.offline'
  switch (status) {
    case 'Preparing':
      return undefined
    case 'Available':
    // The cable of the last session is still in; it has to be pulled first (OCPP 1.6 §4.9, state Finishing).
    case 'Finishing':
      return 'charger.unplugged'
    case 'Charging':
    case 'SuspendedEV':
    case 'SuspendedEVSE':
    case 'Reserved':
      return 'charger.busy'
    case 'Faulted':
    case 'Unavailable':
      return 'charger.faulted'
    case 'unknown':
      return 'charger.offline'
  }
}

/** Moves an idle connector to what its hardware permits now. Offers are made only when a vehicle is plugged in. */
export function followHardware(state: ConnectorState): Step {
  const hindrance = state.closedFor ?? hindranceOf(state.hardware)
  const isOffering = state.phase.kind === 'offering'
  if (hindrance === undefined) {
    if (isOffering) return only(state)
    const offering = { kind: 'offering', offer: undefined, renewAtMs: 0, refused: undefined } as const
    return { ...only(withPhase(state, offering)), effects: [{ kind: 'make-offer' }] }
  }
  const phase =
    hindrance === 'charger.unplugged'
      ? ({ kind: 'available' } as const)
      : ({ kind: 'unavailable', reason: hindrance } as const)
  const effects: readonly Effect[] = isOffering ? [{ kind: 'retire-offers', as: 'void' }] : []
  return { ...only(withPhase(state, phase)), effects }
}

/** A new code comes up while a driver still has this long for the old one. */
const overlapMs = 120_000

export function offerMade(state: ConnectorState, offer: KnownOffer): Step {
  const { phase } = state
  if (phase.kind !== 'offering') return { ...only(state), effects: [{ kind: 'retire-offers', as: 'void' }] }
  const lifeMs = offer.payload.timeToLiveS * 1_000
  const renewAtMs = offer.expiresAtMs - Math.min(overlapMs, lifeMs / 2)
  return only(withPhase(state, { ...phase, offer, renewAtMs }))
}

export const offerStale = (state: ConnectorState): Step =>
  state.phase.kind === 'offering' && state.phase.offer !== undefined
    ? { ...only(state), effects: [{ kind: 'make-offer' }] }
    : only(state)

export function refuse(
  state: ConnectorState,
  refused: Omit<ShownRefusal, 'shownUntilMs'>,
  now: Now,
  settings: MachineSettings,
): Step {
  const shown = { ...refused, shownUntilMs: now.monotonicMs + settings.refusalShownMs }
  const { phase } = state
  const after = phase.kind === 'offering' ? withPhase(state, { ...phase, refused: shown }) : state
  return {
    ...only(after),
    effects: [{ kind: 'feedback', feedback: { outcome: 'refused', refusal: refused.refusal } }],
  }
}

export function tickIdle(state: ConnectorState, now: Now): Step {
  const { phase } = state
  if (phase.kind !== 'offering') return only(state)
  const isSeen = phase.refused !== undefined && now.monotonicMs >= phase.refused.shownUntilMs
  const seen = isSeen ? withPhase(state, { ...phase, refused: undefined }) : state
  const isDue = phase.offer === undefined || now.monotonicMs >= phase.renewAtMs
  return isDue ? { ...only(seen), effects: [{ kind: 'make-offer' }] } : only(seen)
}
