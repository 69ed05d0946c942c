/** Whatever a meter and a vehicle do around a change of price: the phone reckons the same from the receipt. */

import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  openAccount,
  passIdleTime,
  takeReadings,
  usageOf,
  type MeterAccount,
} from '@/charger-kiosk/session/metering'
import { atChangeOf, noteChange, priceChangeOf, withoutIdle } from '@/charger-kiosk/session/price-change'
import { receiptPayload } from '@/charger-kiosk/session/receipt'
import type { Session } from '@/charger-kiosk/session/connector-state'
import type { MeterSample } from '@/charger-kiosk/ocpp/port'
import { messageHash, type SessionId } from '@/lib/core/ids'
import { durationMs, epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import { chargesExactly, recomputeBill } from '@/lib/policy/receipt-bill'
import { rate } from '@/lib/tariff/rate'
import { storyTariff, storyTimeS, tellStory } from '@/tests/fixtures/messages'

let session: Session
beforeAll(async () => {
  const story = await tellStory()
  session = {
    sessionId: story.authorization.hash as SessionId,
    serial: story.grant.payload.serial,
    offerHash: story.offer.hash,
    tariff: storyTariff,
    holdMinor: minorUnits(100_000),
    acceptedAtS: storyTimeS,
    answer: story.answer.bytes,
    stopCode: '123456',
    stopDigest: new Uint8Array(8),
    durationMaxS: seconds(43_200),
    energyMaxWh: wattHours(200_000),
    key: undefined,
  }
})

const rates = fc.record({
  energyPerKwh: fc.nat(20_000),
  timePerMinute: fc.nat(3_000),
  idlePerMinute: fc.nat(3_000),
})
const act = fc.record({
  seconds: fc.integer({ min: 1, max: 200 }),
  energyWh: fc.oneof(fc.constant(0), fc.nat(3_000)),
  isReading: fc.boolean(),
  status: fc.constantFrom('Charging' as const, 'SuspendedEV' as const),
})

const sampleAt = (registerWh: number): MeterSample => ({
  time: { receivedAtS: storyTimeS, reportedAtS: undefined, plausible: false } as MeterSample['time'],
  context: 'Sample.Periodic',
  registerWh: wattHours(registerWh),
  powerW: undefined,
  temperatureDeciC: undefined,
  stateOfChargePercent: undefined,
  signedData: [],
})

describe('a session with an announced change of price', () => {
  test('is reckoned by the phone exactly as the charger billed it, whatever meter and vehicle do', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -200, max: 3_000 }),
        rates,
        rates,
        fc.array(act, { minLength: 1, maxLength: 30 }),
        (inS, before, after, acts) => {
          const atS = epochSeconds(storyTimeS + inS)
          const tariff = { ...storyTariff, ...before }
          const priced: Session = { ...session, tariff, tariffChange: { atS, ...after } }
          const now = { timeS: storyTimeS, monotonicMs: durationMs(0) }
          let account: MeterAccount = openAccount(wattHours(5_000), durationMs(0), priceChangeOf(priced, now))
          let atMs = 0
          let registerWh = 5_000
          for (const one of acts) {
            atMs += one.seconds * 1_000
            if (one.isReading) {
              registerWh += one.energyWh
              account = takeReadings(account, [sampleAt(registerWh)], one.status, durationMs(atMs)).account
            } else account = passIdleTime(account, one.status, durationMs(atMs))
          }
          const { chargingS, idleS } = usageOf(account)
          const receipt = receiptPayload(
            priced,
            {
              meterStartWh: wattHours(5_000),
              meterStopWh: wattHours(registerWh),
              startS: storyTimeS,
              chargingS,
              idleS,
              atChange: atChangeOf(account.change),
              stopReason: 'unplugged',
            },
            {
              lastCounter: 0,
              lastHash: messageHash('00'.repeat(16)),
              clockQuality: 'synchronised',
              checkpointHash: messageHash('00'.repeat(16)),
              sightings: [],
            },
          )
          const offer = { tariff, tariffChange: { atS, ...after } }
          expect(chargesExactly(receipt, recomputeBill(receipt, offer, priced.holdMinor), tariff)).toBe(true)
          // What shows on the screen at the end is what the receipt says.
          expect(receipt.totalMinor).toBe(rate(tariff, usageOf(account), priced.tariffChange).totalMinor)
        },
      ),
      { numRuns: 400 },
    )
  })

  const change = () => {
    const made = priceChangeOf(
      {
        tariff: storyTariff,
        tariffChange: {
          atS: epochSeconds(storyTimeS + 100),
          energyPerKwh: 9_800,
          timePerMinute: 0,
          idlePerMinute: 0,
        },
      },
      { timeS: storyTimeS, monotonicMs: durationMs(0) },
    )
    if (made === undefined) throw new Error('There is a change')
    return made
  }
  const counted = (registerWh: number, idleMs = 0) => ({
    registerWh: wattHours(registerWh),
    chargingMs: 0,
    idleMs,
  })

  test('is noted once, and never before its time', () => {
    const early = noteChange(change(), wattHours(0), counted(0), counted(500), 0, 100_000)
    expect(early.noted).toBeUndefined()
    const noted = noteChange(early, wattHours(0), counted(500), counted(900), 100_000, 110_000)
    expect(noted.noted?.registerWh).toBe(500)
    expect(noteChange(noted, wattHours(0), counted(900), counted(950), 110_000, 120_000)).toBe(noted)
  })

  test('cuts idle time where the price changed, and forgets it when energy shows that it was a pause', () => {
    const noted = noteChange(change(), wattHours(0), counted(500), counted(500, 60_000), 60_000, 120_000)
    expect(noted.noted?.idleMs).toBe(40_000)
    expect(withoutIdle(noted)?.noted?.idleMs).toBe(0)
  })
})
