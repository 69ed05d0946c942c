import { beforeAll, describe, expect, test } from 'vitest'
import { epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import { recomputeBill } from '@/lib/policy/receipt-bill'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { storyTariff, storyTimeS, tellStory } from '../../../fixtures/messages'

const holdMinor = minorUnits(6_000)
const changeAtS = epochSeconds(storyTimeS + 1_000)
const cheaper = { atS: changeAtS, energyPerKwh: 2_900, timePerMinute: 0, idlePerMinute: 1_000 }
const dearer = { ...cheaper, energyPerKwh: 6_900 }

let receipt: Receipt
beforeAll(async () => {
  const { payload } = (await tellStory()).receipt
  // 10 kWh in half an hour.
  receipt = {
    ...payload,
    meterStopWh: wattHours(payload.meterStartWh + 10_000),
    startS: storyTimeS,
    chargingS: seconds(1_800),
    idleS: seconds(0),
  }
})

const total = (change: Partial<Receipt>, tariffChange = undefined as typeof cheaper | undefined) =>
  recomputeBill(
    { ...receipt, ...change },
    tariffChange === undefined ? { tariff: storyTariff } : { tariff: storyTariff, tariffChange },
    holdMinor,
  )?.totalMinor

const atChange = (energyWh: number) => ({
  atChange: {
    registerWh: wattHours(receipt.meterStartWh + energyWh),
    chargingS: seconds(900),
    idleS: seconds(0),
  },
})

describe('by our own reckoning', () => {
  test('without a change the tariff alone decides', () => {
    expect(total({})).toBe(490)
  })

  test('with one, what was drawn before it costs the old price and the rest the new one', () => {
    expect(total(atChange(4_000), cheaper)).toBe(196 + 174)
    expect(total(atChange(4_000), dearer)).toBe(196 + 414)
  })

  test('a charger that does not tell how much came before the change gets the cheaper of both', () => {
    expect(total({}, cheaper)).toBe(290)
    expect(total({}, dearer)).toBe(490)
  })

  test('a session that ended before the change is not touched by it', () => {
    expect(total({ startS: epochSeconds(changeAtS - 1_800) }, cheaper)).toBe(490)
  })

  test('figures at the change that lie outside the session give no bill', () => {
    expect(total(atChange(10_001), cheaper)).toBeUndefined()
    expect(total(atChange(-1), cheaper)).toBeUndefined()
    expect(
      total({ atChange: { ...atChange(1).atChange, chargingS: seconds(1_801) } }, cheaper),
    ).toBeUndefined()
  })

  test('figures at a change that nobody announced give no bill', () => {
    expect(total(atChange(4_000))).toBeUndefined()
  })

  test('registers that run backwards give no bill', () => {
    expect(total({ meterStopWh: wattHours(receipt.meterStartWh - 1) })).toBeUndefined()
  })
})
