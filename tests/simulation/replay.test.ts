/**
 * Short replays through everything that is real but time and people: every session settled once, to the cent. The
 * cents are worked out here from the registers: 0.49 a kWh, half up, never more than the hold.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chargerId, siteId } from '@/lib/core/ids'
import { epochSeconds, seconds, wattHours } from '@/lib/core/units'
import { figuresOf, findFaults, isCutByCap, type ReplayFacts } from '@/simulator/replay/outcome'
import { replay } from '@/simulator/replay/replay'
import type { TraceSession } from '@/simulator/traces/corridor'
import { openTestDatabase, type TestDatabase } from '../integration/database-fixture'

const fromS = 1_531_522_800 // 2018-07-14T00:00 in Britain
const window = { fromS: epochSeconds(fromS), untilS: epochSeconds(fromS + 2 * 86_400) }

const session = (charger: string, hour: number, minutes: number, energyWh: number): TraceSession => ({
  siteId: siteId('dunkeld'),
  siteLabel: 'Dunkeld',
  chargerId: chargerId(charger),
  startS: epochSeconds(fromS + hour * 3_600),
  durationS: seconds(minutes * 60),
  energyWh: wattHours(energyWh),
})

/** Three on the day without a network, three on the day with one; two that a fleet's driver may not hold in full. */
const trace: readonly TraceSession[] = [
  session('DUN-1', 8, 31, 11_283),
  session('DUN-2', 9, 75, 48_007),
  session('DUN-1', 14, 2, 1),
  session('DUN-2', 30, 44, 17_950),
  session('DUN-1', 32, 80, 52_311),
  session('DUN-2', 34, 9, 3_333),
]

let database: TestDatabase
let folder: string
beforeEach(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-replay-test-'))
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (seed: number, raisedCaps: boolean): Promise<ReplayFacts> =>
  replay({ trace, window, seed, raisedCaps, databaseUrl: database.url, folder, onProgress: () => undefined })

/** Cents, half up. */
const priceOf = (energyWh: number): number => Math.floor((energyWh * 49 + 500) / 1_000)

function expectedSpent(facts: ReplayFacts, drivers: readonly string[]): number {
  return facts.sessions
    .filter(({ driver }) => drivers.includes(driver))
    .reduce(
      (sum, { delivery }) =>
        delivery.kind === 'ended' ? sum + Math.min(delivery.holdMinor, priceOf(delivery.energyWh)) : sum,
      0,
    )
}

test('With the usual caps every session is settled once, what a cap cut is listed, and no cent is missing', async () => {
  const facts = await run(2, false)
  expect(findFaults(facts)).toEqual([])
  const figures = figuresOf(facts)
  expect(figures).toMatchObject({ sessions: 6, settled: 6, pending: 0, lost: 0, ledgerImbalanceMinor: 0 })
  expect(figures.duplicatesIgnored).toBeGreaterThan(0)
  // A fleet's driver at a charger that never saw the token: 15.00 and not a cent more.
  const cut = facts.sessions.filter(isCutByCap)
  expect(cut).toMatchObject([
    { pays: 'fleet', traceEnergyWh: 48_007, delivery: { stopReason: 'hold-reached', totalMinor: 1_500 } },
  ])
  for (const { delivery, booked, traceEnergyWh } of facts.sessions) {
    if (delivery.kind !== 'ended') throw new Error(`refused: ${JSON.stringify(delivery)}`)
    expect(booked?.totalMinor).toBe(Math.min(delivery.holdMinor, priceOf(delivery.energyWh)))
    const isCut = delivery.stopReason === 'hold-reached'
    if (!isCut) expect(Math.abs(delivery.energyWh - traceEnergyWh)).toBeLessThanOrEqual(1)
  }
  for (const { drivers, paidInMinor, leftMinor } of facts.owners) {
    expect(leftMinor).toBe(paidInMinor - expectedSpent(facts, drivers))
  }
})

test('With raised caps every session takes what the trace says', async () => {
  const facts = await run(3, true)
  expect(findFaults(facts)).toEqual([])
  expect(figuresOf(facts)).toMatchObject({ sessions: 6, settled: 6, cutByCap: 0, ledgerImbalanceMinor: 0 })
  for (const { delivery, traceEnergyWh } of facts.sessions) {
    if (delivery.kind !== 'ended') throw new Error(`refused: ${JSON.stringify(delivery)}`)
    expect(Math.abs(delivery.energyWh - traceEnergyWh)).toBeLessThanOrEqual(1)
  }
})
