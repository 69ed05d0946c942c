/**
 * Cards at the charger's own reader: asked about while there is a link, by its own list while there is none (OCPP 1.6
 * §3.5), and remembered for a vehicle that is still to come.
 */

import { integerSetting } from './configuration'
import { timestamp } from './meter'
import { enqueue } from './outbox'
import type { ChargerState, Connector, Now, Payload } from './state'
import { startTransaction, stopTransaction } from './transactions'

export function presentCard(state: ChargerState, idTag: string, now: Now): ChargerState {
  const own = state.connectors.find(({ transaction }) => transaction?.idTag === idTag)
  if (own !== undefined) return stopTransaction(state, own.connectorId, 'Local', now)
  if (state.isLinked && state.isRegistered) return enqueue(state, 'Authorize', { idTag })
  return isListed(state, idTag, now) ? letIn(state, idTag, now) : state
}

export function afterAuthorize(state: ChargerState, asked: Payload, answer: Payload, now: Now): ChargerState {
  const info = answer['idTagInfo']
  const isAccepted =
    typeof info === 'object' && info !== null && 'status' in info && info.status === 'Accepted'
  return isAccepted ? letIn(state, String(asked['idTag']), now) : state
}

/** Starts where a vehicle waits; else the card waits for one. */
function letIn(state: ChargerState, idTag: string, now: Now): ChargerState {
  // Its own session is being stopped by whoever answered.
  if (state.connectors.some(({ transaction }) => transaction?.idTag === idTag)) return state
  const waiting = state.connectors.find(isReady)
  if (waiting !== undefined) return startTransaction(state, waiting.connectorId, idTag, now)
  const waitMs = integerSetting(state.configuration, 'ConnectionTimeOut') * 1_000
  return { ...state, waitingCard: { idTag, untilMs: now.monotonicMs + waitMs } }
}

/** A vehicle came. */
export function takeUpCard(state: ChargerState, now: Now): ChargerState {
  const { waitingCard } = state
  const ready = state.connectors.find(isReady)
  if (waitingCard === undefined || ready === undefined) return state
  const forgotten = { ...state, waitingCard: undefined }
  return waitingCard.untilMs <= now.monotonicMs
    ? forgotten
    : startTransaction(forgotten, ready.connectorId, waitingCard.idTag, now)
}

const isReady = ({ vehicle, transaction, isFinished, isOperative, isFaulted }: Connector): boolean =>
  vehicle !== undefined && transaction === undefined && !isFinished && isOperative && !isFaulted

function isListed(state: ChargerState, idTag: string, now: Now): boolean {
  const { configuration, localList } = state
  const mayStart =
    configuration['LocalAuthListEnabled'] === 'true' && configuration['LocalAuthorizeOffline'] === 'true'
  const endsAtS = Object.hasOwn(localList.expiresAtS, idTag) ? localList.expiresAtS[idTag] : undefined
  const clockS = Date.parse(timestamp(state, now)) / 1_000
  return mayStart ? (endsAtS ?? -1) > clockS : configuration['AllowOfflineTxForUnknownId'] === 'true'
}

/** `SendLocalList`: undefined where it is refused. */
export function withList(state: ChargerState, payload: Payload): ChargerState | 'Failed' | 'VersionMismatch' {
  const { configuration, localList } = state
  const version = Number(payload['listVersion'])
  const isFull = payload['updateType'] === 'Full'
  const given = Array.isArray(payload['localAuthorizationList']) ? payload['localAuthorizationList'] : []
  if (configuration['LocalAuthListEnabled'] !== 'true' && given.length > 0) return 'Failed'
  if (given.length > integerSetting(configuration, 'SendLocalListMaxLength')) return 'Failed'
  if (!isFull && version <= localList.version) return 'VersionMismatch'
  const expiresAtS: Record<string, number> = isFull ? {} : { ...localList.expiresAtS }
  for (const entry of given as readonly Payload[]) {
    const idTag = String(entry['idTag'])
    const info = entry['idTagInfo'] as Payload | undefined
    if (info?.['status'] === 'Accepted') {
      const ends = Date.parse(String(info['expiryDate'])) / 1_000
      expiresAtS[idTag] = Number.isNaN(ends) ? Number.POSITIVE_INFINITY : ends
    } else delete expiresAtS[idTag]
  }
  if (Object.keys(expiresAtS).length > integerSetting(configuration, 'LocalAuthListMaxLength'))
    return 'Failed'
  return { ...state, localList: { version, expiresAtS } }
}
