/**
 * What waits to be sent, one CALL at a time (OCPP-J 1.6 §4.1.1). Messages about transactions survive lost links and
 * restarts and are repeated until they are acknowledged; the rest is dropped with the link.
 */

import { integerSetting } from './configuration'
import type { ChargerState, Now, Outgoing, Payload, Step } from './state'

/** A charger's memory is small; when it is full the oldest readings go, never a start or a stop. */
const waitingMax = 1_000
const answerTimeoutMs = 30_000

export function enqueue(
  state: ChargerState,
  action: string,
  payload: Payload,
  localId?: number,
): ChargerState {
  const message: Outgoing = { action, payload, localId, attempts: 0, notBeforeMs: 0 }
  const isTwice = state.faults.duplicates && (action === 'StartTransaction' || action === 'StopTransaction')
  const outbox = [...state.outbox, message, ...(isTwice ? [message] : [])]
  const dropped = outbox.length > waitingMax ? outbox.findIndex((one) => one.action === 'MeterValues') : -1
  return { ...state, outbox: dropped < 0 ? outbox : outbox.filter((_, index) => index !== dropped) }
}

/** A charger that has not been accepted may send nothing but its BootNotification (OCPP 1.6 §4.2). */
export function enqueueBoot(state: ChargerState, notBeforeMs: number): ChargerState {
  const payload = { chargePointVendor: state.settings.vendor, chargePointModel: state.settings.model }
  const boot: Outgoing = { action: 'BootNotification', payload, localId: undefined, attempts: 0, notBeforeMs }
  return { ...state, outbox: [boot, ...state.outbox.filter((one) => one.action !== 'BootNotification')] }
}

/** Sends the first message if nothing is under way. */
export function pump(step: Step, now: Now): Step {
  const { state } = step
  const [head] = state.outbox
  if (!state.isLinked || state.inFlight !== undefined || head === undefined) return step
  if (head.notBeforeMs > now.monotonicMs) return step
  if (!state.isRegistered && head.action !== 'BootNotification') return step
  const messageId = `m${state.nextNumber}`
  const frame = [2, messageId, head.action, withTransactionId(state, head)]
  return {
    state: {
      ...state,
      nextNumber: state.nextNumber + 1,
      inFlight: { messageId, timeoutAtMs: now.monotonicMs + answerTimeoutMs },
    },
    effects: [...step.effects, { type: 'send', frame }],
  }
}

/** Looked up as late as possible: the start before it may just have been answered. −1 where it never was. */
function withTransactionId(state: ChargerState, { action, payload, localId }: Outgoing): Payload {
  if (localId === undefined || action === 'StartTransaction') return payload
  const transactionId = state.faults.minusOne ? -1 : (state.transactionIds[localId] ?? -1)
  return { ...payload, transactionId }
}

/** Takes the message under way off the list; undefined when the answer is to something else. */
export function settle(
  state: ChargerState,
  messageId: string,
): { readonly state: ChargerState; readonly message: Outgoing } | undefined {
  const [message, ...outbox] = state.outbox
  if (state.inFlight?.messageId !== messageId || message === undefined) return undefined
  return { state: forgetTransaction({ ...state, outbox, inFlight: undefined }, message), message }
}

/** Refused or unanswered: transaction messages come again, a little later each time, until the attempts are used up. */
export function giveBack(state: ChargerState, now: Now): ChargerState {
  const [message, ...rest] = state.outbox
  if (message === undefined) return state
  const attempts = message.attempts + 1
  const isKept =
    message.action === 'BootNotification' ||
    (message.localId !== undefined &&
      attempts < integerSetting(state.configuration, 'TransactionMessageAttempts'))
  if (!isKept) return forgetTransaction({ ...state, outbox: rest, inFlight: undefined }, message)
  const waitS = integerSetting(state.configuration, 'TransactionMessageRetryInterval') * attempts
  const again: Outgoing = { ...message, attempts, notBeforeMs: now.monotonicMs + waitS * 1_000 }
  return { ...state, outbox: [again, ...rest], inFlight: undefined }
}

/** What is not about a transaction is lost with the link; a status that was lost is told again. */
export function loseLink(state: ChargerState): ChargerState {
  const lost = state.outbox.filter((one) => one.localId === undefined)
  const untold = new Set(
    lost.flatMap((one) => (one.action === 'StatusNotification' ? [one.payload['connectorId']] : [])),
  )
  return {
    ...state,
    isLinked: false,
    inFlight: undefined,
    outbox: state.outbox.filter((one) => one.localId !== undefined),
    connectors: state.connectors.map((connector) =>
      untold.has(connector.connectorId) ? { ...connector, toldStatus: undefined } : connector,
    ),
  }
}

/** After the last message of a transaction its id is of no use any more. */
function forgetTransaction(state: ChargerState, { action, localId }: Outgoing): ChargerState {
  if (action !== 'StopTransaction' || localId === undefined) return state
  if (state.outbox.some((one) => one.localId === localId)) return state
  return {
    ...state,
    transactionIds: Object.fromEntries(
      Object.entries(state.transactionIds).filter(([key]) => key !== String(localId)),
    ),
  }
}
