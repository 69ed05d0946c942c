/** From the accepted authorization to the charger's StartTransaction. */

import { assert } from '@/lib/core/assert'
import { seconds } from '@/lib/core/units'
import {
  permits,
  type ConnectorEvent,
  type ConnectorState,
  type Effect,
  type MachineSettings,
  type Now,
  type PhaseOf,
  type Running,
  type Session,
  type Step,
} from './connector-state'
import { cancelStart } from './ending-phases'
import { openAccount } from './metering'
import { noRecords } from './kept-records'
import { toldCurrentMa } from './power-terms'
import { bayLimits } from './safety-check'
import { freshWatch } from '../safety/safety-watch'
import { priceChangeOf } from './price-change'
import { incident, only, withPhase } from './step'
import { limits } from '@/lib/core/limits'

type EventOf<K extends ConnectorEvent['kind']> = Extract<ConnectorEvent, { kind: K }>

/** The accept is in `journal`, so it is durable before the contactor may close and before the phone sees it. */
export function acceptSession(
  state: ConnectorState,
  { session, event }: EventOf<'accepted'>,
  now: Now,
  settings: MachineSettings,
): Step {
  // `hindrance` has said so in the same job; an accept that goes nowhere would be a promise that nobody keeps.
  const { accept, open } = permits[state.phase.kind]
  // What a charger began by itself has begun, whatever the screen shows.
  const isFree = accept || (session.byCard === true && !open)
  assert(isFree, 'a session starts from an offer')
  const phase: PhaseOf<'starting'> = {
    kind: 'starting',
    session,
    stopTriesLeft: limits.stopCodeTriesMax,
    deadlineMs: now.monotonicMs + settings.startTimeoutMs,
    isAsked: true,
  }
  return {
    state: withPhase(state, phase),
    journal: [event],
    effects: [
      { kind: 'retire-offers', as: 'used' },
      ...(session.byCard === true ? [] : [remoteStart(state, session, settings)]),
      { kind: 'feedback', feedback: { outcome: 'accepted' } },
    ],
  }
}

const startingMa = (bay: number, session: Session, settings: MachineSettings): number | undefined => {
  const limits = bayLimits(bay, settings)
  return toldCurrentMa(limits.currentMaxMa, session, limits)
}

const remoteStart = (
  { connectorId }: ConnectorState,
  session: Session,
  settings: MachineSettings,
): Effect => ({
  kind: 'remote-start',
  sessionId: session.sessionId,
  allowedMa: startingMa(connectorId, session, settings),
})

/** What the charger says about its connector before it says that it has started. */
export function statusWhileStarting(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  const { phase, hardware } = state
  if (phase.kind !== 'starting') return only(state)
  // Unplugged before anything flowed. Messages come in order, so no StartTransaction is behind this.
  if (hardware.status === 'Available') return cancelStart(state, 'unplugged', now)
  if (phase.isAsked || hardware.status !== 'Preparing') return only(state)
  return {
    ...only(withPhase(state, { ...phase, isAsked: true })),
    effects: [remoteStart(state, phase.session, settings)],
  }
}

export function startFailed(state: ConnectorState, now: Now): Step {
  return state.phase.kind === 'starting' ? cancelStart(state, 'never-started', now) : only(state)
}

export function tickStarting(state: ConnectorState, now: Now): Step {
  const { phase } = state
  const isDue = phase.kind === 'starting' && now.monotonicMs >= phase.deadlineMs
  return isDue ? cancelStart(state, 'never-started', now) : only(state)
}

export function transactionStarted(
  state: ConnectorState,
  event: EventOf<'transaction-started'>,
  now: Now,
  settings: MachineSettings,
): Step {
  const { phase } = state
  // A repetition; the charger gets the same transaction id again.
  if (phase.kind !== 'starting') return only(state)
  const beganMs = now.monotonicMs - (event.startedAgoMs ?? 0)
  const running: Running = {
    transactionId: event.transactionId,
    startS: event.startS,
    startedAtMs: beganMs,
    meter: openAccount(event.meterStartWh, beganMs, priceChangeOf(phase.session, now)),
    journaled: {
      registerWh: event.meterStartWh,
      chargingS: seconds(0),
      idleS: seconds(0),
      atMs: now.monotonicMs,
    },
    isStartJournaled: event.meterStartWh !== undefined,
    safety: freshWatch,
    // Comes with the start.
    toldMa: startingMa(state.connectorId, phase.session, settings),
    records: { ...noRecords, isExpected: event.expectsRecords ?? false },
    reported: [],
  }
  const { session } = phase
  const journal =
    event.meterStartWh === undefined
      ? [incident('meter.start-unreadable', 'StartTransaction without a meter start', session.sessionId, now)]
      : [startedEvent(running, session.sessionId, event.meterStartWh)]
  const charging: PhaseOf<'charging'> = {
    kind: 'charging',
    session,
    stopTriesLeft: phase.stopTriesLeft,
    running,
    codeShownUntilMs: now.monotonicMs + settings.codeShownMs,
    doubt: undefined,
  }
  return { state: withPhase(state, charging), journal, effects: [] }
}

export const startedEvent = (
  { startS, transactionId }: Running,
  sessionId: PhaseOf<'starting'>['session']['sessionId'],
  meterStartWh: NonNullable<Running['meter']['startWh']>,
) => ({ kind: 'started', timeS: startS, sessionId, transactionId, meterStartWh }) as const
