import { afterAll, beforeAll, expect, test } from 'vitest'
import { runFirstSession } from '@/scripts/first-session/first-session'
import { openTestDatabase, type TestDatabase } from '../../database-fixture'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('a session without a network settles once, to the cent, and a tampered copy gets nothing', async () => {
  const figures = await runFirstSession(database.url)
  expect(figures.codes.map(({ name }) => name)).toEqual(['offer', 'authorization', 'answer', 'receipt'])
  expect(figures.codes.every(({ qrVersion }) => qrVersion > 0 && qrVersion <= 12)).toBe(true)
  expect(figures.energyWh).toBe(18_400)
  // 18.4 kWh at €0.49 are €9.016; nobody stood idle.
  expect(figures.totalMinor).toBe(902)
  expect(figures.releasedMinor).toBe(figures.heldMinor - 902)
  expect(figures.settledByPhoneMinor).toBe(902)
  expect(figures.settledByBothMinor).toBe(902)
  expect(figures.imbalanceMinor).toBe(0)
  expect(figures.tamperedRefusal.code).toBe('wallet.signature')
})

test('a second one in the same database leaves the first alone, at a charger that speaks OCPP 2.0.1', async () => {
  const figures = await runFirstSession(database.url, '2.0.1')
  expect(figures.totalMinor).toBe(902)
  expect(figures.imbalanceMinor).toBe(0)
  expect(figures.settledByBothMinor).toBe(figures.totalMinor)
})
