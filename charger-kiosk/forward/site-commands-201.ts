/** The commands of a site CSMS in OCPP 2.0.1, and what each comes to. docs/forwarding.md has the same table in words. */

import { asPayload, field, integerField, listField, textField } from '../ocpp/payload'
import type { RawPayload } from '../ocpp/port'
import { heartbeatSettings, isForbiddenSetting, isSecretSetting, usualSettings } from './safe-settings'
import {
  evseIdOf,
  isFree,
  may,
  passOn,
  quietStatus,
  status,
  stopTransaction,
  type CommandHandler,
  type CommandSide,
  type Handled,
} from './command-side'

/** Asked of the charger, which answers with a status; reading only. */
const read =
  (action: string): CommandHandler =>
  (payload, side) =>
    passOn(action, payload, side, { refusal: 'Rejected', told: false })

export const commandsOf201: Readonly<Record<string, CommandHandler>> = {
  RequestStartTransaction: () => status('Rejected'),
  RequestStopTransaction: (payload, side) =>
    stopTransaction(field(payload, 'transactionId'), 'RequestStopTransaction', payload, side),
  GetTransactionStatus: transactionStatus,
  SetChargingProfile: (payload, side) =>
    status(may(side, 'limit') && side.setLimit(payload) ? 'Accepted' : 'Rejected'),
  ClearChargingProfile: (payload, side) =>
    status(may(side, 'limit') && side.clearLimits(payload) ? 'Accepted' : 'Unknown'),
  GetChargingProfiles: (payload, side) =>
    passOn('GetChargingProfiles', payload, side, { refusal: 'NoProfiles', told: false }),
  GetCompositeSchedule: read('GetCompositeSchedule'),
  Reset(payload, side) {
    // "OnIdle" waits by itself until nobody charges (B12).
    const mayNow = isFree(side, evseIdOf(payload)) || field(payload, 'type') === 'OnIdle'
    return may(side, 'reset') && mayNow
      ? passOn('Reset', payload, side, { refusal: 'Rejected', told: true })
      : status('Rejected')
  },
  UnlockConnector(payload, side) {
    if (!may(side, 'unlock')) return status('UnlockFailed')
    if (!isFree(side, evseIdOf(payload))) return status('OngoingAuthorizedTransaction')
    return passOn('UnlockConnector', payload, side, { refusal: 'UnlockFailed', told: true })
  },
  ChangeAvailability: (payload, side) =>
    may(side, 'availability')
      ? passOn('ChangeAvailability', payload, side, { refusal: 'Rejected', told: true })
      : status('Rejected'),
  SetVariables: setVariables,
  GetVariables: getVariables,
  GetBaseReport: read('GetBaseReport'),
  GetReport: read('GetReport'),
  TriggerMessage: trigger,
  GetLog: (payload, side) =>
    may(side, 'diagnostics')
      ? passOn('GetLog', payload, side, { refusal: 'Rejected', told: true })
      : status('Rejected'),
  UpdateFirmware: (payload, side) =>
    may(side, 'firmware') && isFree(side)
      ? passOn('UpdateFirmware', payload, side, { refusal: 'Rejected', told: true })
      : status('Rejected'),
  SendLocalList: () => status('Failed'),
  GetLocalListVersion: () => ({ answer: { versionNumber: 0 }, told: false }),
  ReserveNow: () => status('Rejected'),
  CancelReservation: () => quietStatus('Rejected'),
  ClearCache: () => quietStatus('Rejected'),
  CustomerInformation: () => status('Rejected'),
  SetNetworkProfile: () => status('Rejected'),
  InstallCertificate: () => status('Rejected'),
  DeleteCertificate: () => status('Failed'),
  CertificateSigned: () => status('Rejected'),
  DataTransfer: () => quietStatus('UnknownVendorId'),
}

/** What of a transaction, or of all, has yet to be told (E14). */
function transactionStatus(payload: RawPayload, side: CommandSide): Handled {
  const named = field(payload, 'transactionId')
  const messagesInQueue = side.messagesWaiting() > 0
  if (named === undefined) return { answer: { messagesInQueue }, told: false }
  const ownId = side.ownIdOf(named)
  const ongoingIndicator = side.openSessions().some(({ transactionId }) => transactionId === ownId)
  return { answer: { ongoingIndicator, messagesInQueue }, told: false }
}

interface Asked {
  readonly entry: RawPayload
  readonly name: string
}

/** Each entry of the request by itself: the safe ones are asked of the charger, all in one, and the answers put in order. */
async function setVariables(payload: RawPayload, side: CommandSide): Promise<Handled> {
  const asked = entries(payload, 'setVariableData')
  const isSafe = ({ name }: Asked): boolean =>
    may(side, 'settings') &&
    [...usualSettings, ...side.target.settings].includes(name) &&
    !isForbiddenSetting(name)
  const safe = asked.filter(isSafe)
  const told = safe.length === 0 ? [] : await askedOfCharger('SetVariables', 'setVariable', safe, side)
  const setVariableResult = asked.map((one) => {
    if (may(side, 'settings') && heartbeatSettings.includes(one.name)) {
      side.beatEvery(integerField(one.entry, 'attributeValue') ?? 0)
      return resultOf(one, { attributeStatus: 'Accepted' })
    }
    return isSafe(one)
      ? asPayload(told[safe.indexOf(one)] ?? resultOf(one, { attributeStatus: 'Rejected' }))
      : resultOf(one, { attributeStatus: 'Rejected' })
  })
  const accepted = setVariableResult.filter((one) => field(asPayload(one), 'attributeStatus') === 'Accepted')
  return {
    answer: { setVariableResult },
    told: true,
    outcome: `${accepted.length} of ${asked.length} accepted`,
  }
}

async function getVariables(payload: RawPayload, side: CommandSide): Promise<Handled> {
  const asked = entries(payload, 'getVariableData')
  const open = asked.filter(({ name }) => !isSecretSetting(name))
  const told = open.length === 0 ? [] : await askedOfCharger('GetVariables', 'getVariable', open, side)
  const getVariableResult = asked.map((one) =>
    open.includes(one)
      ? (told[open.indexOf(one)] ?? resultOf(one, { attributeStatus: 'Rejected' }))
      : resultOf(one, { attributeStatus: 'Rejected' }),
  )
  return { answer: { getVariableResult }, told: false }
}

async function askedOfCharger(
  action: string,
  prefix: 'setVariable' | 'getVariable',
  asked: readonly Asked[],
  side: CommandSide,
): Promise<readonly unknown[]> {
  const answer = await side.relay(action, { [`${prefix}Data`]: asked.map(({ entry }) => entry) })
  return answer.ok ? listField(answer.value, `${prefix}Result`) : []
}

const entries = (payload: RawPayload, key: string): readonly Asked[] =>
  listField(payload, key)
    .map(asPayload)
    .map((entry) => {
      const component = textField(asPayload(field(entry, 'component')), 'name', 50) ?? ''
      const variable = textField(asPayload(field(entry, 'variable')), 'name', 50) ?? ''
      return { entry, name: `${component}.${variable}` }
    })

const resultOf = ({ entry }: Asked, outcome: RawPayload): RawPayload => ({
  ...outcome,
  component: field(entry, 'component'),
  variable: field(entry, 'variable'),
})

const harmless = [
  'StatusNotification',
  'TransactionEvent',
  'MeterValues',
  'FirmwareStatusNotification',
  'LogStatusNotification',
]

/** Whether the charger lives, and what it is, is known here. */
function trigger(payload: RawPayload, side: CommandSide): Promise<Handled> | Handled {
  const asked = field(payload, 'requestedMessage')
  if (asked === 'BootNotification' || asked === 'Heartbeat') {
    side.tellAgain(asked)
    return quietStatus('Accepted')
  }
  return harmless.includes(String(asked))
    ? passOn('TriggerMessage', payload, side, { refusal: 'Rejected', told: false })
    : quietStatus('NotImplemented')
}
