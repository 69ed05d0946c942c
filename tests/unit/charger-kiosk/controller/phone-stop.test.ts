import { describe, expect, test } from 'vitest'
import { nonce, type SessionId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import type { Signer } from '@/lib/crypto/signature'
import { envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { stop, type Stop } from '@/lib/protocol/messages/stop'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, startSession, TestWallet, type HeldSession } from '@/tests/fixtures/kiosk-world'
import { storyTimeS, testSigner } from '@/tests/fixtures/messages'

/** The wallet's stop for a session that was accepted here, as a code. */
async function stopCodeOf(
  world: KioskWorld,
  held: HeldSession,
  signer: Signer,
  changes: Partial<Stop> = {},
): Promise<string> {
  const accepted = world
    .events()
    .findLast((event) => event.kind === 'accepted' || event.kind === 'bearer-accepted')
  if (accepted === undefined) throw new Error('Nothing was accepted')
  const offered = expectOk(parseMessage(offer, accepted.offer), 'an offer')
  const payload = {
    sessionId: held.authorization.hash as SessionId,
    nonce: offered.payload.nonce,
    timeS: storyTimeS,
    ...changes,
  }
  return envelopeToText({ kind: 'stop', parts: [(await signMessage(stop, payload, signer)).bytes] })
}

async function charging(options?: Parameters<typeof KioskWorld.create>[0]) {
  const world = await KioskWorld.create(options)
  const wallet = await TestWallet.create('anna')
  const held = await startSession(world, wallet, 1_500)
  return { world, wallet, held }
}

const stopping = (world: KioskWorld) =>
  world.events().flatMap((event) => (event.kind === 'stopping' ? [event] : []))

describe('a stop that the phone signed', () => {
  test('ends the session, and the journal carries the phone’s own words', async () => {
    const { world, wallet, held } = await charging()
    await world.charge(600, 36_000)
    const code = await stopCodeOf(world, held, wallet.signer)
    const outcome = await world.controller.handleScan(1, code)
    await world.settle()
    expect(outcome).toEqual({ kind: 'stopping', sessionId: held.authorization.hash })
    expect(world.phaseOf('finished')).toMatchObject({ stopReason: 'phone', totalMinor: 294 })
    expect(receiptOf(world).stopReason).toBe('phone')
    expect(stopping(world)).toHaveLength(1)
    const said = expectOk(parseMessage(stop, stopping(world)[0]?.stop ?? new Uint8Array()), 'the stop')
    expect(said.payload.sessionId).toBe(held.authorization.hash)
  })

  test('shown again, it changes nothing, and brings the receipt once there is one', async () => {
    const { world, wallet, held } = await charging()
    world.charger.obeysStop = false
    await world.charge(60, 36_000)
    const code = await stopCodeOf(world, held, wallet.signer)
    await world.controller.handleScan(1, code)
    const events = world.journal.size
    expect(await world.controller.handleScan(1, code)).toMatchObject({ kind: 'stopping' })
    expect(world.journal.size).toBe(events)
    await world.charger.stopTransaction('Remote')
    await world.settle()
    expect(await world.controller.handleScan(1, code)).toMatchObject({
      kind: 'known',
      known: { what: 'receipt', accepted: true },
    })
    expect(receiptOf(world).counter).toBe(1)
  })

  test('works after a power cut, from what stands on the disk', async () => {
    const { world, wallet, held } = await charging()
    await world.charge(60, 36_000)
    await world.powerCut()
    await world.controller.handleScan(1, await stopCodeOf(world, held, wallet.signer))
    await world.settle()
    expect(world.phaseOf('finished').stopReason).toBe('phone')
  })

  test('before the charger has started, it gives the whole hold back', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    const wallet = await TestWallet.create('anna')
    const held = await startSession(world, wallet, 1_500)
    expect(world.phase.kind).toBe('starting')
    const outcome = await world.controller.handleScan(1, await stopCodeOf(world, held, wallet.signer))
    await world.settle()
    expect(outcome).toMatchObject({ kind: 'known', known: { what: 'receipt' } })
    expect(receiptOf(world)).toMatchObject({ totalMinor: 0, stopReason: 'phone' })
    expect(stopping(world)[0]?.stop).toBeDefined()
  })

  test('reaches the session at its own bay, whichever camera sees it', async () => {
    const { world, wallet, held } = await charging({ connectorIds: [1, 2] })
    await world.charge(60, 36_000)
    await world.controller.handleScan(2, await stopCodeOf(world, held, wallet.signer))
    await world.settle()
    expect(world.phaseOf('finished').stopReason).toBe('phone')
  })

  test.each<readonly [string, (signer: Signer) => readonly [Signer, Partial<Stop>]]>([
    ['by another key', () => [testSigner('mallory'), {}]],
    ['for another offer', (signer) => [signer, { nonce: nonce('00'.repeat(8)) }]],
    ['for a session that never was here', (signer) => [signer, { sessionId: 'ab'.repeat(16) as SessionId }]],
  ])('%s is refused, and the session runs on', async (_name, forge) => {
    const { world, wallet, held } = await charging()
    await world.charge(60, 36_000)
    const [signer, changes] = forge(wallet.signer)
    const outcome = await world.controller.handleScan(1, await stopCodeOf(world, held, signer, changes))
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'stop.wallet' }, answer: undefined })
    expect(world.phase.kind).toBe('charging')
    expect(stopping(world)).toEqual([])
  })

  test('of an earlier session of the same wallet does not end the one that runs', async () => {
    const { world, wallet, held } = await charging()
    await world.charge(60, 36_000)
    const old = await stopCodeOf(world, held, wallet.signer)
    await world.charger.unplug()
    await world.settle()
    wallet.release(1_470)
    await startSession(world, wallet, 1_000)
    expect(await world.controller.handleScan(1, old)).toMatchObject({ kind: 'known' })
    expect(world.phase.kind).toBe('charging')
  })

  test('that is no stop at all is a damaged code', async () => {
    const { world } = await charging()
    const code = envelopeToText({ kind: 'stop', parts: [new Uint8Array([1, 2, 3])] })
    expect(await world.controller.handleScan(1, code)).toMatchObject({ refusal: { code: 'code.damaged' } })
  })
})
