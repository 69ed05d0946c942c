/** Days of bays: from a charger's signed log into rows, once, however often and in whatever order the log comes. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { chargerId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { answerBundle } from '@/lib/cloud/device-replies'
import { uptimeOfBays } from '@/lib/cloud/health/bay-days'
import { metricsText } from '@/lib/cloud/operator/metrics'
import { encodeJournalEvent } from '@/lib/protocol/journal-event'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { driver } from './closing'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const bay = (connectorId: number, up: number, dark = 86_400 - up) => ({
  ...{ connectorId, up, faulted: 0, silent: 0, takenOut: 0, closed: 0, dark },
})
const toldOf = (cloud: Cloud, fromDay: number) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => uptimeOfBays(tx, cloud.config.tenant, fromDay))

test('what a log tells of its bays is kept once, the first word stands, and figures follow it', async () => {
  const { cloud, phone, charger } = await driver(database)
  const today = Math.floor(cloud.clock.nowS() / 86_400)
  const timeS = epochSeconds(charger.nowS)
  charger.log({ kind: 'telemetry', timeS, day: today - 2, bays: [bay(1, 86_400), bay(2, 43_200)] })
  await charger.charge(phone, 3_000, 9_000)
  charger.log({ kind: 'telemetry', timeS, day: today - 1, bays: [bay(1, 64_800), bay(2, 0)] })
  // The same day again, and one that has not been.
  charger.log({ kind: 'telemetry', timeS, day: today - 1, bays: [bay(1, 86_400)] })
  charger.log({ kind: 'telemetry', timeS, day: today + 1, bays: [bay(1, 86_400)] })
  expectOk(await answerBundle(cloud, await charger.bundle(0, 2)), 'the first part')
  expectOk(await answerBundle(cloud, await charger.bundle()), 'all of it')
  expectOk(await answerBundle(cloud, await charger.bundle()), 'once more')
  const id = chargerId(charger.id)
  expect(await toldOf(cloud, today - 30)).toEqual([
    { chargerId: id, connectorId: 1, days: 2, upS: 151_200, allS: 172_800 },
    { chargerId: id, connectorId: 2, days: 2, upS: 43_200, allS: 172_800 },
  ])
  expect(await toldOf(cloud, today - 1)).toMatchObject([{ days: 1 }, { days: 1, upS: 0 }])
  expect(await metricsText(cloud)).toContain(`outpost_bay_uptime_ratio{charger="${id}",bay="1"} 0.875`)
})

test('a day of four bays at their worst is less than 170 bytes, and an ordinary one of two less than 40', () => {
  const worst = { up: 20_000, faulted: 20_000, silent: 20_000, takenOut: 10_000, closed: 10_000, dark: 6_400 }
  const worstBays = [1, 2, 3, 4].map((connectorId) => ({ connectorId, ...worst }))
  const event = { kind: 'telemetry', timeS: epochSeconds(1_774_000_000), day: 20_532 } as const
  expect(encodeJournalEvent({ ...event, bays: worstBays }).length).toBeLessThanOrEqual(130)
  expect(encodeJournalEvent({ ...event, bays: [bay(1, 86_400), bay(2, 86_341)] }).length).toBeLessThan(50)
})
