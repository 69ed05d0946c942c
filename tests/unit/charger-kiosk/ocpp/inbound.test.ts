import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { chargePointIdentity, transactionId } from '@/charger-kiosk/ocpp/ids'
import { answerCall } from '@/charger-kiosk/ocpp/inbound'
import type { ChargerHandlers, IncidentKind } from '@/charger-kiosk/ocpp/port'
import { RepeatMemory } from '@/charger-kiosk/ocpp/repeat-memory'
import type { MessageContext } from '@/charger-kiosk/ocpp/route'
import type { CommandSender } from '@/charger-kiosk/ocpp/command-sender'
import { versions } from '@/charger-kiosk/ocpp/versions'

const identity = chargePointIdentity('CP-1')
/** Messages of chargers never make this controller send one. */
const nobody = {} as CommandSender
const [ocpp201, ocpp16] = versions.map((version) => version.speak(identity, nobody, () => true))
if (ocpp16 === undefined || ocpp201 === undefined) throw new Error('Two versions are spoken')
const fresh = (dialect = ocpp16) => ({ dialect, repeats: new RepeatMemory(4) })

const handlers: ChargerHandlers = {
  onEvent: () => undefined,
  onStartTransaction: async () => ({ transactionId: transactionId(1), status: 'Accepted' }),
  onStopTransaction: async () => undefined,
  onAuthorize: async () => ({ status: 'Invalid' }),
}

function contextWith(changed: Partial<ChargerHandlers> = {}): MessageContext & { incidents: IncidentKind[] } {
  const incidents: IncidentKind[] = []
  return {
    identity,
    frame: { receivedAtS: epochSeconds(1_767_268_800), clockFloorS: epochSeconds(1_704_067_200) },
    handlers: { ...handlers, ...changed },
    heartbeatIntervalS: 300,
    incidents,
    report: async (kind) => {
      incidents.push(kind)
    },
    restarted: () => undefined,
  }
}

const names = [
  'connectorId',
  'transactionId',
  'meterStop',
  'meterStart',
  'timestamp',
  'idTag',
  'meterValue',
  'transactionData',
]
const payload = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), fc.jsonValue()))

test('Whatever a charger sends about a transaction is answered as OCPP says, never refused', async () => {
  const actions = ['StartTransaction', 'StopTransaction', 'MeterValues']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...actions), payload, async (action, params) => {
      const outcome = await answerCall(action, params, contextWith(), fresh())
      expect(outcome.kind).toBe('answer')
      if (outcome.kind === 'answer')
        expect(ocpp16.schemas.violation(action, 'conf', outcome.answer)).toBeUndefined()
    }),
  )
})

test('No action is brought down by any payload', async () => {
  const actions = [ocpp16, ocpp201].flatMap((dialect) =>
    Object.keys(dialect.routes).map((action) => ({ dialect, action })),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...actions), payload, async ({ dialect, action }, params) => {
      const outcome = await answerCall(action, params, contextWith(), fresh(dialect))
      expect(outcome.kind).not.toBe('drop-link')
    }),
  )
})

test('Whatever a 2.0.1 charger says of a transaction is answered by the schema, and every fixed answer too', async () => {
  const event = fc.record(
    {
      eventType: fc.constantFrom('Started', 'Updated', 'Ended', 7),
      timestamp: fc.constantFrom('2026-01-01T00:00:00Z', 'yesterday'),
      triggerReason: fc.constant('Trigger'),
      seqNo: fc.constant(0),
      transactionInfo: fc.oneof(
        fc.record({
          transactionId: fc.string({ maxLength: 40 }),
          chargingState: fc.constantFrom('Charging', 'Idle'),
        }),
        fc.jsonValue(),
      ),
      idToken: fc.oneof(fc.record({ idToken: fc.string(), type: fc.constant('Central') }), fc.jsonValue()),
      evse: fc.oneof(fc.record({ id: fc.integer() }), fc.jsonValue()),
      meterValue: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(event, async (params) => {
      const outcome = await answerCall('TransactionEvent', params, contextWith(), fresh(ocpp201))
      expect(outcome.kind).toBe('answer')
      if (outcome.kind !== 'answer') return
      expect(ocpp201.schemas.violation('TransactionEvent', 'conf', outcome.answer)).toBeUndefined()
    }),
    { numRuns: 60 },
  )
  for (const action of Object.keys(ocpp201.routes)) {
    const outcome = await answerCall(
      action,
      { evseId: 1, connectorStatus: 'Occupied' },
      contextWith(),
      fresh(ocpp201),
    )
    if (outcome.kind !== 'answer') throw new Error(`${action}: ${outcome.kind}`)
    expect(ocpp201.schemas.violation(action, 'conf', outcome.answer)).toBeUndefined()
  }
})

const stop = { transactionId: 5, meterStop: 100, timestamp: '2026-01-01T00:00:00Z' }

test('What a handler could not record is not answered, and its repeat is not taken for known', async () => {
  const repeats = fresh()
  const failing = contextWith({ onStopTransaction: () => Promise.reject(new Error('disk full')) })
  expect(await answerCall('StopTransaction', stop, failing, repeats)).toEqual({ kind: 'drop-link' })
  expect(failing.incidents).toEqual(['handler-failed'])
  const working = contextWith()
  expect(await answerCall('StopTransaction', stop, working, repeats)).toEqual({ kind: 'answer', answer: {} })
  expect(working.incidents).toEqual([])
})

test('Late values keep the order and times that the charger gave them', async () => {
  const seen: unknown[] = []
  const context = contextWith({ onStopTransaction: async (notice) => void seen.push(notice) })
  const transactionData = [
    { timestamp: '2026-01-01T10:00:00Z', sampledValue: [{ value: '601' }] },
    { timestamp: '2026-01-01T09:59:00Z', sampledValue: [{ value: '164' }] },
  ]
  await answerCall('StopTransaction', { ...stop, transactionData }, context, fresh())
  expect(seen).toMatchObject([
    {
      meterStopWh: 100,
      reason: 'Local',
      time: { reportedAtS: 1_767_225_600, plausible: true },
      samples: [
        { registerWh: 601, time: { reportedAtS: 1_767_261_600 } },
        { registerWh: 164, time: { reportedAtS: 1_767_261_540 } },
      ],
    },
  ])
})

test('A firmware notice is acknowledged and a foreign vendor is not understood', async () => {
  const answer = (action: string, params: unknown) => answerCall(action, params, contextWith(), fresh())
  expect(await answer('FirmwareStatusNotification', { status: 'Installed' })).toEqual({
    kind: 'answer',
    answer: {},
  })
  expect(await answer('DataTransfer', { vendorId: 'com.example' })).toEqual({
    kind: 'answer',
    answer: { status: 'UnknownVendorId' },
  })
  expect(await answer('Authorize', { idTag: 'STRANGER' })).toEqual({
    kind: 'answer',
    answer: { idTagInfo: { status: 'Invalid' } },
  })
})
