/** Both ends of the radio: the phone's real wallet at the real controller, and nothing between them but values. */

import { expect, test } from 'vitest'
import type { SessionId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { openBluetoothLink } from '@/lib/wallet/bluetooth-charger-link'
import { followBluetooth, type BayCeremony } from '@/lib/wallet/bluetooth-ceremony'
import { findEntry } from '@/lib/wallet/wallet-state'
import type { Wallet } from '@/lib/wallet/wallet'
import { BluetoothDesk } from '@/charger-kiosk/bluetooth/desk'
import { MemoryRadio } from '@/charger-kiosk/bluetooth/memory-radio'
import { gattOf, type GattOptions } from '@/tests/fixtures/bluetooth-pair'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'
import { grantTo, newPhone, shownCode } from '@/tests/fixtures/wallet-world'

async function site(connectorIds: readonly number[] = [1]) {
  const world = await KioskWorld.create({ connectorIds, signsStatus: true })
  const desk = new BluetoothDesk(world.controller, { clock: world.time, timers: world.time })
  const radio = new MemoryRadio(desk)
  desk.attend(radio)
  await world.charger.plug()
  await world.settle()
  return { world, desk, radio }
}
type Site = Awaited<ReturnType<typeof site>>

interface Linked {
  readonly ceremony: BayCeremony
  readonly heard: string[]
  readonly notices: Refusal[]
  calls(): number
}

async function driver(seed?: string): Promise<Wallet> {
  const wallet = await newPhone(seed).open()
  await grantTo(wallet, { passkeyHash: undefined })
  return wallet
}

async function connect(
  { radio, world }: Site,
  wallet: Wallet,
  { writeBytesMax, ...options }: GattOptions & { readonly writeBytesMax?: number } = {},
): Promise<Linked | undefined> {
  const gatt = gattOf(radio.connect(writeBytesMax), options)
  const link = await openBluetoothLink(gatt)
  if (!link.ok) return undefined
  const heard: string[] = []
  const notices: Refusal[] = []
  const ceremony = followBluetooth(link.value, {
    wallet,
    verify: verifyWithNode,
    onBays: () => undefined,
    onOutcome: (outcome) => heard.push(outcome.ok ? outcome.value.kind : outcome.error.code),
    onNotice: (notice) => notices.push(notice),
  })
  await rest(world)
  return { ceremony, heard, notices, calls: gatt.calls }
}

/** Chunks go back and forth: each takes a few turns. */
const rest = async (world: KioskWorld): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await world.settle()
}

async function authorize(at: Site, wallet: Wallet, linked: Linked, bay = 1): Promise<SessionId> {
  linked.ceremony.choose(bay)
  await rest(at.world)
  const id = expectOk(await wallet.approve(minorUnits(1_500)), 'approved')
  await rest(at.world)
  return id
}

const entryOf = (wallet: Wallet, id: SessionId) => findEntry(wallet.snapshot(), id)?.entry
const accepts = (world: KioskWorld): number => world.kinds().filter((kind) => kind === 'accepted').length
const receipts = (world: KioskWorld): number => world.kinds().filter((kind) => kind === 'ended').length

async function whole(at: Site, wallet: Wallet, writeBytesMax?: number): Promise<void> {
  const linked = await connect(at, wallet, writeBytesMax === undefined ? {} : { writeBytesMax })
  if (linked === undefined) throw new Error('No link')
  expect(linked.ceremony.bays()).toMatchObject([{ connectorId: 1, bayLabel: 'A1' }])
  const id = await authorize(at, wallet, linked)
  expect(entryOf(wallet, id)?.state.kind).toBe('accepted')
  await at.world.charge(600, 36_000)
  expectOk(await wallet.stop(id), 'asked to stop')
  await rest(at.world)
  expect(entryOf(wallet, id)?.state).toMatchObject({
    kind: 'finished',
    recomputedMinor: 294,
    receipt: { payload: { totalMinor: 294, stopReason: 'phone' } },
  })
  expect(linked.heard[0]).toBe('offer')
  expect(linked.heard).toContain('accepted')
  expect(linked.heard.at(-1)).toBe('receipt')
  expect(linked.notices).toEqual([])
}

test('offer, consent, answer, stop and receipt pass without anybody holding up a code', async () => {
  const at = await site()
  await whole(at, await driver())
  expect([accepts(at.world), receipts(at.world)]).toEqual([1, 1])
})

test('the same with a radio that carries more at once', async () => {
  await whole(await site(), await driver(), 244)
})

test('where several bays have an offer the driver chooses by number, and pays for the bay that was chosen', async () => {
  const at = await site([1, 2])
  await at.world.charger.setStatus('Preparing', 2)
  await rest(at.world)
  const wallet = await driver()
  const linked = await connect(at, wallet)
  expect(linked?.ceremony.bays().map(({ bayLabel }) => bayLabel)).toEqual(['A1.1', 'A1.2'])
  if (linked === undefined) throw new Error('No link')
  await authorize(at, wallet, linked, 2)
  expect(at.world.events().filter(({ kind }) => kind === 'accepted')).toMatchObject([{ connectorId: 2 }])
})

test('two phones at once: each gets its own answer, and the one that came too late a signed no', async () => {
  const at = await site()
  const [quick, slow] = [await driver('quick'), await driver('slow')]
  const first = await connect(at, quick)
  const second = await connect(at, slow)
  if (first === undefined || second === undefined) throw new Error('No link')
  second.ceremony.choose(1)
  await rest(at.world)
  const id = await authorize(at, quick, first)
  const late = expectOk(await slow.approve(minorUnits(1_500)), 'approved')
  await rest(at.world)
  expect(entryOf(quick, id)?.state.kind).toBe('accepted')
  expect(entryOf(slow, late)?.state).toMatchObject({ kind: 'declined' })
  expect(second.heard).not.toContain('accepted')
  expect(accepts(at.world)).toBe(1)
})

test('the link breaks at any call, and a second one or the code on the screen brings the same end, once', async () => {
  const measured = await site()
  const wallet = await driver()
  const linked = await connect(measured, wallet)
  if (linked === undefined) throw new Error('No link')
  await authorize(measured, wallet, linked)
  const calls = linked.calls()
  expect(calls).toBeGreaterThan(20)
  for (let cutBefore = 0; cutBefore <= calls; cutBefore += 3) {
    const at = await site()
    const phone = await driver()
    const broken = await connect(at, phone, { cutBefore })
    const bay = broken?.ceremony.bays()[0]
    const id = await (bay === undefined || broken === undefined
      ? byCamera(at, phone)
      : authorize(at, phone, broken))
    // By radio again on every other cut, else by what the phone shows.
    if (cutBefore % 2 === 0) await connect(at, phone)
    else await at.world.controller.handleScan(1, shownCode(phone, id) ?? '')
    await rest(at.world)
    expect(accepts(at.world)).toBe(1)
    await at.world.charge(60, 36_000)
    expectOk(await phone.stop(id), 'asked to stop')
    await connect(at, phone)
    expect(entryOf(phone, id)?.state.kind).toBe('finished')
    expect([accepts(at.world), receipts(at.world)]).toEqual([1, 1])
  }
})

async function byCamera({ world }: Site, wallet: Wallet): Promise<SessionId> {
  expectOk(await wallet.scan(world.phaseOf('offering').offerCode), 'the offer is good')
  return expectOk(await wallet.approve(minorUnits(1_500)), 'approved')
}

test('a phone that comes back after the bay has gone on gets its receipt for the authorization', async () => {
  const at = await site()
  const wallet = await driver()
  const first = await connect(at, wallet)
  if (first === undefined) throw new Error('No link')
  const id = await authorize(at, wallet, first)
  first.ceremony.leave()
  await at.world.charge(60, 36_000)
  await at.world.charger.unplug()
  await at.world.pass(600)
  expect(at.world.phase.kind).toBe('available')
  await connect(at, wallet)
  expect(entryOf(wallet, id)?.state.kind).toBe('finished')
})

test('while phones flood the radio, a camera gets its answer at once', async () => {
  const at = await site()
  const { desk, radio, world } = at
  const flood = Array.from({ length: 40 }, () => radio.connect())
  for (const phone of flood) phone.writeState(Uint8Array.of(1))
  expect(desk.phones).toBe(8)
  let written = 0
  for (let round = 0; round < 2_000; round += 1) {
    for (const phone of flood) if (phone.write(Uint8Array.of(0, round & 255, 1, 2))) written += 1
  }
  expect(written).toBeLessThan(8 * 2_100)
  const card = await TestWallet.create('at the camera')
  const held = await card.authorize(world.offer(), 1_000)
  expect(await world.controller.handleScan(1, held.text)).toMatchObject({ kind: 'accepted' })
})
