/** The phone's real wallet at the real controller: nothing passes between them but the texts of codes. */

import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { minorUnits } from '@/lib/core/units'
import { expectOk } from '@/lib/core/result'
import type { SessionId } from '@/lib/core/ids'
import { newsCodeFor } from '@/lib/wallet/carried-news'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import { findEntry } from '@/lib/wallet/wallet-state'
import { stopCodeOf, type Wallet } from '@/lib/wallet/wallet'
import { delta } from '@/tests/fixtures/kiosk-issuer'
import { KioskWorld } from '@/tests/fixtures/kiosk-world'
import { grantTo, newPhone, shownCode, trustNews } from '@/tests/fixtures/wallet-world'

async function meet(): Promise<{ world: KioskWorld; wallet: Wallet }> {
  const wallet = await newPhone().open()
  const { passkeyHash: _none, ...bare } = (await grantTo(wallet, { passkeyHash: undefined })).payload
  expect(bare.capMinor).toBe(10_000)
  const world = await KioskWorld.create()
  await world.charger.plug()
  await world.settle()
  return { world, wallet }
}

async function authorize(
  world: KioskWorld,
  wallet: Wallet,
  holdMinor: number,
): Promise<{ id: SessionId; code: string }> {
  expectOk(await wallet.scan(world.phaseOf('offering').offerCode), 'the offer is good')
  const id = expectOk(await wallet.approve(minorUnits(holdMinor)), 'approved')
  return { id, code: shownCode(wallet, id) ?? '' }
}

const entryOf = (wallet: Wallet, id: SessionId) => findEntry(wallet.snapshot(), id)?.entry.state

test('offer, consent, answer, status and receipt go over, and the hold that was not used is free', async () => {
  const { world, wallet } = await meet()
  const { id, code } = await authorize(world, wallet, 1_500)
  expect(await world.controller.handleScan(1, code)).toMatchObject({ kind: 'accepted', sessionId: id })
  await world.settle()
  const { answerCode, stopCode } = world.phaseOf('charging')
  expectOk(await wallet.scan(answerCode ?? ''), 'the answer is good')
  expect(entryOf(wallet, id)?.kind).toBe('accepted')
  await world.charge(600, 36_000)
  await world.controller.handleStop(1, stopCode ?? '')
  await world.settle()
  expectOk(await wallet.scan(world.phaseOf('finished').receiptCode), 'the receipt is good')
  expect(entryOf(wallet, id)).toMatchObject({
    kind: 'finished',
    recomputedMinor: 294,
    receipt: { payload: { totalMinor: 294 } },
  })
  // Unplugged and plugged in again: a second session, whose sums the charger finds in order.
  await world.charger.unplug()
  await world.charger.plug()
  await world.settle()
  const second = await authorize(world, wallet, 1_200)
  expect(await world.controller.handleScan(1, second.code)).toMatchObject({ kind: 'accepted' })
})

test('a decline frees the hold on the phone, and the next consent follows it in the chain', async () => {
  const { world, wallet } = await meet()
  const { id, code } = await authorize(world, wallet, 1_000)
  await world.charger.unplug()
  await world.charger.plug()
  await world.settle()
  const outcome = await world.controller.handleScan(1, code)
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'offer.expired' } })
  expectOk(await wallet.scan(world.phaseOf('offering').refusal?.answerCode ?? ''), 'the decline is good')
  expect(entryOf(wallet, id)?.kind).toBe('declined')
  const next = await authorize(world, wallet, 1_000)
  expect(await world.controller.handleScan(1, next.code)).toMatchObject({ kind: 'accepted' })
})

test('a start that failed leaves the phone with a receipt of nothing', async () => {
  const { world, wallet } = await meet()
  world.charger.onRemoteStart = 'rejected'
  const { id, code } = await authorize(world, wallet, 1_000)
  await world.controller.handleScan(1, code)
  await world.settle()
  expectOk(await wallet.scan(world.phaseOf('offering').refusal?.answerCode ?? ''), 'the receipt is good')
  expect(entryOf(wallet, id)).toMatchObject({
    kind: 'finished',
    recomputedMinor: 0,
    receipt: { payload: { totalMinor: 0, stopReason: 'never-started' } },
  })
})

test('the phone’s own stop ends the session, and its receipt says so', async () => {
  const { world, wallet } = await meet()
  const { id, code } = await authorize(world, wallet, 1_500)
  await world.controller.handleScan(1, code)
  await world.settle()
  expectOk(await wallet.scan(world.phaseOf('charging').answerCode ?? ''), 'the answer is good')
  await world.charge(600, 36_000)
  expectOk(await wallet.stop(id), 'the stop is signed')
  const entry = findEntry(wallet.snapshot(), id)?.entry
  const stopText = entry === undefined ? undefined : stopCodeOf(entry)
  expect(await world.controller.handleScan(1, stopText ?? '')).toEqual({ kind: 'stopping', sessionId: id })
  await world.settle()
  expectOk(await wallet.scan(world.phaseOf('finished').receiptCode), 'the receipt is good')
  expect(entryOf(wallet, id)).toMatchObject({
    receipt: { payload: { totalMinor: 294, stopReason: 'phone' } },
  })
})

test('the phone carries what was revoked to a charger that has not heard, and is answered all the same', async () => {
  const { world, wallet } = await meet()
  const deltas = [toBase64Url(await delta(12, 14, ['0badcafe00000000']))]
  expectOk(await takeTrust(wallet, { ...trustNews, revocationDeltas: deltas }), 'the news are taken')
  const { id, code } = await authorize(world, wallet, 1_000)
  const place = findEntry(wallet.snapshot(), id)
  if (place === undefined) throw new Error('The phone knows its session')
  const news = newsCodeFor(wallet.snapshot(), place.chain, place.entry, wallet.nowS())
  expect(await world.controller.handleScan(1, news ?? '')).toEqual({
    kind: 'news',
    pieces: [{ kind: 'revocation-delta', outcome: 'new' }],
  })
  expect(world.offer().payload.revocationEpoch).toBe(14)
  // The offer that the phone consented to stands until it expires, although a newer one is on the screen.
  expect(await world.controller.handleScan(1, code)).toMatchObject({ kind: 'accepted', sessionId: id })
})
