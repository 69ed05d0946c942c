/** The charger's end against a gateway in memory that keeps, forgets, lingers and dies, and a receiver behind it. */

import { beforeEach, expect, test } from 'vitest'
import type { Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import type { GatewayLine } from '@/lib/roads/gateway-line'
import type { GatewayCall, GatewayReply, ParcelFate } from '@/lib/roads/gateway-messages'
import { GatewayRoad, type GatewayCounter } from '@/lib/roads/gateway-road'
import { sealAnswer } from '@/lib/roads/parcel-answer'
import { packBacklog, takeParcelAnswer } from '@/lib/roads/parcel-desk'
import type { Road, RoadFault, RoadNews } from '@/lib/roads/road'
import { sealBundle } from '@/lib/roads/seal-bundle'
import { uploadOnce, type UploadTrust } from '@/lib/roads/upload'
import { decodeParcel, keyIdOf, openParcel, parcelSecret } from '@/lib/sync/parcel'
import { deviceSigner, named } from '../../../fixtures/device-log'
import { MemoryReceiver, trust as plainTrust } from '../../../fixtures/issuer'
import { countingRandom, events, testDevice } from '../../../contracts/journal'

const operator = await hpkePair(new Uint8Array(32).fill(5))
const keys = new Map([[keyIdOf(operator.publicKey), operator.unseal]])
const trust: UploadTrust = {
  ...plainTrust,
  trustList: { ...plainTrust.trustList, sealingKey: operator.publicKey },
}
const nowS = epochSeconds(1_700_000_000)

class MemoryGateway implements Pick<GatewayLine, 'exchange'> {
  readonly kept = new Map<ParcelId, Bytes>()
  readonly answers = new Map<ParcelId, Bytes>()
  readonly calls: GatewayCall[] = []
  isUplinkUp = true
  isDead = false
  isFull = false

  constructor(readonly receiver: MemoryReceiver) {}

  async exchange(call: GatewayCall): ReturnType<GatewayLine['exchange']> {
    this.calls.push(call)
    if (this.isDead) return err({ code: 'api.unreachable', detail: 'dead' })
    for (const id of call.taken) this.answers.delete(id)
    for (const id of call.withdrawn) this.kept.delete(id)
    const fate = await this.#keep(call.parcel)
    const uplink: GatewayReply['uplink'] = this.isUplinkUp ? 'up' : 'down'
    return ok({ uplink, fate, held: [...this.kept.keys()], answers: [...this.answers.values()] })
  }

  close(): void {}

  get uploads(): number {
    return this.calls.filter(({ parcel }) => parcel !== undefined).length
  }

  /** The line is back: what waits goes in its order. */
  async forward(): Promise<void> {
    for (const [id, bytes] of this.kept) {
      const { label, sealed } = expectOk(decodeParcel(bytes), 'decode')
      const { bundle, answerKey } = expectOk(await openParcel({ label, sealed }, keys), 'open')
      const answer = await this.receiver.receive(bundle)
      this.kept.delete(id)
      this.answers.set(id, await sealAnswer(label, answer, answerKey, countingRandom().bytes(12)))
    }
  }

  async #keep(parcel: Uint8Array | undefined): Promise<ParcelFate> {
    if (parcel === undefined) return 'none'
    const { label } = expectOk(decodeParcel(parcel), 'parcel')
    if (this.isFull) return 'full'
    this.kept.set(label.id, new Uint8Array(parcel))
    if (!this.isUplinkUp) return 'kept'
    await this.forward()
    return 'answered'
  }
}

class DirectRoad implements Road {
  readonly name = 'direct'
  sent = 0
  isThere = false
  constructor(readonly receiver: MemoryReceiver) {}
  async send(bundle: Bytes): Promise<Result<RoadNews, RoadFault>> {
    this.sent += 1
    return this.isThere ? this.receiver.receive(bundle) : err({ code: 'api.unreachable', detail: 'no line' })
  }
}

let journal: Journal
let receiver: MemoryReceiver
let gateway: MemoryGateway
let direct: DirectRoad
let road: GatewayRoad

const parts = () => ({
  ...{ journal, signer: deviceSigner, certificate: Uint8Array.of(0xa0), verify: verifyWithNode },
  ...{ secret: parcelSecret(new Uint8Array(32).fill(9)), seal: sealWithHpke },
})

const counter = (): GatewayCounter => ({
  log: journal,
  seal: (bundle) => sealBundle(parts(), trust, bundle, nowS),
  pack: (order) => packBacklog(parts(), trust, { ...order, nowS }),
  take: (answer) => takeParcelAnswer(parts(), trust, answer),
})

beforeEach(() => {
  const opened = openMemoryJournal(new MemoryDisk(), { device: testDevice, random: countingRandom() })
  journal = expectOk(opened, 'open')
  receiver = new MemoryReceiver(deviceSigner.publicKey)
  gateway = new MemoryGateway(receiver)
  direct = new DirectRoad(receiver)
  road = new GatewayRoad({ line: gateway, counter, direct })
})

let clock = 0
const attempt = () =>
  uploadOnce({ ...parts(), road }, trust, journal.acknowledgedSize, epochSeconds(nowS + (clock += 1)))
const codeOf = async (): Promise<string> => {
  const uploaded = await attempt()
  return uploaded.ok ? 'ok' : uploaded.error.code
}
const many = (count: number) => events(...Array.from({ length: count }, (_, index) => `e${index}`))

test('while the line is up one exchange brings the bundle out and its answer back', async () => {
  journal.append(events('a', 'b', 'c'))
  expect(expectOk(await attempt(), 'upload').heldByReceiver).toBe(3)
  expect(gateway.calls).toHaveLength(1)
  expect([journal.acknowledgedSize, direct.sent]).toEqual([3, 0])
  // The next call says that the answer was taken.
  expect(await codeOf()).toBe('ok')
  expect(gateway.calls[1]?.taken).toHaveLength(1)
})

test('while it is down everything is handed over once, in pieces, and settles when the line is back', async () => {
  journal.append(many(150))
  gateway.isUplinkUp = false
  expect(await codeOf()).toBe('gateway.kept')
  expect(gateway.kept.size).toBe(3)
  const before = gateway.uploads
  for (let count = 0; count < 5; count += 1) expect(await codeOf()).toBe('gateway.kept')
  expect(gateway.uploads).toBe(before)
  gateway.isUplinkUp = true
  await gateway.forward()
  expect(await codeOf()).toBe('ok')
  expect(journal.acknowledgedSize).toBe(150)
  expect(receiver.eventsOf(1)).toEqual(named(...Array.from({ length: 150 }, (_, index) => `e${index}`)))
})

test('the last piece grows with the log, and leaves none of its shorter forms behind', async () => {
  gateway.isUplinkUp = false
  for (const name of ['a', 'b', 'c', 'd']) {
    journal.append(events(name))
    expect(await codeOf()).toBe('gateway.kept')
    expect(gateway.kept.size).toBe(1)
  }
  await gateway.forward()
  gateway.isUplinkUp = true
  expect(await codeOf()).toBe('ok')
  expect(journal.acknowledgedSize).toBe(4)
})

test('with nothing to hand over one question for news waits there, and not one for each attempt', async () => {
  gateway.isUplinkUp = false
  for (let count = 0; count < 4; count += 1) await codeOf()
  expect(gateway.kept.size).toBe(1)
})

test('a gateway that forgot, or a new one, is given everything again', async () => {
  journal.append(many(100))
  gateway.isUplinkUp = false
  await codeOf()
  const ids = [...gateway.kept.keys()]
  gateway.kept.clear()
  await codeOf()
  expect([...gateway.kept.keys()]).toEqual(ids)
  gateway.kept.delete(ids[0]!)
  await codeOf()
  expect(new Set(gateway.kept.keys())).toEqual(new Set(ids))
})

test('a charger that was started anew uploads nothing that the gateway has', async () => {
  journal.append(many(100))
  gateway.isUplinkUp = false
  await codeOf()
  road = new GatewayRoad({ line: gateway, counter, direct })
  await codeOf()
  const before = gateway.uploads
  await codeOf()
  expect([gateway.uploads, gateway.kept.size]).toEqual([before, 2])
})

test('a dead gateway is passed by on the charger’s own road, and asked first again', async () => {
  journal.append(events('a'))
  gateway.isDead = true
  expect(await codeOf()).toBe('api.unreachable')
  direct.isThere = true
  expect(await codeOf()).toBe('ok')
  gateway.isDead = false
  const sent = direct.sent
  expect(await codeOf()).toBe('ok')
  expect(direct.sent).toBe(sent)
})

test('a full gateway is named as such where there is no other road, and costs nothing', async () => {
  journal.append(events('a'))
  gateway.isFull = true
  expect(await codeOf()).toBe('gateway.full')
  gateway.isFull = false
  expect(await codeOf()).toBe('ok')
  expect(journal.acknowledgedSize).toBe(1)
})

test('an answer of somebody else, or rubbish, is taken away and changes nothing', async () => {
  journal.append(events('a'))
  gateway.isUplinkUp = false
  await codeOf()
  const [id] = gateway.kept.keys()
  gateway.answers.set(id!, Uint8Array.of(1, 2, 3))
  expect(await codeOf()).toBe('gateway.kept')
  expect(journal.acknowledgedSize).toBe(0)
})

test('a charger whose operator names no sealing key goes its own road', async () => {
  const keyless = { ...counter(), seal: () => sealBundle(parts(), plainTrust, new Uint8Array(), nowS) }
  road = new GatewayRoad({ line: gateway, counter: () => keyless, direct })
  direct.isThere = true
  journal.append(events('a'))
  expect(await codeOf()).toBe('ok')
  expect(gateway.calls).toEqual([])
})
