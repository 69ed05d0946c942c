/** What a phone has to download stays within what the product promises. People do this on mobile data. */

import { expect, test } from 'playwright/test'
import { measureSizes } from '@/tests/bench/driver-app/sizes'

const { firstLoadJsGzKb, scannerLazyGzKb, precacheMb } = measureSizes('.')

test('the first page needs at most 200 kB of script', () => {
  expect(firstLoadJsGzKb).toBeGreaterThan(100)
  expect(firstLoadJsGzKb).toBeLessThanOrEqual(200)
})

test('the scanner needs at most 400 kB, when it is first opened', () => {
  expect(scannerLazyGzKb).toBeGreaterThan(300)
  expect(scannerLazyGzKb).toBeLessThanOrEqual(400)
})

test('everything that is kept for offline use is at most 2 MB', () => {
  expect(precacheMb).toBeGreaterThan(0.8)
  expect(precacheMb).toBeLessThanOrEqual(2)
})
