import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { formatTime, parseTime, reportedTime } from '@/charger-kiosk/ocpp/reported-time'

const midday = 1_767_268_800 // 2026-01-01T12:00:00Z

test.each([
  ['2026-01-01T12:00:00Z'],
  ['2026-01-01T12:00:00.999Z'],
  ['2026-01-01T12:00:00'],
  ['2026-01-01t12:00:00z'],
  ['2026-01-01T13:00:00+01:00'],
  ['2026-01-01T06:30:00-0530'],
  [' 2026-01-01T12:00:00Z '],
])('%s is that second', (text) => {
  expect(parseTime(text)).toBe(midday)
})

test.each([
  '',
  'yesterday',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01',
  '1969-12-31T23:59:59Z',
])('%j is no time', (text) => {
  expect(parseTime(text)).toBeUndefined()
})

const frame = { receivedAtS: epochSeconds(midday), clockFloorS: epochSeconds(1_704_067_200) }

test('A late message keeps its own time', () => {
  const time = reportedTime('2026-01-01T09:00:00Z', frame)
  expect(time).toEqual({ receivedAtS: midday, reportedAtS: midday - 3 * 3_600, plausible: true })
})

test.each(['1970-01-01T00:00:12Z', '2099-01-01T00:00:00Z', 'soon', undefined, 7])(
  '%j is not believed',
  (value) => {
    expect(reportedTime(value, frame).plausible).toBe(false)
  },
)

test('Times are written in UTC', () => {
  expect(formatTime(epochSeconds(midday))).toBe('2026-01-01T12:00:00.000Z')
})
