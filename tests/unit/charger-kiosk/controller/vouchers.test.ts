import { describe, expect, test } from 'vitest'
import { currencyCode, grantSerial, operatorId, siteId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import type { Voucher } from '@/lib/protocol/messages/voucher'
import { acknowledged, delta, news, newsCode, permitted, printedCard } from '@/tests/fixtures/kiosk-issuer'
import { receiptOf, receiptsOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, kioskSigner } from '@/tests/fixtures/kiosk-world'
import { storyTimeS, testSigner } from '@/tests/fixtures/messages'

const serial = grantSerial('c0ffee00c0ffee01')
const codeOf = (card: Uint8Array<ArrayBuffer>): string => envelopeToText({ kind: 'voucher', parts: [card] })
const cardCode = async (changes: Partial<Voucher> = {}): Promise<string> => codeOf(await printedCard(changes))

async function offering(options: Parameters<typeof KioskWorld.create>[0] = {}): Promise<KioskWorld> {
  const world = await KioskWorld.create({ capabilities: 5, ...options })
  await world.charger.plug()
  await world.settle()
  return world
}

async function chargeFor(world: KioskWorld, seconds: number): Promise<void> {
  await world.settle()
  await world.charge(seconds, 36_000)
  await world.charger.unplug()
  await world.settle()
}

const plugAgain = async (world: KioskWorld): Promise<void> => {
  await world.charger.plug()
  await world.settle()
}

const recordHash = (record: Uint8Array): string =>
  expectOk(parseMessage(bearerRecord, record), 'a record').hash

const holdOf = (world: KioskWorld): number => {
  const accepted = world.events().findLast((event) => event.kind === 'bearer-accepted')
  if (accepted === undefined) throw new Error('No bearer was accepted')
  return expectOk(parseMessage(bearerRecord, accepted.record), 'a record').payload.holdMinor
}

describe('a printed card', () => {
  test('starts a session up to the cap for strangers; the charger signs what the card cannot', async () => {
    const world = await offering()
    const outcome = await world.controller.handleScan(1, await cardCode())
    await world.settle()
    expect(outcome.kind).toBe('accepted')
    expect(world.phaseOf('charging')).toMatchObject({ heldMinor: 1_500 })
    const accepted = world.events().find((event) => event.kind === 'bearer-accepted')
    const record = expectOk(parseMessage(bearerRecord, accepted?.record ?? new Uint8Array()), 'a record')
    expect(verifyMessage(record, kioskSigner.publicKey, verifyWithNode)).toBeDefined()
    expect(record.payload).toMatchObject({ connectorId: 1, holdMinor: 1_500, spentMinor: 0 })
    expect(outcome.kind === 'accepted' && outcome.sessionId).toBe(record.hash)
  })

  test('ends by its stop code, with a receipt as always', async () => {
    const world = await offering()
    await world.controller.handleScan(1, await cardCode())
    await world.settle()
    const { stopCode } = world.phaseOf('charging')
    await world.charge(600, 36_000)
    await world.controller.handleStop(1, stopCode ?? '')
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ totalMinor: 294, releasedMinor: 1_206 })
    expect(receiptOf(world)).toMatchObject({ counter: 1, stopReason: 'stop-code' })
  })

  test('is accepted only once it is durable', async () => {
    const world = await offering()
    world.disk.fault = 'full'
    expect(await world.controller.handleScan(1, await cardCode())).toMatchObject({
      refusal: { code: 'charger.storage' },
    })
    expect(world.charger.heard.filter((line) => line.startsWith('start'))).toEqual([])
  })

  test('shown again while its session stands here gets the answer, then the receipt', async () => {
    const world = await offering()
    const code = await cardCode()
    await world.controller.handleScan(1, code)
    await world.settle()
    expect(await world.controller.handleScan(1, code)).toMatchObject({ known: { what: 'answer' } })
    await chargeFor(world, 60)
    expect(await world.controller.handleScan(1, code)).toMatchObject({ known: { what: 'receipt' } })
    expect(receiptsOf(world)).toHaveLength(1)
  })

  test('spends its cap once, over sessions and power cuts, and then is spent', async () => {
    const world = await offering()
    const code = await cardCode()
    await world.controller.handleScan(1, code)
    // 20 kWh cost 9.80.
    await chargeFor(world, 2_000)
    expect(receiptOf(world).totalMinor).toBe(980)
    await plugAgain(world)
    await world.powerCut()
    await world.controller.handleScan(1, code)
    expect(holdOf(world)).toBe(2_000 - 980)
    await chargeFor(world, 3_000)
    const spent = receiptsOf(world).reduce((sum, { totalMinor }) => sum + totalMinor, 0)
    expect(spent).toBeLessThanOrEqual(2_000)
    // What is left after a stop a moment before the hold.
    await plugAgain(world)
    const left = 2_000 - spent
    const last = await world.controller.handleScan(1, code)
    expect(last.kind).toBe(left === 0 ? 'refused' : 'accepted')
  })

  test('goes on over a power cut in the middle, and is billed once', async () => {
    const world = await offering()
    await world.controller.handleScan(1, await cardCode())
    await world.settle()
    await world.charge(300, 36_000)
    await world.powerCut()
    await world.charge(300, 36_000)
    await world.charger.unplug()
    await world.settle()
    expect(receiptOf(world)).toMatchObject({ totalMinor: 294, counter: 1 })
    expect(receiptOf(world).sessionId).toBe(
      world
        .events()
        .flatMap((event) => (event.kind === 'bearer-accepted' ? [recordHash(event.record)] : []))[0],
    )
  })

  test('of a cap that is used up is refused as spent', async () => {
    const world = await offering()
    const code = await cardCode({ capMinor: minorUnits(294) })
    await world.controller.handleScan(1, code)
    await world.settle()
    await world.charge(590, 36_000)
    await world.charger.deliver(1_000)
    await world.charger.unplug()
    await world.settle()
    expect(receiptOf(world).totalMinor).toBe(294)
    await plugAgain(world)
    expect(await world.controller.handleScan(1, code)).toMatchObject({ refusal: { code: 'voucher.spent' } })
  })

  test('at two bays of one charger never holds more than its cap', async () => {
    const world = await offering({ connectorIds: [1, 2] })
    const code = await cardCode({ capMinor: minorUnits(1_000) })
    await world.controller.handleScan(1, code)
    await world.charger.setStatus('Preparing', 2)
    await world.settle()
    expect(await world.controller.handleScan(2, code)).toMatchObject({ refusal: { code: 'voucher.spent' } })
  })

  test('has its money acknowledged without anybody confirming a chain', async () => {
    const world = await offering()
    await world.controller.handleScan(1, await cardCode())
    await chargeFor(world, 600)
    await world.controller.handleScan(1, newsCode(news('acknowledgement', await acknowledged(world))))
    expect(expectOk(world.journal.list('unsettled'), 'rows')).toEqual([])
  })
})

describe('a card is refused', () => {
  const refusalOf = async (world: KioskWorld, changes: Partial<Voucher> = {}) => {
    const outcome = await world.controller.handleScan(1, await cardCode(changes))
    return outcome.kind === 'refused' ? [outcome.refusal.code, outcome.answer] : outcome.kind
  }

  test.each<readonly [string, Partial<Voucher>, string]>([
    ['of another operator', { operator: operatorId('other') }, 'grant.operator'],
    ['in another currency', { currency: currencyCode('CHF') }, 'grant.currency'],
    ['after its end', { notAfterS: epochSeconds(storyTimeS - 1) }, 'voucher.expired'],
    ['before its beginning', { notBeforeS: epochSeconds(storyTimeS + 4_000) }, 'voucher.expired'],
    ['of another site: it never roams', { sites: [siteId('grimsel')] }, 'voucher.site'],
    ['with nothing on it', { capMinor: minorUnits(0) }, 'voucher.spent'],
  ])('%s, and nothing is signed or written', async (_name, changes, code) => {
    const world = await offering()
    const { size } = world.journal
    expect(await refusalOf(world, changes)).toEqual([code, undefined])
    expect(world.journal.size).toBe(size)
  })

  test('that nobody issued', async () => {
    const world = await offering()
    const forged = codeOf(await printedCard({}, testSigner('nobody')))
    expect(await world.controller.handleScan(1, forged)).toMatchObject({
      refusal: { code: 'voucher.signature' },
    })
  })

  test('where other chargers of the site may have spent it already', async () => {
    expect(await refusalOf(await offering({ capabilities: 1 }))).toEqual(['hold.site-reserve', undefined])
  })

  test('while the time is unknown: nothing else ends a lost card', async () => {
    expect(await refusalOf(await offering({ clockUnknown: true }))).toEqual(['hold.clock', undefined])
  })

  test('once it is revoked, or vetoed', async () => {
    const world = await offering()
    const veto = await permitted({ verdict: 'veto', serial })
    await world.controller.handleScan(1, newsCode(news('permit', veto)))
    expect(await refusalOf(world)).toEqual(['permit.vetoed', undefined])
    await world.controller.handleScan(1, newsCode(news('revocation-delta', await delta(12, 13, [serial]))))
    expect(await refusalOf(world)).toEqual(['voucher.revoked', undefined])
  })

  test('with no vehicle plugged in, or while another session runs', async () => {
    const world = await KioskWorld.create({ capabilities: 5 })
    expect(await refusalOf(world)).toEqual(['charger.unplugged', undefined])
    await plugAgain(world)
    await world.controller.handleScan(1, await cardCode())
    await world.settle()
    expect(await refusalOf(world, { serial: grantSerial('c0ffee00c0ffee02') })).toEqual([
      'charger.busy',
      undefined,
    ])
  })

  test('that is damaged', async () => {
    const world = await offering()
    expect(await world.controller.handleScan(1, codeOf(new Uint8Array([1])))).toMatchObject({
      refusal: { code: 'code.damaged' },
    })
  })
})
