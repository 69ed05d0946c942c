import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import {
  nextStep,
  partsOf,
  type SatelliteFacts,
  type SatelliteSettings,
} from '@/charger-kiosk/satellite/plan'
import type { LetterUnderWay } from '@/charger-kiosk/session/records'

const hourS = 3_600
const nowS = epochSeconds(1_774_000_000)
const settings: SatelliteSettings = {
  ...{ messageBytesMax: 340, messagesPerLetterMax: 8, quietS: 6 * hourS },
  ...{ gatherS: 6 * hourS, gatherSessions: 3, answerS: 300 },
}
const ago = (spanS: number) => epochSeconds(nowS - spanS)
const waiting = (...endedAgoS: readonly number[]) =>
  endedAgoS.map((spanS, index) => ({ counter: index + 1, endedAtS: ago(spanS) }))
const underWay = (rest: Partial<LetterUnderWay> = {}): LetterUnderWay => ({
  ...{ letter: 7, counters: [1, 2], sealed: new Uint8Array(700), answerKey: new Uint8Array(32) },
  ...{ messageBytesMax: 340, sentParts: 0, ...rest },
})
const facts = (
  rest: Partial<Omit<SatelliteFacts, 'waiting'>> = {},
  told = waiting(7 * hourS),
): SatelliteFacts => ({
  ...{ nowS, heardS: ago(24 * hourS), state: { toldCounter: 0 }, asked: 0, askedAtS: undefined },
  ...rest,
  waiting: () => told,
})
const step = (given: SatelliteFacts) => nextStep(given, settings)

test('nothing goes while another road was heard of within six hours', () => {
  expect(step(facts({ heardS: ago(hourS) }))).toEqual({ kind: 'wait', untilS: nowS + 5 * hourS })
  expect(step(facts({ heardS: ago(6 * hourS) }))).toEqual({ kind: 'begin' })
})

test('a session waits for others, until six hours have passed or three wait', () => {
  expect(step(facts({}, waiting(hourS)))).toEqual({ kind: 'wait', untilS: nowS + 5 * hourS })
  expect(step(facts({}, waiting(hourS, 60, 30)))).toEqual({ kind: 'begin' })
  expect(step(facts({}, []))).toEqual({ kind: 'wait', untilS: undefined })
  expect(step(facts({ state: { toldCounter: 1 } }))).toEqual({ kind: 'wait', untilS: undefined })
})

test('parts go in their order, and only those that have not gone', () => {
  expect(partsOf(underWay())).toHaveLength(3)
  expect(step(facts({ state: { toldCounter: 0, underWay: underWay() } }))).toEqual({ kind: 'send', part: 0 })
  expect(step(facts({ state: { toldCounter: 0, underWay: underWay({ sentParts: 0b101 }) } }))).toEqual({
    kind: 'send',
    part: 1,
  })
})

test('then the answer is asked for, less and less often, and after a day all goes again', () => {
  const sent = (agoS: number, rest: Partial<Omit<SatelliteFacts, 'waiting'>> = {}) =>
    step(
      facts({
        state: { toldCounter: 0, underWay: underWay({ sentParts: 7, sentAtS: ago(agoS) }) },
        ...rest,
      }),
    )
  expect(sent(299)).toEqual({ kind: 'wait', untilS: nowS + 1 })
  expect(sent(300)).toEqual({ kind: 'ask' })
  expect(sent(1_000, { asked: 1, askedAtS: ago(899) })).toEqual({ kind: 'wait', untilS: nowS + 1 })
  expect(sent(1_000, { asked: 1, askedAtS: ago(900) })).toEqual({ kind: 'ask' })
  expect(sent(50_000, { asked: 9, askedAtS: ago(21_599) }).kind).toBe('wait')
  expect(sent(86_400, { asked: 9, askedAtS: ago(60) })).toEqual({ kind: 'again' })
  // A clock that was set back by days would wait for ever.
  expect(sent(-2 * 86_400)).toEqual({ kind: 'again' })
})

test('sessions that came home by another road need no letter any more, also while the road is there', () => {
  const state = { toldCounter: 0, underWay: underWay({ counters: [8, 9] }) }
  expect(step(facts({ state, heardS: nowS }))).toEqual({ kind: 'drop' })
  expect(
    step(facts({ state: { ...state, underWay: underWay({ counters: [1, 9] }) }, heardS: nowS })).kind,
  ).toBe('wait')
})

test('a clock set back behind what was heard and sold holds nothing up', () => {
  expect(step(facts({ heardS: epochSeconds(nowS + 90_000) })).kind).toBe('begin')
  expect(step(facts({}, waiting(-90_000))).kind).toBe('begin')
})
