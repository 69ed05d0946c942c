/** The commands of the port as OCPP 2.0.1 requests, and which of their answers mean yes. */

import { err, ok } from '@/lib/core/result'
import type { CommandSender } from '../command-sender'
import type { ConnectorId } from '../ids'
import { asPayload, field, listField } from '../payload'
import type {
  ChargerCommands,
  CommandError,
  CommandResult,
  PowerProfile,
  RawPayload,
  RemoteStart,
  TriggeredMessage,
} from '../port'
import { idOf, kindOf, profileId, scheduleStart, txProfileId } from '../profile-fields'
import { tokenListActions, tokenListCommands } from './token-list'
import type { EvseSocket, Transactions } from './transactions'

/** What this controller calls; their answers are the charger's. */
export const commandActions = [
  'ChangeAvailability',
  'ClearChargingProfile',
  'RequestStartTransaction',
  'RequestStopTransaction',
  'SetChargingProfile',
  'SetVariables',
  'TriggerMessage',
  'UnlockConnector',
  ...tokenListActions,
]

export function createCommands(
  sender: CommandSender,
  isConnected: () => boolean,
  transactions: Transactions,
): ChargerCommands {
  const own = ownCommands(sender, isConnected, transactions)
  return { ...own, tokenList: tokenListCommands(sender, own) }
}

function ownCommands(
  sender: CommandSender,
  isConnected: () => boolean,
  transactions: Transactions,
): ChargerCommands {
  const trigger = (message: TriggeredMessage, evse?: ConnectorId): Promise<CommandResult> =>
    message === 'StatusNotification'
      ? triggerStatuses(sender, transactions.sockets(evse))
      : triggerOne(sender, message, evse)
  return {
    isConnected,
    trigger,
    // Outside of a transaction the meter speaks by itself (J01); within one, by the transaction's own event.
    async readMeter(evse) {
      const spoken = nothing(
        await sender.send('TriggerMessage', { requestedMessage: 'MeterValues', evse: { id: evse } }, [
          'Accepted',
        ]),
      )
      return spoken.ok ? spoken : triggerOne(sender, 'MeterValues', evse)
    },
    changeAvailability: async (evse, isOperative) =>
      nothing(
        await sender.send(
          'ChangeAvailability',
          { operationalStatus: isOperative ? 'Operative' : 'Inoperative', evse: { id: evse } },
          ['Accepted', 'Scheduled'],
        ),
      ),
    remoteStart: async (request) =>
      nothing(
        await sender.send(
          'RequestStartTransaction',
          startPayload(request, transactions.startFor(request.idTag)),
          ['Accepted'],
        ),
      ),
    async remoteStop(id) {
      const name = transactions.nameOf(id)
      // After a restart of this controller the charger has to speak of it once; it is asked to.
      if (name === undefined) {
        await triggerOne(sender, 'MeterValues', undefined)
        const learned = transactions.nameOf(id)
        return learned === undefined ? err(unknownYet) : stopByName(sender, learned)
      }
      return stopByName(sender, name)
    },
    unlock: async (connectorId) =>
      nothing(await sender.send('UnlockConnector', { evseId: connectorId, connectorId: 1 }, ['Unlocked'])),
    changeConfiguration: (key, value) => setVariable(sender, key, value),
    async setProfile(profile) {
      const name = profile.purpose === 'tx' ? transactions.nameOf(profile.transactionId) : undefined
      if (profile.purpose === 'tx' && name === undefined) return err(unknownYet)
      return nothing(await sender.send('SetChargingProfile', profilePayload(profile, name), ['Accepted']))
    },
    clearProfile: async (which) =>
      nothing(
        await sender.send('ClearChargingProfile', { chargingProfileId: idOf(which) }, [
          'Accepted',
          'Unknown',
        ]),
      ),
  }
}

const purposes = {
  'station-max': 'ChargingStationMaxProfile',
  'tx-default': 'TxDefaultProfile',
  tx: 'TxProfile',
}

function profilePayload(profile: PowerProfile, transactionId: string | undefined): RawPayload {
  return {
    evseId: profile.purpose === 'tx' ? profile.connectorId : 0,
    chargingProfile: {
      id: profileId(profile),
      stackLevel: 0,
      chargingProfilePurpose: purposes[profile.purpose],
      ...kindOf(profile),
      ...(transactionId === undefined ? {} : { transactionId }),
      chargingSchedule: [
        {
          id: 1,
          ...scheduleStart(profile),
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [{ startPeriod: 0, limit: profile.limitA }],
        },
      ],
    },
  }
}

const unknownYet: CommandError = {
  code: 'timeout',
  detail: 'The charger has not named this transaction yet.',
}

const nothing = (result: CommandResult<string>): CommandResult => (result.ok ? ok(undefined) : result)

const stopByName = async (sender: CommandSender, name: string): Promise<CommandResult> =>
  nothing(await sender.send('RequestStopTransaction', { transactionId: name }, ['Accepted']))

/** Readings of a transaction come in its events; a charger without one says no, which is no news. */
const triggerOne = async (
  sender: CommandSender,
  message: TriggeredMessage,
  evse: ConnectorId | undefined,
): Promise<CommandResult> =>
  nothing(
    await sender.send(
      'TriggerMessage',
      {
        requestedMessage: message === 'MeterValues' ? 'TransactionEvent' : message,
        ...(evse === undefined || evse === 0 ? {} : { evse: { id: evse } }),
      },
      ['Accepted'],
    ),
  )

/** For a status the connector must be named (OCPP 2.0.1, F06.FR.12). The first failure is the outcome. */
async function triggerStatuses(
  sender: CommandSender,
  sockets: readonly EvseSocket[],
): Promise<CommandResult> {
  let outcome: CommandResult = ok(undefined)
  for (const { evseId: id, connectorId } of sockets) {
    const payload = { requestedMessage: 'StatusNotification', evse: { id, connectorId } }
    const result = nothing(await sender.send('TriggerMessage', payload, ['Accepted']))
    if (outcome.ok) outcome = result
  }
  return outcome
}

/** A TxProfile may only come with the start that it limits. */
function startPayload({ connectorId, idTag, maxCurrentA }: RemoteStart, remoteStartId: number): RawPayload {
  const start = { remoteStartId, evseId: connectorId, idToken: { idToken: idTag, type: 'Central' } }
  if (maxCurrentA === undefined) return start
  return {
    ...start,
    chargingProfile: {
      id: txProfileId(connectorId),
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: [
        {
          id: 1,
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [{ startPeriod: 0, limit: maxCurrentA }],
        },
      ],
    },
  }
}

/** @param key `Component.Variable`, or `Component.Variable[instance]` */
async function setVariable(
  sender: CommandSender,
  key: string,
  attributeValue: string,
): Promise<CommandResult<'accepted' | 'reboot-required'>> {
  const match = /^(\w+)\.(\w+)(?:\[(\w+)\])?$/.exec(key)
  if (match === null) return err({ code: 'not-supported', detail: key.slice(0, 80) })
  const [, component = '', variable = '', instance] = match
  const setVariableData = [
    {
      attributeValue,
      component: { name: component },
      variable: instance === undefined ? { name: variable } : { name: variable, instance },
    },
  ]
  const answer = await sender.ask('SetVariables', { setVariableData })
  if (!answer.ok) return answer
  const status = String(field(asPayload(listField(answer.value, 'setVariableResult')[0]), 'attributeStatus'))
  if (status === 'Accepted') return ok('accepted')
  if (status === 'RebootRequired') return ok('reboot-required')
  const isUnknown = status.startsWith('Unknown') || status.startsWith('NotSupported')
  return err({ code: isUnknown ? 'not-supported' : 'rejected', detail: status.slice(0, 80) })
}
