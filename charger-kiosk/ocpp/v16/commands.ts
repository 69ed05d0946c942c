/** The commands of the port as OCPP 1.6 requests, and which of their answers mean yes. */

import { ok } from '@/lib/core/result'
import type { CommandSender } from '../command-sender'
import type { ChargerCommands, CommandResult, RawPayload, RemoteStart } from '../port'

export const createCommands = (sender: CommandSender, isConnected: () => boolean): ChargerCommands => ({
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
  trigger: async (requestedMessage, connectorId) =>
    nothing(
      await sender.send(
        'TriggerMessage',
        connectorId === undefined ? { requestedMessage } : { requestedMessage, connectorId },
        ['Accepted'],
      ),
    ),
})

const nothing = (result: CommandResult<string>): CommandResult => (result.ok ? ok(undefined) : result)

/** A TxProfile may only come with the start that it limits (OCPP 1.6 §5.16.2). */
function remoteStartPayload({ connectorId, idTag, maxCurrentA }: RemoteStart): RawPayload {
  if (maxCurrentA === undefined) return { connectorId, idTag }
  return {
    connectorId,
    idTag,
    chargingProfile: {
      chargingProfileId: 1,
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
