import { expect, test } from 'vitest'
import { runBounded } from '@/scripts/check/bounded.mjs'

test('every item is worked on, never more than the lanes allow at once', async () => {
  const done: number[] = []
  let active = 0
  let most = 0
  await runBounded([1, 2, 3, 4, 5], 2, async (item) => {
    active += 1
    most = Math.max(most, active)
    await Promise.resolve()
    done.push(item)
    active -= 1
  })
  expect(done).toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})

test('an empty list is done at once', async () => {
  await expect(runBounded([], 2, () => Promise.reject(new Error('never called')))).resolves.toBeUndefined()
})
