import { expect, test } from 'vitest'
import { utf8, type Bytes } from '@/lib/core/bytes'
import { ok } from '@/lib/core/result'
import { memoryRoad, type Mishap } from '@/lib/roads/memory-road'

function roadWith(...mishaps: Mishap[]) {
  const arrived: string[] = []
  const road = memoryRoad(
    (bundle: Bytes) => {
      arrived.push(new TextDecoder().decode(bundle))
      return Promise.resolve(ok({ acknowledgement: utf8('ack') }))
    },
    () => mishaps.shift() ?? { kind: 'none' },
  )
  return { road, arrived }
}

test('a dropped bundle never arrives, and its sender hears nothing', async () => {
  const { road, arrived } = roadWith({ kind: 'drop' })
  const answer = await road.send(utf8('abcd'))
  expect(answer.ok ? undefined : answer.error.code).toBe('api.unreachable')
  expect(arrived).toEqual([])
})

test('a dropped answer leaves the sender in doubt about a bundle that arrived', async () => {
  const { road, arrived } = roadWith({ kind: 'drop-answer' })
  expect((await road.send(utf8('abcd'))).ok).toBe(false)
  expect(arrived).toEqual(['abcd'])
})

test('a duplicate arrives twice', async () => {
  const { road, arrived } = roadWith({ kind: 'duplicate' })
  expect((await road.send(utf8('abcd'))).ok).toBe(true)
  expect(arrived).toEqual(['abcd', 'abcd'])
})

test('a delayed bundle arrives after a later one', async () => {
  const { road, arrived } = roadWith({ kind: 'delay' })
  await road.send(utf8('first'))
  await road.send(utf8('second'))
  expect(arrived).toEqual(['second', 'first'])
})

test('what is still under way can be made to arrive', async () => {
  const { road, arrived } = roadWith({ kind: 'delay' })
  await road.send(utf8('late'))
  await road.arriveAll()
  expect(arrived).toEqual(['late'])
})

test('bundles and answers are cut and changed where the caller says', async () => {
  const { road, arrived } = roadWith(
    { kind: 'truncate', at: 0.5 },
    { kind: 'flip', at: 0.25 },
    { kind: 'flip-answer', at: 0 },
  )
  await road.send(utf8('abcd'))
  await road.send(utf8('abcd'))
  const answer = await road.send(utf8('abcd'))
  expect(arrived).toEqual(['ab', 'arcd', 'abcd'])
  expect(answer.ok && new TextDecoder().decode(answer.value.acknowledgement)).toBe('qck')
})
