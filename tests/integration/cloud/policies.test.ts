import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { addSeconds, epochSeconds, minorUnits } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import type { Cloud } from '@/lib/cloud/context'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { demoTariff, issuePolicy, renewPolicy } from '@/lib/cloud/operator/commands'
import type { PolicyChange } from '@/lib/cloud/operator/policies'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { bytesOf, openWorld } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400
const dearer = { ...demoTariff('EUR'), energyPerKwh: 5_900 }

async function policies(cloud: Cloud) {
  const { policy: inForce, nextPolicy } = await currentTrust(cloud)
  const read = (text: string) => expectOk(parseMessage(policy, bytesOf(text)), 'policy').payload
  return { inForce: read(inForce), next: nextPolicy === undefined ? undefined : read(nextPolicy) }
}

test('an announced policy stands beside the one in force until its time comes', async () => {
  const { cloud, pass } = await openWorld(database)
  const startS = addSeconds(cloud.clock.nowS(), 3 * dayS)
  expect(await issuePolicy(cloud, { tariff: dearer, notBeforeS: startS })).toBe(2)
  expect(await policies(cloud)).toMatchObject({
    inForce: { sequence: 1, tariff: { energyPerKwh: 4_900 } },
    next: { sequence: 2, tariff: { energyPerKwh: 5_900 }, notBeforeS: startS },
  })
  pass(3 * dayS)
  const then = await policies(cloud)
  expect(then.inForce.sequence).toBe(2)
  expect(then.next).toBeUndefined()
})

test('a second announcement takes the place of the first', async () => {
  const { cloud } = await openWorld(database)
  const startS = addSeconds(cloud.clock.nowS(), 3 * dayS)
  await issuePolicy(cloud, { tariff: dearer, notBeforeS: startS })
  await issuePolicy(cloud, { tariff: { ...dearer, energyPerKwh: 5_500 }, notBeforeS: startS })
  expect((await policies(cloud)).next).toMatchObject({ sequence: 3, tariff: { energyPerKwh: 5_500 } })
})

test('a policy that may not follow is refused with a sentence, and nothing changes', async () => {
  const { cloud } = await openWorld(database)
  const startS = addSeconds(cloud.clock.nowS(), dayS)
  const taxed = { ...dearer, taxBasisPoints: 700 }
  await expect(issuePolicy(cloud, { tariff: taxed, notBeforeS: startS })).rejects.toThrow(/rates/)
  await expect(issuePolicy(cloud, { maximumHoldMinor: minorUnits(0) })).rejects.toThrow(/hold/)
  expect((await policies(cloud)).inForce.sequence).toBe(1)
  expect(await issuePolicy(cloud, { tariff: taxed })).toBe(2)
})

const night = {
  localTime: { zone: 'Europe/Berlin', changes: [{ fromS: epochSeconds(0), offsetMinutes: 0 }] },
  periods: [
    {
      weekdays: 127,
      fromMinute: 1_320,
      toMinute: 360,
      energyPerKwh: 2_900,
      timePerMinute: 0,
      idlePerMinute: 0,
    },
  ],
} satisfies PolicyChange

test('prices by the hour are signed with the clock of their zone, a year beyond the policy, and again at renewal', async () => {
  const { cloud, pass } = await openWorld(database)
  await issuePolicy(cloud, night)
  const { inForce } = await policies(cloud)
  const lastOf = ({ localTime }: Policy): number => localTime?.changes.at(-1)?.fromS ?? 0
  expect(lastOf(inForce)).toBeGreaterThan(inForce.notAfterS + 100 * dayS)
  pass(200 * dayS)
  await renewPolicy(cloud)
  const renewed = (await policies(cloud)).inForce
  expect(renewed).toMatchObject({ sequence: 3, periods: night.periods, localTime: { zone: 'Europe/Berlin' } })
  expect(lastOf(renewed)).toBeGreaterThan(lastOf(inForce))
})

test('what a change leaves out is gone, and what it does not name stays', async () => {
  const { cloud } = await openWorld(database)
  await issuePolicy(cloud, { ...night, switches: 1 })
  await issuePolicy(cloud, { tariff: dearer })
  expect((await policies(cloud)).inForce).toMatchObject({ periods: night.periods, switches: 1 })
  await issuePolicy(cloud, { without: ['localTime', 'periods'] })
  const { inForce } = await policies(cloud)
  expect(inForce.periods).toBeUndefined()
  expect(inForce).toMatchObject({ sequence: 4, switches: 1, tariff: { energyPerKwh: 5_900 } })
})

test('a policy that nobody could live by or read is never signed, with a code for each reason', async () => {
  const { cloud } = await openWorld(database)
  const refusals: readonly (readonly [string, PolicyChange])[] = [
    ['policy.rule-broken', { rules: [{ name: 'a', when: 'hold >', holdMaxMinor: minorUnits(1) }] }],
    ['policy.periods-overlap', { ...night, periods: [...night.periods, ...night.periods] }],
    ['policy.clock-missing', { periods: night.periods }],
    ['policy.zone', { localTime: { ...night.localTime, zone: 'Europe/Atlantis' } }],
    [
      'policy.form',
      {
        rules: Array.from({ length: 16 }, (_, index) => ({
          name: `rule-${index}`,
          when: `holdMinor > 1 ${'|| holdMinor > 12 '.repeat(16)}`,
          holdMaxMinor: minorUnits(1),
        })),
      },
    ],
  ]
  for (const [code, change] of refusals)
    await expect(issuePolicy(cloud, change), code).rejects.toMatchObject({ code })
  expect((await policies(cloud)).inForce.sequence).toBe(1)
})

test('two operators at once give two policies in a row', async () => {
  const { cloud } = await openWorld(database)
  const both = await Promise.all(
    [1_000, 2_000].map((hold) => issuePolicy(cloud, { maximumHoldMinor: minorUnits(hold + 5_000) })),
  )
  expect([...both].sort()).toEqual([2, 3])
})

test('the policy in force is signed again in time, and an announced one is not overtaken by that', async () => {
  const { cloud, pass } = await openWorld(database)
  pass(35 * dayS)
  await renewPolicy(cloud)
  const { inForce } = await policies(cloud)
  expect(inForce.sequence).toBe(2)
  const startS = addSeconds(cloud.clock.nowS(), 40 * dayS)
  await issuePolicy(cloud, { tariff: dearer, notBeforeS: startS })
  pass(35 * dayS)
  await renewPolicy(cloud)
  expect((await policies(cloud)).next).toMatchObject({ sequence: 3, notBeforeS: startS })
  pass(6 * dayS)
  expect((await policies(cloud)).inForce).toMatchObject({ sequence: 3, tariff: { energyPerKwh: 5_900 } })
})
