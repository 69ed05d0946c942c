/** What strangers may do by radio, and what they may not. */

import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { chunksOfCode } from '@/lib/protocol/bluetooth-chunks'
import { decodeLinkState, decodeNotice } from '@/lib/protocol/bluetooth-gatt'
import { envelopeToText } from '@/lib/protocol/envelope'
import { BluetoothDesk } from '@/charger-kiosk/bluetooth/desk'
import { MemoryRadio, type MemoryPhone } from '@/charger-kiosk/bluetooth/memory-radio'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'

async function site() {
  const world = await KioskWorld.create()
  const desk = new BluetoothDesk(world.controller, { clock: world.time, timers: world.time })
  const radio = new MemoryRadio(desk)
  desk.attend(radio)
  await world.charger.plug()
  await world.settle()
  return { world, desk, radio }
}

const start = toBytes([1])
const end = toBytes([2])

function started(radio: MemoryRadio): MemoryPhone {
  const phone = radio.connect()
  phone.writeState(start)
  return phone
}

/** Everything that waits for the phone; notices by their reason. */
function readAll(phone: MemoryPhone): (string | number)[] {
  const values: (string | number)[] = []
  for (let value = phone.read(); value !== undefined && value.length > 0; value = phone.read()) {
    values.push(decodeNotice(value)?.reason ?? value.length)
  }
  return values
}

const write = (phone: MemoryPhone, text: string): boolean =>
  (chunksOfCode(text, 20) ?? []).every((chunk) => phone.write(chunk))

test('who has not started hears nothing and may write nothing', async () => {
  const { radio } = await site()
  const phone = radio.connect()
  expect(phone.write(toBytes([0, 1]))).toBe(false)
  expect(phone.read()).toEqual(toBytes([]))
  expect(phone.writeState(toBytes([7]))).toBe(false)
  expect(phone.writeState(toBytes([1, 1]))).toBe(false)
})

test('the phone is told how much it may write at once: what its connection carries, or what every radio can', async () => {
  const { radio } = await site()
  const [modern, plain] = [radio.connect(244), radio.connect()]
  for (const phone of [modern, plain]) phone.writeState(start)
  expect(decodeLinkState(modern.readState() ?? start)).toBe(244)
  expect(decodeLinkState(plain.readState() ?? start)).toBe(20)
})

test('an offer is told once, and again only when it is another', async () => {
  const { world, radio } = await site()
  const phone = started(radio)
  expect(readAll(phone)).toHaveLength(1)
  await world.pass(1)
  expect(readAll(phone)).toEqual([])
  await world.charger.unplug()
  await world.charger.plug()
  await world.settle()
  expect(readAll(phone)).toHaveLength(1)
})

test('the ninth phone is told that there are too many, and hung up on; when one leaves there is room', async () => {
  const { world, desk, radio } = await site()
  const phones = Array.from({ length: 8 }, () => started(radio))
  const ninth = started(radio)
  expect(readAll(ninth)).toEqual(['link.full'])
  await world.pass(6)
  await ninth.ended
  phones[0]?.writeState(end)
  expect(desk.phones).toBe(7)
  expect(readAll(started(radio))).toHaveLength(1)
})

test('rubbish ends the conversation with a reason, and costs nobody else theirs', async () => {
  const { desk, radio } = await site()
  const [good, bad] = [started(radio), started(radio)]
  expect(bad.write(toBytes([9, 9]))).toBe(false)
  expect(readAll(bad).at(-1)).toBe('link.chunk')
  expect(desk.phones).toBe(1)
  expect(readAll(good)).toHaveLength(1)
})

test('more than a second’s worth again and again is a flood', async () => {
  const { radio } = await site()
  const phone = started(radio)
  let written = 0
  while (phone.write(toBytes([1, ...new Array<number>(400).fill(7)])) && written < 100) written += 1
  // Ten of 400 fit a code of 4,096.
  expect(written).toBe(10)
  expect(readAll(phone).at(-1)).toBe('code.too-large')
  const small = started(radio)
  let bytes = 0
  const empty =
    chunksOfCode(envelopeToText({ kind: 'answer', parts: [toBytes(new Uint8Array(400))] }), 512) ?? []
  while (empty.every((chunk) => small.write(chunk))) bytes += 400
  expect(bytes).toBeLessThanOrEqual(8_192)
  expect(readAll(small).at(-1)).toBe('link.flood')
})

test('a printed card is for the camera at its bay', async () => {
  const { radio } = await site()
  const phone = started(radio)
  readAll(phone)
  expect(write(phone, envelopeToText({ kind: 'voucher', parts: [toBytes([1])] }))).toBe(true)
  expect(readAll(phone)).toEqual(['code.wrong-kind'])
})

test('strangers fill the touchscreen with six refusals a minute at most, and the next are not looked at', async () => {
  const { world, radio } = await site()
  const stranger = await TestWallet.create('stranger', {}, (await TestWallet.create('no issuer')).signer)
  const reasons: (string | number)[] = []
  for (let round = 0; round < 9; round += 1) {
    const phone = started(radio)
    readAll(phone)
    write(phone, (await stranger.authorize(world.offer(), 1_000)).text)
    await world.settle()
    reasons.push(...readAll(phone))
    phone.cut()
  }
  expect(reasons).toEqual([
    ...new Array<string>(6).fill('grant.signature'),
    ...new Array<string>(3).fill('link.flood'),
  ])
  await world.pass(60)
  const phone = started(radio)
  readAll(phone)
  write(phone, (await stranger.authorize(world.offer(), 1_000)).text)
  await world.settle()
  expect(readAll(phone)).toEqual(['grant.signature'])
})

test('a silent phone is hung up on after three minutes, a stranger after five', async () => {
  const { world, desk, radio } = await site()
  started(radio)
  const reader = started(radio)
  for (let minute = 0; minute < 4; minute += 1) {
    await world.pass(60)
    reader.read()
  }
  expect(desk.phones).toBe(1)
  await world.pass(70)
  expect(desk.phones).toBe(0)
})

test('switched off, the charger says so to everybody and listens to nobody', async () => {
  const { desk, radio } = await site()
  const phone = started(radio)
  const heard: number[] = []
  phone.onNotified(([value]) => heard.push(value ?? 0))
  desk.close()
  expect(heard).toEqual([2])
  expect(phone.write(toBytes([0, 1]))).toBe(false)
})
