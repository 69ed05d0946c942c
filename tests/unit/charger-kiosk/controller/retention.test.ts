import { describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { inclusionProof, verifyInclusion } from '@/lib/log/proof'
import { leafHash } from '@/lib/log/hash'
import type { KioskTable } from '@/charger-kiosk/session/records'
import { acknowledged, news, newsCode, permitted, printedCard } from '@/tests/fixtures/kiosk-issuer'
import { issuedPolicy, KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTimeS } from '@/tests/fixtures/messages'

const dayS = 86_400

/** A charger whose policy lasts, so that only what is old goes. */
async function lasting(options: Parameters<typeof KioskWorld.create>[0] = {}): Promise<KioskWorld> {
  const world = await KioskWorld.create(options)
  const rule = await issuedPolicy({ sequence: 8, notAfterS: epochSeconds(storyTimeS + 360 * dayS) })
  await world.controller.takeNews({ policy: rule.bytes })
  return world
}

async function oneSession(world: KioskWorld, wallet: TestWallet): Promise<string> {
  const held = await startSession(world, wallet, 1_000)
  await world.charge(300, 36_000)
  await world.charger.unplug()
  await world.settle()
  return held.text
}

const acknowledge = async (world: KioskWorld, size = world.journal.size): Promise<void> => {
  const bytes = await acknowledged(world, { size, settledCounter: 1_000 })
  await world.controller.handleScan(1, newsCode(news('acknowledgement', bytes)))
}

const rowsOf = (world: KioskWorld, table: KioskTable): number =>
  expectOk(world.journal.list(table), 'rows').length

describe('the log', () => {
  test('keeps what the issuer holds for two months, then lets it go, and every later proof still verifies', async () => {
    const world = await lasting()
    await oneSession(world, await TestWallet.create('anna'))
    const { size } = world.journal
    await acknowledge(world)
    await world.pass(58 * dayS)
    await acknowledge(world)
    expect(world.journal.purgedSize).toBe(0)
    await world.pass(3 * dayS)
    await acknowledge(world)
    const { journal } = world
    expect(journal.purgedSize).toBeGreaterThanOrEqual(size)
    expect(journal.purgedSize).toBeLessThanOrEqual(journal.acknowledgedSize)
    for (const { seq, payload } of expectOk(journal.read(journal.purgedSize, journal.size), 'events')) {
      const proof = inclusionProof(journal.readNode, seq, journal.size)
      expect(proof && verifyInclusion(leafHash(payload), seq, journal.size, proof, journal.root)).toBe(true)
    }
  })

  test('keeps what nobody has acknowledged, however old', async () => {
    const world = await lasting()
    const { size } = world.journal
    await oneSession(world, await TestWallet.create('anna'))
    await acknowledge(world, size)
    await world.pass(200 * dayS)
    await acknowledge(world, size + 1)
    expect(world.journal.purgedSize).toBeLessThanOrEqual(size + 1)
    expect(expectOk(world.journal.read(size + 1, world.journal.size), 'events').length).toBeGreaterThan(3)
  })

  test('is not purged by a clock that jumped ahead and that nobody confirmed', async () => {
    const world = await lasting()
    await oneSession(world, await TestWallet.create('anna'))
    world.time.wallOffsetS = 300 * dayS
    await world.pass(10)
    await acknowledge(world)
    expect(world.journal.purgedSize).toBe(0)
  })

  test('may be purged under a running session: its rows stand beside the log, over a power cut too', async () => {
    const world = await lasting()
    await startSession(world, await TestWallet.create('anna'), 1_000)
    await world.charge(300, 36_000)
    await acknowledge(world)
    const { acknowledgedSize } = world.journal
    expect(expectOk(world.journal.purge(acknowledgedSize), 'purge')).toBe(acknowledgedSize)
    await world.powerCut()
    await world.charge(300, 36_000)
    await world.charger.unplug()
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ energyWh: 6_000, totalMinor: 294 })
  })
})

describe('rows', () => {
  test('of a session stay for a receipt shown once more, and go when its log has long gone', async () => {
    const world = await lasting()
    const text = await oneSession(world, await TestWallet.create('anna'))
    await acknowledge(world)
    await world.pass(58 * dayS)
    await acknowledge(world)
    expect(await world.controller.handleScan(1, text)).toMatchObject({ known: { what: 'receipt' } })
    await world.pass(3 * dayS)
    await acknowledge(world)
    expect([rowsOf(world, 'session'), rowsOf(world, 'unsettled')]).toEqual([0, 0])
  })

  test('of a session stay as long as its grant may come back, however long ago the driver left', async () => {
    const world = await lasting()
    const wallet = await TestWallet.create('anna', { notAfterS: epochSeconds(storyTimeS + 90 * dayS) })
    const text = await oneSession(world, wallet)
    await acknowledge(world)
    await world.pass(100 * dayS)
    await acknowledge(world)
    expect(await world.controller.handleScan(1, text)).toMatchObject({ known: { what: 'receipt' } })
  })

  test('of a session that are gone are no reason to say in writing that it never was', async () => {
    const world = await lasting()
    const text = await oneSession(world, await TestWallet.create('anna'))
    await acknowledge(world)
    await world.pass(61 * dayS)
    await acknowledge(world)
    expect(rowsOf(world, 'session')).toBe(0)
    const declines = rowsOf(world, 'declined')
    expect(await world.controller.handleScan(1, text)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'offer.used' },
      answer: undefined,
    })
    expect(rowsOf(world, 'declined')).toBe(declines)
  })

  test('of permits, of cards and of the site’s book go some time after their end', async () => {
    const world = await lasting({ capabilities: 5 })
    await oneSession(world, await TestWallet.create('anna', { sites: ['kinross' as never] }))
    await world.charger.plug()
    await world.settle()
    const card = await printedCard({ notAfterS: epochSeconds(storyTimeS + dayS) })
    await world.controller.handleScan(1, envelopeToText({ kind: 'voucher', parts: [card] }))
    await world.charger.unplug()
    await world.settle()
    const veto = await permitted({ verdict: 'veto', serial: 'ab'.repeat(8) as never })
    await world.controller.handleScan(1, newsCode(news('permit', veto)))
    expect([rowsOf(world, 'permit'), rowsOf(world, 'bearer'), rowsOf(world, 'spent')]).toEqual([1, 1, 1])
    // The grant ends after four days, and holds outlive it by thirty.
    await world.pass(36 * dayS)
    await acknowledge(world)
    await world.pass(dayS)
    await acknowledge(world)
    expect([rowsOf(world, 'permit'), rowsOf(world, 'bearer'), rowsOf(world, 'spent')]).toEqual([0, 0, 0])
    expect(rowsOf(world, 'chain')).toBe(0)
  })
})
