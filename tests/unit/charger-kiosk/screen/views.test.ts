import { expect, test } from 'vitest'
import { lightAt, localHour } from '@/charger-kiosk/screen/daylight'
import {
  chargingView,
  chromeView,
  finishedView,
  newsView,
  refusedView,
  stopEntryView,
} from '@/charger-kiosk/screen/views'
import { connector, phases, state, tariff } from './story'

const ease = { low: false, large: false, spoken: false, canSpeak: false }

test('Stop can be pressed from the accept until the session stops', () => {
  const stoppable = Object.values(phases).filter((phase) => {
    const shown = state(phase)
    return chromeView(shown, connector(1, phase), ease).canStop
  })
  expect(stoppable).toEqual([phases.starting, phases.charging])
})

test('the price is in the head except where the screen itself is about it', () => {
  const priceOf = (name: keyof typeof phases) => {
    const shown = state(phases[name])
    return chromeView(shown, connector(1, phases[name]), ease).tariff
  }
  expect(priceOf('available')).toBeNull()
  expect(priceOf('offering')).toBeNull()
  expect(priceOf('charging')).toEqual(tariff)
  expect(priceOf('finished')).toEqual(tariff)
})

test('in the head stands the price that holds now, and beside the cost whether it has changed', () => {
  const change = { atS: 1_000, energyPerKwh: 5_900, timePerMinute: 0, idlePerMinute: 0 }
  const changing = { ...connector(1, phases.charging), tariff: { ...tariff, change } }
  const shownAt = (nowS: number) => chromeView({ ...state(phases.charging), nowS }, changing, ease).tariff
  expect(shownAt(999)?.energyPerKwh).toBe(tariff.energyPerKwh)
  expect(shownAt(1_000)?.energyPerKwh).toBe(5_900)
  const saidAt = (nowS: number) => chargingView(phases.charging, changing.tariff, nowS).hasPriceChanged
  expect([saidAt(999), saidAt(1_000)]).toEqual([false, true])
})

test('an offer without a refusal has none to show', () => {
  expect(refusedView(phases.offering)).toBeNull()
  expect(refusedView(phases.refused)?.answerCode).toBe('OP1:DECLINE')
})

test('the bill reaches the view as the controller wrote it', () => {
  expect(finishedView(phases.finished, tariff)).toMatchObject({
    currency: 'EUR',
    totalMinor: 903,
    releasedMinor: 3_097,
    energyMinor: 903,
    taxMinor: 144,
    taxBasisPoints: 1_900,
  })
})

test('a price that changed within the session is told with the bill', () => {
  expect(finishedView(phases.finished, tariff).priceChange).toBeNull()
  const change = { atS: 100, energyPerKwh: 5_900, timePerMinute: 0, idlePerMinute: 0 }
  const changed = { ...phases.finished, hasPriceChanged: true }
  expect(finishedView(changed, { ...tariff, change }).priceChange?.tariff.change).toEqual(change)
})

test('news are told one line a kind, and what was left out is said', () => {
  expect(
    newsView([
      { kind: 'revocation-delta', outcome: 'new' },
      { kind: 'revocations', outcome: 'new' },
      { kind: 'policy', outcome: 'known' },
      { kind: 'permit', outcome: 'gap' },
    ]),
  ).toEqual({ news: ['revocations'], hasGap: true, hasRefused: false })
  expect(newsView([{ kind: 'time', outcome: 'refused' }])).toEqual({
    news: [],
    hasGap: false,
    hasRefused: true,
  })
})

test('the tries left come from the session, and before it runs from the last refusal', () => {
  const wrong = { digits: '', refusal: { code: 'stop.code-wrong', facts: { left: 3 } } } as const
  expect(stopEntryView({ digits: '', refusal: null }, phases.charging).triesLeft).toBe(5)
  expect(stopEntryView({ digits: '', refusal: null }, phases.starting).triesLeft).toBeNull()
  expect(stopEntryView(wrong, phases.starting).triesLeft).toBe(3)
})

test.each([
  [null, 5, 'night'],
  [null, 6, 'day'],
  [null, 19, 'day'],
  [null, 20, 'night'],
  [null, null, 'day'],
  ['night', 12, 'night'],
  ['day', 2, 'day'],
] as const)('chosen %s at hour %s is %s', (chosen, hour, light) => {
  expect(lightAt(chosen, hour)).toBe(light)
})

test('a clock that was never set has no hour', () => {
  expect(localHour(undefined)).toBeNull()
  expect(localHour(0)).toBeNull()
  expect(localHour(1_786_450_200)).not.toBeNull()
})
