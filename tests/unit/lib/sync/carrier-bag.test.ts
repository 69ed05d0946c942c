import { describe, expect, test } from 'vitest'
import { utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import {
  answersFor,
  carryHome,
  emptyBag,
  openCarrierBag,
  recordsOf,
  takeParcel,
  withoutAnswersFor,
  withoutOld,
  type CarrierBag,
} from '@/lib/sync/carrier-bag'
import type { Posted } from '@/lib/sync/carry'
import {
  decodeParcel,
  encodeParcel,
  keyIdOf,
  openParcel,
  packParcel,
  parcelSecret,
  type ParcelPriority,
} from '@/lib/sync/parcel'

const operator = await hpkePair(new Uint8Array(32).fill(5))
const keys = new Map([[keyIdOf(operator.publicKey), operator.unseal]])
const secretOf = (charger: number) => parcelSecret(new Uint8Array(32).fill(charger))
const at = (hours: number) => epochSeconds(1_700_000_000 + hours * 3_600)

interface Made {
  readonly charger?: number
  readonly priority?: ParcelPriority
  readonly lifetimeH?: number
}

async function parcelOf(
  bundle: Bytes,
  { charger = 9, priority = 'ordinary', lifetimeH = 700 }: Made = {},
): Promise<Bytes> {
  const secret = secretOf(charger)
  const pack = { bundle, secret, to: operator.publicKey, nowS: at(0), lifetimeH, priority }
  return encodeParcel(await packParcel(pack, sealWithHpke))
}

const named = (name: string, made?: Made) => parcelOf(utf8(name), made)
const large = (fill: number, made?: Made) => parcelOf(new Uint8Array(900_000).fill(fill), made)

/** Taken one an hour. */
const bagOf = (...parcels: readonly Bytes[]): CarrierBag =>
  parcels.reduce((bag, bytes, hour) => takeParcel(bag, bytes, at(hour)).bag, emptyBag)

const bytesOf = ({ parcels }: CarrierBag): readonly Bytes[] => parcels.map(({ bytes }) => bytes)

/** An operator that answers, but for what stands in `says`, by the number of the call; and a disk. */
function home(says: Readonly<Record<number, Posted>> = {}, isKept = true) {
  const posted: Bytes[] = []
  const ports = {
    post: (bytes: Bytes, { id }: { readonly id: string }): Promise<Posted> => {
      posted.push(bytes)
      return Promise.resolve(says[posted.length] ?? { kind: 'answer', bytes: utf8(`answer ${id}`) })
    },
    keep: () => Promise.resolve(isKept),
    nowS: () => at(10),
  }
  return { posted, ports }
}

const gone: Posted = { kind: 'later', detail: 'Nobody there' }

describe('taking parcels', () => {
  test('urgent ones are handed in first, else those that were taken first', async () => {
    const [first, second] = [await named('first'), await named('second')]
    const urgent = await named('urgent', { priority: 'urgent' })
    expect(bytesOf(bagOf(first, second, urgent))).toEqual([urgent, first, second])
  })

  test('the same parcel is carried once, and garbage not at all', async () => {
    const parcel = await named('once')
    const bag = bagOf(parcel)
    expect(takeParcel(bag, parcel, at(1))).toEqual({ bag, outcome: 'known' })
    expect(takeParcel(bag, utf8('garbage'), at(1))).toEqual({ bag, outcome: 'damaged' })
  })

  test('in a full bag the oldest goes, and nothing urgent for what is not', async () => {
    const urgent = await Promise.all([1, 2].map((fill) => large(fill, { priority: 'urgent' })))
    const ordinary = await Promise.all([3, 4, 5].map((fill) => large(fill)))
    const bag = bagOf(...urgent, ...ordinary)
    expect(bag.parcels.map(({ label }) => label.priority)).toEqual([
      'urgent',
      'urgent',
      'ordinary',
      'ordinary',
    ])
    expect(bag.parcels.map(({ takenAtS }) => takenAtS)).toEqual([at(0), at(1), at(3), at(4)])
    const last = takeParcel(bag, await large(6, { priority: 'later' }), at(6))
    expect(last.outcome).toBe('full')
    expect(last.bag).toBe(bag)
  })

  test('a parcel that would take too much of the room is not carried', async () => {
    const huge = await parcelOf(new Uint8Array(limits.carrierParcelBytesMax))
    expect(takeParcel(emptyBag, huge, at(0)).outcome).toBe('full')
  })

  test('a lifetime counts from when it was taken, and is never longer than a carrier’s own', async () => {
    const bag = bagOf(await named('long'), await named('short', { lifetimeH: 2 }))
    const heldAt = (hours: number) => withoutOld(bag, at(hours)).parcels.length
    expect([heldAt(2.5), heldAt(3), heldAt(335.5), heldAt(336)]).toEqual([2, 1, 1, 0])
  })
})

describe('carrying home', () => {
  test('what is answered is carried no more, and its answer waits for its own charger alone', async () => {
    const parcels = [await named('mine'), await named('other', { charger: 4 })]
    const { bag, answered } = await carryHome(bagOf(...parcels), home().ports)
    expect([answered, bag.parcels.length]).toEqual([2, 0])
    const rest = withoutAnswersFor(bag, secretOf(9).mailbox)
    expect(answersFor(bag, secretOf(9).mailbox)).toHaveLength(1)
    expect(answersFor(rest, secretOf(9).mailbox)).toHaveLength(0)
    expect(answersFor(rest, secretOf(4).mailbox)).toHaveLength(1)
  })

  test('where nobody answers the rest stays, and the next time goes on from there', async () => {
    const parcels = [await named('a'), await named('b'), await named('c')]
    const cut = await carryHome(bagOf(...parcels), home({ 2: gone }).ports)
    expect(cut).toMatchObject({ answered: 1, stopped: 'later' })
    const again = home()
    await carryHome(cut.bag, again.ports)
    expect(again.posted).toEqual(parcels.slice(1))
  })

  test('what the operator never wants is not carried on', async () => {
    const never = home({ 1: { kind: 'refused', code: 'parcel.key' } })
    const { bag, refused } = await carryHome(bagOf(await named('no')), never.ports)
    expect([refused, bag]).toEqual([1, emptyBag])
  })

  test('a phone that cannot save stops, and loses neither parcel nor answer', async () => {
    const before = bagOf(await named('a'), await named('b'))
    const failing = home({}, false)
    expect((await carryHome(before, failing.ports)).stopped).toBe('not-kept')
    expect(failing.posted).toHaveLength(1)
    const after = await carryHome(openCarrierBag(recordsOf(before), at(10)), home().ports)
    expect([after.answered, after.bag.answers.length]).toEqual([2, 2])
  })

  test('of many answers for one charger the newest few are kept', async () => {
    const numbers = Array.from({ length: limits.carrierAnswersPerMailboxMax + 2 }, (_, number) => number)
    const parcels = await Promise.all(numbers.map((number) => named(`parcel ${String(number)}`)))
    const says = Object.fromEntries(
      numbers.map((number) => [number + 1, { kind: 'answer' as const, bytes: Uint8Array.of(number) }]),
    )
    const { bag } = await carryHome(bagOf(...parcels), home(says).ports)
    expect(bag.answers.map(({ bytes }) => bytes[0])).toEqual([2, 3, 4, 5])
  })
})

test('a bag is the same after it was kept and opened, without what was damaged there', async () => {
  const { bag } = await carryHome(bagOf(await named('a'), await named('b')), home({ 2: gone }).ports)
  const damaged = { kind: 'parcel' as const, bytes: utf8('rubbish'), takenAtS: at(0) }
  expect(openCarrierBag([damaged, ...recordsOf(bag)], at(10))).toEqual(bag)
})

describe('a carrier who means ill', () => {
  test('finds nothing of the bundle in what it carries', async () => {
    const held = recordsOf(bagOf(await named('a driver was here')))
    expect(held).toHaveLength(1)
    expect(held.some(({ bytes }) => Buffer.from(bytes).includes('driver'))).toBe(false)
  })

  test('cannot alter any byte without the operator seeing it', async () => {
    const bytes = await named('what was sold')
    const opens = async (altered: Uint8Array): Promise<boolean> => {
      const parcel = decodeParcel(altered)
      return parcel.ok && (await openParcel(parcel.value, keys)).ok
    }
    expect(await opens(bytes)).toBe(true)
    const flipped = Array.from(bytes, (_, index) =>
      opens(bytes.map((byte, place) => (place === index ? byte ^ 1 : byte))),
    )
    expect(await Promise.all(flipped)).not.toContain(true)
  })
})
