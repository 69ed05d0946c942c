import { expect, test } from 'vitest'
import { dayS, monthsOf, runsOf } from '@/lib/cloud/dashboard/day-spans'

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1_000

test('days that follow each other are one span, and a gap begins another', () => {
  const days = [day('2026-02-27'), day('2026-02-28'), day('2026-03-01'), day('2026-03-05')]
  expect(runsOf(days)).toEqual([
    { fromS: day('2026-02-27'), toS: day('2026-03-02') },
    { fromS: day('2026-03-05'), toS: day('2026-03-06') },
  ])
})

test('a year of days is added up a month’s worth at a time, without a day twice or left out', () => {
  const days = Array.from({ length: 366 }, (_, at) => day('2026-01-01') + at * dayS)
  const runs = runsOf(days)
  expect(runs.length).toBeGreaterThan(10)
  expect(runs.flatMap(({ fromS, toS }) => days.filter((one) => one >= fromS && one < toS))).toEqual(days)
})

test('months end where the next one begins, however long they are', () => {
  expect(monthsOf([day('2026-01-31'), day('2026-02-01'), day('2026-02-28'), day('2026-12-24')])).toEqual([
    { fromS: day('2026-01-01'), toS: day('2026-02-01') },
    { fromS: day('2026-02-01'), toS: day('2026-03-01') },
    { fromS: day('2026-12-01'), toS: day('2027-01-01') },
  ])
})
