/** What this charger answers to the central system, and does about it. */

import { withList } from './cards'
import { judgeChange, writeOnly } from './configuration'
import {
  findConnector,
  sendReading,
  startTransaction,
  stopTransaction,
  updateConnector,
} from './transactions'
import { account, timestamp } from './meter'
import { readProfile, withProfile, withoutProfiles } from './profiles'
import type { ChargerState, Now, Payload } from './state'

/** `reply` undefined means "not implemented". `then` comes after the reply has been sent. */
export interface Reply {
  readonly reply: Payload | undefined
  readonly state: ChargerState
  readonly restart?: 'SoftReset' | 'HardReset'
}

type Handler = (state: ChargerState, payload: Payload, now: Now) => Reply

const answer = (state: ChargerState, status: string): Reply => ({ state, reply: { status } })

const handlers: Readonly<Record<string, Handler>> = {
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  ChangeConfiguration: changeConfiguration,
  GetConfiguration: getConfiguration,
  GetLocalListVersion: (state) => ({ state, reply: { listVersion: state.localList.version } }),
  SendLocalList: sendLocalList,
  TriggerMessage: trigger,
  UnlockConnector: unlock,
  ChangeAvailability: changeAvailability,
  ClearChargingProfile: clearProfiles,
  SetChargingProfile: setProfile,
  ClearCache: (state) => answer(state, 'Accepted'),
  Reset: (state, payload) => ({
    state,
    reply: { status: 'Accepted' },
    restart: payload['type'] === 'Soft' ? 'SoftReset' : 'HardReset',
  }),
}

export function replyTo(state: ChargerState, action: string, payload: Payload, now: Now): Reply {
  const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined
  return handler === undefined ? { state, reply: undefined } : handler(state, payload, now)
}

/** Only with a vehicle on the cable: this charger does not wait for one. */
function remoteStart(state: ChargerState, payload: Payload, now: Now): Reply {
  const connector = findConnector(state, payload['connectorId'] ?? 1)
  const idTag = payload['idTag']
  if (state.faults.remoteStart === 'accept-and-forget') return answer(state, 'Accepted')
  if (
    state.faults.remoteStart === 'reject' ||
    connector?.status !== 'Preparing' ||
    typeof idTag !== 'string'
  ) {
    return answer(state, 'Rejected')
  }
  const { connectorId } = connector
  const given = payload['chargingProfile']
  const profile = readProfile(connectorId, given, clockS(state, now), now)
  const profiles = profile === undefined ? state.profiles : withProfile(state.profiles, profile)
  return answer(startTransaction({ ...state, profiles }, connectorId, idTag, now), 'Accepted')
}

/** A TxProfile needs its transaction (OCPP 1.6 §5.16). The power follows at once. */
function setProfile(state: ChargerState, payload: Payload, now: Now): Reply {
  if (state.faults.profiles !== 'obey') return answer(state, state.faults.profiles)
  const connectorId = Number(payload['connectorId'])
  const given = payload['csChargingProfiles']
  const profile = readProfile(connectorId, given, clockS(state, now), now)
  const running = findConnector(state, connectorId)?.transaction
  const named = fieldOf(given, 'transactionId')
  const isMisplaced =
    profile?.purpose === 'TxProfile' &&
    (running === undefined || (named !== undefined && named !== state.transactionIds[running.localId]))
  if (profile === undefined || isMisplaced) return answer(state, 'Rejected')
  const profiles = withProfile(state.profiles, profile)
  return answer(account({ ...state, profiles }, now), 'Accepted')
}

function clearProfiles(state: ChargerState, payload: Payload, now: Now): Reply {
  const profiles = withoutProfiles(state.profiles, payload)
  if (profiles === undefined) return answer(state, 'Unknown')
  return answer(account({ ...state, profiles }, now), 'Accepted')
}

const clockS = (state: ChargerState, now: Now): number => Date.parse(timestamp(state, now)) / 1_000

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Payload)[key] : undefined

function remoteStop(state: ChargerState, payload: Payload, now: Now): Reply {
  const running = state.connectors.find(
    ({ transaction }) =>
      transaction !== undefined && state.transactionIds[transaction.localId] === payload['transactionId'],
  )
  return running === undefined
    ? answer(state, 'Rejected')
    : answer(stopTransaction(state, running.connectorId, 'Remote', now), 'Accepted')
}

function changeConfiguration(state: ChargerState, payload: Payload): Reply {
  const key = String(payload['key'])
  const value = String(payload['value'])
  const verdict = judgeChange(key, value)
  if (verdict !== 'Accepted') return answer(state, verdict)
  return answer({ ...state, configuration: { ...state.configuration, [key]: value } }, verdict)
}

function sendLocalList(state: ChargerState, payload: Payload): Reply {
  const listed = withList(state, payload)
  return typeof listed === 'string' ? answer(state, listed) : answer(listed, 'Accepted')
}

function getConfiguration(state: ChargerState, payload: Payload): Reply {
  const asked = Array.isArray(payload['key']) ? payload['key'].map(String) : Object.keys(state.configuration)
  const known = asked.filter((key) => Object.hasOwn(state.configuration, key) && !writeOnly.has(key))
  return {
    state,
    reply: {
      configurationKey: known.map((key) => ({ key, readonly: false, value: state.configuration[key] })),
      unknownKey: asked.filter((key) => !known.includes(key)),
    },
  }
}

function trigger(state: ChargerState, payload: Payload, now: Now): Reply {
  const asked = state.connectors.filter(
    ({ connectorId }) => payload['connectorId'] === undefined || payload['connectorId'] === connectorId,
  )
  switch (payload['requestedMessage']) {
    case 'StatusNotification':
      return answer(
        asked.reduce(
          (before, { connectorId }) =>
            updateConnector(before, connectorId, (one) => ({ ...one, toldStatus: undefined })),
          state,
        ),
        'Accepted',
      )
    case 'MeterValues':
      return answer(
        asked.reduce((before, connector) => sendReading(before, connector, 'Trigger', now), state),
        'Accepted',
      )
    case 'Heartbeat':
      return answer({ ...state, nextHeartbeatMs: now.monotonicMs }, 'Accepted')
    default:
      return answer(state, 'NotImplemented')
  }
}

function unlock(state: ChargerState, payload: Payload, now: Now): Reply {
  const connector = findConnector(state, payload['connectorId'])
  if (connector === undefined) return answer(state, 'NotSupported')
  return answer(stopTransaction(state, connector.connectorId, 'UnlockCommand', now), 'Unlocked')
}

function changeAvailability(state: ChargerState, payload: Payload): Reply {
  const isOperative = payload['type'] === 'Operative'
  const chosen =
    payload['connectorId'] === 0 ? state.connectors : [findConnector(state, payload['connectorId'])]
  return answer(
    chosen.reduce(
      (before, one) =>
        one === undefined
          ? before
          : updateConnector(before, one.connectorId, (other) => ({ ...other, isOperative })),
      state,
    ),
    'Accepted',
  )
}
