import { expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { sessionId } from '@/lib/core/ids'
import { epochSeconds, seconds, wattHours } from '@/lib/core/units'
import {
  decodeJournalEvent,
  encodeJournalEvent,
  incidentDetail,
  type JournalEvent,
} from '@/lib/protocol/journal-event'

const timeS = epochSeconds(1_788_264_000)
const session = sessionId('ab'.repeat(16))
const message = toBytes(utf8('any signed message'))

const events: JournalEvent[] = [
  { kind: 'boot', timeS, clockQuality: 'unknown', version: '0.1.0' },
  {
    kind: 'accepted',
    timeS,
    connectorId: 1,
    offer: message,
    authorization: message,
    grant: message,
    answer: message,
  },
  { kind: 'declined', timeS, connectorId: 1, authorization: message, grant: message, answer: message },
  { kind: 'started', timeS, sessionId: session, transactionId: 7, meterStartWh: wattHours(12) },
  {
    kind: 'metered',
    timeS,
    sessionId: session,
    registerWh: wattHours(99),
    chargingS: seconds(20),
    idleS: seconds(0),
  },
  { kind: 'stopping', timeS, sessionId: session, stopReason: 'hold-reached' },
  { kind: 'ended', timeS, sessionId: session, receipt: message },
  {
    kind: 'incident',
    timeS,
    what: 'ocpp.garbage',
    detail: incidentDetail('line\u0000feed'),
    sessionId: session,
  },
  { kind: 'news', timeS, policySequence: 2, revocationEpoch: 3, trustSequence: 1 },
]

test.each(events)('$kind comes back equal from its bytes', (event) => {
  expect(decodeJournalEvent(encodeJournalEvent(event))).toEqual({ ok: true, value: event })
})

test('an unknown kind and noise are refused', () => {
  expect(decodeJournalEvent(toBytes([0x82, 0x18, 0x63, 0xa0])).ok).toBe(false)
  expect(decodeJournalEvent(toBytes([0x83, 0x01, 0xa0, 0x01])).ok).toBe(false)
  expect(decodeJournalEvent(utf8('noise')).ok).toBe(false)
})
