import { expect, test } from 'vitest'
import { readKioskConfig } from '@/charger-kiosk/config'
import { uplinkMetrics } from '@/charger-kiosk/uplinks/shown'
import { nothingSpent } from '@/lib/sync/road-budget'

const read = (uplinks: unknown) => readKioskConfig({}, { path: '/etc/outpost/k.json', value: { uplinks } })
const complaintOf = (uplinks: unknown) => {
  const config = read(uplinks)
  return config.ok ? 'none' : config.error.join()
}

test('an uplink is what it costs, when, and from where', () => {
  const config = read([
    { name: 'cable', kind: 'ethernet' },
    {
      ...{ name: 'sim', kind: 'cellular', localAddress: '10.64.0.2', pricePerMb: 12.5 },
      ...{ bytesPerDayMax: 5_000_000, moneyPerMonthMax: 500, windows: [{ fromHour: 22, toHour: 5 }] },
    },
  ])
  expect(config.ok && config.value.uplinks).toEqual([
    { terms: { name: 'cable' }, localAddress: undefined },
    {
      localAddress: '10.64.0.2',
      terms: {
        ...{ name: 'sim', pricePerMbMinor: 12.5, bytesPerDayMax: 5_000_000 },
        ...{ moneyPerMonthMaxMinor: 500, windows: [{ fromHour: 22, toHour: 5 }] },
      },
    },
  ])
})

test('a radio is asked for its signal, and waited for', () => {
  const signal = { interface: 'wwan0', minPercent: 30, waitHours: 6 }
  const config = read([{ name: 'sim', kind: 'cellular', signal }])
  expect(config.ok && config.value.uplinks).toEqual([
    {
      terms: { name: 'sim', signalMinPercent: 30, signalWaitS: 21_600 },
      localAddress: undefined,
      radio: { kind: 'cellular', interface: 'wwan0' },
    },
  ])
})

test.each([
  [[], 'at least one uplink'],
  [[{ name: '../sim', kind: 'wifi' }], 'lower-case letters'],
  [
    [
      { name: 'a', kind: 'wifi' },
      { name: 'a', kind: 'ethernet' },
    ],
    'different names',
  ],
  [[{ name: 'a', kind: 'wifi', localAddress: 'eth0' }], 'address of this computer'],
  [[{ name: 'a', kind: 'wifi', pricePerMb: -1 }], 'from 0'],
  [[{ name: 'a', kind: 'ethernet', signal: { interface: 'eth0', minPercent: 20 } }], 'a cable has no signal'],
  [[{ name: 'a', kind: 'wifi', signal: { interface: '../x', minPercent: 20 } }], 'network interface'],
])('%j is refused in words', (uplinks, words) => {
  expect(complaintOf(uplinks)).toContain(words)
})

test('each figure has a name of its own', () => {
  const figures = {
    ...{ name: 'sim', attempts: 3, answers: 2, sentBytes: 10, receivedBytes: 20, isResting: true },
    spent: { ...nothingSpent, dayBytes: 30, monthBytes: 40 },
    signalPercent: 55,
  }
  expect(uplinkMetrics.map(([name, , , valueOf]) => [name, valueOf(figures)])).toEqual([
    ['outpost_uplink_attempts_total', 3],
    ['outpost_uplink_answers_total', 2],
    ['outpost_uplink_sent_bytes_total', 10],
    ['outpost_uplink_received_bytes_total', 20],
    ['outpost_uplink_resting', 1],
    ['outpost_uplink_day_bytes', 30],
    ['outpost_uplink_month_bytes', 40],
    ['outpost_uplink_signal_percent', 55],
  ])
})
