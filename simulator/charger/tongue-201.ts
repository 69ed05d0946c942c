/**
 * Lets the virtual charger speak OCPP 2.0.1: its machine thinks in 1.6, and every frame is put into the other words on
 * its way. One CALL becomes one CALL, so that order, retries and lost links stay the machine's own. Longer than most
 * files, because both directions of every message stand beside each other.
 */

import type { EvseLayout } from './evse-layout'
import { asList, asPayload } from './payload'
import type { Payload } from './state'
import { samplesIn201 } from './samples-201'

export type Frame = readonly unknown[]

/** Variables of 2.0.1 by the 1.6 keys that this charger has for them. */
const keyOfVariable: Readonly<Record<string, string>> = {
  'SecurityCtrlr.BasicAuthPassword': 'AuthorizationKey',
  'AuthCtrlr.AuthorizeRemoteStart': 'AuthorizeRemoteTxRequests',
  'AuthCtrlr.LocalAuthorizeOffline': 'LocalAuthorizeOffline',
  'AuthCtrlr.LocalPreAuthorize': 'LocalPreAuthorize',
  'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'AllowOfflineTxForUnknownId',
  'AuthCacheCtrlr.Enabled': 'AuthorizationCacheEnabled',
  'LocalAuthListCtrlr.Enabled': 'LocalAuthListEnabled',
  'TxCtrlr.MaxEnergyOnInvalidId': 'MaxEnergyOnInvalidId',
  'TxCtrlr.StopTxOnInvalidId': 'StopTransactionOnInvalidId',
  'TxCtrlr.StopTxOnEVSideDisconnect': 'StopTransactionOnEVSideDisconnect',
  'SampledDataCtrlr.TxUpdatedInterval': 'MeterValueSampleInterval',
  'SampledDataCtrlr.TxUpdatedMeasurands': 'MeterValuesSampledData',
  'SampledDataCtrlr.TxEndedMeasurands': 'StopTxnSampledData',
  'AlignedDataCtrlr.Interval': 'ClockAlignedDataInterval',
  'OCPPCommCtrlr.MessageAttempts': 'TransactionMessageAttempts',
  'OCPPCommCtrlr.MessageAttemptInterval': 'TransactionMessageRetryInterval',
}

const stoppedReasons: Readonly<Record<string, string>> = {
  HardReset: 'ImmediateReset',
  SoftReset: 'Reboot',
  UnlockCommand: 'Other',
}

interface Told {
  readonly number: number
  readonly name: string
  /** As the machine counts. */
  readonly connector: number
  readonly remoteStartId: number | undefined
  seqNo: number
}

/** As much as a real charger's memory would hold of what it may have to repeat. */
const rememberedMax = 2_000

export class Tongue201 {
  readonly #transactions = new Map<number, Told>()
  /** A repeat is the same message, to the last sequence number. */
  readonly #said = new Map<string, Frame>()
  readonly #remoteStarts = new Map<string, number>()
  /** What the central system asked, by the id of its CALL; and which start of ours waits for its answer. */
  readonly #asked = new Map<string, { readonly action: string; readonly payload: Payload }>()
  readonly #starts = new Map<string, number>()
  readonly #prefix: string
  readonly #layout: EvseLayout

  /** @param prefix begins the names of transactions, so that two chargers, or two lives of one, never share one */
  constructor(prefix: string, layout: EvseLayout) {
    this.#prefix = prefix
    this.#layout = layout
  }

  /** A frame of the machine, as it goes over the wire. */
  outgoing(frame: Frame): Frame {
    const [kind, id, third, fourth] = frame
    if (kind === 2) {
      const [action, payload] = this.#call(String(third), asPayload(fourth), String(id))
      return [2, id, action, payload]
    }
    return kind === 3 ? [3, id, this.#reply(String(id), asPayload(third))] : frame
  }

  /** A CALL of the central system in the machine's words; undefined for what this charger does not do. */
  incomingCall(id: string, action: string, payload: Payload): readonly [string, Payload] | undefined {
    const call = this.#in16(action, payload)
    if (call !== undefined) this.#asked.set(id, { action, payload })
    return call
  }

  /** The answer to a CALL of the machine, in the words that it waits for. */
  incomingResult(id: string, payload: Payload): Payload {
    const started = this.#starts.get(id)
    this.#starts.delete(id)
    const idTagInfo = payload['idTokenInfo'] ?? { status: 'Accepted' }
    return started === undefined ? { ...payload, idTagInfo } : { transactionId: started, idTagInfo }
  }

  #call(action: string, payload: Payload, id: string): readonly [string, Payload] {
    // How things stand is told as often as it is asked for; only what happened is repeated.
    const isStatus = action === 'StatusNotification'
    const key = `${action} ${JSON.stringify(payload)}`
    const said = isStatus ? undefined : this.#said.get(key)
    const call = said ?? this.#in201(action, payload)
    if (said === undefined && call[0] === 'TransactionEvent' && !isStatus) this.#remember(key, call)
    if (action === 'StartTransaction') {
      const name = asPayload(asPayload(call[1])['transactionInfo'])['transactionId']
      const told = [...this.#transactions.values()].find((one) => one.name === name)
      if (told !== undefined) this.#starts.set(id, told.number)
    }
    return [String(call[0]), asPayload(call[1])]
  }

  #remember(key: string, call: Frame): void {
    this.#said.set(key, call)
    const [oldest] = this.#said.keys()
    if (this.#said.size > rememberedMax && oldest !== undefined) this.#said.delete(oldest)
  }

  #in201(action: string, payload: Payload): Frame {
    switch (action) {
      case 'BootNotification':
        return [
          action,
          {
            reason: 'PowerUp',
            chargingStation: {
              vendorName: payload['chargePointVendor'],
              model: payload['chargePointModel'],
            },
          },
        ]
      case 'StatusNotification':
        return this.#status(payload)
      case 'Authorize':
        return [action, { idToken: cardToken(String(payload['idTag'])) }]
      case 'StartTransaction':
        return this.#start(payload)
      case 'MeterValues':
        return this.#readings(payload)
      case 'StopTransaction':
        return this.#stop(payload)
      default:
        return [action, payload]
    }
  }

  #status(payload: Payload): Frame {
    const connector = Number(payload['connectorId'])
    const status = String(payload['status'])
    const timestamp = payload['timestamp']
    const running = [...this.#transactions.values()].findLast((one) => one.connector === connector)
    if (running !== undefined && (status === 'Charging' || status.startsWith('Suspended'))) {
      return this.#event(running, 'Updated', 'ChargingStateChanged', timestamp, { chargingState: status })
    }
    const free = ['Available', 'Unavailable', 'Faulted', 'Reserved'].includes(status)
    const connectorStatus = free ? status : 'Occupied'
    return ['StatusNotification', { timestamp, connectorStatus, ...this.#layout.placeOf(connector) }]
  }

  #start(payload: Payload): Frame {
    const number = this.#transactions.size + 1
    const idTag = String(payload['idTag'])
    const told: Told = {
      number,
      name: `${this.#prefix}-${number}`,
      connector: Number(payload['connectorId']),
      remoteStartId: this.#remoteStarts.get(idTag),
      seqNo: 0,
    }
    this.#transactions.set(number, told)
    const { timestamp, meterStart } = payload
    const isRemote = told.remoteStartId !== undefined
    const why = isRemote ? 'RemoteStart' : 'Authorized'
    const started = this.#event(told, 'Started', why, timestamp, { chargingState: 'EVConnected' })
    return [
      started[0],
      {
        ...asPayload(started[1]),
        idToken: isRemote ? { idToken: idTag, type: 'Central' } : cardToken(idTag),
        meterValue: [register(timestamp, meterStart, 'Transaction.Begin')],
      },
    ]
  }

  #readings(payload: Payload): Frame {
    const meterValue = asList(payload['meterValue']).map(samplesIn201)
    const told = this.#transactions.get(Number(payload['transactionId']))
    const { evseId } = this.#layout.placeOf(Number(payload['connectorId']))
    if (told === undefined) return ['MeterValues', { evseId, meterValue }]
    const timestamp = asPayload(meterValue[0])['timestamp']
    const [action, event] = this.#event(told, 'Updated', 'MeterValuePeriodic', timestamp, {})
    return [action, { ...asPayload(event), meterValue }]
  }

  /** A transaction whose start was lost is named by nobody: it gets a name of its own (the machine's −1). */
  #stop(payload: Payload): Frame {
    const { timestamp, meterStop } = payload
    const number = Number(payload['transactionId'])
    const told = this.#transactions.get(number) ?? {
      number,
      name: `${this.#prefix}-lost`,
      connector: 1,
      remoteStartId: undefined,
      seqNo: 0,
    }
    const reason = String(payload['reason'] ?? 'Local')
    const stoppedReason = stoppedReasons[reason] ?? reason
    const ended = this.#event(told, 'Ended', 'StopAuthorized', timestamp, { stoppedReason })
    const meterValue = [
      ...asList(payload['transactionData']).map(samplesIn201),
      register(timestamp, meterStop, 'Transaction.End'),
    ]
    return [ended[0], { ...asPayload(ended[1]), meterValue }]
  }

  #event(told: Told, eventType: string, triggerReason: string, timestamp: unknown, info: Payload): Frame {
    const { name, connector, remoteStartId } = told
    const { evseId, connectorId } = this.#layout.placeOf(connector)
    const seqNo = told.seqNo
    told.seqNo += 1
    return [
      'TransactionEvent',
      {
        eventType,
        timestamp,
        triggerReason,
        seqNo,
        evse: { id: evseId, connectorId },
        transactionInfo: {
          transactionId: name,
          ...(remoteStartId === undefined ? {} : { remoteStartId }),
          ...info,
        },
      },
    ]
  }

  #in16(action: string, payload: Payload): readonly [string, Payload] | undefined {
    const { id: evseId, connectorId: evseConnector } = asPayload(payload['evse'])
    const at = (evse: unknown, connector?: unknown): number => this.#layout.machineConnector(evse, connector)
    switch (action) {
      case 'RequestStartTransaction': {
        const idTag = String(asPayload(payload['idToken'])['idToken'])
        this.#remoteStarts.set(idTag, Number(payload['remoteStartId']))
        const chargingProfile = profileIn16(payload['chargingProfile'])
        return ['RemoteStartTransaction', { connectorId: at(payload['evseId']), idTag, chargingProfile }]
      }
      case 'RequestStopTransaction': {
        const told = [...this.#transactions.values()].find(({ name }) => name === payload['transactionId'])
        return ['RemoteStopTransaction', { transactionId: told?.number ?? -1 }]
      }
      case 'SetVariables': {
        const [data] = asList(payload['setVariableData']).map(asPayload)
        const name = `${String(asPayload(data?.['component'])['name'])}.${String(asPayload(data?.['variable'])['name'])}`
        const key = keyOfVariable[name] ?? name
        return ['ChangeConfiguration', { key, value: data?.['attributeValue'] }]
      }
      case 'TriggerMessage': {
        const asked = payload['requestedMessage']
        const requestedMessage = asked === 'TransactionEvent' ? 'MeterValues' : asked
        return [
          action,
          evseId === undefined
            ? { requestedMessage }
            : { requestedMessage, connectorId: at(evseId, evseConnector) },
        ]
      }
      case 'SetChargingProfile': {
        const profile = profileIn16(payload['chargingProfile'])
        const named = profile['transactionId']
        const number = [...this.#transactions.values()].find(({ name }) => name === named)?.number ?? -1
        const csChargingProfiles = named === undefined ? profile : { ...profile, transactionId: number }
        return [action, { connectorId: at(payload['evseId']), csChargingProfiles }]
      }
      case 'ClearChargingProfile': {
        const {
          evseId: criteriaEvse,
          chargingProfilePurpose,
          stackLevel,
        } = asPayload(payload['chargingProfileCriteria'])
        const connectorId = criteriaEvse === undefined ? undefined : at(criteriaEvse)
        const asked = { id: payload['chargingProfileId'], connectorId, stackLevel }
        return [action, { ...asked, chargingProfilePurpose: purposeIn16(chargingProfilePurpose) }]
      }
      case 'GetLocalListVersion':
        return [action, {}]
      case 'SendLocalList': {
        const { versionNumber: listVersion, updateType } = payload
        const localAuthorizationList = asList(payload['localAuthorizationList']).map(entryIn16)
        return [action, { listVersion, updateType, localAuthorizationList }]
      }
      case 'UnlockConnector':
        return [action, { connectorId: at(payload['evseId'], payload['connectorId']) }]
      case 'Reset':
        return [action, { type: payload['type'] === 'Immediate' ? 'Hard' : 'Soft' }]
      case 'ChangeAvailability':
        return [action, { connectorId: at(evseId, evseConnector), type: payload['operationalStatus'] }]
      default:
        return undefined
    }
  }

  #reply(id: string, reply: Payload): Payload {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (asked?.action === 'GetLocalListVersion') return { versionNumber: reply['listVersion'] }
    if (asked?.action !== 'SetVariables') return reply
    const [data] = asList(asked.payload['setVariableData']).map(asPayload)
    const status = reply['status'] === 'NotSupported' ? 'UnknownVariable' : reply['status']
    return {
      setVariableResult: [
        { attributeStatus: status, component: data?.['component'], variable: data?.['variable'] },
      ],
    }
  }
}

const purposeIn16 = (purpose: unknown): unknown =>
  purpose === 'ChargingStationMaxProfile' ? 'ChargePointMaxProfile' : purpose

function profileIn16(given: unknown): Payload {
  const { id: chargingProfileId, chargingProfilePurpose, chargingSchedule, ...shared } = asPayload(given)
  return {
    ...shared,
    chargingProfileId,
    chargingProfilePurpose: purposeIn16(chargingProfilePurpose),
    chargingSchedule: asList(chargingSchedule)[0],
  }
}

/** Contracts begin with the country and the provider; everything else is a card. */
const cardToken = (idToken: string): Payload => ({
  idToken,
  type: /^[A-Z]{2}-?[A-Z0-9]{3}-?C/.test(idToken) ? 'eMAID' : 'ISO14443',
})

function entryIn16(entry: unknown): Payload {
  const { idToken, idTokenInfo } = asPayload(entry)
  const info = asPayload(idTokenInfo)
  const { status, cacheExpiryDateTime: expiryDate } = info
  return {
    idTag: asPayload(idToken)['idToken'],
    ...(idTokenInfo === undefined ? {} : { idTagInfo: { status, expiryDate } }),
  }
}

const register = (timestamp: unknown, wh: unknown, context: string): Payload => ({
  timestamp,
  sampledValue: [{ value: Number(wh), context, measurand: 'Energy.Active.Import.Register' }],
})
