import { describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import { sha256 } from '@/lib/crypto/hash'
import type { Signer } from '@/lib/crypto/signature'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { certificateSerial, chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { certified, news, newsCode, trusted } from '@/tests/fixtures/kiosk-issuer'
import { issuedPolicy, KioskWorld, kioskSigner, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { issuerSigner, storyTimeS, testSigner } from '@/tests/fixtures/messages'

const dayS = 86_400
const nextSigner = nodeSigner(sha256(new TextEncoder().encode('the key after the first')))

/** Who signed the offer on the screen, and what the certificate beside it says. */
function shownOffer(world: KioskWorld) {
  const { parts } = expectOk(envelopeFromText(world.phaseOf('offering').offerCode), 'an offer code')
  const offered = expectOk(parseMessage(offer, parts[0]!), 'an offer')
  const certificate = expectOk(parseMessage(chargerCertificate, parts[1]!), 'a certificate').payload
  const isRight = verifyMessage(offered, certificate.key, verifyWithNode) !== undefined
  return { certificate, isRight }
}

const isSignedBy = (bytes: Uint8Array, type: typeof receipt | typeof answer, signer: Signer): boolean =>
  verifyMessage(
    expectOk(parseMessage<unknown>(type as typeof receipt, bytes), 'a message') as never,
    signer.publicKey,
    verifyWithNode,
  ) !== undefined

const endedReceipt = (world: KioskWorld): Uint8Array => {
  const ended = world.events().findLast((event) => event.kind === 'ended')
  if (ended === undefined) throw new Error('Nothing has ended')
  return ended.receipt
}

const renewal = async (world: KioskWorld, changes: Parameters<typeof certified>[0] = {}) =>
  world.controller.takeNews({ certificate: await certified(changes) })

describe('a renewed certificate', () => {
  test.each(['by road', 'in a phone’s code'])('that came %s is on the next offer', async (way) => {
    const world = await KioskWorld.create()
    await world.charger.plug()
    await world.settle()
    const bytes = await certified()
    if (way === 'by road') await world.controller.takeNews({ certificate: bytes })
    else await world.controller.handleScan(1, newsCode(news('charger-certificate', bytes)))
    expect(shownOffer(world)).toMatchObject({
      isRight: true,
      certificate: { notAfterS: storyTimeS + 800 * dayS },
    })
    await world.powerCut()
    expect(shownOffer(world).certificate.notAfterS).toBe(storyTimeS + 800 * dayS)
  })

  test('that begins later waits for its time, also over a restart', async () => {
    const world = await KioskWorld.create()
    await renewal(world, { notBeforeS: epochSeconds(storyTimeS + 3_600) })
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    expect(shownOffer(world).certificate.notAfterS).toBe(storyTimeS + 365 * dayS)
    await world.pass(3_700)
    expect(shownOffer(world).certificate.notAfterS).toBe(storyTimeS + 800 * dayS)
  })

  test('keeps the charger selling past the end of the first; without one it stops offering', async () => {
    const [renewed, lapsed] = [await KioskWorld.create(), await KioskWorld.create()]
    for (const world of [renewed, lapsed]) {
      const longPolicy = await issuedPolicy({ sequence: 8, notAfterS: epochSeconds(storyTimeS + 900 * dayS) })
      await world.controller.takeNews({ policy: longPolicy.bytes })
    }
    await renewal(renewed)
    for (const world of [renewed, lapsed]) {
      world.time.wallOffsetS = 370 * dayS
      await world.pass(700)
      await world.charger.plug()
      await world.settle()
    }
    expect(shownOffer(renewed).isRight).toBe(true)
    expect(lapsed.phaseOf('unavailable').reason).toBe('charger.unpaired')
  })

  test('makes a charger sell again whose certificate was taken back; until then it sells nothing, over a restart too', async () => {
    const world = await KioskWorld.create()
    await world.charger.plug()
    await world.settle()
    const { parts } = expectOk(envelopeFromText(world.phaseOf('offering').offerCode), 'an offer code')
    const shown = expectOk(parseMessage(chargerCertificate, parts[1]!), 'a certificate')
    await world.revoke(certificateSerial(shown.hash))
    await world.settle()
    expect(world.phaseOf('unavailable').reason).toBe('charger.revoked')
    await world.powerCut()
    expect(world.phaseOf('unavailable').reason).toBe('charger.revoked')
    await renewal(world)
    await world.settle()
    expect(shownOffer(world).isRight).toBe(true)
  })

  test('that is older than what we have, is over, or is another charger’s, changes nothing', async () => {
    const world = await KioskWorld.create()
    await renewal(world, { notBeforeS: epochSeconds(storyTimeS - 31 * dayS) })
    await renewal(world, { notAfterS: epochSeconds(storyTimeS - 1) })
    await renewal(world, { chargerId: 'KIN-02' as never })
    await world.charger.plug()
    await world.settle()
    expect(shownOffer(world).certificate).toMatchObject({
      chargerId: 'KIN-01',
      notAfterS: storyTimeS + 365 * dayS,
    })
  })
})

test('a certificate that no longer calls this charger alone at its site closes the site’s book', async () => {
  const world = await KioskWorld.create({ capabilities: 5 })
  await renewal(world, { capabilities: 1 })
  // The one before, shown again, does not bring it back.
  await renewal(world, { capabilities: 5, notBeforeS: epochSeconds(storyTimeS - 20 * dayS) })
  await world.charger.plug()
  await world.settle()
  expect(shownOffer(world).certificate.capabilities).toBe(1)
  const wallet = await TestWallet.create('anna', { sites: ['kinross' as never] })
  const held = await wallet.authorize(world.offer(), 6_000)
  expect(await world.controller.handleScan(1, held.text)).toMatchObject({
    refusal: { code: 'hold.first-seen' },
  })
})

describe('a new key', () => {
  test('signs the next offer; the session of the old one ends with a receipt that its phone can check', async () => {
    const world = await KioskWorld.create({ otherSigners: [nextSigner] })
    const held = await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    await renewal(world, { key: nextSigner.publicKey })
    await world.powerCut()
    await world.charge(300, 36_000)
    await world.charger.unplug()
    await world.settle()
    expect(isSignedBy(endedReceipt(world), receipt, kioskSigner)).toBe(true)
    await world.charger.plug()
    await world.settle()
    expect(shownOffer(world)).toMatchObject({ isRight: true, certificate: { key: nextSigner.publicKey } })
    // The chain of receipts goes on over the change of keys.
    const wallet = await TestWallet.create('berta')
    const next = await wallet.authorize(world.offer(), 1_000)
    const outcome = await world.controller.handleScan(1, next.text)
    expect(outcome.kind === 'accepted' && isSignedBy(outcome.answer, answer, nextSigner)).toBe(true)
    await world.charger.unplug()
    await world.settle()
    expect(isSignedBy(endedReceipt(world), receipt, nextSigner)).toBe(true)
    const again = await world.controller.handleScan(1, held.text)
    expect(again.kind === 'known' && isSignedBy(again.known.bytes, receipt, kioskSigner)).toBe(true)
  })

  test('answers a driver who scanned the old offer with the old key', async () => {
    const world = await KioskWorld.create({ otherSigners: [nextSigner] })
    await world.charger.plug()
    await world.settle()
    const wallet = await TestWallet.create('anna')
    const late = await wallet.authorize(world.offer(), 1_000)
    const refused = await (await TestWallet.create('berta')).authorize(world.offer(), 9_000)
    await renewal(world, { key: nextSigner.publicKey })
    const decline = await world.controller.handleScan(1, refused.text)
    expect(
      decline.kind === 'refused' && isSignedBy(decline.answer ?? new Uint8Array(), answer, kioskSigner),
    ).toBe(true)
    const accept = await world.controller.handleScan(1, late.text)
    expect(accept.kind === 'accepted' && isSignedBy(accept.answer, answer, kioskSigner)).toBe(true)
  })

  test('that this charger does not hold is refused, whoever signed its certificate', async () => {
    const world = await KioskWorld.create()
    await renewal(world, { key: nextSigner.publicKey })
    await world.charger.plug()
    await world.settle()
    expect(shownOffer(world).certificate.key).toBe(kioskSigner.publicKey)
    expect(world.kinds()).toContain('news.refused')
  })
})

describe('issuers that overlap', () => {
  const fresh = testSigner('issuer 2')

  const refusalOf = async (world: KioskWorld, wallet: TestWallet) => {
    const held = await wallet.authorize(world.offer(), 1_000, {}, { steps: false })
    const outcome = await world.controller.handleScan(1, held.text)
    return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
  }

  test('are both believed while the list names both, and a certificate of the new one replaces the old', async () => {
    const world = await KioskWorld.create()
    await world.controller.takeNews({ trustList: await trusted(2, [issuerSigner, fresh]) })
    await world.controller.takeNews({ certificate: await certified({}, fresh) })
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, await TestWallet.create('anna'))).toBe('accepted')
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, await TestWallet.create('berta', {}, fresh))).toBe('accepted')
    await world.controller.takeNews({ trustList: await trusted(3, [fresh]) })
    await world.powerCut()
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    expect(shownOffer(world).certificate.notAfterS).toBe(storyTimeS + 800 * dayS)
    expect(await refusalOf(world, await TestWallet.create('cem'))).toBe('grant.signature')
    expect(await refusalOf(world, await TestWallet.create('dora', {}, fresh))).toBe('accepted')
  })
})
