/** The sheet on double spends says what the simulation gives, and nothing else. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lossPlot, lossSheet, lossTable } from '@/scripts/simulate/worlds/loss-sheet'
import { inProject } from '@/scripts/setup/root.mjs'
import { lossFigures, takenBy } from '@/simulator/world/double-spend'

const read = (path: string): string => readFileSync(inProject(path), 'utf8')
const figures = lossSheet()

test('The committed table and plot are those of today’s rules', () => {
  const cells = (text: string): string => text.replace(/[ :-]+/g, ' ')
  const sheet = cells(read('docs/double-spend.md'))
  for (const line of lossTable(figures)) expect(sheet).toContain(cells(line))
  expect(read('docs/pictures/double-spend.svg')).toBe(lossPlot(figures))
})

test('No fraud takes more than the first-seen cap at each charger', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const setting = { chargers: 20, couriersPerDay: 0, revocationDelayHours: 24, firstSeenCap: 15 }
    expect(takenBy(setting, seed)).toBeLessThanOrEqual(20 * 15)
  }
})

test('More couriers, a lower cap and a shorter delay each cost a thief money', () => {
  const seeds = Array.from({ length: 40 }, (_, index) => index + 1)
  const base = { chargers: 50, couriersPerDay: 5, revocationDelayHours: 6, firstSeenCap: 15 }
  const { meanLoss } = lossFigures(base, seeds)
  expect(lossFigures({ ...base, couriersPerDay: 20 }, seeds).meanLoss).toBeLessThan(meanLoss)
  expect(lossFigures({ ...base, firstSeenCap: 60 }, seeds).meanLoss).toBeGreaterThan(meanLoss)
  expect(lossFigures({ ...base, revocationDelayHours: 0 }, seeds).meanLoss).toBeLessThan(meanLoss)
})
