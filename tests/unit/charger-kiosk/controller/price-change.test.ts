import { describe, expect, test } from 'vitest'
import { currencyCode } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { offer } from '@/lib/protocol/messages/offer'
import type { Policy } from '@/lib/protocol/messages/policy'
import { chargesExactly, recomputeBill } from '@/lib/policy/receipt-bill'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { issuedPolicy, KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTariff, storyTimeS } from '@/tests/fixtures/messages'

const changeAtS = storyTimeS + 1_000

async function announcing(
  tariff: Partial<CompactTariff>,
  options: Parameters<typeof KioskWorld.create>[0] = {},
  changes: Partial<Policy> = {},
): Promise<KioskWorld> {
  const world = await KioskWorld.create(options)
  const next = await issuedPolicy({
    sequence: 8,
    notBeforeS: epochSeconds(changeAtS),
    tariff: { ...storyTariff, ...tariff },
    ...changes,
  })
  await world.controller.takeNews({ policy: next.bytes })
  return world
}

/** The phone's own reckoning, from what it holds: offer, consent and receipt. */
function agreesWithThePhone(world: KioskWorld): boolean {
  const accepted = world.events().findLast((event) => event.kind === 'accepted')
  if (accepted === undefined) return false
  const offered = expectOk(parseMessage(offer, accepted.offer), 'an offer').payload
  const consent = expectOk(parseMessage(authorization, accepted.authorization), 'a consent').payload
  const receipt = receiptOf(world)
  return chargesExactly(receipt, recomputeBill(receipt, offered, consent.holdMinor), offered.tariff)
}

const dearer = { energyPerKwh: 9_800 }
const cheaper = { energyPerKwh: 2_450 }

describe('the offer announces a change of price', () => {
  test('that can begin within a session on it, and the driver consents to both prices', async () => {
    const world = await announcing(dearer)
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.tariffChange).toEqual({
      atS: changeAtS,
      energyPerKwh: 9_800,
      timePerMinute: 0,
      idlePerMinute: 1_000,
    })
    expect(world.controller.screenState().connectors[0]?.tariff?.change).toMatchObject({
      atS: changeAtS,
      energyPerKwh: 9_800,
    })
  })

  test.each<readonly [string, Partial<CompactTariff>, Partial<Policy>]>([
    ['after the longest session would have ended', dearer, { notBeforeS: epochSeconds(storyTimeS + 50_000) }],
    ['of the fee per session', { perSession: 5_000 }, {}],
    ['of the tax', { ...dearer, taxBasisPoints: 700 }, {}],
    ['of the idle grace', { ...dearer, idleGraceMinutes: 5 }, {}],
    ['of the currency', { ...dearer, currency: currencyCode('CHF') }, {}],
    ['that is none', {}, {}],
  ])('but none %s', async (_name, tariff, changes) => {
    const world = await announcing(tariff, {}, changes)
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.tariffChange).toBeUndefined()
  })

  test('and with the time unknown nothing timed is sold', async () => {
    const world = await announcing(dearer, { clockUnknown: true })
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.tariffChange).toBeUndefined()
  })
})

describe('a session across the change', () => {
  async function across(tariff: Partial<CompactTariff>): Promise<KioskWorld> {
    const world = await announcing(tariff)
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(1_600, 36_000)
    return world
  }
  const end = async (world: KioskWorld) => {
    await world.charger.unplug()
    await world.settle()
    return receiptOf(world)
  }

  test.each([
    // 10 kWh at 0.49 and 6 kWh at 0.98; by hand: 4.90 + 5.88 = 10.78. The reading at the change still counts before it.
    ['to a dearer price', dearer, 1_078],
    // 10 kWh at 0.49 and 6 kWh at 0.245: 4.90 + 1.47 = 6.37.
    ['to a cheaper price', cheaper, 637],
  ])('%s is billed at both, and the phone reckons the same', async (_name, tariff, totalMinor) => {
    const world = await across(tariff)
    const receipt = await end(world)
    expect(receipt.totalMinor).toBe(totalMinor)
    expect(receipt.atChange).toMatchObject({ registerWh: 20_000 })
    expect(receipt.atChange?.chargingS).toBe(1_000)
    expect(agreesWithThePhone(world)).toBe(true)
  })

  test.each([
    // The interval between the readings at 995 s and 1,005 s belongs to neither side: the driver pays the lower.
    ['to a dearer price it costs the old one', dearer, 20_000],
    ['to a cheaper price it costs the new one', cheaper, 19_900],
  ])('what flowed around the change goes where it costs less: %s', async (_name, tariff, registerWh) => {
    const world = await announcing(tariff)
    await world.pass(5)
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(1_600, 36_000)
    expect((await end(world)).atChange?.registerWh).toBe(registerWh)
    expect(agreesWithThePhone(world)).toBe(true)
  })

  test('shows the true cost while it runs, and the price that holds', async () => {
    const world = await across(dearer)
    expect(world.phaseOf('charging').costMinor).toBe(1_078)
    expect(world.controller.screenState().connectors[0]?.tariff?.change?.energyPerKwh).toBe(9_800)
  })

  test('with a power cut over the change bills what nobody saw at the lower price', async () => {
    const world = await announcing(dearer)
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(900, 36_000)
    await world.powerCut({ awayS: 200 })
    await world.charger.deliver(2_000)
    await world.charge(100, 36_000)
    const receipt = await end(world)
    expect(receipt.meterStopWh - receipt.meterStartWh).toBe(12_000)
    // 11 kWh until the first reading after it, then 1 kWh: 5.39 + 0.98.
    expect(receipt).toMatchObject({ atChange: { registerWh: 21_000 }, totalMinor: 637 })
    expect(agreesWithThePhone(world)).toBe(true)
  })

  test('with a power cut after the change still knows what came before it', async () => {
    const world = await across(dearer)
    await world.powerCut({ awayS: 20 })
    await world.charge(100, 36_000)
    const receipt = await end(world)
    expect(receipt.atChange).toMatchObject({ registerWh: 20_000, chargingS: 1_000 })
    expect(agreesWithThePhone(world)).toBe(true)
  })

  test('that ends before it, or gets no energy after it, is billed at one price', async () => {
    const world = await announcing(dearer)
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    await end(world)
    expect(receiptOf(world)).toMatchObject({ totalMinor: 294 })
    expect(receiptOf(world).atChange).toBeUndefined()
    expect(agreesWithThePhone(world)).toBe(true)
  })

  test('whose offer was taken before it and that starts after it is all at the new price', async () => {
    const world = await announcing(cheaper)
    await world.pass(970)
    world.charger.onRemoteStart = 'forget'
    const held = await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.pass(40)
    await world.charger.startTransaction(held.authorization.hash.slice(0, 20))
    await world.settle()
    await world.charge(600, 36_000)
    const receipt = await end(world)
    expect(receipt).toMatchObject({ totalMinor: 147, atChange: { registerWh: 10_000, chargingS: 0 } })
    expect(agreesWithThePhone(world)).toBe(true)
  })

  test('does not notice a clock that is moved while it runs', async () => {
    const world = await announcing(dearer)
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    world.time.wallOffsetS = 4_000
    await world.charge(300, 36_000)
    expect(world.phaseOf('charging').costMinor).toBe(294)
  })

  test('stops before the hold at the price to come', async () => {
    const world = await announcing({ energyPerKwh: 98_000 })
    await startSession(world, await TestWallet.create('anna'), 700)
    await world.charge(1_400, 36_000)
    expect(world.phase.kind).toBe('finished')
    expect(receiptOf(world).totalMinor).toBeLessThanOrEqual(700)
    expect(receiptOf(world)).toMatchObject({ stopReason: 'hold-reached' })
    expect(receiptOf(world).meterStopWh).toBeLessThan(20_300)
  })

  test('that was idle over it pays each part of the time at its own rate, the grace but once', async () => {
    const world = await announcing({ idlePerMinute: 2_000 })
    await startSession(world, await TestWallet.create('anna'), minorUnits(1_500))
    await world.charge(100, 36_000)
    await world.charger.setStatus('SuspendedEV')
    await world.pass(1_500)
    const receipt = await end(world)
    // Idle from 100 s on; 900 s before the change, less ten minutes of grace: 5 min at 0.10. Then 600 s at 0.20.
    expect(receipt.atChange).toMatchObject({ idleS: 900 })
    expect(receipt.lines.idleMinor).toBe(50 + 200)
    expect(agreesWithThePhone(world)).toBe(true)
  })
})
