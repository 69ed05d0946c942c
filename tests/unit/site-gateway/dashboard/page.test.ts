import { expect, test } from 'vitest'
import { chargerId, siteId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import { dashboardPage } from '@/site-gateway/dashboard/page'
import { metricsText } from '@/site-gateway/dashboard/metrics'
import type { GatewayView } from '@/site-gateway/dashboard/view'

const nowS = epochSeconds(1_795_000_000)
const view: GatewayView = {
  ...{ nowS, site: siteId('kinross'), version: '0.1.0', pin: 'ab'.repeat(32), storeBytesMax: 512_000_000 },
  uplink: {
    ...{ state: 'down', failures: 3, spentBytes: 1_200, bytesPerDayMax: 5_000_000 },
    lastSuccessS: epochSeconds(nowS - 7_200),
    lastFault: { code: 'api.unreachable', atS: epochSeconds(nowS - 120) },
  },
  piles: [
    { priority: 'urgent', count: 2, sizeBytes: 3_400, oldestKeptAtS: epochSeconds(nowS - 3_600) },
    { priority: 'ordinary', count: 0, sizeBytes: 0, oldestKeptAtS: undefined },
    { priority: 'later', count: 1, sizeBytes: 100, oldestKeptAtS: epochSeconds(nowS - 600) },
  ],
  answersCount: 1,
  chargers: [
    {
      ...{ charger: chargerId('KIN-01'), seenAtS: epochSeconds(nowS - 300), keptCount: 3 },
      ...{ toldSpends: 12, hasToldAll: true },
    },
  ],
  book: { grants: 9, spends: 31, frozen: ['a1b2c3d4e5f60718'], chargers: 2, isWhole: false },
}
const none = {
  ...{ forwarded: 4, failed: 3, refused: 0, sentBytes: 10, receivedBytes: 20 },
  ...{ kept: 7, full: 0, displaced: 0, strangers: 5, turnedAway: 0 },
  ...{ held: 6, absent: 1, frozen: 2, refusedProofs: 0, refusedNews: 0, news: 4 },
}

/** Words as people read them, without the markup. */
const read = (page: string): string => page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

test('it says in English what waits, since when, and who was seen', () => {
  const text = read(dashboardPage(view, { locale: 'en', timeZone: 'UTC' }))
  for (const words of [
    'Down',
    '3 failed tries in a row',
    '2 hr ago',
    '1 kB of 5 MB',
    'KIN-01 5 min ago 3 12 all',
  ])
    expect(text).toContain(words)
})

test('it says the same in German', () => {
  const text = read(dashboardPage(view, { locale: 'de', timeZone: 'UTC' }))
  for (const words of [
    'Unterbrochen',
    '3 Fehlversuche in Folge',
    'vor 2 Std.',
    'KIN-01 vor 5 Min. 3 12 alle',
  ])
    expect(text).toContain(words)
})

test('nothing in it runs, and what came from outside cannot become markup', () => {
  const code = '<script>alert(1)</script>'
  const page = dashboardPage(
    { ...view, uplink: { ...view.uplink, lastFault: { code, atS: nowS } } },
    { locale: 'en', timeZone: 'UTC' },
  )
  expect(page).not.toMatch(/<script|style=|onclick/i)
  expect(page).toContain('&#60;script&#62;')
})

test('metrics are lines that Prometheus reads, each with its type', () => {
  const lines = metricsText(view, none).trimEnd().split('\n')
  expect(lines).toContain('outpost_gateway_uplink{state="down"} 1')
  expect(lines).toContain('outpost_gateway_kept_parcels{priority="urgent"} 2')
  expect(lines).toContain('outpost_gateway_oldest_kept_age_seconds 3600')
  expect(lines).toContain('outpost_gateway_strangers_total 5')
  const typed = new Set(lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []))
  for (const line of lines.filter((one) => !one.startsWith('#'))) {
    expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \d+$/)
    expect(typed).toContain(/^[a-z_]+/.exec(line)?.[0])
  }
})

test('it says whether reserves are held, and which grants contradict themselves', () => {
  const text = read(dashboardPage(view, { locale: 'en', timeZone: 'UTC' }))
  expect(text).toContain('1 of 2 chargers have told what they know')
  expect(text).toContain('a1b2c3d4e5f60718')
  const whole = { ...view, book: { ...view.book, isWhole: true, frozen: [] } }
  expect(read(dashboardPage(whole, { locale: 'en', timeZone: 'UTC' }))).toContain('Every charger has told')
  const unset = { ...view, book: { ...view.book, chargers: undefined } }
  expect(read(dashboardPage(unset, { locale: 'en', timeZone: 'UTC' }))).toContain('Nobody has said how many')
  expect(metricsText(view, none)).toContain('outpost_gateway_reserve_whole 0\n')
})
