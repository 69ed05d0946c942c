/** The commands of a site CSMS in OCPP 1.6, and what each comes to. docs/forwarding.md has the same table in words. */

import { createRPCError } from 'ocpp-rpc'
import { asPayload, field, integerField, listField, textField } from '../ocpp/payload'
import type { RawPayload } from '../ocpp/port'
import { heartbeatSettings, isForbiddenSetting, isSecretSetting, usualSettings } from './safe-settings'
import {
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

export const commandsOf16: Readonly<Record<string, CommandHandler>> = {
  RemoteStartTransaction: () => status('Rejected'),
  RemoteStopTransaction(payload, side) {
    const named = field(payload, 'transactionId')
    const ownId = side.ownIdOf(named)
    return stopTransaction(named, 'RemoteStopTransaction', { transactionId: ownId }, side)
  },
  SetChargingProfile: (payload, side) =>
    status(may(side, 'limit') && side.setLimit(payload) ? 'Accepted' : 'Rejected'),
  ClearChargingProfile: (payload, side) =>
    status(may(side, 'limit') && side.clearLimits(payload) ? 'Accepted' : 'Unknown'),
  GetCompositeSchedule: (payload, side) =>
    passOn('GetCompositeSchedule', payload, side, { refusal: 'Rejected', told: false }),
  Reset: (payload, side) =>
    may(side, 'reset') && isFree(side)
      ? passOn('Reset', payload, side, { refusal: 'Rejected', told: true })
      : status('Rejected'),
  UnlockConnector: (payload, side) =>
    may(side, 'unlock') && isFree(side, integerField(payload, 'connectorId'))
      ? passOn('UnlockConnector', payload, side, { refusal: 'UnlockFailed', told: true })
      : status('UnlockFailed'),
  ChangeAvailability: (payload, side) =>
    may(side, 'availability')
      ? passOn('ChangeAvailability', payload, side, { refusal: 'Rejected', told: true })
      : status('Rejected'),
  ChangeConfiguration: changeConfiguration,
  GetConfiguration: getConfiguration,
  TriggerMessage: trigger,
  GetDiagnostics: (payload, side) =>
    may(side, 'diagnostics')
      ? passOn('GetDiagnostics', payload, side, { told: true })
      : { answer: {}, told: true, outcome: 'refused' },
  UpdateFirmware(payload, side) {
    // The answer of 1.6 has no word for no.
    if (!may(side, 'firmware') || !isFree(side)) throw createRPCError('SecurityError', 'Not from here')
    return passOn('UpdateFirmware', payload, side, { told: true })
  },
  SendLocalList: () => status('NotSupported'),
  GetLocalListVersion: () => ({ answer: { listVersion: -1 }, told: false }),
  ReserveNow: () => status('Rejected'),
  CancelReservation: () => quietStatus('Rejected'),
  ClearCache: () => quietStatus('Rejected'),
  DataTransfer: () => quietStatus('UnknownVendorId'),
}

function changeConfiguration(payload: RawPayload, side: CommandSide): Promise<Handled> | Handled {
  const key = textField(payload, 'key', 50) ?? ''
  if (!may(side, 'settings')) return status('Rejected')
  if (heartbeatSettings.includes(key)) {
    side.beatEvery(integerField(payload, 'value') ?? 0)
    return status('Accepted')
  }
  const isSafe = [...usualSettings, ...side.target.settings].includes(key) && !isForbiddenSetting(key)
  return isSafe
    ? passOn('ChangeConfiguration', payload, side, { refusal: 'Rejected', told: true })
    : status('Rejected')
}

async function getConfiguration(payload: RawPayload, side: CommandSide): Promise<Handled> {
  const handled = await passOn('GetConfiguration', payload, side, { told: false })
  const known = listField(handled.answer, 'configurationKey')
  const shown = known.filter((entry) => !isSecretSetting(String(field(asPayload(entry), 'key'))))
  return { ...handled, answer: { ...handled.answer, configurationKey: shown } }
}

const harmless = [
  'StatusNotification',
  'MeterValues',
  'FirmwareStatusNotification',
  'DiagnosticsStatusNotification',
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
