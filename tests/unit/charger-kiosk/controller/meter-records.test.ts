import { describe, expect, test } from 'vitest'
import { utf8 } from '@/lib/core/bytes'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import { meterKeyHash, readMeterKey } from '@/lib/metering/meter-key'
import { recordsHash } from '@/lib/metering/meter-record'
import type { EventOf } from '@/lib/protocol/journal-event'
import type { MeterSample } from '@/charger-kiosk/ocpp/port'
import { freshMeter, type SigningMeter } from '@/simulator/charger/signing-meter'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, startSession, TestWallet, type WorldOptions } from '@/tests/fixtures/kiosk-world'

const meter = freshMeter('secp256r1')
const fingerprint = (of: SigningMeter) => {
  const key = readMeterKey(of.publicKey, undefined, nodeMeterCrypto)
  if (key === undefined) throw new Error('The key cannot be read')
  return meterKeyHash(key)
}
const vouched: WorldOptions = { meterKeyHash: fingerprint(meter) }

async function charging(options: WorldOptions = vouched): Promise<KioskWorld> {
  const world = await KioskWorld.create(options)
  await startSession(world, await TestWallet.create('anna'), 1_500)
  return world
}

const begin = (world: KioskWorld) => ({ atS: world.time.nowS(), reason: 'B', energyWh: 10_000 })
const end = (world: KioskWorld, energyWh = world.charger.registerWh) => ({
  atS: world.time.nowS(),
  reason: 'E',
  energyWh,
})

const signed = (
  world: KioskWorld,
  data: string,
  context: MeterSample['context'],
  publicKey: string | undefined = meter.publicKey,
): MeterSample =>
  world.charger.reading({
    registerWh: undefined,
    powerW: undefined,
    context,
    signedData: [{ data, publicKey }],
  })

async function stopWith(world: KioskWorld, ...samples: readonly MeterSample[]): Promise<void> {
  await world.charger.stopTransaction('Local', { samples })
  await world.settle()
}

const recordsIn = (world: KioskWorld): readonly EventOf<'meter-records'>[] =>
  world.events().flatMap((event) => (event.kind === 'meter-records' ? [event] : []))
const recordKinds = (world: KioskWorld): string[] => world.kinds().filter((kind) => kind.startsWith('meter'))
const withoutReadings = (world: KioskWorld): string[] =>
  recordKinds(world).filter((kind) => kind !== 'metered')

describe('what the meter signed', () => {
  test('stands byte for byte in the journal, and the receipt names it', async () => {
    const world = await charging()
    await world.charge(60, 36_000)
    const data = meter.record(4, [begin(world), end(world)])
    await stopWith(world, signed(world, data, 'Transaction.End'))
    const [event] = recordsIn(world)
    expect(event).toMatchObject({ records: [utf8(data)], key: meter.publicKey })
    expect(receiptOf(world).meterRecordHash).toBe(recordsHash([utf8(data)]))
    expect(withoutReadings(world)).toEqual(['meter-records'])
    expect(world.kinds().slice(-3)).toEqual(['meter-records', 'stopping', 'ended'])
  })

  test('may come in two records, of which the first outlives a power cut', async () => {
    const world = await charging()
    const first = meter.record(4, [begin(world)])
    await world.charger.sample({ signedData: [{ data: first, publicKey: meter.publicKey }] })
    await world.charge(60, 36_000)
    await world.powerCut()
    const last = meter.record(5, [end(world)])
    await stopWith(world, signed(world, last, 'Transaction.End', undefined))
    expect(receiptOf(world).meterRecordHash).toBe(recordsHash([utf8(first), utf8(last)]))
    expect(withoutReadings(world)).toEqual(['meter-records'])
    // Nothing of it is left beside the journal for the next session.
    expect(world.journal.list('meter')).toMatchObject({ ok: true, value: [] })
  })

  test('is kept when nobody can tell whether it is good, and says so once', async () => {
    const world = await charging({})
    for (const page of [1, 2]) {
      const data = meter.record(page, [begin(world)])
      await world.charger.sample({ signedData: [{ data, publicKey: undefined }] })
    }
    await world.charge(60, 36_000)
    await stopWith(world)
    expect(withoutReadings(world)).toEqual(['meter.record-key-missing', 'meter-records'])
    expect(recordsIn(world)[0]?.records).toHaveLength(2)
    expect(receiptOf(world).meterRecordHash).toBeDefined()
  })

  test('is missed where the issuer vouches for a key and nothing came', async () => {
    const world = await charging()
    await world.charge(60, 36_000)
    await stopWith(world)
    expect(withoutReadings(world)).toEqual(['meter.record-absent'])
    expect(receiptOf(world).meterRecordHash).toBeUndefined()
  })
})

describe('a contradiction is an incident with its evidence, and the bill follows the register', () => {
  const stranger = freshMeter('secp256r1')
  const other = freshMeter('secp256r1', 'ANOTHER-METER')

  test.each([
    ['another energy', (world: KioskWorld) => meter.record(4, [begin(world), end(world, 11_000)]), 'energy'],
    [
      'another session',
      (world: KioskWorld) => meter.record(4, [begin(world), end(world)], { IS: true, ID: 'ab'.repeat(10) }),
      'session',
    ],
    [
      'a meter that doubts itself',
      (world: KioskWorld) => meter.record(4, [begin(world), end(world)]).replace('"ST":"G"', '"ST":"M"'),
      'signature',
    ],
    ['another key', (world: KioskWorld) => stranger.record(4, [begin(world), end(world)]), 'key-other'],
    ['no JSON', () => 'OCMF|{"PG":|{}', 'json'],
  ])('%s', async (_name, recordOf, fault) => {
    const world = await charging()
    await world.charge(60, 36_000)
    const data = recordOf(world)
    const key = fault === 'key-other' ? stranger.publicKey : meter.publicKey
    await stopWith(world, signed(world, data, 'Transaction.End', key))
    expect(withoutReadings(world).slice(0, 2)).toEqual(['meter-records', `meter.record-${fault}`])
    expect(recordsIn(world)[0]?.records).toEqual([utf8(data)])
    expect(receiptOf(world)).toMatchObject({ meterStartWh: 10_000, meterStopWh: 10_600, totalMinor: 29 })
  })

  test('two meters in one session', async () => {
    const world = await charging({})
    await world.charge(60, 36_000)
    const first = meter.record(4, [begin(world)])
    const last = other.record(5, [end(world)])
    await stopWith(
      world,
      signed(world, first, 'Transaction.Begin'),
      signed(world, last, 'Transaction.End', other.publicKey),
    )
    expect(withoutReadings(world)).toEqual(['meter-records', 'meter.record-serial'])
    expect(receiptOf(world).totalMinor).toBe(29)
  })

  test('garbage by the thousand is one line a kind', async () => {
    const world = await charging()
    for (let page = 0; page < 8; page += 1) {
      const data = stranger.record(page, [begin(world)])
      await world.charger.sample({ signedData: [{ data, publicKey: stranger.publicKey }] })
    }
    await world.charger.sample({ signedData: [{ data: 'x'.repeat(50_000), publicKey: 'y'.repeat(2_000) }] })
    expect(withoutReadings(world)).toEqual([
      'meter-records',
      'meter.record-key-other',
      'meter.record-too-large',
    ])
  })
})
