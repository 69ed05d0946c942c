import { expect, test } from 'vitest'
import { simulateCuts } from '@/tests/bench/kiosk/simulated-cuts'

test('two hundred power cuts on a disk that tears what was not synced lose no watt-hour and no cent', async () => {
  const done = await simulateCuts(200, 'short')
  expect(done).toMatchObject({ runs: 200, lostWh: 0, lostMinor: 0 })
  expect(done.sessions).toBeGreaterThan(20)
})

test('a drive that says "synced" and keeps nothing of it is found out by the same judge', async () => {
  const { lostWh } = await simulateCuts(20, 'lying', undefined, false)
  expect(lostWh).toBeGreaterThan(0)
})
