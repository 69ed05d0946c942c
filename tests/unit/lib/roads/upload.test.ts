import { beforeEach, expect, test } from 'vitest'
import type { Bytes } from '@/lib/core/bytes'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import { emptyFrontier } from '@/lib/log/frontier'
import { memoryRoad, type Mishap } from '@/lib/roads/memory-road'
import type { Road } from '@/lib/roads/road'
import { uploadOnce, type UploadParts } from '@/lib/roads/upload'
import { deviceSigner, frontierOf, named } from '../../../fixtures/device-log'
import {
  acknowledgementBytes,
  lockedSigner,
  MemoryReceiver,
  signedTrustList,
  trust,
  trustIn,
} from '../../../fixtures/issuer'
import { countingRandom, events, testDevice } from '../../../contracts/journal'

const timeS = epochSeconds(1_700_000_000)
let disk: MemoryDisk
let journal: Journal
let receiver: MemoryReceiver
let parts: UploadParts

const openOn = (onDisk: MemoryDisk): Journal =>
  expectOk(openMemoryJournal(onDisk, { device: testDevice, random: countingRandom() }), 'open')

const partsWith = (road: Road): UploadParts => ({
  journal,
  signer: deviceSigner,
  certificate: Uint8Array.of(0xa0),
  road,
  verify: verifyWithNode,
})

const answering = (acknowledgement: Uint8Array<ArrayBuffer>, more = {}): Road => ({
  name: 'fixed',
  send: () => Promise.resolve(ok({ acknowledgement, ...more })),
})

beforeEach(() => {
  disk = new MemoryDisk()
  journal = openOn(disk)
  receiver = new MemoryReceiver(deviceSigner.publicKey)
  parts = partsWith(memoryRoad(receiver.receive, () => ({ kind: 'none' })))
})

test('an upload brings the events to the receiver and its acknowledgement to the journal', async () => {
  journal.append(events('a', 'b', 'c'))
  const uploaded = expectOk(await uploadOnce(parts, trust, 0, timeS), 'upload')
  expect(uploaded).toMatchObject({ sentSize: 3, heldByReceiver: 3, outcome: { kind: 'advanced' } })
  expect(receiver.eventsOf(1)).toEqual(named('a', 'b', 'c'))
  expect(journal.acknowledgedSize).toBe(3)
})

test('with nothing to send a bare checkpoint still fetches the news', async () => {
  const uploaded = expectOk(await uploadOnce(parts, trust, 0, timeS), 'upload')
  expect(uploaded).toMatchObject({ sentSize: 0, outcome: { kind: 'known' } })
})

test.each<Mishap>([{ kind: 'flip-answer', at: 0.9 }, { kind: 'drop-answer' }, { kind: 'flip', at: 0.5 }])(
  'after $kind nothing is acknowledged, and sending again completes it',
  async (mishap) => {
    journal.append(events('a', 'b'))
    const mishaps: Mishap[] = [mishap]
    const road = memoryRoad(receiver.receive, () => mishaps.shift() ?? { kind: 'none' })
    expect((await uploadOnce(partsWith(road), trust, 0, timeS)).ok).toBe(false)
    expect(journal.acknowledgedSize).toBe(0)
    expect((await uploadOnce(partsWith(road), trust, 0, timeS)).ok).toBe(true)
    expect(journal.acknowledgedSize).toBe(2)
    expect(receiver.eventsOf(1)).toEqual(named('a', 'b'))
  },
)

test('an acknowledgement that no trusted issuer signed changes nothing', async () => {
  journal.append(events('a'))
  const forged = await acknowledgementBytes(testDevice, 1, frontierOf(named('a')), deviceSigner)
  const refused = await uploadOnce(partsWith(answering(forged)), trust, 0, timeS)
  expect(refused.ok ? undefined : refused.error.code).toBe('api.malformed')
  expect(journal.acknowledgedSize).toBe(0)
})

test('an acknowledgement by a new issuer counts when the root’s newer list comes along', async () => {
  journal.append(events('a'))
  const rotated = nodeSigner(new Uint8Array(32).fill(8))
  const bytes = await acknowledgementBytes(testDevice, 1, frontierOf(named('a')), rotated)
  const list = await signedTrustList(trustIn(rotated.publicKey, 2))
  expect((await uploadOnce(partsWith(answering(bytes)), trust, 0, timeS)).ok).toBe(false)
  expect((await uploadOnce(partsWith(answering(bytes, { trustList: list })), trust, 0, timeS)).ok).toBe(true)
  expect(journal.acknowledgedSize).toBe(1)
})

test('a list that the root did not sign makes nobody an issuer', async () => {
  journal.append(events('a'))
  const thief = nodeSigner(new Uint8Array(32).fill(8))
  const bytes = await acknowledgementBytes(testDevice, 1, frontierOf(named('a')), thief)
  const list = await signedTrustList(trustIn(thief.publicKey, 2), thief)
  expect((await uploadOnce(partsWith(answering(bytes, { trustList: list })), trust, 0, timeS)).ok).toBe(false)
  expect(journal.acknowledgedSize).toBe(0)
})

test('an old acknowledgement of an epoch that was left is not taken for an answer', async () => {
  journal.append(events('a'))
  const old = await acknowledgementBytes(testDevice, 0, emptyFrontier)
  const refused = await uploadOnce(partsWith(answering(old)), trust, 0, timeS)
  expect(refused.ok ? undefined : refused.error.code).toBe('api.malformed')
})

test('a device whose disk was restored learns it from the refusal and brings its events home in a new epoch', async () => {
  journal.append(events('a'))
  await uploadOnce(parts, trust, 0, timeS)
  const backup = disk.backUp()
  journal.append(events('b'))
  await uploadOnce(parts, trust, 1, timeS)

  disk = new MemoryDisk()
  disk.restore(backup)
  journal = openOn(disk)
  journal.append(events('other'))
  parts = partsWith(parts.road)
  const refused = await uploadOnce(parts, trust, 1, timeS)
  expect(refused.ok ? undefined : refused.error).toMatchObject({
    code: 'device.fork',
    outcome: { kind: 'epoch-started', epoch: 2, carriedOver: 1 },
  })
  await uploadOnce(parts, trust, 0, timeS)
  expect(receiver.eventsOf(1)).toEqual(named('a', 'b'))
  expect(receiver.eventsOf(2)).toEqual(named('other'))
  expect(journal.acknowledgedSize).toBe(1)
})

test('a refusal by a key that signs since a rotation is believed by the list that came with it', async () => {
  journal.append(events('mine'))
  const rotated = nodeSigner(new Uint8Array(32).fill(77))
  const held = await acknowledgementBytes(testDevice, 1, frontierOf(named('theirs')), rotated)
  const refusing = (beside: { readonly trustList?: Bytes }): Road => ({
    name: 'refusing',
    send: () => Promise.resolve(err({ code: 'device.fork', detail: '', acknowledgement: held, ...beside })),
  })
  const alone = await uploadOnce(partsWith(refusing({})), trust, 0, timeS)
  expect(alone.ok ? undefined : alone.error.outcome).toBeUndefined()
  const trustList = await signedTrustList(trustIn(rotated.publicKey, 2))
  const explained = await uploadOnce(partsWith(refusing({ trustList })), trust, 0, timeS)
  expect(explained.ok ? undefined : explained.error.outcome).toMatchObject({
    kind: 'epoch-started',
    epoch: 2,
  })
})

test('a receiver that lost its data says how much it holds, and is sent everything from there', async () => {
  journal.append(events('a', 'b', 'c'))
  await uploadOnce(parts, trust, 0, timeS)
  receiver.held.clear()
  journal.append(events('d'))
  const refused = await uploadOnce(parts, trust, 3, timeS)
  expect(refused.ok ? undefined : refused.error).toMatchObject({ code: 'device.gap', heldByReceiver: 0 })
  expectOk(await uploadOnce(parts, trust, 0, timeS), 'upload')
  expect(receiver.eventsOf(1)).toEqual(named('a', 'b', 'c', 'd'))
})

test('a key store that refuses to sign is a fault, not a crash', async () => {
  const refused = await uploadOnce({ ...parts, signer: lockedSigner }, trust, 0, timeS)
  expect(refused.ok ? undefined : refused.error.code).toBe('charger.controller')
})
