import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { policySwitches } from '@/lib/protocol/messages/policy-terms'
import { annasCard, annasSerial, bensCard, cardList, entry } from '@/tests/fixtures/card-lists'
import { issuedPolicy, KioskWorld } from '@/tests/fixtures/kiosk-world'
import { storyTimeS } from '@/tests/fixtures/messages'
import { twinIdentity as identity } from '@/simulator/charger/charger-twin'

const configure = async (world: KioskWorld): Promise<void> => {
  await world.controller.handlers.onEvent({
    ...{ type: 'configured', identity, atS: world.time.nowS(), outcomes: {} },
  })
  await world.settle()
}

async function pushed(list: Awaited<ReturnType<typeof cardList>>, prepare?: (world: KioskWorld) => void) {
  const world = await KioskWorld.create({ capabilities: 5 })
  prepare?.(world)
  await world.controller.takeNews({ localList: list })
  await configure(world)
  return world
}

const numbersOf = (world: KioskWorld): string[] => world.charger.list.tokens.map(({ text }) => text).sort()
const pageOf = (from: number, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) => {
      const number = (from + index).toString(16).toUpperCase().padStart(6, '0')
      return entry(`04AA${number}`, `ca4d000000${number.toLowerCase()}`)
    }),
  )

describe('the list that a charger keeps itself', () => {
  test('holds the cards of the site, and only then may it start them without a link', async () => {
    const world = await pushed(await cardList())
    expect(numbersOf(world)).toEqual([annasCard, bensCard].sort())
    expect(world.charger.list.allowsOffline).toBe(true)
  })

  test('is not touched where the issuer listed nobody', async () => {
    const world = await KioskWorld.create({ capabilities: 5 })
    await configure(world)
    expect(world.charger.list.updates).toEqual([])
  })

  test('is not sent again to a charger that has it, also after a power cut', async () => {
    const world = await pushed(await cardList())
    await world.powerCut()
    await configure(world)
    expect(world.charger.list.updates).toHaveLength(1)
  })

  test('loses a revoked card at once, as a change of one', async () => {
    const world = await pushed(await cardList())
    await world.revoke(annasSerial)
    await world.settle()
    expect(numbersOf(world)).toEqual([bensCard])
    expect(world.charger.list.updates.at(-1)).toMatchObject({ isFull: false, removed: [{ text: annasCard }] })
  })

  test('is sent whole again where the charger has another one than we think', async () => {
    const world = await pushed(await cardList())
    world.charger.list.answer = 'VersionMismatch'
    await world.revoke(annasSerial)
    await world.settle()
    expect(world.charger.list.updates.map(({ isFull }) => isFull)).toEqual([true, false, true])
    expect(numbersOf(world)).toEqual([bensCard])
  })

  test('is emptied when the policy switches cards off', async () => {
    const world = await pushed(await cardList())
    const off = await issuedPolicy({ sequence: 8, switches: policySwitches.cardsOff })
    await world.controller.takeNews({ policy: off.bytes })
    await world.settle()
    expect(numbersOf(world)).toEqual([])
    expect(world.charger.list.allowsOffline).toBe(false)
  })

  test('is emptied when it expires', async () => {
    const world = await pushed(await cardList({ notAfterS: epochSeconds(storyTimeS + 1_000) }))
    await world.pass(2_000)
    expect(numbersOf(world)).toEqual([])
  })

  test('comes in as many messages as the charger takes, and no longer than it keeps', async () => {
    const pages = await Promise.all([pageOf(0, 18), pageOf(18, 18), pageOf(36, 18)])
    const world = await pushed(await cardList({}, ...pages), ({ charger }) => {
      charger.list.perMessage = 20
      charger.list.most = 50
    })
    expect(world.charger.list.updates.map(({ entries }) => entries.length)).toEqual([20, 20, 10])
    expect(world.charger.list.tokens).toHaveLength(50)
  })

  test('is left alone by a charger that has none: it asks about every card', async () => {
    const world = await pushed(await cardList(), ({ charger }) => {
      charger.list.answer = 'NotSupported'
    })
    expect(world.charger.list.allowsOffline).toBe(false)
    await world.charger.plug()
    expect(await world.charger.presentCard(annasCard)).toBe('Accepted')
  })
})

describe('the list that the issuer sends', () => {
  test('counts once all of its parts are there, in any order', async () => {
    const [first, second] = await Promise.all([
      cardList({}, [await entry(annasCard, annasSerial)], []),
      cardList({}, [], []),
    ])
    const world = await KioskWorld.create({ capabilities: 5 })
    await world.charger.plug()
    await world.controller.takeNews({ localList: second.slice(1) })
    expect(world.kinds()).not.toContain('list-adopted')
    await world.controller.takeNews({ localList: first.slice(0, 1) })
    expect(world.kinds()).toContain('list-adopted')
    expect(await world.charger.presentCard(annasCard)).toBe('Accepted')
  })

  test('never goes back to an older one', async () => {
    const world = await KioskWorld.create({ capabilities: 5 })
    await world.controller.takeNews({ localList: await cardList({ version: 3 }, []) })
    await world.controller.takeNews({ localList: await cardList({ version: 2 }) })
    await world.charger.plug()
    expect(await world.charger.presentCard(annasCard)).toBe('Unknown')
  })

  test('of another site is refused', async () => {
    const world = await KioskWorld.create({ capabilities: 5 })
    await world.controller.takeNews({ localList: await cardList({ site: 'perth' as never }) })
    expect(world.kinds()).toContain('news.refused')
    expect(world.kinds()).not.toContain('list-adopted')
  })
})
