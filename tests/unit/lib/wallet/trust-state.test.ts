import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { err, expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { signMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { takeTrustNews, timeFloorOf, type TrustState } from '@/lib/wallet/trust-state'
import { issuerSigner, storyOperator, storyTimeS, testSigner } from '../../../fixtures/messages'
import { story, trustNews } from '../../../fixtures/wallet-world'

const first = (): TrustState =>
  expectOk(takeTrustNews(null, trustNews, storyTimeS, verifyWithNode), 'the first news')

const revocationsOf = async (epoch: number, signer = issuerSigner, timeS = storyTimeS) =>
  toBase64Url(
    (await signMessage(revocations, { operator: storyOperator, epoch, timeS, serials: [] }, signer)).bytes,
  )

test('the first root that is heard of is pinned, and another one is refused afterwards', () => {
  const other = { ...trustNews, root: testSigner('evil').publicKey }
  expect(takeTrustNews(first(), other, storyTimeS, verifyWithNode)).toEqual(err('other-root'))
  expect(takeTrustNews(null, other, storyTimeS, verifyWithNode)).toEqual(err('trust-list'))
})

test('older news never replace newer ones', async () => {
  const newer = { ...trustNews, revocations: await revocationsOf(20) }
  const state = expectOk(takeTrustNews(first(), newer, storyTimeS, verifyWithNode), 'newer')
  expect(state.revocations.payload.epoch).toBe(20)
  const again = expectOk(takeTrustNews(state, trustNews, storyTimeS, verifyWithNode), 'older')
  expect(again.revocations.payload.epoch).toBe(20)
})

test('news that somebody else signed are refused whole', async () => {
  const forged = { ...trustNews, revocations: await revocationsOf(99, testSigner('carrier')) }
  expect(takeTrustNews(first(), forged, storyTimeS, verifyWithNode)).toEqual(err('revocations'))
  const swapped = { ...trustNews, policy: trustNews.revocations }
  expect(takeTrustNews(first(), swapped, storyTimeS, verifyWithNode)).toEqual(err('policy'))
  expect(takeTrustNews(first(), { ...trustNews, trustList: '!' }, storyTimeS, verifyWithNode)).toEqual(
    err('trust-list'),
  )
})

test('signed news bound the clock from below', async () => {
  const later = epochSeconds(storyTimeS + 86_400)
  const fresh = { ...trustNews, revocations: await revocationsOf(20, issuerSigner, later) }
  const state = expectOk(takeTrustNews(first(), fresh, storyTimeS, verifyWithNode), 'fresh')
  expect(timeFloorOf(first())).toBe(story.trustList.payload.timeS)
  expect(timeFloorOf(state)).toBe(later)
})
