/** What 2.0.1 chargers say, in the words of the session shell: begins by cable or by token, lost ends, odd meters. */

import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import type { CommandSender } from '@/charger-kiosk/ocpp/command-sender'
import { chargePointIdentity, connectorId, idTag } from '@/charger-kiosk/ocpp/ids'
import { answerCall } from '@/charger-kiosk/ocpp/inbound'
import { RepeatMemory } from '@/charger-kiosk/ocpp/repeat-memory'
import { scaled } from '@/charger-kiosk/ocpp/v201/meter-values'
import { versionNamed } from '@/charger-kiosk/ocpp/versions'

const version = versionNamed('ocpp2.0.1')
if (version === undefined) throw new Error('OCPP 2.0.1 is spoken')
const identity = chargePointIdentity('CP-1')
const token = '0123456789abcdef0123'
const energy = 'Energy.Active.Import.Register'

/** A charger and a shell that accepts one start by our token, and notes what it hears. */
function station() {
  const heard: string[] = []
  const calls: [string, unknown][] = []
  const sender = {
    send: (action: string, payload: unknown) => {
      calls.push([action, payload])
      return Promise.resolve({ ok: true, value: 'Accepted' })
    },
  } as unknown as CommandSender
  const dialect = version?.speak(identity, sender, () => true)
  if (dialect === undefined) throw new Error('No version')
  const repeats = new RepeatMemory(8)
  const say = async (action: string, params: unknown) => {
    const outcome = await answerCall(
      action,
      params,
      {
        identity,
        frame: { receivedAtS: epochSeconds(1_767_268_800), clockFloorS: epochSeconds(1_704_067_200) },
        heartbeatIntervalS: 300,
        report: async (kind) => void heard.push(`! ${kind}`),
        restarted: () => void heard.push('restarted'),
        handlers: {
          onEvent: (event) => {
            if (event.type === 'status') heard.push(`${event.connectorId} ${event.status}`)
            if (event.type === 'meter-values') {
              const signed = event.samples.flatMap(({ signedData }) => signedData)
              heard.push(...signed.map(({ data, publicKey }) => `${data} by ${publicKey}`))
              heard.push(`meter ${event.samples.map(({ registerWh }) => registerWh).join(' ')}`)
            }
          },
          onStartTransaction: async ({ idTag: tag, meterStartWh, transactionId }) => {
            heard.push(`start ${tag} at ${meterStartWh}`)
            if (transactionId === undefined) throw new Error('The charger names its transactions')
            return { transactionId, status: tag === token ? 'Accepted' : 'Invalid' }
          },
          onStopTransaction: async ({ meterStopWh, reason, samples }) =>
            void heard.push(`stop at ${meterStopWh}, ${reason}, ${samples.length} samples`),
          onAuthorize: async () => ({ status: 'Invalid' }),
        },
      },
      { dialect, repeats },
    )
    if (outcome.kind !== 'answer') throw new Error(`${action}: ${outcome.kind}`)
    return outcome.answer
  }
  return { heard, calls, say, commands: dialect.commands }
}

const at = (minute: number): string => `2026-01-01T10:${String(minute).padStart(2, '0')}:00Z`
const reading = (minute: number, wh: number, context = 'Sample.Periodic') => ({
  timestamp: at(minute),
  sampledValue: [{ value: wh, context, measurand: energy }],
})
const event = (eventType: string, minute: number, info: object = {}, more: object = {}) => ({
  eventType,
  timestamp: at(minute),
  triggerReason: 'Trigger',
  // One popular virtual charger never counts.
  seqNo: 0,
  evse: { id: 2, connectorId: 1 },
  transactionInfo: { transactionId: 'tx-a', ...info },
  ...more,
})
const ours = { idToken: { idToken: token, type: 'Central' } }

test('a charger that begins with the cable has a vehicle first, and a start once the token is there', async () => {
  const { say, heard } = station()
  await say('TransactionEvent', event('Started', 0, { chargingState: 'EVConnected' }))
  expect(
    await say('TransactionEvent', event('Updated', 1, {}, { ...ours, meterValue: [reading(1, 500)] })),
  ).toEqual({
    idTokenInfo: { status: 'Accepted' },
  })
  await say(
    'TransactionEvent',
    event('Updated', 2, { chargingState: 'Charging' }, { meterValue: [reading(2, 700)] }),
  )
  const ended = { meterValue: [reading(2, 690), reading(3, 900, 'Transaction.End')] }
  await say('TransactionEvent', event('Ended', 3, { stoppedReason: 'EVDisconnected' }, ended))
  expect(heard).toEqual([
    '2 Preparing',
    `start ${token} at 500`,
    'meter 500',
    'meter 700',
    '2 Charging',
    'stop at 900, EVDisconnected, 2 samples',
  ])
})

test('a cable that comes and goes is nobody’s session', async () => {
  const { say, heard } = station()
  await say('TransactionEvent', event('Started', 0, { chargingState: 'EVConnected' }))
  await say('TransactionEvent', event('Ended', 1, { stoppedReason: 'EVDisconnected' }))
  expect(heard).toEqual(['2 Preparing'])
})

test('who reports the number of the start instead of the token is understood', async () => {
  const { say, heard, calls, commands } = station()
  await commands.remoteStart({ connectorId: connectorId(2), idTag: idTag(token) })
  const [[, sent] = []] = calls
  const { remoteStartId } = sent as { remoteStartId: number }
  await say('TransactionEvent', event('Started', 0, { remoteStartId }, { meterValue: [reading(0, 10)] }))
  expect(heard[0]).toBe(`start ${token} at 10`)
})

test('an end whose begin was lost on the way is a start and a stop', async () => {
  const { say, heard } = station()
  await say(
    'TransactionEvent',
    event(
      'Ended',
      9,
      { stoppedReason: 'Remote' },
      { ...ours, meterValue: [reading(0, 100, 'Transaction.Begin'), reading(9, 400, 'Transaction.End')] },
    ),
  )
  expect(heard).toEqual([`start ${token} at 100`, 'stop at 400, Remote, 2 samples'])
})

test('the same message again gets the same answer; another with the same number is news', async () => {
  const { say, heard } = station()
  const first = event('Started', 0, {}, ours)
  expect(await say('TransactionEvent', first)).toEqual(await say('TransactionEvent', first))
  await say('TransactionEvent', event('Updated', 1, {}, { meterValue: [reading(1, 20)] }))
  expect(heard).toEqual([`start ${token} at undefined`, '! duplicate', 'meter 20'])
})

test('what was kept during an outage is taken with its own times after live data, and none of it is refused', async () => {
  const { say, heard } = station()
  await say('TransactionEvent', event('Started', 0, {}, ours))
  await say('TransactionEvent', event('Updated', 30, {}, { meterValue: [reading(30, 601)] }))
  const kept = [
    event('Updated', 10, {}, { offline: true, meterValue: [reading(10, 120)] }),
    event(
      'Ended',
      12,
      { stoppedReason: 'EVDisconnected' },
      { offline: true, meterValue: [reading(12, 164, 'Transaction.End')] },
    ),
  ]
  for (const one of kept) expect(await say('TransactionEvent', one)).toEqual({})
  // Begun while nobody was there to ask, by a card that nobody knows.
  const stranger = { transactionId: 'tx-b' }
  const card = { idToken: { idToken: '04AABBCC', type: 'ISO14443' } }
  const begun = event('Started', 14, stranger, { ...card, offline: true })
  expect(await say('TransactionEvent', begun)).toEqual({ idTokenInfo: { status: 'Invalid' } })
  expect(heard).toEqual([
    `start ${token} at undefined`,
    'meter 601',
    'meter 120',
    'stop at 164, EVDisconnected, 1 samples',
    'start 04AABBCC at undefined',
  ])
})

test('occupied is a vehicle before a session, and one that is finished after it', async () => {
  const { say, heard } = station()
  const status = (connectorStatus: string) =>
    say('StatusNotification', { timestamp: at(0), connectorStatus, evseId: 2, connectorId: 1 })
  await status('Occupied')
  await say('TransactionEvent', event('Started', 0, {}, ours))
  await say('TransactionEvent', event('Ended', 1, { stoppedReason: 'Remote' }))
  await status('Occupied')
  await status('Available')
  await status('Occupied')
  expect(heard.filter((line) => line.startsWith('2 '))).toEqual([
    '2 Preparing',
    '2 Finishing',
    '2 Available',
    '2 Preparing',
  ])
})

test('energy that nobody authorized is told with its transaction, so that it can be stopped', async () => {
  const { say, heard, calls, commands } = station()
  await say(
    'TransactionEvent',
    event('Started', 0, {}, { idToken: { idToken: 'STRANGER', type: 'ISO14443' } }),
  )
  await say(
    'TransactionEvent',
    event('Updated', 1, { chargingState: 'Charging' }, { meterValue: [reading(1, 5)] }),
  )
  expect(heard).toContain('meter 5')
  // A number that no message named is asked for first.
  await commands.remoteStop(1 as never)
  expect(calls[0]?.[0]).toBe('TriggerMessage')
})

test('units with powers of ten and signed records come through whole', async () => {
  const { say, heard } = station()
  const signedMeterData = 'T0NNRnx7fXx7fQ=='
  const value = {
    value: 12.345,
    measurand: energy,
    context: 'Transaction.Begin',
    unitOfMeasure: { unit: 'Wh', multiplier: 3 },
    signedMeterValue: { signedMeterData, signingMethod: 'x', encodingMethod: 'OCMF', publicKey: 'y' },
  }
  await say(
    'TransactionEvent',
    event('Started', 0, {}, { ...ours, meterValue: [{ timestamp: at(0), sampledValue: [value] }] }),
  )
  expect(heard).toEqual([`start ${token} at 12345`, `${signedMeterData} by y`, 'meter 12345'])
})

test.each([
  ['12.345', 3, '12345'],
  ['12.345', 2, '1234.5'],
  ['7', 2, '700'],
  ['1234.5', -2, '12.345'],
  ['5', -3, '0.005'],
  ['-5.25', 1, '-52.5'],
  [601, 0, 601],
])('%s times ten to the %i is %s', (value, power, expected) => {
  expect(scaled(value, power)).toBe(expected)
})
