import { expect, test } from 'vitest'
import { createTeardown } from '@/scripts/start/teardown'

test('parts stop in reverse order of their start, and a failure does not keep the rest running', async () => {
  const stopped: string[] = []
  const teardown = createTeardown()
  teardown.add(async () => void stopped.push('database'))
  teardown.add(() => Promise.reject(new Error('the cloud is stuck')))
  teardown.add(async () => void stopped.push('kiosk'))
  await teardown.run()
  expect(stopped).toEqual(['kiosk', 'database'])
})

test('stopping twice stops once', async () => {
  let count = 0
  const teardown = createTeardown()
  teardown.add(async () => void (count += 1))
  await Promise.all([teardown.run(), teardown.run()])
  expect(count).toBe(1)
})
