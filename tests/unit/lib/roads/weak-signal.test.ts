import { expect, test } from 'vitest'
import { utf8 } from '@/lib/core/bytes'
import { ok } from '@/lib/core/result'
import { UplinksRoad } from '@/lib/roads/uplinks-road'
import { nothingSpent } from '@/lib/sync/road-budget'
import { countingRandom } from '@/tests/fixtures/counting-random'
import { ManualTime } from '@/simulator/charger/manual-time'

test('what is not urgent waits for a better signal, goes after its patience, and what comes next waits anew', async () => {
  const clock = new ManualTime()
  let percent: number | undefined = 10
  let sent = 0
  const road = new UplinksRoad({
    uplinks: [
      {
        terms: { name: 'sim', signalMinPercent: 30, signalWaitS: 3_600 },
        signal: () => percent,
        send: () => {
          sent += 1
          return Promise.resolve({
            answer: ok({ acknowledgement: utf8('ack') }),
            crossed: { sentBytes: 1, receivedBytes: 1 },
          })
        },
      },
    ],
    book: { read: () => nothingSpent, write: () => undefined },
    clock,
    random: countingRandom('x'),
  })
  expect(road.meter?.leave('ordinary')).toMatchObject({ kind: 'no', bound: 'signal' })
  expect(road.meter?.leave('urgent')).toEqual({ kind: 'yes' })
  expect((await road.send(utf8('not urgent'))).ok).toBe(false)
  expect(sent).toBe(0)
  expect(road.figures[0]).toMatchObject({ signalPercent: 10 })

  percent = 30
  expect((await road.send(utf8('not urgent'))).ok).toBe(true)
  percent = undefined
  expect((await road.send(utf8('not urgent'))).ok).toBe(true)

  percent = 29
  expect(road.meter?.leave('ordinary').kind).toBe('no')
  await clock.advance(3_599_000)
  expect(road.meter?.leave('ordinary').kind).toBe('no')
  await clock.advance(1_000)
  expect((await road.send(utf8('not urgent'))).ok).toBe(true)
  expect(sent).toBe(3)
  expect((await road.send(utf8('not urgent'))).ok).toBe(false)
})
