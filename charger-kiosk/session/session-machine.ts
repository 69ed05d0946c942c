/**
 * One connector as a pure state machine: `(state, event, now) → { state, journal, effects }`. The controller writes
 * `journal` and the rows of `state` in one transaction and only then carries out `effects`. Start reading here; each
 * group of phases has its own file beside this one.
 */

import type { GrantSerial } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { unreachable } from '@/lib/core/assert'
import { stopCodeMatches } from '@/lib/protocol/stop-code'
import {
  permits,
  type ConnectorEvent,
  type ConnectorState,
  type MachineSettings,
  type Now,
  type Step,
} from './connector-state'
import { only, withPhase } from './step'
import { followHardware, offerMade, offerStale, refuse, tickIdle } from './idle-phases'
import {
  bootedWhileRunning,
  readingsTaken,
  statusWhileRunning,
  stopRunning,
  tickRunning,
} from './running-phases'
import {
  acceptSession,
  startFailed,
  statusWhileStarting,
  tickStarting,
  transactionStarted,
} from './starting-phase'
import { cancelStart, endByCharger, receiptSigned, tickEnding, tickFinished } from './ending-phases'

export const initialConnector = (connectorId: number): ConnectorState => ({
  connectorId,
  hardware: { isLinked: false, status: 'unknown' },
  closedFor: undefined,
  phase: { kind: 'unavailable', reason: 'charger.offline' },
})

export function step(
  state: ConnectorState,
  event: ConnectorEvent,
  now: Now,
  settings: MachineSettings,
): Step {
  const handled = handle(state, event, now, settings)
  if (!permits[handled.state.phase.kind].followsHardware) return handled
  // A bay that was too hot sells nothing until it is cool, whatever its charger says.
  const { closedFor, coolingUntilMs = 0 } = handled.state
  const isCooling = now.monotonicMs < coolingUntilMs
  const followed = followHardware(
    isCooling ? { ...handled.state, closedFor: closedFor ?? 'charger.faulted' } : handled.state,
  )
  return {
    state: { ...followed.state, closedFor },
    journal: handled.journal,
    effects: [...handled.effects, ...followed.effects],
  }
}

function handle(state: ConnectorState, event: ConnectorEvent, now: Now, settings: MachineSettings): Step {
  switch (event.kind) {
    case 'link':
      return linkChanged(state, event.isUp, now, settings)
    case 'charger-booted':
      return bootedWhileRunning(state, now, settings)
    case 'status':
      return statusChanged(state, event, now, settings)
    case 'closed':
      return only({ ...state, closedFor: event.reason })
    case 'offer-made':
      return offerMade(state, event.offer)
    case 'offer-stale':
      return offerStale(state)
    case 'accepted':
      return acceptSession(state, event, now, settings)
    case 'declined':
      return refuse(state, event.refused, now, settings)
    case 'start-answered':
      return event.willStart ? only(state) : startFailed(state, now)
    case 'transaction-started':
      return transactionStarted(state, event, now, settings)
    case 'readings':
      return readingsTaken(state, event, now, settings)
    case 'stop-code':
      return stopCodeTyped(state, event.stopCode, now, settings)
    case 'phone-stop':
      return phoneStop(state, event, now, settings)
    case 'site-stop':
      // A limit of the site, as the charger's own "Remote" is.
      return state.phase.kind === 'charging'
        ? stopRunning(state, state.phase, 'limit', now, settings)
        : only(state)
    case 'card-again':
      return cardAgain(state, event.serial, now, settings)
    case 'transaction-stopped':
      return endByCharger(state, event, now)
    case 'receipt-signed':
      return receiptSigned(state, event.receipt, now, settings)
    case 'dismissed':
      return dismissed(state)
    case 'tick':
      return tick(state, now, settings)
    default:
      return unreachable(event)
  }
}

/** A lost link ends nothing: the charger goes on by itself and tells later what happened. */
function linkChanged(state: ConnectorState, isUp: boolean, now: Now, settings: MachineSettings): Step {
  const linked = { ...state, hardware: { ...state.hardware, isLinked: isUp } }
  const { phase } = linked
  if (!isUp || phase.kind !== 'charging' || phase.doubt === undefined) return only(linked)
  // It is back: from here on it has little time to show that its transaction goes on.
  const deadlineMs = Math.min(phase.doubt.deadlineMs, now.monotonicMs + settings.lossGraceMs)
  return only(withPhase(linked, { ...phase, doubt: { ...phase.doubt, deadlineMs } }))
}

function statusChanged(
  state: ConnectorState,
  { status }: Extract<ConnectorEvent, { kind: 'status' }>,
  now: Now,
  settings: MachineSettings,
): Step {
  const before = state.hardware.status
  const told: ConnectorState = { ...state, hardware: { isLinked: true, status } }
  switch (state.phase.kind) {
    case 'starting':
      return statusWhileStarting(told, now, settings)
    case 'charging':
    case 'stopping':
      return statusWhileRunning(told, before, now, settings)
    case 'finished':
      // The next vehicle: what stands on the screen is not its driver's business.
      return status === 'Preparing' && before === 'Available' ? toIdle(told) : only(told)
    default:
      return only(told)
  }
}

/** Five guesses, then only unplugging, a full battery or the hold ends the session. */
function stopCodeTyped(state: ConnectorState, stopCode: string, now: Now, settings: MachineSettings): Step {
  const { phase } = state
  if (phase.kind !== 'starting' && phase.kind !== 'charging') return only(state)
  const { session, stopTriesLeft } = phase
  if (stopTriesLeft === 0) return refused(state, 'stop.code-locked')
  if (stopCodeMatches(session.sessionId, stopCode, session.stopDigest)) {
    return phase.kind === 'starting'
      ? cancelStart(state, 'stop-code', now)
      : stopRunning(state, phase, 'stop-code', now, settings)
  }
  const left = stopTriesLeft - 1
  const counted = withPhase(state, { ...phase, stopTriesLeft: left })
  return refused(counted, left === 0 ? 'stop.code-locked' : 'stop.code-wrong', left)
}

/** A stop that comes late or twice changes nothing: the session is on its way to its end already. */
function phoneStop(
  state: ConnectorState,
  { sessionId, stop }: Extract<ConnectorEvent, { kind: 'phone-stop' }>,
  now: Now,
  settings: MachineSettings,
): Step {
  const { phase } = state
  if (phase.kind !== 'starting' && phase.kind !== 'charging') return only(state)
  if (phase.session.sessionId !== sessionId) return only(state)
  return phase.kind === 'starting'
    ? cancelStart(state, 'phone', now, stop)
    : stopRunning(state, phase, 'phone', now, settings, stop)
}

/** Whoever holds the card that opened a session may end it; no other card can. */
function cardAgain(state: ConnectorState, serial: GrantSerial, now: Now, settings: MachineSettings): Step {
  const { phase } = state
  if (phase.kind !== 'starting' && phase.kind !== 'charging') return only(state)
  if (phase.session.serial !== serial) return only(state)
  return phase.kind === 'starting'
    ? cancelStart(state, 'card', now)
    : stopRunning(state, phase, 'card', now, settings)
}

const refused = (state: ConnectorState, code: 'stop.code-locked' | 'stop.code-wrong', left = 0): Step => ({
  ...only(state),
  effects: [{ kind: 'feedback', feedback: { outcome: 'refused', refusal: refusal(code, { left }) } }],
})

function dismissed(state: ConnectorState): Step {
  const { phase } = state
  switch (phase.kind) {
    case 'offering':
      return only(withPhase(state, { ...phase, refused: undefined }))
    case 'finished':
      return toIdle(state)
    default:
      return only(state)
  }
}

/** `step` looks at the hardware afterwards. */
const toIdle = (state: ConnectorState): Step => only(withPhase(state, { kind: 'available' }))

function tick(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  switch (state.phase.kind) {
    case 'unavailable':
    case 'available':
    case 'offering':
      return tickIdle(state, now)
    case 'starting':
      return tickStarting(state, now)
    case 'charging':
    case 'stopping':
      return tickRunning(state, now, settings)
    case 'ending':
      return tickEnding(state)
    case 'finished':
      return tickFinished(state, now)
    default:
      return unreachable(state.phase)
  }
}
