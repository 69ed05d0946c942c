/** The commands of the port as OCPP 1.6 requests, and which of their answers mean yes. */

import { ok } from '@/lib/core/result'
import type { CommandSender } from '../command-sender'
import type { ChargerCommands, CommandResult, PowerProfile, RawPayload, RemoteStart } from '../port'
import { tokenListCommands } from './token-list'
import { idOf, kindOf, profileId, scheduleStart, txProfileId } from '../profile-fields'

export function createCommands(sender: CommandSender, isConnected: () => boolean): ChargerCommands {
  const own = ownCommands(sender, isConnected)
  return { ...own, tokenList: tokenListCommands(sender, own) }
}

const ownCommands = (sender: CommandSender, isConnected: () => boolean): ChargerCommands => ({
  isConnected,
  remoteStart: async (request) =>
    nothing(await sender.send('RemoteStartTransaction', remoteStartPayload(request), ['Accepted'])),
  remoteStop: async (transactionId) =>
    nothing(await sender.send('RemoteStopTransaction', { transactionId }, ['Accepted'])),
  unlock: async (connectorId) => nothing(await sender.send('UnlockConnector', { connectorId }, ['Unlocked'])),
  async changeConfiguration(key, value) {
    const result = await sender.send('ChangeConfiguration', { key, value }, ['Accepted', 'RebootRequired'])
    return result.ok ? ok(result.value === 'Accepted' ? 'accepted' : 'reboot-required') : result
  },
  readMeter: async (connectorId) =>
    nothing(
      await sender.send('TriggerMessage', { requestedMessage: 'MeterValues', connectorId }, ['Accepted']),
    ),
  changeAvailability: async (connectorId, isOperative) =>
    nothing(
      await sender.send(
        'ChangeAvailability',
        { connectorId, type: isOperative ? 'Operative' : 'Inoperative' },
        ['Accepted', 'Scheduled'],
      ),
    ),
  trigger: async (requestedMessage, connectorId) =>
    nothing(
      await sender.send(
        'TriggerMessage',
        connectorId === undefined ? { requestedMessage } : { requestedMessage, connectorId },
        ['Accepted'],
      ),
    ),
  setProfile: async (profile) =>
    nothing(await sender.send('SetChargingProfile', profilePayload(profile), ['Accepted'])),
  clearProfile: async (which) =>
    nothing(await sender.send('ClearChargingProfile', { id: idOf(which) }, ['Accepted', 'Unknown'])),
})

const purposes = { 'station-max': 'ChargePointMaxProfile', 'tx-default': 'TxDefaultProfile', tx: 'TxProfile' }

function profilePayload(profile: PowerProfile): RawPayload {
  const isTx = profile.purpose === 'tx'
  return {
    connectorId: isTx ? profile.connectorId : 0,
    csChargingProfiles: {
      chargingProfileId: profileId(profile),
      ...(isTx ? { transactionId: profile.transactionId } : {}),
      stackLevel: 0,
      chargingProfilePurpose: purposes[profile.purpose],
      ...kindOf(profile),
      chargingSchedule: {
        ...scheduleStart(profile),
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: profile.limitA }],
      },
    },
  }
}

const nothing = (result: CommandResult<string>): CommandResult => (result.ok ? ok(undefined) : result)

/** A TxProfile may only come with the start that it limits (OCPP 1.6 §5.16.2). */
function remoteStartPayload({ connectorId, idTag, maxCurrentA }: RemoteStart): RawPayload {
  if (maxCurrentA === undefined) return { connectorId, idTag }
  return {
    connectorId,
    idTag,
    chargingProfile: {
      chargingProfileId: txProfileId(connectorId),
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: {
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: maxCurrentA }],
      },
    },
  }
}
