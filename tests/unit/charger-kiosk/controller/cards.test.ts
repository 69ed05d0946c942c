import { describe, expect, test } from 'vitest'
import { epochSeconds, minorUnits, wattHours } from '@/lib/core/units'
import { connectorId, type TransactionId } from '@/charger-kiosk/ocpp/ids'
import { twinIdentity } from '@/simulator/charger/charger-twin'
import { policySwitches } from '@/lib/protocol/messages/policy-terms'
import { annasCard, annasSerial, bensCard, cardList, entry } from '@/tests/fixtures/card-lists'
import { receiptOf, receiptsOf } from '@/tests/fixtures/kiosk-receipts'
import { issuedPolicy, KioskWorld } from '@/tests/fixtures/kiosk-world'
import { storyTariff, storyTimeS } from '@/tests/fixtures/messages'

type Options = Parameters<typeof KioskWorld.create>[0]

async function withCards(options: Options = {}, list?: Awaited<ReturnType<typeof cardList>>) {
  const world = await KioskWorld.create({ capabilities: 5, ...options })
  await world.controller.takeNews({ localList: list ?? (await cardList()) })
  return world
}

async function plugged(options: Options = {}, list?: Awaited<ReturnType<typeof cardList>>) {
  const world = await withCards(options, list)
  await world.charger.plug()
  await world.settle()
  return world
}

const logOf = (world: KioskWorld): string => JSON.stringify(world.events())

describe('a card at a plugged-in bay', () => {
  test('starts a session that is durable before the charger hears of it', async () => {
    const world = await plugged()
    const asked = world.charger.handlers?.onAuthorize({
      identity: twinIdentity,
      idTag: annasCard,
      receivedAtS: world.time.nowS(),
    })
    expect(await asked).toMatchObject({ status: 'Accepted' })
    expect(world.kinds()).toContain('bearer-accepted')
    expect(world.phase.kind).toBe('starting')
    // The charger starts by itself; it is not told to.
    expect(world.charger.heard.filter((line) => line.startsWith('start'))).toEqual([])
  })

  test('charges, and the same card stops it with a receipt', async () => {
    const world = await plugged()
    expect(await world.charger.presentCard(annasCard)).toBe('Accepted')
    await world.settle()
    await world.charge(600, 36_000)
    await world.charger.presentCard(annasCard)
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ totalMinor: 294, stopReason: 'card' })
    expect(receiptOf(world)).toMatchObject({ counter: 1, stopReason: 'card' })
  })

  test('is stopped by the controller where the charger asks instead of stopping by itself', async () => {
    const world = await plugged()
    await world.charger.presentCard(annasCard)
    await world.settle()
    await world.charge(600, 36_000)
    const request = { identity: twinIdentity, idTag: annasCard, receivedAtS: world.time.nowS() }
    expect(await world.charger.handlers?.onAuthorize(request)).toMatchObject({ status: 'Accepted' })
    await world.settle()
    expect(receiptOf(world)).toMatchObject({ totalMinor: 294, stopReason: 'card' })
  })

  test('another card does not stop it', async () => {
    const world = await plugged()
    await world.charger.presentCard(annasCard)
    await world.settle()
    await world.charge(60, 36_000)
    expect(await world.charger.presentCard(bensCard)).toBe('Invalid')
    expect(world.phase.kind).toBe('charging')
  })

  test('its number is in no journal and on no screen', async () => {
    const world = await plugged()
    await world.charger.presentCard(annasCard)
    await world.settle()
    await world.charger.presentCard('0400000000FFFF')
    await world.charger.startTransaction('0400000000FFFF')
    await world.charger.presentCard(annasCard)
    await world.settle()
    const all = logOf(world) + JSON.stringify(world.controller.screenState())
    expect(all).not.toContain(annasCard)
    expect(all).not.toContain('0400000000FFFF')
  })

  test('is accepted only once it is durable', async () => {
    const world = await plugged()
    world.disk.fault = 'full'
    await expect(world.charger.presentCard(annasCard)).rejects.toThrow('Not recorded')
    expect(world.charger.transaction).toBeUndefined()
  })

  test('spends its credit once, over sessions', async () => {
    const world = await plugged()
    await world.charger.presentCard(annasCard)
    await world.settle()
    // The cap of 15.00 is 30.6 kWh.
    await world.charge(4_000, 36_000)
    await world.settle()
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    const spent = receiptOf(world).totalMinor
    expect(spent).toBeGreaterThan(1_450)
    expect(spent).toBeLessThanOrEqual(1_500)
    await world.charger.presentCard(annasCard)
    await world.settle()
    await world.charge(600, 36_000)
    await world.charger.unplug()
    await world.settle()
    const total = receiptsOf(world).reduce((sum, { totalMinor }) => sum + totalMinor, 0)
    expect(total).toBeLessThanOrEqual(1_500)
  })

  test('stays within its own cap of one session', async () => {
    const list = await cardList({}, [
      await entry(annasCard, annasSerial, { sessionCapMinor: minorUnits(500) }),
    ])
    const world = await plugged({}, list)
    await world.charger.presentCard(annasCard)
    await world.settle()
    expect(world.phaseOf('charging').heldMinor).toBe(500)
  })
})

describe('a card before the vehicle', () => {
  test('is let in, and the session begins when the vehicle is plugged in', async () => {
    const world = await withCards()
    expect(await world.charger.presentCard(annasCard)).toBe('Accepted')
    expect(world.kinds()).toContain('card-let-in')
    await world.charger.plug()
    expect(world.phase.kind).toBe('starting')
    await world.charger.startTransaction(annasCard)
    await world.settle()
    expect(world.phase.kind).toBe('charging')
  })

  test('is forgotten after a minute', async () => {
    const world = await withCards()
    await world.charger.presentCard(annasCard)
    await world.pass(61)
    await world.charger.plug()
    expect(world.phase.kind).toBe('offering')
  })
})

describe('who is turned away', () => {
  test.each([
    ['an unknown card', '0400000000FFFF', 'Unknown'],
    ['a blocked one', annasCard, 'Blocked'],
  ] as const)('%s', async (_name, token, status) => {
    const world = await plugged()
    if (status === 'Blocked') await world.revoke(annasSerial)
    expect(await world.charger.presentCard(token)).toBe(status)
    expect(world.kinds()).not.toContain('bearer-accepted')
  })

  test('everybody, once the list has expired', async () => {
    const list = await cardList({ notAfterS: epochSeconds(storyTimeS + 100) })
    const world = await plugged({}, list)
    await world.pass(200)
    expect(await world.charger.presentCard(annasCard)).toBe('Expired')
  })

  test('everybody, where the policy says no cards', async () => {
    const world = await plugged({ policy: { switches: policySwitches.cardsOff } })
    expect(await world.charger.presentCard(annasCard)).toBe('Invalid')
  })

  test('a card whose voucher is for another site', async () => {
    const list = await cardList({}, [await entry(annasCard, annasSerial, {}, { sites: ['perth' as never] })])
    const world = await plugged({}, list)
    expect(await world.charger.presentCard(annasCard)).toBe('NotAtThisLocation')
  })

  test('a start by nobody we know gets an answer and an incident without the number', async () => {
    const world = await plugged()
    await world.charger.startTransaction('0400000000FFFF')
    expect(world.charger.transaction).toBeUndefined()
    expect(world.kinds()).toContain('ocpp.unknown-start')
  })
})

describe('while the controller was away', () => {
  test('a card that the charger let in by itself becomes a session with a receipt', async () => {
    const world = await withCards()
    world.charger.orphan()
    world.charger.status = 'Preparing'
    await world.charger.startTransaction(annasCard)
    await world.time.advance(1_200_000)
    world.charger.registerWh += 10_000
    await world.powerCut()
    await world.charger.deliver(2_000)
    await world.charger.unplug()
    await world.settle()
    // 12 kWh at 0.49.
    expect(receiptOf(world)).toMatchObject({ totalMinor: 588, startS: storyTimeS })
  })

  test('is billed at the price of that time', async () => {
    const world = await withCards()
    world.charger.orphan()
    world.charger.status = 'Preparing'
    await world.charger.startTransaction(annasCard)
    await world.time.advance(1_200_000)
    const dearer = { ...storyTariff, energyPerKwh: 9_900 }
    const next = await issuedPolicy({ sequence: 8, tariff: dearer })
    await world.restart()
    await world.controller.takeNews({ policy: next.bytes })
    world.charger.registerWh += 10_000
    await world.charger.connect(world.controller.handlers)
    await world.charger.unplug()
    await world.settle()
    expect(receiptOf(world).totalMinor).toBe(490)
  })

  test('is billed no more than the card has left, and says so', async () => {
    const world = await withCards()
    world.charger.orphan()
    world.charger.status = 'Preparing'
    await world.charger.startTransaction(annasCard)
    await world.time.advance(7_200_000)
    world.charger.registerWh += 60_000
    await world.powerCut()
    await world.charger.unplug()
    await world.settle()
    expect(receiptOf(world)).toMatchObject({ totalMinor: 1_500 })
    expect(world.kinds()).toContain('card.over-credit')
  })

  test('a revoked card is written down all the same, and is told to stop', async () => {
    const world = await withCards()
    await world.revoke(annasSerial)
    world.charger.orphan()
    world.charger.status = 'Preparing'
    await world.charger.startTransaction(annasCard)
    await world.time.advance(600_000)
    world.charger.registerWh += 5_000
    await world.powerCut()
    expect(world.charger.transaction).toBeUndefined()
    expect(world.kinds()).toEqual(expect.arrayContaining(['bearer-accepted', 'card.misfit']))
  })
})

describe('what chargers tell twice, late or by halves', () => {
  const start = (world: KioskWorld, token: string, agoS: number, meterStartWh = 10_000) =>
    world.controller.handlers.onStartTransaction({
      ...{ identity: twinIdentity, connectorId: connectorId(1), idTag: token, raw: {} },
      meterStartWh: wattHours(meterStartWh),
      time: { ...world.charger.time(), reportedAtS: epochSeconds(world.time.nowS() - agoS) },
    })
  const stop = (world: KioskWorld, id: TransactionId | undefined, meterStopWh: number, idTag = annasCard) =>
    world.controller.handlers.onStopTransaction({
      ...{ identity: twinIdentity, transactionId: id, idTag, reason: 'Local', samples: [], raw: {} },
      meterStopWh: wattHours(meterStopWh),
      time: world.charger.time(),
    })

  test('the same start after a restart gets the same number, and is billed once', async () => {
    const world = await withCards()
    await world.time.advance(600_000)
    const told = world.time.nowS()
    const first = await start(world, annasCard, 500)
    await stop(world, first.transactionId, 12_000)
    await world.powerCut()
    const again = await start(world, annasCard, 500 + (world.time.nowS() - told))
    expect(again.transactionId).toBe(first.transactionId)
    await stop(world, first.transactionId, 12_000)
    expect(receiptsOf(world)).toHaveLength(1)
    expect(receiptOf(world).totalMinor).toBe(98)
  })

  test('a stop whose start was lost is a session of nothing where no reading proves more', async () => {
    const world = await withCards()
    await stop(world, undefined, 15_000)
    expect(receiptOf(world)).toMatchObject({ totalMinor: 0, meterStartWh: 15_000, meterStopWh: 15_000 })
    expect(world.kinds()).toContain('ocpp.start-lost')
    await stop(world, undefined, 15_000)
    await world.powerCut()
    await stop(world, undefined, 15_000)
    expect(receiptsOf(world)).toHaveLength(1)
  })

  test('a late card is settled beside the session that stands at its bay', async () => {
    const world = await plugged()
    await world.time.advance(900_000)
    await world.charger.plug()
    await world.charger.presentCard(bensCard)
    await world.settle()
    await world.charge(60, 36_000)
    const late = await start(world, annasCard, 800, 5_000)
    await world.powerCut()
    await stop(world, late.transactionId, 7_000)
    expect(receiptOf(world)).toMatchObject({ meterStartWh: 5_000, meterStopWh: 7_000, totalMinor: 98 })
    expect(world.phase.kind).toBe('charging')
    await world.charger.presentCard(bensCard)
    await world.settle()
    expect(receiptsOf(world).map(({ counter }) => counter)).toEqual([1, 2])
    expect(world.controller.screenState().connectors).toHaveLength(1)
  })

  test('a start now by a card that is used up is refused, and bills nobody', async () => {
    const list = await cardList({}, [await entry(annasCard, annasSerial, {}, { capMinor: minorUnits(1) })])
    const world = await plugged({}, list)
    await world.charger.presentCard(annasCard)
    await world.settle()
    await world.charge(30, 36_000)
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    const answer = await start(world, annasCard, 0)
    expect(answer).toMatchObject({ status: 'NoCredit', isRecorded: false })
    expect(world.kinds()).toContain('card.misfit')
    expect(receiptsOf(world)).toHaveLength(1)
  })
})
