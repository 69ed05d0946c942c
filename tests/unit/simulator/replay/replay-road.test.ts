/** The replay's road is cut off, comes back, loses things, and does not waste a metered link. */

import { expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { ok } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { replayRoad } from '@/simulator/replay/replay-road'

function world(fraction = 0.99) {
  const state = { nowMs: 0, received: 0 }
  const link = { isUp: true }
  const clock = { nowS: () => epochSeconds(0), monotonicMs: () => durationMs(state.nowMs) }
  const receive = () => {
    state.received += 1
    return Promise.resolve(ok({ acknowledgement: toBytes([1]) }))
  }
  return { state, link, road: replayRoad(receive, link, clock, () => fraction) }
}

const bundle = utf8('a bundle with events, as far as the road can tell')

test('Nothing passes while the link is down, and everything afterwards', async () => {
  const { link, road, state } = world()
  link.isUp = false
  expect(await road.send(bundle)).toMatchObject({ ok: false, error: { code: 'api.unreachable' } })
  link.isUp = true
  expect(await road.send(bundle)).toMatchObject({ ok: true })
  expect(state.received).toBe(1)
})

test('Some bundles arrive although nobody hears of it, and some arrive twice', async () => {
  const lostAnswer = world(0.1)
  expect(await lostAnswer.road.send(bundle)).toMatchObject({ ok: false })
  expect(lostAnswer.state.received).toBe(1)
  const twice = world(0.2)
  expect(await twice.road.send(bundle)).toMatchObject({ ok: true })
  expect(twice.state.received).toBe(2)
})

test('A link that has just been used rests for ten minutes', async () => {
  const { road, state } = world()
  await road.send(bundle)
  state.nowMs = 599_000
  expect(await road.send(bundle)).toMatchObject({ ok: false, error: { detail: 'The link rests' } })
  state.nowMs = 600_000
  expect(await road.send(bundle)).toMatchObject({ ok: true })
})
