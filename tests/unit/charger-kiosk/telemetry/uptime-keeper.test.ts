import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bayStanding } from '@/charger-kiosk/telemetry/bay-standing'
import { uptimeMetrics } from '@/charger-kiosk/telemetry/shown'
import { UptimeKeeper } from '@/charger-kiosk/telemetry/uptime-keeper'
import { durationMs } from '@/lib/core/units'
import type { BayStanding, DayOfBays } from '@/lib/telemetry/uptime'
import { ManualTime } from '@/simulator/charger/manual-time'

let folder: string
let time: ManualTime
let now: BayStanding
let told: DayOfBays[]
let isFull: boolean

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uptime-'))
  time = new ManualTime()
  now = 'up'
  told = []
  isFull = false
})
afterEach(() => rmSync(folder, { recursive: true }))

function started(): UptimeKeeper {
  const keeper = new UptimeKeeper({
    path: join(folder, 'uptime.hex'),
    standings: () => new Map([[2, now]]),
    nowS: () => time.nowS(),
    clock: time,
    timers: time,
    log: () => undefined,
    tell: (day) => {
      if (isFull) return Promise.resolve(false)
      told.push(day)
      return Promise.resolve(true)
    },
  })
  keeper.start()
  return keeper
}

const minutes = (count: number): Promise<void> => time.advance(durationMs(count * 60_000))
const secondsOf = (keeper: UptimeKeeper) => keeper.figures[0]?.seconds

test('a controller that was killed counts what it wrote down, and the time without it as dark', async () => {
  const killed = started()
  await minutes(30)
  const written = readFileSync(join(folder, 'uptime.hex'))
  expect(secondsOf(killed)?.up).toBe(1_800)
  now = 'faulted'
  await minutes(10)
  // Killed at the half hour: what came later never reached the disk.
  killed.stop()
  writeFileSync(join(folder, 'uptime.hex'), written)
  now = 'up'
  const again = started()
  expect(secondsOf(again)).toMatchObject({ up: 1_800, faulted: 0, dark: 600 })
  await minutes(5)
  expect(secondsOf(again)).toMatchObject({ up: 2_100, dark: 600 })
  again.stop()
})

test('a controller that is stopped writes down its last minute', async () => {
  const keeper = started()
  await time.advance(durationMs(90_000))
  keeper.stop()
  expect(secondsOf(started())).toMatchObject({ up: 90, dark: 0 })
})

test('a damaged book says nothing, and a new one is begun', async () => {
  writeFileSync(join(folder, 'uptime.hex'), 'not a book')
  const keeper = started()
  await minutes(1)
  expect(secondsOf(keeper)).toMatchObject({ up: 60, dark: 0 })
  keeper.stop()
})

test('metrics tell the seconds by standing, and the ratio once there is one', async () => {
  const keeper = started()
  expect(uptimeMetrics(keeper.figures).join('\n')).not.toContain('outpost_bay_uptime_ratio{')
  await minutes(3)
  now = 'takenOut'
  await minutes(1)
  const lines = uptimeMetrics(keeper.figures)
  expect(lines).toContain('outpost_bay_seconds{bay="2",standing="up"} 180')
  expect(lines).toContain('outpost_bay_seconds{bay="2",standing="taken-out"} 60')
  expect(lines).toContain('outpost_bay_uptime_ratio{bay="2"} 0.75')
  keeper.stop()
})

const open = { isTakenOut: false, hasSession: false, closedFor: undefined } as const

test.each([
  ['available', open, true, 'Available', 'up'],
  ['in use', { ...open, hasSession: true }, true, 'Charging', 'up'],
  [
    'in use while nothing more is sold',
    { ...open, hasSession: true, closedFor: 'charger.policy' },
    true,
    'Charging',
    'up',
  ],
  ['closed', { ...open, closedFor: 'charger.policy' }, true, 'Available', 'closed'],
  ['faulted in the middle of a session', { ...open, hasSession: true }, true, 'Faulted', 'faulted'],
  ['out of order by its own word', open, true, 'Unavailable', 'faulted'],
  ['without a link, whatever it said last', open, false, 'Available', 'silent'],
  ['connected and not heard yet', open, true, undefined, 'silent'],
  ['taken out by a technician', { ...open, isTakenOut: true }, false, 'Faulted', 'takenOut'],
] as const)('a bay %s', (_name, facts, isConnected, status, expected) => {
  expect(bayStanding(facts, isConnected, status)).toBe(expected)
})

test('each day is told once when it is over, after a stop, a kill and a full disk', async () => {
  const day = Math.floor(time.nowS() / 86_400)
  const first = started()
  const toMidnight = 24 * 60 - Math.floor((time.nowS() % 86_400) / 60)
  await minutes(toMidnight + 1)
  expect(told.map(({ day: one }) => one)).toEqual([day])
  expect(told[0]?.bays[0]).toMatchObject({ connectorId: 2, faulted: 0, dark: 0 })
  first.stop()
  isFull = true
  const second = started()
  await minutes(24 * 60)
  expect(told).toHaveLength(1)
  isFull = false
  await minutes(1)
  expect(told.map(({ day: one }) => one)).toEqual([day, day + 1])
  expect(told[1]?.bays[0]?.up).toBe(86_400)
  second.stop()
  // Three days without a controller are three days that are told as dark.
  await time.advance(durationMs(3 * 86_400_000))
  const third = started()
  await minutes(1)
  expect(told.slice(2).map(({ day: one, bays }) => [one - day, bays[0]?.dark])).toEqual([
    [2, expect.any(Number) as number],
    [3, 86_400],
    [4, 86_400],
  ])
  third.stop()
})
