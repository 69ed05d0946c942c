import { expect, test } from 'vitest'
import {
  formatAge,
  formatClock,
  formatDay,
  formatDuration,
  formatMoment,
  formatMonth,
  formatTimestamp,
} from '@/lib/format/time'

/** 2026-08-11 14:10:00 in Berlin, a Tuesday. */
const nowS = 1_786_450_200
const day = 86_400
const frame = { nowS, timeZone: 'Europe/Berlin' }

test('a moment within the week is a weekday and a time', () => {
  expect(formatMoment('en', nowS + 2 * day, frame)).toBe('Thu 14:10')
  expect(formatMoment('de', nowS - day, frame)).toBe('Mo 14:10')
})

test('a moment farther away names its day, and its year when that differs', () => {
  expect(formatMoment('en', nowS + 30 * day, frame)).toBe('10 Sept, 14:10')
  expect(formatMoment('de', nowS - 300 * day, frame)).toContain('2025')
})

test('the reader sees their own time zone', () => {
  expect(formatClock('en', nowS, 'Europe/Berlin')).toBe('14:10')
  expect(formatClock('en', nowS, 'America/Los_Angeles')).toBe('05:10')
})

test('midnight is written as 00, never as 24', () => {
  expect(formatClock('en', nowS - (14 * 60 + 10) * 60, 'Europe/Berlin')).toBe('00:00')
})

test('receipts name day and second', () => {
  expect(formatTimestamp('en', nowS + 5, 'Europe/Berlin')).toBe('11 Aug 2026, 14:10:05')
  expect(formatTimestamp('de', nowS + 5, 'Europe/Berlin')).toBe('11.08.2026, 14:10:05')
})

test('a day is written without its time', () => {
  expect(formatDay('en', nowS, 'Europe/Berlin')).toBe('11 Aug 2026')
})

test('a month has its name and year', () => {
  expect(formatMonth('de', nowS, 'Europe/Berlin')).toBe('August 2026')
})

test('spans show their two largest parts', () => {
  expect(formatDuration('en', 45)).toBe('45 sec')
  expect(formatDuration('en', 12 * 60)).toBe('12 min')
  expect(formatDuration('en', 3_600 + 25 * 60 + 59)).toBe('1 hr 25 min')
  expect(formatDuration('de', 2 * day + 3 * 3_600)).toBe('2 Tage 3 Std.')
})

test('an age counts whole units and never runs ahead of the clock', () => {
  expect(formatAge('en', nowS, nowS)).toBe('now')
  expect(formatAge('en', nowS + 500, nowS)).toBe('now')
  expect(formatAge('en', nowS - 240, nowS)).toBe('4 min ago')
  expect(formatAge('de', nowS - 7_200, nowS)).toBe('vor 2 Std.')
  expect(formatAge('en', nowS - 93_000, nowS)).toBe('1 day ago')
})
