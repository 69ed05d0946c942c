import { expect, test } from 'vitest'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { VirtualTime } from '@/simulator/charger/virtual-time'

const start = epochSeconds(1_000_000)

test('Actors and timers take turns in the order of their times', async () => {
  const time = new VirtualTime(start)
  const seen: string[] = []
  const note = (name: string) => seen.push(`${name} ${time.clock.nowS() - start}`)
  const cancel = time.timers.every(durationMs(40_000), () => note('tick'))
  await time.run(
    async (sleepUntil) => {
      await sleepUntil(start + 60)
      note('late')
      await sleepUntil(start + 100)
      note('end')
    },
    async (sleepUntil) => {
      await sleepUntil(start + 30)
      note('early')
    },
  )
  cancel()
  expect(seen).toEqual(['early 30', 'tick 40', 'late 60', 'tick 80', 'end 100'])
})

test('Time stands still while something is under way', async () => {
  const time = new VirtualTime(start)
  let isQuiet = false
  time.watch(() => isQuiet)
  time.timers.after(durationMs(1_000), () => undefined)
  setTimeout(() => {
    expect(time.clock.monotonicMs()).toBe(0)
    isQuiet = true
  }, 20)
  await time.advance(5_000)
  expect(time.clock.monotonicMs()).toBe(5_000)
})

test('A cancelled timer does not run', async () => {
  const time = new VirtualTime(start)
  let runs = 0
  time.timers.after(durationMs(10), () => (runs += 1))()
  const cancel = time.timers.every(durationMs(10), () => {
    runs += 1
    if (runs === 3) cancel()
  })
  await time.advance(1_000)
  expect(runs).toBe(3)
})

test('An actor that waits for what never comes is told so instead of hanging', async () => {
  const time = new VirtualTime(start, 20)
  const run = time.run(async () => {
    await Promise.race([])
  })
  await expect(run).rejects.toThrow('never ends')
})

test('The failure of an actor comes out', async () => {
  const time = new VirtualTime(start)
  await expect(
    time.run(async () => {
      throw new Error('lost the way')
    }),
  ).rejects.toThrow('lost the way')
})
