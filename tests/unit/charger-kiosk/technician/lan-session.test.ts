import { expect, test } from 'vitest'
import { LanSession, lanLifeMs } from '@/charger-kiosk/technician/lan-session'
import { countingRandom } from '@/tests/fixtures/counting-random'

const open = (): LanSession => new LanSession(countingRandom('lan'), 0)

test('the password works once, however it is typed, and one cookie holds the door afterwards', () => {
  const session = open()
  const password = session.password ?? ''
  expect(password).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  const entry = session.enter(password.toLowerCase().replace('-', ' '), 1_000)
  if (!entry.ok) throw new Error('refused')
  expect(session.password).toBeUndefined()
  expect(session.holds(entry.cookie, 2_000)).toBe(true)
  expect(session.holds('ab'.repeat(32), 2_000)).toBe(false)
  expect(session.holds(undefined, 2_000)).toBe(false)
  expect(session.enter(password, 2_000)).toEqual({ ok: false, isOver: true })
})

test('five wrong guesses end it, and then the right one is wrong too', () => {
  const session = open()
  const guesses = Array.from({ length: 5 }, () => session.enter('AAAA-AAAA', 0))
  expect(guesses.map((guess) => !guess.ok && guess.isOver)).toEqual([false, false, false, false, true])
  expect(session.enter(session.password ?? '', 0)).toEqual({ ok: false, isOver: true })
})

test('after half an hour neither password nor cookie is good', () => {
  const session = open()
  const entry = session.enter(session.password ?? '', 0)
  if (!entry.ok) throw new Error('refused')
  expect(session.holds(entry.cookie, lanLifeMs - 1)).toBe(true)
  expect(session.holds(entry.cookie, lanLifeMs)).toBe(false)
  expect(open().enter(open().password ?? '', lanLifeMs).ok).toBe(false)
})
