import { expect, test } from 'vitest'
import { concat, type Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { epochSeconds } from '@/lib/core/units'
import { hpkePair, sealWithHpke } from '@/lib/crypto/hpke'
import { bagItem, bagTitle, openBag, type Bag } from '@/lib/sync/bag'
import { carryBag, type CarryPorts, type Posted } from '@/lib/sync/carry'
import { encodeParcel, packParcel, parcelSecret } from '@/lib/sync/parcel'

const { publicKey: to } = await hpkePair(new Uint8Array(32).fill(5))
const secret = parcelSecret(new Uint8Array(32).fill(9))

const parcels = await Promise.all(
  [1, 2, 3, 4].map(async (number) => {
    const nowS = epochSeconds(1_700_000_000)
    const pack = {
      bundle: Uint8Array.of(number),
      secret,
      to,
      nowS,
      lifetimeH: 1,
      priority: 'ordinary' as const,
    }
    const parcel = await packParcel(pack, sealWithHpke)
    return { id: parcel.label.id, bytes: encodeParcel(parcel) }
  }),
)

async function bagOf(
  items: readonly Uint8Array[] = parcels.map(({ bytes }) => bytes),
  cutAt?: number,
): Promise<Bag> {
  const bytes = concat(bagTitle('parcels'), ...items.map(bagItem)).slice(0, cutAt)
  const source = {
    size: bytes.length,
    read: (from: number, to: number) => Promise.resolve(bytes.slice(from, to)),
  }
  const bag = await openBag(source)
  if (bag === undefined) throw new Error('No bag')
  return bag
}

const answerTo = (id: ParcelId): Bytes => new TextEncoder().encode(`answer ${id}`)

/** An operator that answers all, but for what stands in `says`, by the number of the call. */
function operator(says: Readonly<Record<number, Posted>> = {}) {
  const posted: ParcelId[] = []
  const waits: number[] = []
  const ports: CarryPorts = {
    post: (_bytes, { id }) => {
      posted.push(id)
      return Promise.resolve(says[posted.length] ?? { kind: 'answer', bytes: answerTo(id) })
    },
    wait: (seconds) => {
      waits.push(seconds)
      return Promise.resolve()
    },
  }
  return { posted, waits, ports }
}

const ids = parcels.map(({ id }) => id)
const nobody = { kind: 'later', detail: 'nobody there' } as const

test('every parcel is handed in once, in its order, and the answers come in the same', async () => {
  const { posted, ports } = operator()
  const carried = await carryBag(await bagOf(), new Map(), ports)
  expect(posted).toEqual(ids)
  expect(carried).toEqual({
    ...{ answers: ids.map(answerTo), parcels: 4, fresh: 4, known: 0, refused: {}, isCut: false },
    stopped: undefined,
  })
})

test('what was answered before is not handed in again, and its answer keeps its place', async () => {
  const { posted, ports } = operator()
  const before = new Map(ids.slice(0, 2).map((id) => [id, answerTo(id)]))
  const carried = await carryBag(await bagOf(), before, ports)
  expect(posted).toEqual(ids.slice(2))
  expect(carried).toMatchObject({ fresh: 2, known: 2, answers: ids.map(answerTo) })
})

test('a cloud that is busy is waited for, and one that is not there ends it for now', async () => {
  const busy = operator({ 2: { ...nobody, afterS: 7 }, 3: nobody })
  expect(await carryBag(await bagOf(), new Map(), busy.ports)).toMatchObject({ fresh: 4, stopped: undefined })
  expect(busy.waits).toEqual([7, 4])

  const gone = operator(Object.fromEntries([3, 4, 5, 6, 7].map((call) => [call, nobody])))
  const carried = await carryBag(await bagOf(), new Map(), gone.ports)
  // Nothing overtakes: the operator takes no piece of a log before the one that it follows.
  expect(carried).toMatchObject({ fresh: 2, parcels: 3, stopped: 'nobody there' })
  expect(new Set(gone.posted).size).toBe(3)

  const again = operator()
  const before = new Map(carried.answers.map((answer, at) => [ids[at]!, answer]))
  expect(await carryBag(await bagOf(), before, again.ports)).toMatchObject({ fresh: 2, known: 2 })
})

test('nobody is waited for longer than a minute at once, however long they ask for', async () => {
  const { waits, ports } = operator({ 1: { ...nobody, afterS: 86_400 } })
  await carryBag(await bagOf(), new Map(), ports)
  expect(waits).toEqual([60])
})

test('a parcel that is refused is counted by its reason, and the others go on', async () => {
  const { posted, ports } = operator({ 2: { kind: 'refused', code: 'parcel.key' } })
  const damaged = await bagOf([Uint8Array.of(1, 2, 3), ...parcels.map(({ bytes }) => bytes)])
  expect(await carryBag(damaged, new Map(), ports)).toMatchObject({
    ...{ parcels: 5, fresh: 3, stopped: undefined },
    refused: { 'parcel.key': 1, 'parcel.unreadable': 1 },
  })
  // What is no parcel is not shown to anybody.
  expect(posted).toHaveLength(4)
})

test('of a file that was cut off what is whole is carried', async () => {
  const { ports } = operator()
  const length =
    bagTitle('parcels').length + parcels.reduce((sum, { bytes }) => sum + bagItem(bytes).length, 0)
  expect(await carryBag(await bagOf(undefined, length - 9), new Map(), ports)).toMatchObject({
    fresh: 3,
    isCut: true,
  })
})

test('answers without room in a bag go from the oldest', async () => {
  const large = new Uint8Array(limits.bagBytesMax / 2)
  const halfABag = { kind: 'answer', bytes: large } as const
  const { ports } = operator({ 1: halfABag, 2: halfABag, 3: { kind: 'answer', bytes: Uint8Array.of(3) } })
  const { answers, fresh } = await carryBag(await bagOf(), new Map(), ports)
  expect(fresh).toBe(4)
  expect(answers.map(({ length }) => length)).toEqual([large.length, 1, answerTo(ids[3]!).length])
})
