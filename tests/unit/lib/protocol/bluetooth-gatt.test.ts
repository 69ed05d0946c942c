/** The small values beside the chunks: how much may be written, and a no without a signature. */

import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import {
  bluetoothIds,
  decodeLinkState,
  decodeNotice,
  encodeLinkState,
  encodeNotice,
} from '@/lib/protocol/bluetooth-gatt'

test.each([
  ['a radio that knows nothing', 0, 20],
  ['a radio of today', 244, 244],
  ['more than an attribute holds', 600, 512],
])(
  '%s: the phone may write as much as every stack can, and no more than an attribute holds',
  (_name, asked, told) => {
    expect(decodeLinkState(encodeLinkState(asked))).toBe(told)
  },
)

test.each([
  ['another version', [2, 0, 20]],
  ['too short', [1, 0]],
  ['too long', [1, 0, 20, 0]],
  ['less than every stack can', [1, 0, 19]],
  ['more than an attribute holds', [1, 2, 1]],
  ['nothing', []],
])('a state that says %s is not followed', (_name, value) => {
  expect(decodeLinkState(toBytes(value))).toBeUndefined()
})

test.each([true, false])('a notice keeps its reason (last: %s)', (isLast) => {
  expect(decodeNotice(encodeNotice({ reason: 'link.full', isLast }))).toEqual({ reason: 'link.full', isLast })
})

test('a reason of another version is said as something that was not understood', () => {
  expect(decodeNotice(toBytes([2, 255, 255]))).toEqual({ reason: 'link.chunk', isLast: false })
})

test.each([[[0, 0, 202]], [[2, 202]], [[3, 0, 202, 0]], [[]]])('%j is no notice', (value) => {
  expect(decodeNotice(toBytes(value))).toBeUndefined()
})

test('the identifiers are random 128-bit ones of one family, each its own', () => {
  const ids = Object.values(bluetoothIds)
  expect(new Set(ids).size).toBe(4)
  for (const id of ids) expect(id).toMatch(/^e4cb680[0-3]-d3c3-452c-adf1-82b8d5f93b2a$/)
})
