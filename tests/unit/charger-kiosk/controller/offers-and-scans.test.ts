import { describe, expect, test } from 'vitest'
import { equalBytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { offer } from '@/lib/protocol/messages/offer'
import { receiptsOf } from '@/tests/fixtures/kiosk-receipts'
import { verifyWithNode } from '@/lib/crypto/node'
import { KioskWorld, kioskSigner, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTariff, storyTimeS } from '@/tests/fixtures/messages'
import { assertionOver, passkeyHash } from '@/tests/fixtures/virtual-passkey'
import type { Signer } from '@/lib/crypto/signature'

const plugged = async (options: Parameters<typeof KioskWorld.create>[0] = {}): Promise<KioskWorld> => {
  const world = await KioskWorld.create(options)
  await world.charger.plug()
  await world.settle()
  return world
}

describe('an offer', () => {
  test('is made when a vehicle is plugged in, and not before', async () => {
    const world = await KioskWorld.create()
    expect(world.phase.kind).toBe('available')
    await world.charger.plug()
    await world.settle()
    const offering = world.phaseOf('offering')
    expect(offering.words).toHaveLength(2)
    expect(world.offer().payload).toMatchObject({
      connectorId: 1,
      maximumHoldMinor: 6_000,
      policySequence: 7,
      revocationEpoch: 12,
      clockQuality: 'synchronised',
    })
    // An offer with its certificate is a code of the ordinary path.
    expect(expectOk(envelopeFromText(offering.offerCode), 'a code').parts).toHaveLength(2)
  })

  test('is renewed before it expires, and the older one still counts until it does', async () => {
    const world = await plugged()
    const first = world.offer()
    await world.pass(200)
    const second = world.offer()
    expect(second.hash).not.toBe(first.hash)
    const wallet = await TestWallet.create('anna')
    expect(await world.controller.handleScan(1, (await wallet.authorize(first, 1_000)).text)).toMatchObject({
      kind: 'accepted',
    })
  })

  test('that has expired is declined with a signature, so that the phone gets its hold back', async () => {
    const world = await plugged()
    const old = world.offer()
    await world.pass(301)
    const held = await (await TestWallet.create('anna')).authorize(old, 1_000)
    const outcome = await world.controller.handleScan(1, held.text)
    if (outcome.kind !== 'refused' || outcome.answer === undefined) throw new Error('No signed decline')
    const signed = expectOk(parseMessage(answer, outcome.answer), 'an answer')
    expect(signed.payload).toMatchObject({ sessionId: held.authorization.hash, verdict: 'offer.expired' })
    expect(verifyMessage(signed, kioskSigner.publicKey, verifyWithNode)).toBeDefined()
  })

  test('is void once the vehicle was unplugged, also for the next one', async () => {
    const world = await plugged()
    const old = world.offer()
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    const held = await (await TestWallet.create('anna')).authorize(old, 1_000)
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({
      refusal: { code: 'offer.expired' },
    })
    expect(world.phase.kind).toBe('offering')
  })

  test('is used up by one accept, and by no decline', async () => {
    const world = await plugged()
    const offered = world.offer()
    const anna = await TestWallet.create('anna')
    const berta = await TestWallet.create('berta')
    const tooMuch = await anna.authorize(offered, 5_000)
    expect(await world.controller.handleScan(1, tooMuch.text)).toMatchObject({
      refusal: { code: 'hold.first-seen' },
    })
    expect(await world.controller.handleScan(1, (await berta.authorize(offered, 1_000)).text)).toMatchObject({
      kind: 'accepted',
    })
    await world.settle()
    anna.release(5_000)
    const late = await anna.authorize(offered, 1_000)
    expect(await world.controller.handleScan(1, late.text)).toMatchObject({ refusal: { code: 'offer.used' } })
    expect(world.phase.kind).toBe('charging')
  })

  test('is not made without a policy in force, and the screen says so', async () => {
    // It ran out thirty days ago, all but an hour.
    const notAfterS = epochSeconds(storyTimeS - 30 * 86_400 + 3_600)
    const notBeforeS = epochSeconds(notAfterS - 90 * 86_400)
    const world = await plugged({ policy: { notBeforeS, notAfterS } })
    expect(world.phase.kind).toBe('offering')
    await world.pass(4_000)
    expect(world.phaseOf('unavailable').reason).toBe('charger.policy')
  })

  test('is not made while the charger is away, faulted, or charging for nobody', async () => {
    const world = await plugged()
    await world.charger.disconnect()
    expect(world.phaseOf('unavailable').reason).toBe('charger.offline')
    await world.charger.connect()
    await world.charger.setStatus('Faulted')
    expect(world.phaseOf('unavailable').reason).toBe('charger.faulted')
    await world.charger.setStatus('Charging')
    expect(world.phaseOf('unavailable').reason).toBe('charger.busy')
    await world.charger.setStatus('Preparing')
    await world.settle()
    expect(world.phase.kind).toBe('offering')
  })
})

describe('a code at the camera', () => {
  test.each([
    ['of somebody else', 'https://example.org/menu', 'code.not-outpost'],
    ['of another version', 'OP2:ABC', 'code.version'],
    ['with a broken text', 'OP1:%%%', 'code.damaged'],
    ['without content', 'OP1:', 'code.damaged'],
    ['that is too long', 'x'.repeat(limits.scannedTextCharsMax + 1), 'code.too-large'],
  ])('%s is refused without a trace', async (_name, text, code) => {
    const world = await plugged()
    const size = world.journal.size
    expect(await world.controller.handleScan(1, text)).toMatchObject({
      kind: 'refused',
      refusal: { code },
      answer: undefined,
    })
    expect(world.journal.size).toBe(size)
    expect(world.phaseOf('offering').refusal).toMatchObject({ code, answerCode: null })
    await world.pass(21)
    expect(world.phaseOf('offering').refusal).toBeNull()
  })

  test('that is the charger’s own offer is the wrong kind', async () => {
    const world = await plugged()
    const outcome = await world.controller.handleScan(1, world.phaseOf('offering').offerCode)
    expect(outcome).toMatchObject({ refusal: { code: 'code.wrong-kind' } })
  })

  test('with any byte changed is refused, and nothing is pinned on the driver', async () => {
    const world = await plugged()
    const held = await (await TestWallet.create('anna')).authorize(world.offer(), 1_000)
    const { parts } = expectOk(envelopeFromText(held.text), 'a code')
    const size = world.journal.size
    for (const [index, part] of parts.entries()) {
      for (let offset = 0; offset < part.length; offset += 7) {
        const changed = parts.map((one, at) =>
          at === index ? one.map((byte, place) => (place === offset ? byte ^ 1 : byte)) : one,
        )
        const outcome = await world.controller.handleScan(
          1,
          envelopeToText({ kind: 'authorization', parts: changed }),
        )
        expect(outcome).toMatchObject({ kind: 'refused', answer: undefined })
      }
    }
    expect(world.journal.size).toBe(size)
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({ kind: 'accepted' })
  })

  test('shown again gets the same answer byte for byte, then the receipt, also after a restart', async () => {
    const world = await KioskWorld.create()
    const held = await startSession(world, await TestWallet.create('anna'), 1_500)
    const scan = async () => {
      const outcome = await world.controller.handleScan(1, held.text)
      if (outcome.kind !== 'known') throw new Error(outcome.kind)
      return outcome.known
    }
    const first = await scan()
    expect(first).toMatchObject({ what: 'answer', accepted: true })
    await world.powerCut()
    expect(equalBytes((await scan()).bytes, first.bytes)).toBe(true)
    await world.charger.unplug()
    await world.settle()
    const receipt = await scan()
    expect(receipt.what).toBe('receipt')
    await world.powerCut()
    expect(await scan()).toEqual(receipt)
    expect(world.kinds().filter((kind) => kind === 'accepted')).toHaveLength(1)
  })

  test('declined once is declined for ever, also when the reason has gone', async () => {
    const world = await plugged()
    const held = await (await TestWallet.create('anna')).authorize(world.offer(), 1_000)
    await world.charger.setStatus('Faulted')
    const first = await world.controller.handleScan(1, held.text)
    expect(first).toMatchObject({ refusal: { code: 'offer.expired' } })
    await world.charger.setStatus('Preparing')
    await world.powerCut()
    const again = await world.controller.handleScan(1, held.text)
    if (first.kind !== 'refused' || again.kind !== 'known') throw new Error('Not the stored decline')
    expect(equalBytes(again.known.bytes, first.answer ?? new Uint8Array())).toBe(true)
  })

  test('whose passkey was taken away is refused, and is accepted once it is back', async () => {
    const world = await plugged()
    const wallet = await TestWallet.create('anna', { passkeyHash })
    const offered = world.offer()
    const bare = await wallet.authorize(offered, 4_000)
    expect(await world.controller.handleScan(1, bare.text)).toMatchObject({
      refusal: { code: 'hold.first-seen' },
      answer: undefined,
    })
    const { parts } = expectOk(envelopeFromText(bare.text), 'a code')
    const whole = envelopeToText({
      kind: 'authorization',
      parts: [...parts, assertionOver(bare.authorization.hash)],
    })
    expect(await world.controller.handleScan(1, whole)).toMatchObject({ kind: 'accepted' })
    const accepted = world.events().find((event) => event.kind === 'accepted')
    expect(accepted?.passkeyAssertion).toBeDefined()
  })
})

describe('a charger with two connectors', () => {
  test('starts the session where its offer was made, whichever camera read the code, and both run side by side', async () => {
    const world = await KioskWorld.create({ connectorIds: [1, 2] })
    const bays = () => world.controller.screenState().connectors
    await world.charger.plug()
    await world.charger.setStatus('Preparing', 2)
    await world.settle()
    expect(bays().map(({ bayLabel, phase }) => [bayLabel, phase.kind])).toEqual([
      ['A1.1', 'offering'],
      ['A1.2', 'offering'],
    ])
    const second = bays()[1]!.phase
    if (second.kind !== 'offering') throw new Error('No offer')
    const envelope = expectOk(envelopeFromText(second.offerCode), 'a code')
    const offered = expectOk(parseMessage(offer, envelope.parts[0]!), 'an offer')
    expect(offered.payload.connectorId).toBe(2)
    world.charger.onRemoteStart = 'forget'
    const held = await (await TestWallet.create('anna')).authorize(offered, 1_000)
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({ kind: 'accepted' })
    expect(bays().map(({ phase }) => phase.kind)).toEqual(['offering', 'starting'])
    const other = await (await TestWallet.create('berta')).authorize(world.offer(), 1_000)
    expect(await world.controller.handleScan(1, other.text)).toMatchObject({ kind: 'accepted' })
    await world.powerCut()
    expect(bays().map(({ phase }) => phase.kind)).toEqual(['starting', 'starting'])
    await world.pass(61)
    expect(receiptsOf(world).map(({ counter }) => counter)).toEqual([1, 2])
  })
})

describe('what a wallet may do here before the issuer knows', () => {
  test('two sessions share the first-seen cap', async () => {
    const world = await KioskWorld.create()
    const wallet = await TestWallet.create('anna')
    await startSession(world, wallet, 1_000)
    await world.charge(600, 36_000)
    await world.charger.unplug()
    await world.settle()
    wallet.release(1_000 - 294)
    await world.charger.plug()
    await world.settle()
    const more = await wallet.authorize(world.offer(), 1_300)
    expect(await world.controller.handleScan(1, more.text)).toMatchObject({
      refusal: { code: 'hold.first-seen', facts: { possible: 1_206 } },
    })
  })

  test('a fleet token stops at its daily limit, and may go on the next day', async () => {
    const world = await KioskWorld.create({ policy: { firstSeenCapMinor: minorUnits(10_000) } })
    const fleetRules = {
      fleet: 1,
      vehicleClass: 0,
      dailyLimitMinor: minorUnits(1_000),
      fromMinute: 0,
      toMinute: 0,
    }
    const wallet = await TestWallet.create('driver', { fleetRules })
    await startSession(world, wallet, 1_000)
    await world.charge(600, 36_000)
    await world.charger.unplug()
    await world.settle()
    wallet.release(706)
    await world.charger.plug()
    await world.settle()
    // 2.94 of 10.00 are spent; what was held and not used is free again.
    const tooMuch = await wallet.authorize(world.offer(), 707)
    expect(await world.controller.handleScan(1, tooMuch.text)).toMatchObject({
      refusal: { code: 'wallet.daily-limit', facts: { left: 706 } },
    })
    wallet.release(707)
    await world.pass(12 * 3_600 + 60)
    const tomorrow = await wallet.authorize(world.offer(), 1_000)
    expect(await world.controller.handleScan(1, tomorrow.text)).toMatchObject({ kind: 'accepted' })
  })
})

describe('when something behind the controller fails', () => {
  test('a full disk: nothing is accepted, nothing is promised, and it heals by itself', async () => {
    const world = await plugged()
    const wallet = await TestWallet.create('anna')
    const held = await wallet.authorize(world.offer(), 1_000)
    world.disk.fault = 'full'
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'charger.storage' },
      answer: undefined,
    })
    await world.settle()
    expect(world.charger.heard.filter((line) => line.startsWith('start'))).toHaveLength(0)
    expect(world.phaseOf('unavailable').reason).toBe('charger.storage')
    world.disk.fault = undefined
    await world.pass(31)
    expect(world.phase.kind).toBe('offering')
    // The old offer went with the fault; the phone hears so in a way that frees its hold.
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({
      refusal: { code: 'offer.expired' },
    })
  })

  test('a disk that is full while charging: the charger is stopped at the hold all the same, and its stop is not lost', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 500)
    world.disk.fault = 'full'
    await world.charge(1_200, 36_000)
    expect(world.charger.heard.some((line) => line.startsWith('stop'))).toBe(true)
    expect(world.charger.unanswered).toHaveLength(1)
    world.disk.fault = undefined
    await world.charger.disconnect()
    await world.charger.connect()
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ heldMinor: 500 })
    expect(world.phaseOf('finished').totalMinor).toBeLessThanOrEqual(500)
  })

  test('a disk that stays full past a deadline is not asked without pause', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    await startSession(world, await TestWallet.create('anna'), 500)
    world.disk.fault = 'full'
    await world.pass(600)
    expect(world.phase.kind).toBe('starting')
    world.disk.fault = undefined
    await world.pass(31)
    expect(receiptsOf(world)).toMatchObject([{ totalMinor: 0, stopReason: 'never-started' }])
  })

  test('a disk that loses the answer to a write: what was written counts, and nothing else', async () => {
    const world = await plugged()
    const held = await (await TestWallet.create('anna')).authorize(world.offer(), 1_000)
    world.disk.fault = 'answer-lost'
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({ kind: 'accepted' })
    world.disk.fault = undefined
    await world.powerCut()
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({
      kind: 'known',
      known: { what: 'answer', accepted: true },
    })
  })

  test('a disk that another process has taken over: the controller gives up, and promises nothing more', async () => {
    const faults: string[] = []
    const world = await plugged({ ports: { onFatal: ({ cause }) => faults.push(cause) } })
    const held = await (await TestWallet.create('anna')).authorize(world.offer(), 1_000)
    const old = world.controller
    await world.restart()
    expect(await old.handleScan(1, held.text)).toMatchObject({ refusal: { code: 'charger.storage' } })
    expect(faults).toEqual(['superseded'])
  })

  test('a key store that is locked: offers and receipts wait for it, figures do not', async () => {
    let isLocked = false
    const signer: Signer = {
      publicKey: kioskSigner.publicKey,
      sign: (message) => (isLocked ? Promise.reject(new Error('locked')) : kioskSigner.sign(message)),
    }
    const world = await KioskWorld.create({ signer })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    isLocked = true
    await world.charger.unplug()
    await world.settle()
    expect(world.phase.kind).toBe('stopping')
    expect(world.charger.unanswered).toHaveLength(0)
    await world.powerCut()
    expect(world.phase.kind).toBe('stopping')
    isLocked = false
    await world.pass(2)
    expect(world.phaseOf('finished')).toMatchObject({ totalMinor: 294, stopReason: 'unplugged' })
  })

  test('a locked key store refuses a scan in words and leaves no trace', async () => {
    let isLocked = false
    const signer: Signer = {
      publicKey: kioskSigner.publicKey,
      sign: (message) => (isLocked ? Promise.reject(new Error('locked')) : kioskSigner.sign(message)),
    }
    const world = await plugged({ signer })
    const held = await (await TestWallet.create('anna')).authorize(world.offer(), 1_000)
    isLocked = true
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({
      refusal: { code: 'charger.controller' },
      answer: undefined,
    })
    isLocked = false
    expect(await world.controller.handleScan(1, held.text)).toMatchObject({ kind: 'accepted' })
  })

  test('more codes at once than a person can show are refused unread', async () => {
    const world = await plugged({ policy: { tariff: storyTariff } })
    const waiting = Array.from({ length: limits.scansWaitingMax + 3 }, () =>
      world.controller.handleScan(1, 'OP1:%'),
    )
    const outcomes = await Promise.all(waiting)
    expect(
      outcomes.filter((one) => one.kind === 'refused' && one.refusal.code === 'charger.busy'),
    ).toHaveLength(3)
  })
})
