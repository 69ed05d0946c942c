/** Figures go into the README between their marks and touch nothing else. */

import { expect, test } from 'vitest'
import { withFigures } from '@/scripts/bench/readme-table'

const figures = {
  messages: [{ name: 'offer', bytes: 305, qrVersion: 11 }],
  answerMsP50: 2.5,
  answerMsP99: 9.75,
  fsyncShare: 0.624,
  decodeMsP50: 8.1,
  authorizations: 400,
  decodedFrames: 100,
}

const readme = ['# Outpost', '<!-- bench:start -->', 'old', '<!-- bench:end -->', 'the rest'].join('\n')

test('The table replaces what stood between the marks', () => {
  const written = withFigures(readme, figures)
  const text = written.ok ? written.value : ''
  expect(text.startsWith('# Outpost\n<!-- bench:start -->\n')).toBe(true)
  expect(text.endsWith('<!-- bench:end -->\nthe rest')).toBe(true)
  expect(text).not.toContain('old')
  expect(text).toContain('| Offer, with the charger’s certificate | 305 bytes, QR version 11 |')
  expect(text).toContain('| Of that, the journal’s durable write | 62 % |')
})

test('Writing the same figures twice changes nothing', () => {
  const once = withFigures(readme, figures)
  expect(withFigures(once.ok ? once.value : '', figures)).toEqual(once)
})

test('A README without the marks is left alone', () => {
  expect(withFigures('# Outpost', figures)).toEqual({ ok: false, error: 'no-marks' })
  expect(withFigures('<!-- bench:end --> <!-- bench:start -->', figures)).toEqual({
    ok: false,
    error: 'no-marks',
  })
})
