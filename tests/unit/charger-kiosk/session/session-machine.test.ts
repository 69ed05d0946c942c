import { beforeAll, describe, expect, test } from 'vitest'
import {
  permits,
  type ConnectorEvent,
  type ConnectorState,
  type Now,
  type Phase,
  type PhaseKind,
  type Session,
} from '@/charger-kiosk/session/connector-state'
import { nextTickMs } from '@/charger-kiosk/session/due'
import { standardSettings } from '@/charger-kiosk/session/machine-settings'
import { freshWatch } from '@/charger-kiosk/safety/safety-watch'
import { noRecords } from '@/charger-kiosk/session/kept-records'
import { openAccount } from '@/charger-kiosk/session/metering'
import type { KnownOffer } from '@/charger-kiosk/session/offer-book'
import { receiptPayload, sightingsFor } from '@/charger-kiosk/session/receipt'
import { rows } from '@/charger-kiosk/session/records'
import { openRowOf, recoveredPhase, sessionOf } from '@/charger-kiosk/session/recovery'
import { screenPhase } from '@/charger-kiosk/session/screen-view'
import { step } from '@/charger-kiosk/session/session-machine'
import { transactionId } from '@/charger-kiosk/ocpp/ids'
import { toBytes } from '@/lib/core/bytes'
import { grantSerial, messageHash, type SessionId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { durationMs, epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import { stopDigest } from '@/lib/protocol/stop-code'
import { storyTariff, storyTimeS, tellStory, type Story } from '@/tests/fixtures/messages'

let story: Story
let session: Session
let offer: KnownOffer
const now: Now = {
  timeS: epochSeconds(storyTimeS + 120),
  clockQuality: 'synchronised',
  monotonicMs: durationMs(120_000),
}
const code = '123456'

beforeAll(async () => {
  story = await tellStory()
  const sessionId = story.authorization.hash as SessionId
  session = {
    sessionId,
    serial: story.grant.payload.serial,
    offerHash: story.offer.hash,
    tariff: storyTariff,
    holdMinor: minorUnits(1_500),
    acceptedAtS: epochSeconds(storyTimeS + 32),
    answer: story.answer.bytes,
    stopCode: code,
    stopDigest: stopDigest(sessionId, code),
    durationMaxS: seconds(43_200),
    energyMaxWh: wattHours(200_000),
    key: story.certificate.payload.key,
  }
  const { hash, bytes, payload } = story.offer
  offer = {
    hash,
    bytes,
    payload,
    policy: story.policy.payload,
    certificate: story.certificate.bytes,
    key: story.certificate.payload.key,
    expiresAtMs: 300_000,
    state: 'open',
  }
})

const running = () => ({
  transactionId: transactionId(7),
  startS: epochSeconds(storyTimeS + 40),
  startedAtMs: 40_000,
  meter: {
    ...openAccount(wattHours(1_000), durationMs(120_000)),
    registerWh: wattHours(3_000),
    chargingMs: 80_000,
  },
  journaled: { registerWh: wattHours(3_000), chargingS: 80, idleS: 0, atMs: 120_000 },
  isStartJournaled: true,
  safety: freshWatch,
  toldMa: undefined,
  records: noRecords,
  reported: [],
})
const final = () => ({
  meterStartWh: wattHours(1_000),
  meterStopWh: wattHours(3_000),
  startS: epochSeconds(storyTimeS + 40),
  chargingS: seconds(80),
  atChange: undefined,
  idleS: seconds(0),
  stopReason: 'stop-code' as const,
})

/** One example of each phase, under hardware that fits it. */
const examples = (): { readonly [K in PhaseKind]: ConnectorState } => {
  const at = (phase: Phase, status: ConnectorState['hardware']['status']): ConnectorState => ({
    connectorId: 1,
    hardware: { isLinked: true, status },
    closedFor: undefined,
    phase,
  })
  return {
    unavailable: at({ kind: 'unavailable', reason: 'charger.faulted' }, 'Faulted'),
    available: at({ kind: 'available' }, 'Available'),
    offering: at({ kind: 'offering', offer, renewAtMs: 180_000, refused: undefined }, 'Preparing'),
    starting: at(
      { kind: 'starting', session, stopTriesLeft: 5, deadlineMs: 180_000, isAsked: true },
      'Preparing',
    ),
    charging: at(
      {
        kind: 'charging',
        session,
        stopTriesLeft: 5,
        running: running(),
        codeShownUntilMs: 100_000,
        doubt: undefined,
      },
      'Charging',
    ),
    stopping: at(
      {
        kind: 'stopping',
        session,
        running: running(),
        stopReason: 'stop-code',
        deadlineMs: 180_000,
        nextStopMs: 135_000,
      },
      'Charging',
    ),
    ending: at({ kind: 'ending', session, final: final() }, 'Finishing'),
    finished: at({ kind: 'finished', session, receipt: story.receipt, shownUntilMs: 420_000 }, 'Finishing'),
  }
}
const phaseKinds = Object.keys(permits) as PhaseKind[]
const take = (kind: PhaseKind, event: ConnectorEvent) => step(examples()[kind], event, now, standardSettings)

const noSample = {
  time: { receivedAtS: now.timeS, reportedAtS: now.timeS, plausible: true },
  context: 'Sample.Periodic' as const,
  powerW: undefined,
  temperatureDeciC: undefined,
  stateOfChargePercent: undefined,
  signedData: [],
}

describe('the table of what each phase permits is what the machine does', () => {
  test.each(phaseKinds)('%s: a StopTransaction ends a session exactly where one may have started', (kind) => {
    const { state } = take(kind, {
      kind: 'transaction-stopped',
      meterStopWh: wattHours(3_100),
      reason: 'Local',
      time: noSample.time,
      samples: [],
    })
    expect(state.phase.kind === 'ending').toBe(permits[kind].start || kind === 'ending')
  })

  test.each(phaseKinds)('%s: the right stop code acts exactly where it is permitted', (kind) => {
    const { state } = take(kind, { kind: 'stop-code', stopCode: code })
    expect(state.phase.kind !== kind).toBe(permits[kind].stop)
  })

  test.each(phaseKinds)('%s: a reading counts exactly where it is permitted', (kind) => {
    const event: ConnectorEvent = {
      kind: 'readings',
      samples: [{ ...noSample, registerWh: wattHours(3_050) }],
      inTransaction: true,
    }
    const { phase } = take(kind, event).state
    const counted = 'running' in phase && phase.running.meter.registerWh === 3_050
    expect(counted).toBe(permits[kind].meter)
  })

  test.each(phaseKinds)('%s: pulling the plug leaves nothing on offer and ends what runs', (kind) => {
    const { state } = take(kind, { kind: 'status', status: 'Available' })
    expect(state.phase.kind).not.toBe('offering')
    expect(state.phase.kind).not.toBe('charging')
  })

  test.each(phaseKinds)('%s: closing the connector stops offers and touches no session', (kind) => {
    const { state, journal } = take(kind, { kind: 'closed', reason: 'charger.policy' })
    const expected = permits[kind].followsHardware
      ? { kind: 'unavailable', reason: 'charger.policy' }
      : examples()[kind].phase
    expect(state.phase).toEqual(expected)
    expect(journal).toEqual([])
  })

  test.each(phaseKinds)('%s: a lost link ends no session', (kind) => {
    const { state, journal } = take(kind, { kind: 'link', isUp: false })
    expect(state.phase.kind).toBe(permits[kind].followsHardware ? 'unavailable' : kind)
    expect(journal).toEqual([])
  })

  test.each(phaseKinds)('%s: an accept is possible exactly where it is permitted', (kind) => {
    const { authorization, grant, answer } = story
    const accepted = {
      kind: 'accepted' as const,
      timeS: now.timeS,
      connectorId: 1,
      offer: offer.bytes,
      authorization: authorization.bytes,
      grant: grant.bytes,
      answer: answer.bytes,
    }
    const accept = () => take(kind, { kind: 'accepted', session, event: accepted })
    if (!permits[kind].accept) return expect(accept).toThrow('Invariant broken')
    const { state, journal, effects } = accept()
    expect(state.phase.kind).toBe('starting')
    expect(journal).toEqual([accepted])
    expect(effects.map((effect) => effect.kind)).toEqual(['retire-offers', 'remote-start', 'feedback'])
  })

  test.each(phaseKinds)('%s: has a row beside the journal exactly while money is held', (kind) => {
    expect(openRowOf(examples()[kind], now) !== undefined).toBe(permits[kind].open)
  })

  test.each(phaseKinds)('%s: a tick that is due changes when the next one is due', (kind) => {
    const state = examples()[kind]
    const dueMs = nextTickMs(state, now, standardSettings)
    if (!Number.isFinite(dueMs)) return
    const later: Now = { ...now, monotonicMs: durationMs(Math.ceil(dueMs)) }
    const after = step(state, { kind: 'tick' }, later, standardSettings).state
    expect(nextTickMs(after, later, standardSettings)).toBeGreaterThan(later.monotonicMs)
  })

  test.each(phaseKinds)('%s: can be shown', (kind) => {
    expect(screenPhase(examples()[kind], now, story.status.bytes).kind).toMatch(/^[a-z]+$/)
  })
})

describe('a session that is read back from its row', () => {
  const stored = () => ({
    connectorId: 1,
    serial: session.serial,
    offer: story.offer.bytes,
    authorization: story.authorization.bytes,
    grant: story.grant.bytes,
    answer: story.answer.bytes,
    acceptedAtS: session.acceptedAtS,
    key: session.key,
  })

  test.each(['starting', 'charging', 'stopping', 'ending'] as const)(
    '%s: is the same session in the same phase',
    (kind) => {
      const row = expectOk(rows.open.decode(rows.open.encode(openRowOf(examples()[kind], now)!)), 'a row')
      const back = expectOk(sessionOf(row, stored()), 'a session')
      expect({ ...back, stopDigest: session.stopDigest }).toEqual(session)
      const phase = recoveredPhase(back, row, now, standardSettings)
      expect(phase.kind).toBe(kind)
      if (phase.kind === 'ending') expect(phase.final).toEqual(final())
      if (phase.kind === 'charging') {
        expect(phase.running.meter).toMatchObject({
          startWh: 1_000,
          registerWh: 3_000,
          chargingMs: 80_000,
          idleMs: 0,
        })
        expect(phase.doubt?.stopReason).toBe('power-cut')
      }
    },
  )

  test('that cannot be read is said to be so', () => {
    const row = openRowOf(examples().starting, now)!
    expect(sessionOf(row, { ...stored(), offer: toBytes([1, 2, 3]) }).ok).toBe(false)
  })
})

describe('a receipt', () => {
  const context = {
    lastCounter: 41,
    lastHash: messageHash('ab'.repeat(16)),
    clockQuality: 'relative' as const,
    checkpointHash: messageHash('cd'.repeat(16)),
    sightings: [],
  }

  test('chains on, prices by the offer and says what the meter said', () => {
    expect(receiptPayload(session, final(), context)).toMatchObject({
      counter: 42,
      previous: 'ab'.repeat(16),
      meterStartWh: 1_000,
      meterStopWh: 3_000,
      // 2 kWh × 0.49; tax 19 % contained: 0.98 × 19 / 119 = 0.156.
      totalMinor: 98,
      taxMinor: 16,
      clockQuality: 'relative',
    })
  })

  test('never claims less than nothing', () => {
    const backwards = { ...final(), meterStopWh: wattHours(900) }
    expect(receiptPayload(session, backwards, context)).toMatchObject({
      meterStartWh: 1_000,
      meterStopWh: 1_000,
      totalMinor: 0,
      chargingS: 0,
    })
  })

  test('carries what the charger saw last of four others, and nothing of its own driver', () => {
    const chains = new Map(
      Array.from({ length: 6 }, (_, index) => [
        grantSerial(`000000000000000${index}`),
        {
          seq: index + 1,
          hash: messageHash('ef'.repeat(16)),
          grossMinor: minorUnits(0),
          releasedMinor: minorUnits(0),
          confirmed: false,
          seenAtS: epochSeconds(storyTimeS + index),
          expiresAtS: storyTimeS,
          day: 0,
          dayMinor: minorUnits(0),
        },
      ]),
    )
    const seen = sightingsFor(grantSerial('0000000000000005'), chains)
    expect(seen.map(({ seq }) => seq)).toEqual([5, 4, 3, 2])
  })
})
