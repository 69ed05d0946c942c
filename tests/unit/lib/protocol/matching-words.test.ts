import { expect, test } from 'vitest'
import { messageHash } from '@/lib/core/ids'
import { matchingWords } from '@/lib/protocol/matching-words'
import { stopCodeFrom, stopCodeMatches, stopDigest } from '@/lib/protocol/stop-code'
import { sessionId } from '@/lib/core/ids'

test('the words are indexes of 11 bits each into the frozen list', () => {
  expect(matchingWords(messageHash('0'.repeat(32)))).toEqual(['abandon', 'abandon'])
  expect(matchingWords(messageHash('f'.repeat(32)))).toEqual(['zoo', 'zoo'])
  expect(matchingWords(messageHash(`00200c00${'0'.repeat(24)}`))).toEqual(['ability', 'about'])
})

test('a stop code has six digits and only its own digest fits', () => {
  const session = sessionId('ab'.repeat(16))
  expect(stopCodeFrom(Uint8Array.of(0, 0, 0, 42))).toBe('000042')
  expect(stopCodeFrom(Uint8Array.of(255, 255, 255, 255))).toBe('967295')
  const digest = stopDigest(session, '000042')
  expect(digest).toHaveLength(8)
  expect(stopCodeMatches(session, '000042', digest)).toBe(true)
  expect(stopCodeMatches(session, '000043', digest)).toBe(false)
  expect(stopCodeMatches(sessionId('cd'.repeat(16)), '000042', digest)).toBe(false)
})
