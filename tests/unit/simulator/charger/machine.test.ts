import { expect, test } from 'vitest'
import { nextDueMs } from '@/simulator/charger/machine'
import type { StopReason } from '@/simulator/charger/state'
import { battery, scheduled } from '@/simulator/charger/vehicle'
import { ScriptedCharger } from './scripted-charger'

const tag = '0123456789abcdef0123'
const car = battery(60_000, 20, 50_000)

const plugged = () =>
  new ScriptedCharger().boot().do({ type: 'plug', connectorId: 1, vehicle: car }).answerAll()

function charging(): ScriptedCharger {
  const charger = plugged()
  expect(charger.command('RemoteStartTransaction', { connectorId: 1, idTag: tag })).toEqual({
    status: 'Accepted',
  })
  return charger.answerAll()
}

const statuses = (charger: ScriptedCharger) =>
  charger
    .sent('StatusNotification')
    .filter(({ connectorId }) => connectorId === 1)
    .map(({ status }) => status)

test('A charger that has not been accepted sends nothing but its BootNotification', () => {
  const charger = new ScriptedCharger()
    .do({ type: 'plug', connectorId: 1, vehicle: car })
    .do({ type: 'link-up' })
  expect(charger.calls.map(({ action }) => action)).toEqual(['BootNotification'])
  charger.answer({ status: 'Pending', interval: 5, currentTime: '2026-01-01T12:00:00Z' }).pass(4_999)
  expect(charger.calls).toHaveLength(1)
  charger.pass(1)
  expect(charger.sent('BootNotification')).toHaveLength(2)
  charger.answerAll()
  expect(statuses(charger)).toEqual(['Preparing'])
})

test('One CALL is under way at a time', () => {
  const charger = new ScriptedCharger({ connectorCount: 3 }).do({ type: 'link-up' })
  charger.answer({ status: 'Accepted', interval: 300, currentTime: '2026-01-01T12:00:00Z' })
  expect(charger.calls).toHaveLength(2)
  charger.answerAll()
  expect(charger.calls).toHaveLength(1 + 1 + 3)
})

test('From plug to unplug the connector goes through its states', () => {
  const charger = charging().pass(1_000)
  charger.command('RemoteStopTransaction', { transactionId: 7 })
  charger.answerAll().do({ type: 'unplug', connectorId: 1 }).answerAll()
  expect(statuses(charger)).toEqual(['Available', 'Preparing', 'Charging', 'Finishing', 'Available'])
})

test('The registers of start and stop differ by the energy that flowed', () => {
  const charger = charging().pass(36_000)
  charger.answerAll().command('RemoteStopTransaction', { transactionId: 7 })
  charger.answerAll()
  expect(charger.sent('StartTransaction')).toMatchObject([{ connectorId: 1, idTag: tag, meterStart: 0 }])
  expect(charger.sent('StopTransaction')).toMatchObject([
    { transactionId: 7, meterStop: 500, reason: 'Remote' },
  ])
})

test('A remote start without a vehicle, twice, or after the session is rejected', () => {
  const start = { connectorId: 1, idTag: tag }
  expect(new ScriptedCharger().boot().command('RemoteStartTransaction', start)).toEqual({
    status: 'Rejected',
  })
  const charger = charging()
  expect(charger.command('RemoteStartTransaction', start)).toEqual({ status: 'Rejected' })
  charger.command('RemoteStopTransaction', { transactionId: 7 })
  expect(charger.answerAll().command('RemoteStartTransaction', start)).toEqual({ status: 'Rejected' })
})

test('A remote stop of another transaction is rejected', () => {
  expect(charging().command('RemoteStopTransaction', { transactionId: 8 })).toEqual({ status: 'Rejected' })
})

test('A start that the central system refuses is stopped', () => {
  const charger = plugged()
  charger.command('RemoteStartTransaction', { connectorId: 1, idTag: tag })
  charger.answer({ transactionId: 9, idTagInfo: { status: 'Invalid' } }).answerAll()
  expect(charger.sent('StopTransaction')).toMatchObject([{ transactionId: 9, reason: 'DeAuthorized' }])
})

test('Readings come at the interval, which may change while charging', () => {
  const charger = charging()
  charger.command('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '10' })
  charger.command('ChangeConfiguration', {
    key: 'MeterValuesSampledData',
    value: 'Energy.Active.Import.Register,Power.Active.Import,Temperature,SoC',
  })
  for (let reading = 0; reading < 3; reading += 1) charger.pass(10_000).answerAll()
  expect(charger.sent('MeterValues')).toHaveLength(3)
  expect(charger.sent('MeterValues')[2]).toMatchObject({
    transactionId: 7,
    meterValue: [
      { sampledValue: [{ value: '416' }, { value: '50000' }, { value: '35.0' }, { value: '20' }] },
    ],
  })
})

test('What happens while the link is down is told afterwards, with the times at which it happened', () => {
  const charger = charging()
  charger.command('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '60' })
  charger.do({ type: 'link-down' }).pass(60_000).do({ type: 'unplug', connectorId: 1 }).pass(200_000)
  const before = charger.calls.length
  charger.do({ type: 'link-up' }).answerAll()
  const late = charger.calls.slice(before)
  expect(late.map(({ action }) => action)).toEqual(['MeterValues', 'StopTransaction', 'StatusNotification'])
  expect(late[1]?.payload).toMatchObject({ timestamp: '2026-01-01T12:01:00.000Z', reason: 'EVDisconnected' })
})

test('A transaction message is repeated, later each time, until its attempts are used up', () => {
  const charger = charging()
  charger.command('ChangeConfiguration', { key: 'TransactionMessageAttempts', value: '3' })
  charger.command('ChangeConfiguration', { key: 'TransactionMessageRetryInterval', value: '10' })
  charger.do({ type: 'stop', connectorId: 1, reason: 'Local' }).refuse().pass(9_999)
  expect(charger.sent('StopTransaction')).toHaveLength(1)
  charger.pass(1)
  expect(charger.sent('StopTransaction')).toHaveLength(2)
  charger.refuse().pass(20_000)
  expect(charger.sent('StopTransaction')).toHaveLength(3)
  charger.refuse().pass(3_600_000)
  expect(charger.sent('StopTransaction')).toHaveLength(3)
})

test('A CALL that is never answered is given up after its time, and a late answer changes nothing', () => {
  const charger = charging().do({ type: 'stop', connectorId: 1, reason: 'Local' })
  const stale = charger.state.inFlight?.messageId ?? ''
  charger.pass(30_000)
  expect(charger.state.outbox[0]).toMatchObject({ action: 'StopTransaction', attempts: 1 })
  charger.do({ type: 'result', messageId: stale, payload: {} })
  expect(charger.state.outbox[0]?.action).toBe('StopTransaction')
})

test.each<{ command: () => [string, Record<string, unknown>]; reason: StopReason }>([
  { command: () => ['UnlockConnector', { connectorId: 1 }], reason: 'UnlockCommand' },
  { command: () => ['Reset', { type: 'Soft' }], reason: 'SoftReset' },
  { command: () => ['Reset', { type: 'Hard' }], reason: 'HardReset' },
])('A command that ends a session in passing says $reason', ({ command, reason }) => {
  const charger = charging()
  charger.command(...command())
  charger.do({ type: 'link-down' }).do({ type: 'link-up' }).answerAll()
  expect(charger.sent('StopTransaction').at(-1)).toMatchObject({ transactionId: 7, reason })
})

test('After a power cut the charger boots anew and then tells how the session ended', () => {
  const charger = charging().do({ type: 'restart', reason: 'PowerLoss' })
  expect(charger.droppedLinks).toBe(1)
  const before = charger.calls.length
  charger.do({ type: 'link-up' }).answerAll()
  expect(
    charger.calls
      .slice(before)
      .map(({ action }) => action)
      .slice(0, 2),
  ).toEqual(['BootNotification', 'StopTransaction'])
})

test('Triggered messages come after the reply', () => {
  const charger = charging()
  expect(charger.command('TriggerMessage', { requestedMessage: 'MeterValues' })).toEqual({
    status: 'Accepted',
  })
  charger.answerAll()
  expect(charger.sent('MeterValues').at(-1)).toMatchObject({ connectorId: 1, transactionId: 7 })
  const told = statuses(charger).length
  charger.command('TriggerMessage', { requestedMessage: 'StatusNotification' })
  expect(statuses(charger.answerAll())).toHaveLength(told + 1)
  expect(charger.command('TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' })).toEqual({
    status: 'NotImplemented',
  })
})

test('Configuration is kept, read back and refused by key', () => {
  const charger = new ScriptedCharger().boot()
  const change = (key: string, value: string) => charger.command('ChangeConfiguration', { key, value })
  expect(change('MeterValueSampleInterval', '15')).toEqual({ status: 'Accepted' })
  expect(change('MeterValueSampleInterval', 'often')).toEqual({ status: 'Rejected' })
  expect(change('MeterValuesSampledData', 'Voltage')).toEqual({ status: 'Rejected' })
  expect(change('NumberOfConnectors', '9')).toEqual({ status: 'Rejected' })
  expect(change('constructor', '9')).toEqual({ status: 'NotSupported' })
  expect(charger.command('GetConfiguration', { key: ['MeterValueSampleInterval', 'Nope'] })).toMatchObject({
    configurationKey: [{ key: 'MeterValueSampleInterval', value: '15' }],
    unknownKey: ['Nope'],
  })
})

test('The profile that comes with a start limits the power', () => {
  const charger = plugged()
  charger.command('RemoteStartTransaction', {
    connectorId: 1,
    idTag: tag,
    chargingProfile: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
    },
  })
  expect(charger.state.connectors[0]?.powerW).toBe(11_040)
})

test('Faults on request: deaf, twice, minus one, 1970, forgetful', () => {
  const deaf = charging().do({ type: 'set-faults', faults: { deaf: true } })
  const replies = deaf.replies.length
  deaf.command('RemoteStopTransaction', { transactionId: 7 })
  expect(deaf.replies).toHaveLength(replies)

  const twice = charging().do({
    type: 'set-faults',
    faults: { duplicates: true, minusOne: true, unsetClock: true },
  })
  twice.do({ type: 'stop', connectorId: 1, reason: 'Local' }).answerAll()
  expect(twice.sent('StopTransaction')).toMatchObject([
    { transactionId: -1, timestamp: '1970-01-01T00:00:00.000Z' },
    { transactionId: -1, timestamp: '1970-01-01T00:00:00.000Z' },
  ])

  const forgetful = plugged().do({ type: 'set-faults', faults: { remoteStart: 'accept-and-forget' } })
  expect(forgetful.command('RemoteStartTransaction', { connectorId: 1, idTag: tag })).toEqual({
    status: 'Accepted',
  })
  expect(forgetful.answerAll().sent('StartTransaction')).toEqual([])
})

test('A reset meter starts again from zero in the middle of a session', () => {
  const charger = charging().pass(36_000).answerAll().do({ type: 'reset-meter', connectorId: 1 })
  charger.do({ type: 'stop', connectorId: 1, reason: 'Local' }).answerAll()
  expect(charger.sent('StopTransaction')).toMatchObject([{ meterStop: 0 }])
})

test('A scheduled vehicle is due at the instant when it has all it came for', () => {
  const charger = new ScriptedCharger().boot()
  charger.command('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '0' })
  charger.do({ type: 'plug', connectorId: 1, vehicle: scheduled(7_777, 1_234_567) }).answerAll()
  charger.command('RemoteStartTransaction', { connectorId: 1, idTag: tag })
  charger.answerAll()
  charger.state = { ...charger.state, nextHeartbeatMs: Number.POSITIVE_INFINITY }
  expect(nextDueMs(charger.state)).toBe(1_234_567)
  charger.pass(1_234_567).answerAll()
  expect(statuses(charger).at(-1)).toBe('SuspendedEV')
  charger.do({ type: 'unplug', connectorId: 1 }).answerAll()
  expect(charger.sent('StopTransaction')).toMatchObject([{ meterStop: 7_777 }])
})

test('A faulted connector delivers nothing and says so', () => {
  const charger = charging().do({ type: 'set-faulted', connectorId: 1, isFaulted: true }).answerAll()
  expect(statuses(charger).at(-1)).toBe('Faulted')
  const before = charger.state.connectors[0]?.meterMilliJ
  expect(charger.pass(10_000).state.connectors[0]?.meterMilliJ).toBe(before)
})

test('Over a long outage old readings are dropped before starts and stops are', () => {
  const charger = charging()
  charger.command('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '1' })
  charger.do({ type: 'link-down' }).pass(1_500_000).do({ type: 'unplug', connectorId: 1 })
  expect(charger.state.outbox).toHaveLength(1_000)
  expect(charger.state.outbox.at(-1)?.action).toBe('StopTransaction')
})
