import { expect, test } from 'vitest'
import { parseFromScreen } from '@/charger-kiosk/server/screen-message'
import { limits } from '@/lib/core/limits'

const say = (value: unknown): string => JSON.stringify(value)

test.each([
  { type: 'scanned', connectorId: 1, text: 'OP1:ABC' },
  { type: 'stop', connectorId: 2, stopCode: '012345' },
  { type: 'dismiss', connectorId: 1 },
])('what a screen says is understood: $type', (message) => {
  expect(parseFromScreen(say(message))).toEqual(message)
})

test.each([
  ['no JSON', '{'],
  ['nothing', 'null'],
  ['a list', '[]'],
  ['another act', say({ type: 'accept', connectorId: 1 })],
  ['no connector', say({ type: 'dismiss' })],
  ['half a connector', say({ type: 'dismiss', connectorId: 1.5 })],
  ['a connector that no charger has', say({ type: 'dismiss', connectorId: 256 })],
  ['a stop code of letters', say({ type: 'stop', connectorId: 1, stopCode: 'abcdef' })],
  ['a stop code that is a number', say({ type: 'stop', connectorId: 1, stopCode: 123_456 })],
  [
    'a text that no code holds',
    say({ type: 'scanned', connectorId: 1, text: 'x'.repeat(limits.scannedTextCharsMax + 1) }),
  ],
])('anything else is dropped: %s', (_name, text) => {
  expect(parseFromScreen(text)).toBeUndefined()
})
