import { describe, expect, test } from 'vitest'
import { chargerId, operatorId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import type { NewsItem } from '@/lib/protocol/news-item'
import { envelopeToText } from '@/lib/protocol/envelope'
import {
  acknowledged,
  certified,
  delta,
  news,
  newsCode,
  permitted,
  raise,
  timeFor,
  trusted,
} from '@/tests/fixtures/kiosk-issuer'
import { issuedPolicy, KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { issuerSigner, rootSigner, storyTimeS, testSigner } from '@/tests/fixtures/messages'

const nobody = testSigner('nobody')

async function offering(options?: Parameters<typeof KioskWorld.create>[0]): Promise<KioskWorld> {
  const world = await KioskWorld.create(options)
  await world.charger.plug()
  await world.settle()
  return world
}

const show = (world: KioskWorld, ...items: readonly NewsItem[]) =>
  world.controller.handleScan(1, newsCode(...items))

const outcomes = async (world: KioskWorld, ...items: readonly NewsItem[]) => {
  const outcome = await show(world, ...items)
  return outcome.kind === 'news' ? outcome.pieces.map((piece) => piece.outcome) : outcome
}

const refusalOf = async (world: KioskWorld, wallet: TestWallet, holdMinor: number) => {
  const held = await wallet.authorize(world.offer(), holdMinor, {}, { steps: false })
  const outcome = await world.controller.handleScan(1, held.text)
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
}

async function oneSession(world: KioskWorld, wallet: TestWallet, holdMinor: number): Promise<void> {
  await startSession(world, wallet, holdMinor)
  await world.charge(600, 36_000)
  await world.charger.unplug()
  await world.settle()
  wallet.release(holdMinor - 294)
}

describe('a signed time', () => {
  test('for the nonce of the offer on the screen sets a clock that was unknown right', async () => {
    const world = await offering({ clockUnknown: true })
    const { payload } = world.offer()
    expect(payload.clockQuality).toBe('unknown')
    const code = newsCode(news('time', await timeFor(payload.nonce, storyTimeS + 20)))
    expect(await world.controller.handleScan(1, code)).toEqual({
      kind: 'news',
      pieces: [{ kind: 'time', outcome: 'new' }],
    })
    // The code on the screen says so at once; the driver who scanned the old one is not refused.
    expect(world.offer().payload.clockQuality).toBe('synchronised')
    expect(world.kinds().filter((kind) => kind === 'news')).toHaveLength(1)
  })

  test('sets a clock right that stood in 1970, and the timer carries it on', async () => {
    const world = await offering()
    world.time.wallOffsetS = -storyTimeS
    await world.pass(10)
    expect(world.controller.screenState().nowS).toBeLessThan(storyTimeS + 60)
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    const monthS = 30 * 86_400
    const { nonce } = world.offer().payload
    await show(world, news('time', await timeFor(nonce, storyTimeS + monthS)))
    await world.pass(100)
    const { nowS } = world.controller.screenState()
    expect(nowS).toBeGreaterThanOrEqual(storyTimeS + monthS + 100)
    expect(nowS).toBeLessThan(storyTimeS + monthS + 110)
    expect(world.offer().payload.clockQuality).toBe('synchronised')
  })

  test('of a clock that ran ahead brings it back, and after a power cut nothing is known again', async () => {
    const world = await offering()
    world.time.wallOffsetS = 40 * 86_400
    await world.pass(10)
    const before = world.controller.screenState().nowS
    expect(before).toBeGreaterThan(storyTimeS + 39 * 86_400)
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    await show(world, news('time', await timeFor(world.offer().payload.nonce, storyTimeS + 60)))
    expect(world.controller.screenState().nowS).toBeLessThan(storyTimeS + 120)
    expect(await refusalOf(world, await TestWallet.create('anna'), 1_000)).toBe('accepted')
    await world.charger.unplug()
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.clockQuality).toBe('unknown')
  })

  test('for another nonce, or for an offer that is over, only bounds the time from below', async () => {
    const world = await offering({ clockUnknown: true })
    const { nonce } = world.offer().payload
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    const laterS = storyTimeS + 7_200
    expect(await outcomes(world, news('time', await timeFor(nonce, laterS)))).toEqual(['known'])
    expect(world.offer().payload.clockQuality).toBe('unknown')
    expect(world.controller.screenState().nowS).toBeGreaterThanOrEqual(laterS)
  })
})

describe('a revocation delta', () => {
  test('counts from the next scan on, and survives a restart', async () => {
    const world = await offering()
    const wallet = await TestWallet.create('anna')
    const serial = wallet.grant.payload.serial
    expect(await outcomes(world, news('revocation-delta', await delta(12, 15, [serial])))).toEqual(['new'])
    expect(world.offer().payload.revocationEpoch).toBe(15)
    expect(await refusalOf(world, wallet, 1_000)).toBe('grant.revoked')
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.revocationEpoch).toBe(15)
    const next = await TestWallet.create('anna', { capMinor: minorUnits(9_999) })
    expect(await refusalOf(world, next, 1_000)).toBe('grant.revoked')
  })

  test('that builds on what is not here yet waits, and one that says nothing new changes nothing', async () => {
    const world = await offering()
    const wallet = await TestWallet.create('anna')
    const { serial } = wallet.grant.payload
    expect(await outcomes(world, news('revocation-delta', await delta(13, 15, [serial])))).toEqual(['gap'])
    expect(await outcomes(world, news('revocation-delta', await delta(11, 12, [serial])))).toEqual(['known'])
    expect(await refusalOf(world, wallet, 1_000)).toBe('accepted')
  })

  test('builds on another, and a later whole list takes the place of both', async () => {
    const world = await offering()
    const [anna, berta] = [await TestWallet.create('anna'), await TestWallet.create('berta')]
    await show(
      world,
      news('revocation-delta', await delta(12, 13, [anna.grant.payload.serial])),
      news('revocation-delta', await delta(13, 14, [berta.grant.payload.serial])),
    )
    expect(await refusalOf(world, anna, 1_000)).toBe('grant.revoked')
    // A list from between them would bring Berta back.
    await world.revoke(anna.grant.payload.serial)
    expect(world.offer().payload.revocationEpoch).toBe(14)
    expect(await refusalOf(world, berta, 1_000)).toBe('grant.revoked')
  })
})

describe('a permit', () => {
  test('that vetoes a session keeps it from ever being accepted, with the same signed answer each time', async () => {
    const world = await offering()
    const wallet = await TestWallet.create('anna')
    const held = await wallet.authorize(world.offer(), 1_000)
    const sessionId = held.authorization.hash as never
    await show(world, news('permit', await permitted({ verdict: 'veto', sessionId })))
    const first = await world.controller.handleScan(1, held.text)
    expect(first).toMatchObject({ kind: 'refused', refusal: { code: 'permit.vetoed' } })
    const again = await world.controller.handleScan(1, held.text)
    expect(again.kind === 'known' && first.kind === 'refused' && again.known.bytes).toEqual(
      first.kind === 'refused' ? first.answer : undefined,
    )
  })

  test('that vetoes a grant ends nothing that runs, and lets nothing begin, over a restart too', async () => {
    const world = await KioskWorld.create()
    const wallet = await TestWallet.create('anna')
    await startSession(world, wallet, 1_000)
    await world.charge(300, 36_000)
    const veto = await permitted({ verdict: 'veto', serial: wallet.grant.payload.serial })
    expect(await outcomes(world, news('permit', veto))).toEqual(['new'])
    await world.charge(300, 36_000)
    expect(world.phaseOf('charging').energyWh).toBe(6_000)
    await world.powerCut()
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    wallet.release(706)
    expect(await refusalOf(world, wallet, 500)).toBe('permit.vetoed')
  })

  test('that raises a grant stands in for the cap on strangers until it ends', async () => {
    const world = await offering()
    const wallet = await TestWallet.create('anna')
    expect(await outcomes(world, news('permit', await raise(wallet.grant.payload.serial, 4_000)))).toEqual([
      'new',
    ])
    expect(await refusalOf(world, await TestWallet.create('berta'), 4_000)).toBe('hold.first-seen')
    await world.pass(3_700)
    expect(await refusalOf(world, wallet, 3_000)).toBe('hold.first-seen')
    const other = await TestWallet.create('cem')
    const longer = { notAfterS: epochSeconds(storyTimeS + 9_000) }
    await show(world, news('permit', await raise(other.grant.payload.serial, 4_000, longer)))
    expect(await refusalOf(world, other, 4_100)).toBe('hold.first-seen')
    const third = await TestWallet.create('dora')
    await show(world, news('permit', await raise(third.grant.payload.serial, 4_000, longer)))
    expect(await refusalOf(world, third, 4_000)).toBe('accepted')
  })

  test('for another charger, or one that is over, is no news here', async () => {
    const world = await offering()
    const wallet = await TestWallet.create('anna')
    const { serial } = wallet.grant.payload
    const elsewhere = await raise(serial, 4_000, { chargerId: chargerId('KIN-02') })
    const over = await raise(serial, 4_000, { notAfterS: epochSeconds(storyTimeS - 1) })
    expect(await outcomes(world, news('permit', elsewhere), news('permit', over))).toEqual(['known', 'known'])
    expect(await refusalOf(world, wallet, 4_000)).toBe('hold.first-seen')
  })
})

describe('an acknowledgement that a phone brought', () => {
  test('settles as one by road does: exposure, the grant’s standing, and what may be purged', async () => {
    const world = await KioskWorld.create({ policy: { exposureCapMinor: minorUnits(1_700) } })
    const wallet = await TestWallet.create('anna')
    await oneSession(world, wallet, 1_000)
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, await TestWallet.create('berta'), 1_500)).toBe('hold.exposure')
    const code = news('acknowledgement', await acknowledged(world, { settledCounter: 1 }))
    expect(await outcomes(world, code)).toEqual(['new'])
    expect(world.journal.acknowledgedSize).toBeGreaterThan(0)
    expect(await refusalOf(world, await TestWallet.create('cem'), 1_500)).toBe('accepted')
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 1_600)).toBe('accepted')
  })

  test('with the same size and a later confirmation still confirms', async () => {
    const world = await KioskWorld.create()
    const wallet = await TestWallet.create('anna')
    await oneSession(world, wallet, 1_000)
    const { size } = world.journal
    await show(world, news('acknowledgement', await acknowledged(world, { size })))
    await show(world, news('acknowledgement', await acknowledged(world, { size, settledCounter: 1 })))
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 3_000)).toBe('accepted')
  })

  test('of another device, or of an epoch that is over, is no news here', async () => {
    const world = await offering()
    const other = await acknowledged(world, { device: 'KIN-02' as never })
    const old = await acknowledged(world, { epoch: 0 })
    expect(await outcomes(world, news('acknowledgement', other), news('acknowledgement', old))).toEqual([
      'known',
      'known',
    ])
    expect(world.journal.acknowledgedSize).toBe(0)
  })
})

test('a phone brings a new issuer, its revocations and a policy in one code', async () => {
  const world = await offering()
  const fresh = testSigner('issuer 2')
  const wallet = await TestWallet.create('anna', {}, fresh)
  const pieces = await outcomes(
    world,
    news('trust-list', await trusted(2, [issuerSigner, fresh])),
    news('revocation-delta', await delta(12, 13, [], fresh)),
    news('policy', (await issuedPolicy({ sequence: 8 }, fresh)).bytes),
  )
  expect(pieces).toEqual(['new', 'new', 'new'])
  expect(world.offer().payload).toMatchObject({ policySequence: 8, revocationEpoch: 13 })
  expect(await refusalOf(world, wallet, 1_000)).toBe('accepted')
  const told = world.events().find((event) => event.kind === 'news')
  expect(told).toMatchObject({ carried: 3, trustSequence: 2, revocationEpoch: 13, policySequence: 8 })
})

describe('what nobody signed', () => {
  test.each<readonly [string, (world: KioskWorld) => Promise<NewsItem>]>([
    ['a time', async (world) => news('time', await timeFor(world.offer().payload.nonce, storyTimeS, nobody))],
    ['a delta', async () => news('revocation-delta', await delta(12, 13, [], nobody))],
    [
      'a permit',
      async () =>
        news('permit', await permitted({ verdict: 'veto', serial: 'ab'.repeat(8) as never }, nobody)),
    ],
    [
      'a permit of another operator',
      async () =>
        news(
          'permit',
          await permitted({
            verdict: 'veto',
            serial: 'ab'.repeat(8) as never,
            operator: operatorId('other'),
          }),
        ),
    ],
    ['an acknowledgement', async (world) => news('acknowledgement', await acknowledged(world, {}, nobody))],
    ['a trust list', async () => news('trust-list', await trusted(9, [nobody], nobody))],
    ['a trust list by an issuer', async () => news('trust-list', await trusted(9, [nobody], issuerSigner))],
    ['a policy', async () => news('policy', (await issuedPolicy({ sequence: 9 }, nobody)).bytes)],
    ['a certificate', async () => news('charger-certificate', await certified({}, nobody))],
    [
      'a certificate for a stranger’s key',
      async () => news('charger-certificate', await certified({ key: nobody.publicKey })),
    ],
    ['a policy under another kind', async () => news('permit', (await issuedPolicy({ sequence: 9 })).bytes)],
    [
      'a trust list that is the root’s and another operator’s',
      async () => news('time', await trusted(9, [], rootSigner)),
    ],
  ])('%s changes nothing, is refused and noted', async (_name, make) => {
    const world = await offering()
    const before = world.offer().payload
    const item = await make(world)
    expect(await show(world, item)).toMatchObject({ kind: 'refused', refusal: { code: 'news.refused' } })
    expect(world.kinds()).toContain('news.refused')
    expect(world.kinds()).not.toContain('news')
    expect(world.offer().payload).toEqual(before)
    expect(await refusalOf(world, await TestWallet.create('anna'), 1_000)).toBe('accepted')
  })

  test('does not take the rest of the code with it', async () => {
    const world = await offering()
    const wallet = await TestWallet.create('anna')
    const forged = news(
      'permit',
      await permitted({ verdict: 'veto', serial: wallet.grant.payload.serial }, nobody),
    )
    const right = news('revocation-delta', await delta(12, 13, [wallet.grant.payload.serial]))
    expect(await outcomes(world, forged, right)).toEqual(['refused', 'new'])
    expect(await refusalOf(world, wallet, 1_000)).toBe('grant.revoked')
  })

  test('fills no disk, however often it is shown; the issuer’s answer lets it be noted again', async () => {
    const world = await offering()
    const forged = newsCode(news('revocation-delta', await delta(12, 13, [], nobody)))
    const many = limits.refusedNewsMax + 30
    for (let shown = 0; shown < many; shown += 1) await world.controller.handleScan(1, forged)
    const noted = () => world.events().filter((event) => event.kind === 'incident')
    expect(noted()).toHaveLength(limits.refusedNewsMax)
    await show(world, news('acknowledgement', await acknowledged(world)))
    await world.controller.handleScan(1, forged)
    expect(noted()).toHaveLength(limits.refusedNewsMax + 1)
    expect(noted().at(-1)?.detail).toContain('30 more')
  })

  test('and cannot even be read is a damaged code', async () => {
    const world = await offering()
    const code = envelopeToText({ kind: 'news', parts: [new Uint8Array([0x82, 0x01])] })
    expect(await world.controller.handleScan(1, code)).toMatchObject({ refusal: { code: 'code.damaged' } })
  })
})
