import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localTimeOf } from '@/lib/cloud/operator/clock-changes'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { localHourAt } from '@/lib/policy/local-time'
import { berlin } from '@/tests/fixtures/timed-policy'

const at = (iso: string): EpochSeconds => epochSeconds(Date.parse(iso) / 1_000)
const year = [at('2026-03-30T00:00:00Z'), at('2026-09-01T00:00:00Z')] as const

test('Berlin changes twice a year, to the second', () => {
  const { zone, changes } = expectOk(localTimeOf('Europe/Berlin', ...year), 'a clock')
  expect(zone).toBe('Europe/Berlin')
  expect(changes.slice(1)).toEqual(berlin.changes.slice(1))
  expect(changes[0]).toEqual({ fromS: year[0], offsetMinutes: 120 })
})

test.each([
  ['UTC', [0]],
  ['Asia/Kathmandu', [345]],
  ['Australia/Lord_Howe', [660, 630, 660, 630]],
] as const)('%s', (zone, offsets) => {
  const { changes } = expectOk(localTimeOf(zone, ...year), 'a clock')
  expect(changes.map(({ offsetMinutes }) => offsetMinutes)).toEqual(offsets)
})

test('a zone that nobody has heard of is a fault', () => {
  expect(localTimeOf('Europe/Atlantis', ...year)).toEqual({ ok: false, error: 'unknown-zone' })
})

test('more changes than a policy can hold are a fault, and none is left out', () => {
  const long = localTimeOf('Europe/Berlin', at('2026-01-01T00:00:00Z'), at('2042-01-01T00:00:00Z'))
  expect(long).toEqual({ ok: false, error: 'too-many-changes' })
})

const zones = [
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'Pacific/Chatham',
] as const
const clocks = new Map(
  zones.map((zone) => [
    zone,
    {
      local: expectOk(localTimeOf(zone, at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')), zone),
      wall: new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        hourCycle: 'h23',
        hour: 'numeric',
        minute: 'numeric',
      }),
    },
  ]),
)

test('at any time of a policy’s life and the year after, the list reads the hour as the zone does', () => {
  const time = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') })
  fc.assert(
    fc.property(fc.constantFrom(...zones), time, (zone, timeS) => {
      const clock = clocks.get(zone)
      if (clock === undefined) throw new Error('A zone without a clock')
      const [hour = 0, minute = 0] = clock.wall
        .format(timeS * 1_000)
        .split(':')
        .map(Number)
      expect(localHourAt(clock.local, epochSeconds(timeS)).minuteOfDay).toBe(hour * 60 + minute)
    }),
  )
})
