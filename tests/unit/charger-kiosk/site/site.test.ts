import { beforeEach, describe, expect, test } from 'vitest'
import { siteId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { siteReserveHere } from '@/lib/protocol/messages/offer'
import { countingRandom } from '@/tests/fixtures/counting-random'
import { delta, news, newsCode } from '@/tests/fixtures/kiosk-issuer'
import { KioskWorld, TestWallet, type HeldSession } from '@/tests/fixtures/kiosk-world'
import { MemorySiteGateway } from '@/tests/fixtures/site-gateway'

const atHome = {
  sites: [siteId('kinross')],
  capMinor: minorUnits(30_000),
  sessionCapMinor: minorUnits(30_000),
}
const policy = { maximumHoldMinor: minorUnits(30_000) }

let gateway: MemorySiteGateway
let one: KioskWorld
let other: KioskWorld

/** A bay of the site with a vehicle at it. */
async function bay(name: string): Promise<KioskWorld> {
  const ports = { siteLine: gateway.line(name), random: countingRandom(name) }
  const world = await KioskWorld.create({ policy, ports })
  await world.charger.plug()
  await world.settle()
  return world
}

/** Until everybody has told what they know: a few turns of their lines. */
async function told(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) for (const world of [one, other]) await world.settle()
}

beforeEach(async () => {
  gateway = await MemorySiteGateway.open(2)
  one = await bay('KIN-01')
  other = await bay('KIN-02')
  await told()
})

const standings = () => [one, other].map(({ controller }) => controller.standing().site)

async function shown(world: KioskWorld, held: HeldSession): Promise<string> {
  const outcome = await world.controller.handleScan(1, held.text)
  await world.settle()
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
}

const spend = async (world: KioskWorld, wallet: TestWallet, holdMinor: number): Promise<string> =>
  shown(world, await wallet.authorize(world.offer(), holdMinor))

/** Ten minutes of charging, then the driver leaves. Gives the bill. */
async function charged(world: KioskWorld): Promise<number> {
  await world.charge(600, 36_000)
  await world.charger.unplug()
  await told()
  const ended = world.events().filter((event) => event.kind === 'ended')
  expect(ended).not.toEqual([])
  return 2_940
}

/** After a break it asks again within 15 s. */
async function returned(): Promise<void> {
  for (const world of [one, other]) await world.pass(16)
  await told()
}

describe('a grant of a site whose gateway keeps the book', () => {
  test('has its own limits at every bay, and its cap at all of them together', async () => {
    expect(standings()).toEqual(['whole', 'whole'])
    const anna = await TestWallet.create('anna', atHome)
    expect(await spend(one, anna, 20_000)).toBe('accepted')
    const beyond = await anna.authorize(other.offer(), 10_001, {}, { steps: false })
    expect(await shown(other, beyond)).toBe('wallet.cap')
    expect(gateway.desk.view).toMatchObject({ spends: 2, frozen: [anna.grant.payload.serial] })
  })

  test('is accepted at two bays up to its cap', async () => {
    const anna = await TestWallet.create('anna', atHome)
    expect(await spend(one, anna, 20_000)).toBe('accepted')
    expect(await spend(other, anna, 10_000)).toBe('accepted')
    expect(gateway.reserved).toEqual(['held', 'held'])
  })

  test('is told so by the offer, for as long as it is true', async () => {
    expect([one, other].map((world) => world.offer().payload.roads & siteReserveHere)).toEqual([8, 8])
    gateway.die()
    await told()
    expect([one, other].map((world) => world.offer().payload.roads & siteReserveHere)).toEqual([0, 0])
  })

  test('spends nothing twice by the claim of a copy that the first bay gave it back', async () => {
    const anna = await TestWallet.create('anna', atHome)
    expect(await spend(one, anna, 20_000)).toBe('accepted')
    anna.release(20_000)
    expect(await spend(other, anna, 20_000)).toBe('hold.site-reserve')
    expect(gateway.desk.counts).toMatchObject({ held: 1, absent: 1 })
  })

  test('counts as a stranger’s while the gateway is dead, and nobody waits for it twice', async () => {
    gateway.die()
    await told()
    expect(standings()).toEqual(['lost', 'lost'])
    const anna = await TestWallet.create('anna', atHome)
    expect(await shown(one, await anna.authorize(one.offer(), 1_501, {}, { steps: false }))).toBe(
      'hold.first-seen',
    )
    expect(await spend(one, await TestWallet.create('cem', atHome), 1_500)).toBe('accepted')
    expect(gateway.reserved).toEqual([])
  })

  test('a driver waits a second at most for a gateway that does not answer', async () => {
    gateway.losesAnswers = true
    const anna = await TestWallet.create('anna', atHome)
    const held = await anna.authorize(one.offer(), 6_000)
    const shownNow = one.controller.handleScan(1, held.text)
    await one.settle()
    await one.pass(1)
    expect(await shownNow).toMatchObject({ kind: 'refused', refusal: { code: 'hold.first-seen' } })
    // It was entered all the same: what it knows is more than what it answers.
    expect(gateway.desk.view.spends).toBe(1)
  })

  test('is frozen at the second bay when its copy spends there, and then everywhere', async () => {
    const anna = await TestWallet.create('anna', atHome)
    const first = await anna.authorize(one.offer(), 5_000, {}, { steps: false })
    const copy = await anna.authorize(other.offer(), 6_000, {}, { steps: false })
    expect(await shown(one, first)).toBe('accepted')
    expect(await shown(other, copy)).toBe('grant.frozen')
    await told()
    expect(one.kinds()).toContain('site.frozen')
    expect(gateway.desk.view.frozen).toEqual([anna.grant.payload.serial])
  })

  test('of two bays at the same instant only one sells', async () => {
    const anna = await TestWallet.create('anna', atHome)
    const codes = await Promise.all([
      anna.authorize(one.offer(), 5_000, {}, { steps: false }),
      anna.authorize(other.offer(), 6_000, {}, { steps: false }),
    ])
    const [first, second] = codes
    const outcomes = await Promise.all([shown(one, first), shown(other, second)])
    expect(outcomes.toSorted()).toEqual(['accepted', 'grant.frozen'])
  })

  test('spends what a receipt gave back at the next bay, when the receipt is known there', async () => {
    const anna = await TestWallet.create('anna', atHome)
    expect(await spend(one, anna, 29_000)).toBe('accepted')
    await told()
    // Nobody has signed that any of it is free.
    anna.release(26_060)
    const early = await anna.authorize(other.offer(), 20_000, {}, { steps: false })
    expect(await shown(other, early)).toBe('hold.site-reserve')
    const bill = await charged(one)
    expect(gateway.desk.view.spends).toBe(2)
    const next = await anna.authorize(other.offer(), 20_000, {
      seq: 3,
      previous: early.authorization.hash,
      grossMinor: minorUnits(69_000),
      releasedMinor: minorUnits(49_000 - bill),
    })
    expect(await shown(other, next)).toBe('accepted')
    expect(gateway.reserved.at(-1)).toBe('held')
  })

  test('that roams is entered as well: a copy at the second bay is turned away', async () => {
    const roaming = await TestWallet.create('roaming')
    const first = await roaming.authorize(one.offer(), 1_000, {}, { steps: false })
    const copy = await roaming.authorize(other.offer(), 1_100, {}, { steps: false })
    expect(await shown(one, first)).toBe('accepted')
    expect(await shown(other, copy)).toBe('grant.frozen')
  })
})

describe('a gateway that begins anew', () => {
  test('is taught by its chargers, and gives no seq twice', async () => {
    const anna = await TestWallet.create('anna', atHome)
    const first = await anna.authorize(one.offer(), 5_000, {}, { steps: false })
    const copy = await anna.authorize(other.offer(), 6_000, {}, { steps: false })
    expect(await shown(one, first)).toBe('accepted')
    await told()
    gateway.die()
    gateway.restart()
    expect(gateway.desk.view.spends).toBe(0)
    await returned()
    expect(standings()).toEqual(['whole', 'whole'])
    expect(gateway.desk.view.spends).toBe(1)
    expect(await shown(other, copy)).toMatch(/grant.frozen|offer.expired/)
    expect(gateway.desk.view.frozen).toEqual([anna.grant.payload.serial])
  })

  test('hears what was sold without it, also by a charger that was started anew meanwhile', async () => {
    gateway.die()
    await told()
    const anna = await TestWallet.create('anna', atHome)
    expect(await spend(one, anna, 1_000)).toBe('accepted')
    await one.powerCut()
    gateway.restart()
    await returned()
    expect(gateway.desk.view).toMatchObject({ spends: 1, isWhole: true })
  })

  test('is taught by a charger whose clock runs ten years ahead as by any other', async () => {
    const anna = await TestWallet.create('anna', atHome)
    expect(await spend(one, anna, 5_000)).toBe('accepted')
    await told()
    one.time.wallOffsetS = 10 * 365 * 86_400
    await one.powerCut()
    gateway.die()
    await told()
    gateway.restart()
    await returned()
    // And of what it hears now it forgets nothing either.
    expect(await spend(other, await TestWallet.create('berta', atHome), 6_000)).toBe('accepted')
    await told()
    gateway.die()
    await told()
    other.time.die()
    gateway.restart()
    await one.pass(16)
    for (let turn = 0; turn < 8; turn += 1) await one.settle()
    expect(gateway.desk.view.spends).toBe(2)
  })

  test('gives no high limits while one of its chargers has not told what it knows', async () => {
    gateway.die()
    await told()
    gateway.restart()
    await one.pass(16)
    for (let turn = 0; turn < 8; turn += 1) await one.settle()
    expect(one.controller.standing().site).toBe('part')
    expect(await spend(one, await TestWallet.create('anna', atHome), 1_501)).toBe('hold.first-seen')
  })
})

describe('news of the issuer', () => {
  test('that a phone brought to one bay turn the card away at the next, and outlive the gateway', async () => {
    const anna = await TestWallet.create('anna', atHome)
    const code = newsCode(news('revocation-delta', await delta(12, 13, [anna.grant.payload.serial])))
    expect(await one.controller.handleScan(1, code)).toMatchObject({ kind: 'news' })
    await told()
    expect(await spend(other, anna, 1_000)).toBe('grant.revoked')
    expect(gateway.desk.counts.refusedNews).toBe(0)
    gateway.die()
    await told()
    gateway.restart()
    expect(gateway.desk.isRevoked(anna.grant.payload.serial)).toBe(false)
    await returned()
    expect(gateway.desk.isRevoked(anna.grant.payload.serial)).toBe(true)
  })

  test('that nobody vouches for go no further than the gateway', async () => {
    const anna = await TestWallet.create('anna', atHome)
    const forged = await delta(12, 13, [anna.grant.payload.serial], anna.signer)
    await one.controller.handleScan(1, newsCode(news('revocation-delta', forged)))
    await gateway.line('KIN-01').site({ spends: [], news: [], isAll: false })
    await told()
    expect(await spend(other, anna, 1_000)).toBe('accepted')
  })
})
