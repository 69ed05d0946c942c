import { expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { epochSeconds } from '@/lib/core/units'
import { answerTo, askOf, patienceS, withReply } from '@/lib/roads/mesh/gossip'
import { meshCallMessage, meshReplyMessage } from '@/lib/roads/mesh/mesh-messages'
import { withAnswer, withoutOwnBut } from '@/lib/roads/mesh/mesh-shelf'
import { noWays, withWayOf } from '@/lib/roads/mesh/ways'
import { letterOf, MeshYard, nameOf, rounds, startS } from '../../../../fixtures/mesh-yard'

const line = [
  [0, 1],
  [1, 2],
] as const

test('in a line of three the parcel of the first is answered by the uplink of the last', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(3, [letter])
  yard.offer(0, letter)
  rounds(yard, line, [2], 6)
  expect(yard.isAnswered(0, letter)).toBe(true)
  expect(yard.copies.get(letter.id)).toBe(2)
})

test('what is cut off waits, and goes on where it lies once the link is back', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(3, [letter])
  rounds(yard, line, [2], 3)
  yard.offer(0, letter)
  rounds(yard, [[0, 1]], [2], 3)
  expect(yard.held(1)).toEqual([letter.id])
  expect(yard.isAnswered(0, letter)).toBe(false)
  // The first is cut off in its turn: the second has what it needs.
  rounds(yard, [[1, 2]], [2], 3)
  rounds(yard, [[0, 1]], [], 1)
  expect(yard.isAnswered(0, letter)).toBe(true)
})

test('nothing moves where nobody has an uplink', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(3, [letter])
  yard.offer(0, letter)
  rounds(yard, line, [], 10)
  expect(yard.copies.size).toBe(0)
})

test('twenty in one network bring every parcel to the uplink once, and then have nothing to tell', async () => {
  const letters = await Promise.all(Array.from({ length: 19 }, (_, index) => letterOf(index, 'a session')))
  const yard = new MeshYard(20, letters)
  const everybody = Array.from({ length: 20 }, (_, one) =>
    Array.from({ length: one }, (_, other) => [one, other] as const),
  ).flat()
  letters.forEach((letter, index) => yard.offer(index, letter))
  rounds(yard, everybody, [19], 5)
  letters.forEach((letter, index) => expect(yard.isAnswered(index, letter)).toBe(true))
  expect([...yard.copies.values()].every((count) => count === 1)).toBe(true)
  expect(yard.answersMoved).toBe(19)
  const before = yard.wireBytes
  rounds(yard, everybody, [19], 1)
  // 380 questions and their answers.
  expect((yard.wireBytes - before) / 380).toBeLessThan(120)
})

test('a dead uplink does not fill the disks of a whole yard', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(4, [letter])
  const all = [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ] as const
  rounds(yard, all, [3], 2)
  yard.nowS = epochSeconds(startS + 2 * patienceS)
  yard.offer(0, letter)
  rounds(yard, all, [], 3)
  yard.nowS = epochSeconds(yard.nowS + 2 * patienceS)
  rounds(yard, all, [], 3)
  expect(yard.copies.get(letter.id)).toBe(1)
})

test('whoever claims an uplink and keeps everything to itself costs an hour', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(4, [letter])
  // 3 lies beside 0; the way that works is 0, 1, 2.
  const lies = (): void =>
    yard.set(0, {
      ...yard.node(0),
      ways: withWayOf(yard.node(0).ways, nameOf(3), { hops: 0, ageS: 0 }, yard.nowS),
    })
  lies()
  yard.offer(0, letter)
  for (let round = 0; round < 5; round += 1) {
    lies()
    rounds(yard, line, [2], 1)
  }
  expect(yard.isAnswered(0, letter)).toBe(false)
  yard.nowS = epochSeconds(startS + patienceS)
  for (let round = 0; round < 5; round += 1) {
    lies()
    rounds(yard, line, [2], 1)
  }
  expect(yard.isAnswered(0, letter)).toBe(true)
})

test('forged answers keep the operator’s from nobody', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(3, [letter])
  rounds(yard, line, [2], 2)
  yard.offer(0, letter)
  yard.ask(1, 0)
  for (let fill = 1; fill < 20; fill += 1) {
    const forged = await letter.forged(fill)
    const { shelf } = yard.node(1)
    yard.set(1, { ...yard.node(1), shelf: withAnswer(shelf, nameOf(9), forged) })
  }
  expect(yard.node(1).shelf.answers).toHaveLength(limits.meshAnswersPerParcelMax)
  yard.nowS = epochSeconds(startS + patienceS + 30)
  rounds(yard, line, [2], 4)
  expect(yard.isAnswered(0, letter)).toBe(true)
})

test('a neighbour that floods fills its own share and displaces nothing of the others', async () => {
  const flood = await Promise.all(
    Array.from({ length: 80 }, (_, at) => letterOf(at, `flood ${at}`, 'urgent')),
  )
  const [own, other] = [await letterOf(100, 'own', 'later'), await letterOf(101, 'other', 'later')]
  const yard = new MeshYard(1, [])
  yard.offer(0, own)
  const bring = (from: number, parcels: readonly (typeof own)[]): void => {
    const items = parcels.map(({ parcel: bytes }) => ({ bytes, hopsLeft: 3, ageS: 0 }))
    const reply = { parcels: items, raised: [], answers: [] }
    yard.set(0, withReply(yard.node(0), nameOf(from), reply, yard.nowS))
  }
  bring(1, [other])
  bring(2, flood)
  expect(yard.held(0).slice(0, 2)).toEqual([own.id, other.id])
  expect(yard.held(0)).toHaveLength(2 + limits.meshShareParcelsMax)
  // What found no room is not asked for again at once.
  const ask = askOf(yard.node(0), nameOf(2), yard.nowS)
  expect(ask.turnedAway).toHaveLength(80 - limits.meshShareParcelsMax)
  expect(askOf(yard.node(0), nameOf(2), epochSeconds(yard.nowS + 601)).turnedAway).toEqual([])
})

test('the urgent parcel of a neighbour takes the place of its lesser ones', async () => {
  const lesser = await Promise.all(
    Array.from({ length: limits.meshShareParcelsMax }, (_, at) => letterOf(at, 'x')),
  )
  const urgent = await letterOf(100, 'danger', 'urgent')
  const yard = new MeshYard(1, [])
  for (const { parcel: bytes } of [...lesser, urgent]) {
    const reply = { parcels: [{ bytes, hopsLeft: 3, ageS: 0 }], raised: [], answers: [] }
    yard.set(0, withReply(yard.node(0), nameOf(2), reply, yard.nowS))
  }
  expect(yard.held(0)).toHaveLength(limits.meshShareParcelsMax)
  expect(yard.held(0)).toContain(urgent.id)
})

test('a parcel dies of age wherever it lies, and comes back from nobody', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(3, [letter])
  rounds(yard, line, [2], 2)
  yard.offer(0, letter)
  yard.ask(1, 0)
  yard.nowS = epochSeconds(yard.nowS + limits.meshLifetimeS - 1)
  expect(yard.held(1)).toEqual([letter.id])
  yard.nowS = epochSeconds(yard.nowS + 1)
  rounds(yard, line, [2], 4)
  expect([yard.held(0), yard.held(1), yard.held(2)]).toEqual([[], [], []])
})

test('an old parcel is not taken from whoever still brings it', async () => {
  const { parcel: bytes, id } = await letterOf(1, 'a session')
  const yard = new MeshYard(1, [])
  const bring = (ageS: number): readonly string[] => {
    const reply = { parcels: [{ bytes, hopsLeft: 3, ageS }], raised: [], answers: [] }
    return withReply(yard.node(0), nameOf(1), reply, startS).shelf.parcels.map((parcel) => parcel.id)
  }
  expect(bring(limits.meshLifetimeS)).toEqual([])
  expect(bring(limits.meshLifetimeS - 1)).toEqual([id])
})

test('there are only so many shares, and our own is always among them', async () => {
  const letters = await Promise.all(
    Array.from({ length: limits.meshPeersMax + 1 }, (_, at) => letterOf(at, 'x')),
  )
  const own = await letterOf(100, 'own')
  const yard = new MeshYard(1, [])
  letters.forEach(({ parcel: bytes }, at) => {
    const reply = { parcels: [{ bytes, hopsLeft: 3, ageS: 0 }], raised: [], answers: [] }
    yard.set(0, withReply(yard.node(0), nameOf(at), reply, yard.nowS))
  })
  expect(yard.held(0)).toHaveLength(limits.meshPeersMax)
  yard.offer(0, own)
  expect(yard.held(0)).toContain(own.id)
})

test('a parcel passes no more neighbours than it may', async () => {
  const letter = await letterOf(1, 'a session')
  const count = limits.meshHopsMax + 3
  const yard = new MeshYard(count, [letter])
  const long = Array.from({ length: count - 1 }, (_, at) => [at, at + 1] as const)
  yard.offer(0, letter)
  rounds(yard, long, [count - 1], 12)
  expect(yard.copies.size).toBe(0)
  rounds(yard, long, [limits.meshHopsMax], 16)
  expect(yard.isAnswered(0, letter)).toBe(true)
})

test('what the own log needs no more goes, with its answers, and what others brought stays', async () => {
  const [mine, other] = [await letterOf(1, 'mine'), await letterOf(2, 'other')]
  const yard = new MeshYard(2, [mine, other])
  yard.offer(0, mine)
  yard.uplink(0)
  yard.offer(1, other)
  yard.ask(0, 1)
  yard.ask(1, 0)
  yard.ask(0, 1)
  yard.uplink(0)
  const shelf = withoutOwnBut(yard.node(0).shelf, new Set())
  expect(shelf.parcels.map(({ id }) => id)).toEqual([other.id])
  expect(shelf.answers.map(({ id }) => id)).toEqual([other.id])
})

test('a clock that stands at its beginning, or is set back, does no harm', async () => {
  const letter = await letterOf(1, 'a session')
  const yard = new MeshYard(3, [letter])
  yard.nowS = epochSeconds(3)
  const reply = {
    ...{ raised: [], answers: [], way: { hops: 1, ageS: 1_000 } },
    parcels: [{ bytes: letter.parcel, hopsLeft: 3, ageS: 1_000 }],
  }
  yard.set(1, withReply(yard.node(1), nameOf(0), reply, yard.nowS))
  expect(askOf(yard.node(1), nameOf(2), epochSeconds(13)).way).toEqual({ hops: 2, ageS: 1_010 })
  yard.nowS = epochSeconds(0)
  yard.uplink(2)
  yard.ask(1, 2)
  yard.ask(2, 1)
  expect(yard.node(2).shelf.parcels).toMatchObject([{ id: letter.id, ageS: 1_000 }])
})

test('garbage changes nothing, and endless messages are not read', () => {
  const yard = new MeshYard(1, [])
  const junk = new Uint8Array(64).fill(7)
  const reply = {
    ...{ parcels: [{ bytes: junk, hopsLeft: 6, ageS: 0 }], answers: [junk] },
    raised: [],
  }
  expect(withReply(yard.node(0), nameOf(1), reply, startS).shelf).toEqual(yard.node(0).shelf)
  expect(meshReplyMessage.decode(junk).ok).toBe(false)
  expect(meshCallMessage.decode(new Uint8Array(64 * limits.meshIdsMax + 1)).ok).toBe(false)
})

test('nobody is told of a way that leads through itself', () => {
  const ways = withWayOf(noWays, nameOf(1), { hops: 0, ageS: 0 }, startS)
  const { shelf } = new MeshYard(1, []).node(0)
  expect(askOf({ shelf, ways }, nameOf(1), startS).way).toBeUndefined()
  expect(askOf({ shelf, ways }, nameOf(2), startS).way).toEqual({ hops: 1, ageS: 0 })
  const empty = { have: [], turnedAway: [], answered: [] }
  expect(answerTo({ shelf, ways }, nameOf(1), empty, startS).reply.way).toBeUndefined()
  const later = epochSeconds(startS + limits.meshLifetimeS)
  expect(askOf({ shelf, ways }, nameOf(2), later).way).toBeUndefined()
})
