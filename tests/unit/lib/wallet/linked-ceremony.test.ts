/** The ceremony without cameras: the same codes over a link, which may break at any moment. */

import { expect, test } from 'vitest'
import type { SessionId } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { followLink } from '@/lib/wallet/linked-ceremony'
import { memoryCable } from '@/lib/wallet/memory-charger-link'
import type { ScanOutcome } from '@/lib/wallet/ceremony'
import type { Wallet } from '@/lib/wallet/wallet'
import { stopCodeOf } from '@/lib/wallet/wallet'
import { findEntry } from '@/lib/wallet/wallet-state'
import {
  answerText,
  grantTo,
  makeOffer,
  newPhone,
  readAuthorization,
  receiptFor,
  receiptText,
  shownCode,
  statusText,
} from '../../../fixtures/wallet-world'

/** A phone and a charger on one cable; each side's news can be awaited in order. */
async function linked(wallet?: Wallet) {
  const phone = newPhone()
  const own = wallet ?? (await phone.open())
  if (wallet === undefined) await grantTo(own)
  const cable = memoryCable()
  const outcomes = queue<string>()
  const heard = queue<string>()
  cable.charger.listen(heard.put)
  const ceremony = followLink(own, cable.phone, (outcome) =>
    outcomes.put(outcome.ok ? nameOf(outcome.value) : outcome.error.code),
  )
  return { phone, wallet: own, cable, outcomes, heard, ceremony }
}

const nameOf = ({ kind }: ScanOutcome): string => kind

function queue<T>() {
  const waiting: T[] = []
  const takers: ((item: T) => void)[] = []
  return {
    waiting,
    put(item: T): void {
      const taker = takers.shift()
      if (taker === undefined) waiting.push(item)
      else taker(item)
    },
    next(): Promise<T> {
      const item = waiting.shift()
      return item === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(item)
    },
  }
}

async function approved(world: Awaited<ReturnType<typeof linked>>): Promise<SessionId> {
  await world.cable.charger.send((await makeOffer()).text)
  expect(await world.outcomes.next()).toBe('offer')
  return expectOk(await world.wallet.approve(minorUnits(1_500)), 'approved')
}

test('offer, approval, yes, figures and receipt pass without anybody holding up a code', async () => {
  const world = await linked()
  const id = await approved(world)
  expect(readAuthorization(await world.heard.next()).id).toBe(id)
  await world.cable.charger.send(await answerText(id, 'accepted'))
  expect(await world.outcomes.next()).toBe('accepted')
  await world.cable.charger.send(await statusText(id, 60, 500))
  expect(await world.outcomes.next()).toBe('status')
  expectOk(await world.wallet.stop(id), 'asked to stop')
  const entry = findEntry(world.wallet.snapshot(), id)?.entry
  expect(await world.heard.next()).toBe(entry === undefined ? '' : stopCodeOf(entry))
  await world.cable.charger.send(receiptText(await receiptFor(id, 1_500, 500)))
  expect(await world.outcomes.next()).toBe('receipt')
  expect(world.wallet.snapshot().ceremony).toBeNull()
  expect(world.heard.waiting).toEqual([])
})

test('each code is sent once, however often the wallet changes', async () => {
  const world = await linked()
  const id = await approved(world)
  await world.heard.next()
  await world.cable.charger.send(await answerText(id, 'accepted'))
  await world.outcomes.next()
  await world.cable.charger.send(await statusText(id, 60, 500))
  await world.outcomes.next()
  expect(world.heard.waiting).toEqual([])
})

test('after a break the same code goes over the next link, and gets what became of it', async () => {
  const before = await linked()
  const id = await approved(before)
  const code = await before.heard.next()
  before.cable.cut()
  const after = await linked(before.wallet)
  expect(await after.heard.next()).toBe(code)
  await after.cable.charger.send(receiptText(await receiptFor(id, 1_500, 0)))
  expect(await after.outcomes.next()).toBe('receipt')
})

test('after a break the code can be shown instead', async () => {
  const world = await linked()
  await world.cable.charger.send((await makeOffer()).text)
  await world.outcomes.next()
  world.cable.cut()
  const id = expectOk(await world.wallet.approve(minorUnits(1_500)), 'approved')
  expect(shownCode(world.wallet, id)).toMatch(/^OP1:/)
  expect(world.heard.waiting).toEqual([])
})

test('a code that did not get across is said, and ends the link', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const { phone: link, charger } = memoryCable()
  const outcomes = queue<string>()
  const deaf = { ...link, send: () => Promise.resolve(err(refusal('phone.link'))) }
  followLink(wallet, deaf, (outcome) => outcomes.put(outcome.ok ? outcome.value.kind : outcome.error.code))
  await charger.send((await makeOffer()).text)
  expect(await outcomes.next()).toBe('offer')
  expectOk(await wallet.approve(minorUnits(1_500)), 'approved')
  expect(await outcomes.next()).toBe('phone.link')
  await link.ended
})

test('the charger’s next offer does not lead away from a session that was approved', async () => {
  const world = await linked()
  const id = await approved(world)
  await world.heard.next()
  await world.cable.charger.send((await makeOffer()).text)
  expect(await world.outcomes.next()).toBe('code.wrong-kind')
  expect(world.wallet.snapshot().ceremony).toMatchObject({ kind: 'session', sessionId: id })
})

test('garbage of the other side is refused and changes nothing', async () => {
  const world = await linked()
  const before = world.wallet.snapshot()
  await world.cable.charger.send('OP1:GARBAGE')
  expect(await world.outcomes.next()).toBe('code.damaged')
  expect(world.wallet.snapshot()).toBe(before)
})

test('who leaves hears and sends no more', async () => {
  const world = await linked()
  world.ceremony.leave()
  expect((await world.cable.charger.send((await makeOffer()).text)).ok).toBe(false)
  expect(world.wallet.snapshot().ceremony).toBeNull()
})
