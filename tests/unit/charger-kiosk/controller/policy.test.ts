import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import type { Policy } from '@/lib/protocol/messages/policy'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { issuedPolicy, KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTariff, storyTimeS } from '@/tests/fixtures/messages'
import { berlin, nightPeriods } from '@/tests/fixtures/timed-policy'

/** The base story begins on a Tuesday at 14:00 in Berlin. */
const hour = 3_600
const night = { localTime: berlin, periods: nightPeriods } satisfies Partial<Policy>
const nightRates = { energyPerKwh: 2_900, timePerMinute: 0, idlePerMinute: 0 }

async function plugged(options: Parameters<typeof KioskWorld.create>[0] = {}): Promise<KioskWorld> {
  const world = await KioskWorld.create(options)
  await world.charger.plug()
  await world.settle()
  return world
}

const incidents = (world: KioskWorld): readonly (readonly [string, string])[] =>
  world.events().flatMap((event) => (event.kind === 'incident' ? [[event.what, event.detail] as const] : []))

describe('prices by the hour', () => {
  test('in the afternoon the offer has the day’s price and announces the night’s', async () => {
    const world = await plugged({ policy: night })
    expect(world.offer().payload).toMatchObject({
      tariff: storyTariff,
      tariffChange: { atS: storyTimeS + 8 * hour, ...nightRates },
    })
  })

  test('at night the offer has the night’s price and announces the morning’s', async () => {
    const world = await KioskWorld.create({ policy: night })
    await world.time.advance(9 * hour * 1_000)
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload).toMatchObject({
      tariff: { ...storyTariff, ...nightRates },
      tariffChange: { atS: storyTimeS + 16 * hour, energyPerKwh: 4_900 },
    })
  })

  test('before anybody plugs in, the screen shows the price of the hour', async () => {
    const world = await KioskWorld.create({ policy: night })
    expect(world.controller.screenState().connectors[0]?.tariff?.energyPerKwh).toBe(4_900)
    await world.time.advance(9 * hour * 1_000)
    expect(world.controller.screenState().connectors[0]?.tariff?.energyPerKwh).toBe(2_900)
  })

  test('with the time unknown the price is the one outside of all periods, and none is announced', async () => {
    const world = await plugged({ policy: night, clockUnknown: true })
    expect(world.offer().payload.tariff).toEqual(storyTariff)
    expect(world.offer().payload.tariffChange).toBeUndefined()
  })

  test('a session over two boundaries is billed by the two prices that its driver agreed to', async () => {
    // Eight in the evening; a vehicle that pauses twice.
    const world = await KioskWorld.create({
      policy: { ...night, tariff: { ...storyTariff, idlePerMinute: 0 } },
    })
    await world.time.advance(6 * hour * 1_000)
    await startSession(world, await TestWallet.create('anna'), 1_500)
    const pause = async (hours: number): Promise<void> => {
      await world.charger.setStatus('SuspendedEV')
      await world.time.advance(hours * hour * 1_000)
      await world.charger.setStatus('Charging')
    }
    await world.charge(600, 6_000)
    await pause(2)
    await world.charge(600, 6_000)
    await pause(8)
    await world.charge(600, 6_000)
    await world.charger.unplug()
    await world.settle()
    expect(world.time.nowS() - storyTimeS).toBeGreaterThan(16 * hour)
    // A kilowatt-hour (but for rounded readings) by day and two by night; none at the next morning's price.
    const { lines, atChange, meterStartWh, meterStopWh } = receiptOf(world)
    const dayWh = (atChange?.registerWh ?? 0) - meterStartWh
    expect([dayWh, meterStopWh - meterStartWh]).toEqual([1_020, 3_060])
    expect(lines.energyMinor).toBe(Math.round(1.02 * 49 + 2.04 * 29))
  })

  test('what the next policy changes at its start is announced where no period comes first', async () => {
    const world = await KioskWorld.create({ policy: night })
    const next = await issuedPolicy({
      ...night,
      sequence: 8,
      notBeforeS: epochSeconds(storyTimeS + hour),
      tariff: { ...storyTariff, energyPerKwh: 5_500 },
    })
    await world.controller.takeNews({ policy: next.bytes })
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.tariffChange).toMatchObject({ atS: storyTimeS + hour, energyPerKwh: 5_500 })
  })

  test('a next policy that begins at the same price lets its own first change be announced', async () => {
    const world = await KioskWorld.create()
    const next = await issuedPolicy({ ...night, sequence: 8, notBeforeS: epochSeconds(storyTimeS + hour) })
    await world.controller.takeNews({ policy: next.bytes })
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.tariffChange).toEqual({ atS: storyTimeS + 8 * hour, ...nightRates })
  })
})

describe('a policy that cannot be lived by', () => {
  const broken = () =>
    issuedPolicy({
      sequence: 8,
      tariff: { ...storyTariff, energyPerKwh: 1 },
      rules: [{ name: 'typo', when: 'hold > 1', decline: [{ language: 'en', text: 'No.' }] }],
    })

  test('is refused whole: the last good one sells on, and journal and health say why', async () => {
    const world = await plugged()
    await world.controller.takeNews({ policy: (await broken()).bytes })
    await world.settle()
    expect(world.offer().payload).toMatchObject({ policySequence: 7, tariff: storyTariff })
    expect(incidents(world)).toEqual([
      ['policy.refused', expect.stringMatching(/^policy 8, policy.rule-broken: Rule typo: /)],
    ])
    expect(world.controller.standing().policy).toMatchObject({
      sequence: 7,
      isOverdue: false,
      refused: expect.stringContaining('Rule typo'),
    })
  })

  test('is said once, however often it comes, and is forgotten when a good one follows', async () => {
    const world = await KioskWorld.create()
    const { bytes } = await broken()
    await world.controller.takeNews({ policy: bytes })
    await world.controller.takeNews({ policy: bytes })
    expect(incidents(world)).toHaveLength(1)
    await world.controller.takeNews({ policy: (await issuedPolicy({ sequence: 9 })).bytes })
    expect(world.controller.standing().policy).toMatchObject({ sequence: 9, refused: undefined })
  })

  test('survives a restart no better than it came', async () => {
    const world = await KioskWorld.create()
    await world.controller.takeNews({ policy: (await broken()).bytes })
    await world.powerCut()
    expect(world.controller.standing().policy.sequence).toBe(7)
  })
})

describe('a policy that ran out', () => {
  const ended = { notAfterS: epochSeconds(storyTimeS + hour) }

  test('goes on at its signed price with a hold for strangers, and journal and health say so', async () => {
    const world = await plugged({ policy: ended })
    expect(world.offer().payload.maximumHoldMinor).toBe(6_000)
    await world.pass(2 * hour)
    expect(world.offer().payload).toMatchObject({
      tariff: storyTariff,
      maximumHoldMinor: 1_500,
      policySequence: 7,
    })
    expect(incidents(world)).toEqual([
      ['policy.overdue', expect.stringMatching(/^policy 7 ended at .* for 30 days/)],
    ])
    expect(world.controller.standing()).toMatchObject({
      closedFor: undefined,
      policy: { sequence: 7, isOverdue: true },
    })
    const { text } = await (await TestWallet.create('anna')).authorize(world.offer(), 2_000)
    expect(await world.controller.handleScan(1, text)).toMatchObject({
      refusal: { code: 'hold.offer-maximum' },
    })
  })

  test('gives way to an older one that still holds', async () => {
    const world = await KioskWorld.create()
    const short = await issuedPolicy({
      sequence: 8,
      notBeforeS: epochSeconds(storyTimeS + hour),
      notAfterS: epochSeconds(storyTimeS + 2 * hour),
      tariff: { ...storyTariff, energyPerKwh: 6_000 },
    })
    await world.controller.takeNews({ policy: short.bytes })
    await world.time.advance(3 * hour * 1_000)
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload).toMatchObject({
      policySequence: 7,
      tariff: storyTariff,
      maximumHoldMinor: 6_000,
    })
    expect(incidents(world)).toEqual([])
  })
})
