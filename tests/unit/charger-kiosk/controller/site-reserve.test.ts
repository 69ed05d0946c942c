import { describe, expect, test } from 'vitest'
import { siteId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { acknowledged, news, newsCode } from '@/tests/fixtures/kiosk-issuer'

const aloneAtSite = 5
const atHome = { sites: [siteId('kinross')], capMinor: minorUnits(30_000) }

async function offering(capabilities: number, policy = {}): Promise<KioskWorld> {
  const world = await KioskWorld.create({ capabilities, policy })
  await world.charger.plug()
  await world.settle()
  return world
}

const refusalOf = async (world: KioskWorld, wallet: TestWallet, holdMinor: number, steps = false) => {
  const held = await wallet.authorize(world.offer(), holdMinor, {}, { steps })
  const outcome = await world.controller.handleScan(1, held.text)
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
}

describe('a grant of this site', () => {
  test('uses its own limits where this journal is the site’s book', async () => {
    const world = await offering(aloneAtSite)
    expect(await refusalOf(world, await TestWallet.create('anna', atHome), 6_000)).toBe('accepted')
  })

  test('counts as a roaming stranger where another charger may have accepted what this one never saw', async () => {
    const world = await offering(1)
    const wallet = await TestWallet.create('anna', atHome)
    expect(await refusalOf(world, wallet, 1_501)).toBe('hold.first-seen')
    expect(await refusalOf(world, await TestWallet.create('berta', atHome), 6_000)).toBe('hold.first-seen')
    expect(await refusalOf(world, await TestWallet.create('cem', atHome), 1_500)).toBe('accepted')
  })

  test('without the book never passes the cap for strangers, even when the issuer has confirmed it', async () => {
    const world = await offering(1, { firstSeenStepUpCapMinor: minorUnits(2_000) })
    const wallet = await TestWallet.create('anna', atHome)
    await startSession(world, wallet, 1_000)
    await world.charge(600, 36_000)
    await world.charger.unplug()
    await world.settle()
    wallet.release(706)
    const code = newsCode(news('acknowledgement', await acknowledged(world, { settledCounter: 1 })))
    await world.controller.handleScan(1, code)
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 2_001, true)).toBe('hold.site-reserve')
    wallet.release(2_001)
    expect(await refusalOf(world, wallet, 2_000)).toBe('accepted')
  })

  test.each([
    ['adds nothing to the roaming money at stake where the book has it', aloneAtSite, 'accepted'],
    ['is roaming money at stake where no book has it', 1, 'hold.exposure'],
  ])('%s', async (_name, capabilities, expected) => {
    const world = await offering(capabilities, { exposureCapMinor: minorUnits(200) })
    await startSession(world, await TestWallet.create('anna', atHome), 1_500)
    await world.charge(600, 36_000)
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, await TestWallet.create('berta'), 150)).toBe(expected)
  })
})

describe('two authorizations with one seq', () => {
  /** A copy of the phone, made before its last spend, signs the same seq again. */
  const forked = async (world: KioskWorld, wallet: TestWallet) => {
    const first = await wallet.authorize(world.offer(), 1_000, {}, { steps: false })
    await world.controller.handleScan(1, first.text)
    await world.settle()
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    const second = await wallet.authorize(world.offer(), 1_100, {}, { steps: false })
    return { first, second }
  }

  test('freeze the grant at its site: nobody is banned, and nothing more is accepted', async () => {
    const world = await offering(aloneAtSite)
    const wallet = await TestWallet.create('anna', atHome)
    const { first, second } = await forked(world, wallet)
    const declined = await world.controller.handleScan(1, second.text)
    expect(declined).toMatchObject({ kind: 'refused', refusal: { code: 'wallet.sequence' } })
    // The honest continuation of the first comes too late: one of the two copies is spending elsewhere.
    const next = await wallet.authorize(world.offer(), 500, {
      seq: 2,
      previous: first.authorization.hash,
      grossMinor: minorUnits(1_500),
      releasedMinor: minorUnits(1_000),
    })
    const frozen = await world.controller.handleScan(1, next.text)
    expect(frozen).toMatchObject({ kind: 'refused', refusal: { code: 'grant.frozen' } })
    expect(frozen.kind === 'refused' && frozen.answer).toBeDefined()
    // Pinned: the same bytes get the same answer, and after a restart too.
    await world.powerCut()
    const again = await world.controller.handleScan(1, next.text)
    expect(again.kind === 'known' && again.known.bytes).toEqual(frozen.kind === 'refused' && frozen.answer)
    expect(world.events().filter((event) => event.kind === 'declined')).toHaveLength(2)
  })

  test('of a roaming grant are declined each by the rule of chains, as before', async () => {
    const world = await offering(aloneAtSite)
    const wallet = await TestWallet.create('anna')
    const { first, second } = await forked(world, wallet)
    expect(await world.controller.handleScan(1, second.text)).toMatchObject({
      refusal: { code: 'wallet.sequence' },
    })
    const next = await wallet.authorize(world.offer(), 500, {
      seq: 2,
      previous: first.authorization.hash,
      grossMinor: minorUnits(1_500),
      releasedMinor: minorUnits(1_000),
    })
    expect(await world.controller.handleScan(1, next.text)).toMatchObject({ kind: 'accepted' })
  })
})

test('the spend stands in the site’s book in the same write as the accept', async () => {
  const world = await offering(aloneAtSite)
  const wallet = await TestWallet.create('anna', atHome)
  const spent = () => {
    const row = world.journal.get('spent', wallet.grant.payload.serial)
    return row.ok && row.value !== undefined
  }
  world.disk.fault = 'full'
  expect(await refusalOf(world, wallet, 6_000)).toBe('charger.storage')
  expect(spent()).toBe(false)
  world.disk.fault = undefined
  await world.pass(40)
  expect(await refusalOf(world, wallet, 6_000)).toBe('accepted')
  expect(spent()).toBe(true)
})
