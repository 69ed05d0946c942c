/** Starting, sampling and stopping transactions. */

import { integerSetting } from './configuration'
import { flow, meterValue, registerValue, registerWh, timestamp } from './meter'
import { enqueue } from './outbox'
import { limitW } from './profiles'
import type { ChargerState, Connector, Now, Payload, StopReason, Transaction } from './state'

export const findConnector = (state: ChargerState, connectorId: unknown): Connector | undefined =>
  state.connectors.find((connector) => connector.connectorId === connectorId)

export const updateConnector = (
  state: ChargerState,
  connectorId: number,
  update: (connector: Connector) => Connector,
): ChargerState => ({
  ...state,
  connectors: state.connectors.map((connector) =>
    connector.connectorId === connectorId ? update(connector) : connector,
  ),
})

export function startTransaction(
  state: ChargerState,
  connectorId: number,
  idTag: string,
  now: Now,
): ChargerState {
  const connector = findConnector(state, connectorId)
  if (connector === undefined) return state
  const localId = state.nextNumber
  const meterStart = registerWh(connector)
  const startedAt = timestamp(state, now)
  const transaction = {
    localId,
    idTag,
    startWh: meterStart,
    startedAt,
    sampledMs: now.monotonicMs,
  }
  const started = updateConnector({ ...state, nextNumber: localId + 1 }, connectorId, (one) =>
    flow({ ...one, transaction }, 0, state.settings.speed, limitW(state, one, now.monotonicMs)),
  )
  return enqueue(
    started,
    'StartTransaction',
    { connectorId, idTag, meterStart, timestamp: startedAt },
    localId,
  )
}

export function stopTransaction(
  state: ChargerState,
  connectorId: number,
  reason: StopReason,
  now: Now,
): ChargerState {
  const connector = findConnector(state, connectorId)
  const transaction = connector?.transaction
  if (connector === undefined || transaction === undefined) return state
  const endedAt = timestamp(state, now)
  const meterStop = registerWh(connector)
  // What was signed goes out with the end, whatever else the central system asked for.
  const hasData = state.configuration['StopTxnSampledData'] !== '' || state.settings.meter !== undefined
  const transactionData = [
    {
      timestamp: transaction.startedAt,
      sampledValue: [registerValue(transaction.startWh, 'Transaction.Begin')],
    },
    {
      timestamp: endedAt,
      sampledValue: [
        registerValue(meterStop, 'Transaction.End'),
        ...signedValue(state, transaction, meterStop, now),
      ],
    },
  ]
  const stopped = updateConnector(state, connectorId, (one) => ({
    ...one,
    transaction: undefined,
    powerW: 0,
    isFinished: true,
  }))
  const profiles = stopped.profiles.filter(
    (one) => one.purpose !== 'TxProfile' || one.connectorId !== connectorId,
  )
  const payload = { meterStop, timestamp: endedAt, reason, ...(hasData ? { transactionData } : {}) }
  return enqueue({ ...stopped, profiles }, 'StopTransaction', payload, transaction.localId)
}

/** Begin and end in one record, wrapped as the Open Charge Alliance says for 1.6. */
function signedValue(
  { settings: { meter } }: ChargerState,
  { localId, idTag, startWh, startedAt }: Transaction,
  stopWh: number,
  now: Now,
): readonly Payload[] {
  if (meter === undefined) return []
  const readings = [
    { atS: Math.floor(Date.parse(startedAt) / 1_000), reason: 'B', energyWh: startWh },
    { atS: now.wallS, reason: 'E', energyWh: stopWh },
  ]
  const record = meter.record(localId, readings, { IS: true, IT: 'CENTRAL', ID: idTag })
  const value = JSON.stringify({
    signedMeterData: Buffer.from(record).toString('base64'),
    signingMethod: `ECDSA-${meter.curve}-SHA256`,
    encodingMethod: 'OCMF',
    publicKey: Buffer.from(`oca:base16:asn1:${meter.publicKey}`).toString('base64'),
  })
  return [{ value, context: 'Transaction.End', format: 'SignedData' }]
}

/** A reading outside its turn, with the id of the transaction if one is running. */
export function sendReading(
  state: ChargerState,
  connector: Connector,
  context: string,
  now: Now,
): ChargerState {
  const list = state.configuration['MeterValuesSampledData'] ?? ''
  const value = meterValue(state, connector, context, list, now)
  const payload = { connectorId: connector.connectorId, meterValue: [value] }
  return enqueue(state, 'MeterValues', payload, connector.transaction?.localId)
}

/** Readings whose turn has come. */
export function sample(state: ChargerState, now: Now): ChargerState {
  return state.connectors.reduce((before, { connectorId }) => {
    const connector = findConnector(before, connectorId)
    const transaction = connector?.transaction
    if (connector === undefined || transaction === undefined) return before
    if (nextSampleMs(before, transaction) > now.monotonicMs) return before
    const read = sendReading(before, connector, 'Sample.Periodic', now)
    const sampled = { ...transaction, sampledMs: now.monotonicMs }
    return updateConnector(read, connectorId, (one) => ({ ...one, transaction: sampled }))
  }, state)
}

/** Interval 0 means none (OCPP 1.6 §9.1.16). */
export function nextSampleMs({ configuration }: ChargerState, transaction: Transaction): number {
  const intervalS = integerSetting(configuration, 'MeterValueSampleInterval')
  return intervalS === 0 ? Number.POSITIVE_INFINITY : transaction.sampledMs + intervalS * 1_000
}
