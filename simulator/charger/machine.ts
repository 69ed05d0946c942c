/**
 * The virtual charger as a pure state machine: what happens goes in, what is to be sent comes out. It speaks
 * OCPP 1.6J as the specification says and, on request, as chargers in the field do.
 */

import { unreachable } from '@/lib/core/assert'
import { afterAuthorize, presentCard, takeUpCard } from './cards'
import { replyTo } from './central-calls'
import { isTakenByNeighbour } from './evse-layout'
import { account, timestamp } from './meter'
import { enqueue, enqueueBoot, giveBack, loseLink, pump, settle } from './outbox'
import type { ChargerInput, ChargerState, Connector, Now, Outgoing, Payload, Status, Step } from './state'
import { nextSampleMs, sample, stopTransaction, updateConnector } from './transactions'

export function step(state: ChargerState, input: ChargerInput, now: Now): Step {
  const happened = handle(account(state, now), input, now)
  const due = tellStatuses(beat(sample(expire(happened.state, now), now), now), now)
  return pump({ state: due, effects: happened.effects }, now)
}

/** When something is due by itself, on the monotonic clock; Infinity when nothing is. */
export function nextDueMs(state: ChargerState): number {
  const [head] = state.outbox
  return Math.min(
    state.inFlight?.timeoutAtMs ?? Number.POSITIVE_INFINITY,
    // Whatever may go out has gone out, so a first message that still waits has its time set.
    state.isLinked && state.inFlight === undefined
      ? (head?.notBeforeMs ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY,
    state.isLinked ? state.nextHeartbeatMs : Number.POSITIVE_INFINITY,
    ...state.connectors.map(({ transaction }) =>
      transaction === undefined ? Number.POSITIVE_INFINITY : nextSampleMs(state, transaction),
    ),
    ...state.profiles.map(({ endsAtMs }) =>
      endsAtMs > state.accountedMs ? endsAtMs : Number.POSITIVE_INFINITY,
    ),
    ...state.connectors.map((connector) => deliveredAtMs(connector, state.accountedMs)),
  )
}

/** The instant at which a scheduled vehicle has all it came for. */
function deliveredAtMs({ vehicle, transaction }: Connector, nowMs: number): number {
  if (transaction === undefined || vehicle?.kind !== 'scheduled') return Number.POSITIVE_INFINITY
  const leftMs = vehicle.durationMs - vehicle.elapsedMs
  return leftMs === 0 ? Number.POSITIVE_INFINITY : nowMs + leftMs
}

const only = (state: ChargerState): Step => ({ state, effects: [] })

function handle(state: ChargerState, input: ChargerInput, now: Now): Step {
  switch (input.type) {
    case 'tick':
      return only(state)
    case 'link-up': {
      const linked = { ...state, isLinked: true, inFlight: undefined }
      return only(state.isRegistered ? linked : enqueueBoot(linked, 0))
    }
    case 'link-down':
      return only(loseLink(state))
    case 'call':
      return answerCall(state, input, now)
    case 'result': {
      const settled = settle(state, input.messageId)
      return only(
        settled === undefined ? state : afterAnswer(settled.state, settled.message, input.payload, now),
      )
    }
    case 'call-error':
      return only(state.inFlight?.messageId === input.messageId ? giveBack(state, now) : state)
    case 'plug':
      return only(
        takeUpCard(
          updateConnector(state, input.connectorId, (one) =>
            one.vehicle === undefined ? { ...one, vehicle: input.vehicle } : one,
          ),
          now,
        ),
      )
    case 'card':
      return only(presentCard(state, input.idTag, now))
    case 'unplug':
      return only(
        updateConnector(
          stopTransaction(state, input.connectorId, 'EVDisconnected', now),
          input.connectorId,
          (one) => ({
            ...one,
            vehicle: undefined,
            isFinished: false,
          }),
        ),
      )
    case 'stop':
      return only(stopTransaction(state, input.connectorId, input.reason, now))
    case 'restart':
      return restart(state, input.reason, now)
    case 'set-faults':
      return only({ ...state, faults: { ...state.faults, ...input.faults } })
    case 'set-faulted':
      return only(
        updateConnector(state, input.connectorId, (one) => ({
          ...one,
          isFaulted: input.isFaulted,
          powerW: 0,
        })),
      )
    case 'reset-meter':
      return only(updateConnector(state, input.connectorId, (one) => ({ ...one, meterMilliJ: 0 })))
    default:
      return unreachable(input)
  }
}

function answerCall(state: ChargerState, input: ChargerInput & { type: 'call' }, now: Now): Step {
  if (state.faults.deaf) return only(state)
  const { reply, state: after, restart: reason } = replyTo(state, input.action, input.payload, now)
  const frame =
    reply === undefined
      ? [4, input.messageId, 'NotImplemented', `${input.action} is not known here`, {}]
      : [3, input.messageId, reply]
  const restarted = reason === undefined ? only(after) : restart(after, reason, now)
  return { state: restarted.state, effects: [{ type: 'send', frame }, ...restarted.effects] }
}

function afterAnswer(state: ChargerState, message: Outgoing, payload: Payload, now: Now): ChargerState {
  switch (message.action) {
    case 'BootNotification': {
      const intervalS = typeof payload['interval'] === 'number' ? payload['interval'] : 60
      if (payload['status'] !== 'Accepted') return enqueueBoot(state, now.monotonicMs + intervalS * 1_000)
      return registered(state, intervalS, now)
    }
    case 'Authorize':
      return afterAuthorize(state, message.payload, payload, now)
    case 'StartTransaction':
      return afterStart(state, message, payload, now)
    default:
      return state
  }
}

function registered(state: ChargerState, heartbeatS: number, now: Now): ChargerState {
  const untold = {
    ...state,
    isRegistered: true,
    heartbeatS,
    nextHeartbeatMs: heartbeatS > 0 ? now.monotonicMs + heartbeatS * 1_000 : Number.POSITIVE_INFINITY,
    connectors: state.connectors.map((connector) => ({ ...connector, toldStatus: undefined })),
  }
  return enqueue(untold, 'StatusNotification', statusPayload(untold, 0, 'Available', now))
}

function afterStart(state: ChargerState, { localId }: Outgoing, payload: Payload, now: Now): ChargerState {
  const transactionId = payload['transactionId']
  if (localId === undefined || typeof transactionId !== 'number') return state
  const known = { ...state, transactionIds: { [localId]: transactionId, ...state.transactionIds } }
  const info = payload['idTagInfo']
  const isAccepted =
    typeof info === 'object' && info !== null && 'status' in info && info.status === 'Accepted'
  const connector = known.connectors.find(({ transaction }) => transaction?.localId === localId)
  if (isAccepted || connector === undefined) return known
  return known.configuration['StopTransactionOnInvalidId'] === 'true'
    ? stopTransaction(known, connector.connectorId, 'DeAuthorized', now)
    : known
}

/** Transactions end, what was recorded stays, everything else is as after switching on. */
function restart(state: ChargerState, reason: 'PowerLoss' | 'SoftReset' | 'HardReset', now: Now): Step {
  const stopped = state.connectors.reduce(
    (before, { connectorId }) => stopTransaction(before, connectorId, reason, now),
    state,
  )
  return {
    state: { ...loseLink(stopped), isRegistered: false, nextHeartbeatMs: Number.POSITIVE_INFINITY },
    effects: [{ type: 'drop-link' }],
  }
}

/** A CALL that was not answered in time. */
const expire = (state: ChargerState, now: Now): ChargerState =>
  state.inFlight !== undefined && state.inFlight.timeoutAtMs <= now.monotonicMs ? giveBack(state, now) : state

function beat(state: ChargerState, now: Now): ChargerState {
  if (!state.isLinked || !state.isRegistered || state.nextHeartbeatMs > now.monotonicMs) return state
  const next = { ...state, nextHeartbeatMs: now.monotonicMs + state.heartbeatS * 1_000 }
  return enqueue(next, 'Heartbeat', {})
}

function tellStatuses(state: ChargerState, now: Now): ChargerState {
  return state.connectors.reduce((before, connector) => {
    const status = statusOf(connector, before)
    const isNews = status !== connector.toldStatus && before.isLinked && before.isRegistered
    const updated = updateConnector(before, connector.connectorId, (one) => ({
      ...one,
      status,
      toldStatus: isNews ? status : one.toldStatus,
    }))
    if (!isNews) return updated
    return enqueue(updated, 'StatusNotification', statusPayload(updated, connector.connectorId, status, now))
  }, state)
}

const statusPayload = (state: ChargerState, connectorId: number, status: Status, now: Now): Payload => ({
  connectorId,
  errorCode: status === 'Faulted' ? 'OtherError' : 'NoError',
  status,
  timestamp: timestamp(state, now),
})

function statusOf(connector: Connector, state: ChargerState): Status {
  if (connector.isFaulted) return 'Faulted'
  if (connector.transaction !== undefined) return connector.powerW > 0 ? 'Charging' : 'SuspendedEV'
  if (!connector.isOperative || isTakenByNeighbour(state, connector)) return 'Unavailable'
  if (connector.vehicle === undefined) return 'Available'
  return connector.isFinished ? 'Finishing' : 'Preparing'
}
