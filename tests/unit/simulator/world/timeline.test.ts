/** Time that stands still until it is moved, and clocks that may be wrong about it. */

import { expect, test } from 'vitest'
import { durationMs } from '@/lib/core/units'
import { DeviceClock, Timeline, timersOf, worldBeginsS } from '@/simulator/world/timeline'

const still = (): Promise<void> => Promise.resolve()

test('Timers run in the order of their times, each at its own', async () => {
  const timeline = new Timeline()
  const ran: string[] = []
  for (const delayMs of [30, 10, 20])
    timeline.after(delayMs, () => ran.push(`${delayMs} at ${timeline.nowMs}`))
  await timeline.advance(25, still)
  expect(ran).toEqual(['10 at 10', '20 at 20'])
  expect(timeline.nowMs).toBe(25)
})

test('A timer that is set while time passes still counts', async () => {
  const timeline = new Timeline()
  const ran: number[] = []
  timeline.after(10, () => timeline.after(5, () => ran.push(timeline.nowMs)))
  await timeline.advance(20, still)
  expect(ran).toEqual([15])
})

test('Timers of a dead program do nothing, however often they would have run', async () => {
  const timeline = new Timeline()
  let isAlive = true
  let runs = 0
  timersOf(timeline, () => isAlive).every(durationMs(10), () => (runs += 1))
  await timeline.advance(35, still)
  isAlive = false
  await timeline.advance(100, still)
  expect(runs).toBe(3)
})

test('A wall clock may be years off while the monotonic timer goes on', () => {
  const timeline = new Timeline()
  const clock = new DeviceClock(timeline)
  timeline.leap(86_400_000)
  clock.offsetS = -worldBeginsS - 100 * 86_400
  expect(clock.nowS()).toBe(0)
  clock.offsetS = 60
  expect(clock.nowS()).toBe(worldBeginsS + 86_400 + 60)
  expect(clock.monotonicMs()).toBe(86_400_000)
})
