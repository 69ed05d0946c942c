import { beforeEach, expect, test } from 'vitest'
import { fromHex, type Bytes } from '@/lib/core/bytes'
import { expectOk, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import { sealAnswer } from '@/lib/roads/parcel-answer'
import { packBacklog, takeParcelAnswer, type ParcelOrder, type ParcelParts } from '@/lib/roads/parcel-desk'
import type { UploadTrust } from '@/lib/roads/upload'
import { HeldBook } from '@/lib/sync/held-ranges'
import { decodeParcel, keyIdOf, openParcel, parcelSecret } from '@/lib/sync/parcel'
import { deviceSigner, named } from '../../../fixtures/device-log'
import { MemoryReceiver, trust as plainTrust } from '../../../fixtures/issuer'
import { countingRandom, events, testDevice } from '../../../contracts/journal'

const refusalOf = <E>(result: Result<unknown, E>): E => {
  if (result.ok) throw new Error('It was not refused')
  return result.error
}

const operator = await hpkePair(new Uint8Array(32).fill(5))
const keys = new Map([[keyIdOf(operator.publicKey), operator.unseal]])
const trust: UploadTrust = {
  ...plainTrust,
  trustList: { ...plainTrust.trustList, sealingKey: operator.publicKey },
}
const order: ParcelOrder = {
  ...{ bytesMax: 1_000_000, countMax: 100, eventsMax: 4, lifetimeH: 720 },
  nowS: epochSeconds(1_700_000_000),
}

let journal: Journal
let receiver: MemoryReceiver
let parts: ParcelParts

beforeEach(() => {
  journal = expectOk(
    openMemoryJournal(new MemoryDisk(), { device: testDevice, random: countingRandom() }),
    'open',
  )
  receiver = new MemoryReceiver(deviceSigner.publicKey)
  parts = {
    ...{ journal, signer: deviceSigner, certificate: Uint8Array.of(0xa0), verify: verifyWithNode },
    ...{ secret: parcelSecret(new Uint8Array(32).fill(9)), seal: sealWithHpke },
  }
})

const pack = async (more: Partial<ParcelOrder> = {}) =>
  expectOk(await packBacklog(parts, trust, { ...order, ...more }), 'pack')

/** The operator's end: opens, takes in, answers. */
async function answerTo(bytes: Bytes): Promise<Bytes> {
  const { label, sealed } = expectOk(decodeParcel(bytes), 'decode')
  const { bundle, answerKey } = expectOk(await openParcel({ label, sealed }, keys), 'open')
  return sealAnswer(label, await receiver.receive(bundle), answerKey, countingRandom().bytes(12))
}

const take = (bytes: Uint8Array) => takeParcelAnswer(parts, trust, bytes)

test('a log leaves in pieces that begin and end at the same places for every carrier', async () => {
  journal.append(events(...'abcdefghij'))
  const first = await pack()
  expect(first.map(({ range }) => range)).toEqual([
    { from: 0, to: 4 },
    { from: 4, to: 8 },
    { from: 8, to: 10 },
  ])
  const again = await pack({ nowS: epochSeconds(1_700_050_000) })
  expect(again.map(({ parcel }) => parcel.label.id)).toEqual(first.map(({ parcel }) => parcel.label.id))
  journal.append(events('k', 'l', 'm'))
  const later = await pack()
  expect(later.slice(0, 2).map(({ parcel }) => parcel.label.id)).toEqual(
    first.slice(0, 2).map(({ parcel }) => parcel.label.id),
  )
  expect(later[2]?.parcel.label.id).not.toBe(first[2]?.parcel.label.id)
})

test('what the carriers bring is acknowledged by the answers that they bring back', async () => {
  journal.append(events(...'abcdefghij'))
  for (const { bytes } of await pack()) expectOk(await take(await answerTo(bytes)), 'take')
  expect(receiver.eventsOf(1)).toEqual(named(...'abcdefghij'))
  expect(journal.acknowledgedSize).toBe(10)
  expect((await pack()).map(({ range }) => range)).toEqual([{ from: 10, to: 10 }])
})

test('answers may come late, twice and in any order', async () => {
  journal.append(events(...'abcdefgh'))
  const answers: Bytes[] = []
  for (const { bytes } of await pack()) answers.push(await answerTo(bytes))
  for (const answer of [...answers].reverse().concat(answers)) await take(answer)
  expect(journal.acknowledgedSize).toBe(8)
})

test('a carrier takes no more than it has room for, but always something', async () => {
  journal.append(events(...'abcdefghij'))
  expect(await pack({ countMax: 2 })).toHaveLength(2)
  const [first] = await pack()
  expect(await pack({ bytesMax: (first?.bytes.length ?? 0) + 1 })).toHaveLength(1)
  expect(await pack({ bytesMax: 1 })).toHaveLength(1)
})

test('what the operator holds already is not handed out again', async () => {
  journal.append(events(...'abcdefghij'))
  const held = new HeldBook()
  held.note(journal.epoch, 1, [{ from: 4, to: 8 }])
  const given = expectOk(await packBacklog({ ...parts, held }, trust, order), 'pack')
  expect(given.map(({ range }) => range.from)).toEqual([0, 8])
  held.note(journal.epoch, 2, [])
  expect(expectOk(await packBacklog({ ...parts, held }, trust, order), 'pack')).toHaveLength(3)
})

test('a carrier without room for all takes what is urgent first, then the oldest', async () => {
  journal.append(events(...'abcdefgh'))
  journal.append([{ kind: 'ended', payload: events('i')[0]?.payload ?? new Uint8Array() }])
  const given = await pack({ isUrgentFirst: true, countMax: 2 })
  expect(given.map(({ range }) => range.from)).toEqual([8, 0])
  expect((await pack({ countMax: 2 })).map(({ range }) => range.from)).toEqual([0, 4])
})

test('a piece that overtook another is refused with what is held, and nothing is lost', async () => {
  journal.append(events(...'abcdefgh'))
  const [first, second] = await pack()
  const early = refusalOf(await take(await answerTo(second?.bytes ?? fromHex(''))))
  expect(early).toMatchObject({ code: 'device.gap', heldByReceiver: 0 })
  expectOk(await take(await answerTo(first?.bytes ?? fromHex(''))), 'take')
  expectOk(await take(await answerTo(second?.bytes ?? fromHex(''))), 'take')
  expect(journal.acknowledgedSize).toBe(8)
})

test('another device’s answer is told apart from a damaged one, and neither changes anything', async () => {
  journal.append(events('a'))
  const [packed] = await pack()
  const answer = await answerTo(packed?.bytes ?? fromHex(''))
  const stranger = { ...parts, secret: parcelSecret(new Uint8Array(32).fill(8)) }
  expect(refusalOf(await takeParcelAnswer(stranger, trust, answer)).code).toBe('parcel.not-ours')
  const damaged = answer.map((byte, at) => (at === answer.length - 1 ? byte ^ 1 : byte))
  expect(refusalOf(await take(damaged)).code).toBe('parcel.unreadable')
  expect(refusalOf(await take(fromHex('a0'))).code).toBe('parcel.unreadable')
  expect(journal.acknowledgedSize).toBe(0)
})

test('before the sealing key is known nothing is handed out', async () => {
  journal.append(events('a'))
  expect(refusalOf(await packBacklog(parts, plainTrust, order)).code).toBe('parcel.no-key')
})
