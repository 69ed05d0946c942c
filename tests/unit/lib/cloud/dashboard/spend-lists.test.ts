import { expect, test } from 'vitest'
import type { TokenSpend } from '@/lib/cloud/dashboard/spend'
import { byDriver, byVehicle, monthBudget } from '@/lib/cloud/dashboard/spend-lists'

const token = (tokenId: string, change: Partial<TokenSpend>): TokenSpend => ({
  ...{ tokenId, driverName: tokenId, driverId: null, vehicleId: null, monthLimitMinor: 0, isLive: true },
  ...{ holderName: null, plate: null },
  ...{ sessions: 1, energyWh: 1_000, costMinor: 50, heldMinor: 0 },
  ...change,
})

test('tokens of one driver are one line, and tokens without a driver stand for themselves', () => {
  const held = { driverId: 'd', holderName: 'Ailsa Reid' }
  const tokens = [token('a', held), token('b', held), token('c', { costMinor: 70 })]
  expect(byDriver(tokens)).toMatchObject([
    { id: 'd', name: 'Ailsa Reid', tokenId: null, sessions: 2, costMinor: 100 },
    { id: 'c', name: 'c', tokenId: 'c', sessions: 1, costMinor: 70 },
  ])
})

test('vehicles are listed by the tokens that name one', () => {
  const tokens = [token('a', { vehicleId: 'v', plate: 'TS 21 KXB' }), token('b', {})]
  expect(byVehicle(tokens)).toMatchObject([{ id: 'v', name: 'TS 21 KXB' }])
})

test('holds count against a budget, and whoever has the least left of it comes first', () => {
  const tokens = [
    token('a', { monthLimitMinor: 1_000 }),
    token('b', { monthLimitMinor: 100, heldMinor: 40 }),
    token('c', {}),
    token('gone', { monthLimitMinor: 60, isLive: false }),
  ]
  const sums = { usedMinor: 240, tokensWithBudget: 2, budgetMinor: 1_100, usedOfBudgetMinor: 140 }
  expect(monthBudget({ sums, tokens })).toMatchObject({
    ...sums,
    nearest: [{ tokenId: 'b', usedMinor: 90 }, { tokenId: 'a' }],
  })
})
