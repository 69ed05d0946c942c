/** One event of every kind, around the base story. */

import { utf8, type Bytes } from '@/lib/core/bytes'
import { wattHours, seconds } from '@/lib/core/units'
import type { SessionId } from '@/lib/core/ids'
import { encodeJournalEvent, type JournalEvent, type JournalEventKind } from '@/lib/protocol/journal-event'
import { storyTimeS, type Story } from '@/tests/fixtures/messages'

export function journalEvents(story: Story): Bytes[] {
  const timeS = storyTimeS
  const sessionId = story.authorization.hash as SessionId
  const consent = {
    authorization: story.authorization.bytes,
    grant: story.grant.bytes,
    answer: story.answer.bytes,
  }
  const events: { readonly [K in JournalEventKind]: Extract<JournalEvent, { kind: K }> } = {
    boot: { kind: 'boot', timeS, clockQuality: 'synchronised', version: '0.1.0' },
    accepted: { kind: 'accepted', timeS, connectorId: 1, offer: story.offer.bytes, ...consent },
    declined: { kind: 'declined', timeS, connectorId: 1, ...consent },
    started: { kind: 'started', timeS, sessionId, transactionId: 17, meterStartWh: wattHours(12_345_678) },
    metered: {
      kind: 'metered',
      timeS,
      sessionId,
      registerWh: wattHours(12_350_000),
      chargingS: seconds(600),
      idleS: seconds(0),
    },
    stopping: { kind: 'stopping', timeS, sessionId, stopReason: 'phone', stop: story.stop.bytes },
    ended: { kind: 'ended', timeS, sessionId, receipt: story.receipt.bytes },
    incident: { kind: 'incident', timeS, what: 'meter.ran-back', detail: 'from 12 to 11', sessionId },
    news: { kind: 'news', timeS, policySequence: 7, revocationEpoch: 12, trustSequence: 1 },
    'bearer-accepted': {
      kind: 'bearer-accepted',
      timeS,
      connectorId: 1,
      offer: story.offer.bytes,
      record: story.bearerRecord.bytes,
      voucher: story.voucher.bytes,
    },
    sealed: {
      kind: 'sealed',
      timeS,
      by: story.grant.payload.serial,
      seals: [{ place: 'meter', number: 'OP-0042' }],
    },
    ...besideSessions(story),
    'meter-records': {
      kind: 'meter-records',
      timeS,
      sessionId,
      records: [utf8('OCMF|{}|{}'), utf8('OCMF|{"PG":"T2"}|{}')],
      key: '3059',
    },
  }
  return Object.values(events).map((event) => encodeJournalEvent(event))
}

type BesideSessions =
  'card-let-in' | 'list-adopted' | 'technician-entered' | 'technician-acted' | 'site-command' | 'telemetry'

/** Cards, technicians and the site's own CSMS. */
function besideSessions(story: Story): {
  readonly [K in BesideSessions]: Extract<JournalEvent, { kind: K }>
} {
  const timeS = storyTimeS
  return {
    'card-let-in': {
      kind: 'card-let-in',
      timeS,
      serial: story.voucher.payload.serial,
      listVersion: story.localList.payload.version,
    },
    'list-adopted': { kind: 'list-adopted', timeS, version: story.localList.payload.version, cards: 2 },
    'technician-entered': {
      kind: 'technician-entered',
      timeS,
      challenge: story.technicianChallenge.bytes,
      entry: story.technicianEntry.bytes,
      pass: story.technicianPass.bytes,
    },
    telemetry: {
      kind: 'telemetry',
      timeS,
      day: 20_500,
      bays: [
        { connectorId: 1, up: 86_341, faulted: 0, silent: 0, takenOut: 0, closed: 0, dark: 59 },
        {
          connectorId: 2,
          up: 40_000,
          faulted: 6_400,
          silent: 20_000,
          takenOut: 10_000,
          closed: 9_941,
          dark: 59,
        },
      ],
    },
    'site-command': {
      kind: 'site-command',
      timeS,
      charger: 'CP-1',
      action: 'RemoteStopTransaction',
      outcome: 'Accepted',
      sessionId: story.authorization.hash as SessionId,
    },
    'technician-acted': {
      kind: 'technician-acted',
      timeS,
      by: story.technicianPass.payload.serial,
      act: 'service',
      detail: 'out of service',
      place: 'screen',
      connectorId: 1,
    },
  }
}
