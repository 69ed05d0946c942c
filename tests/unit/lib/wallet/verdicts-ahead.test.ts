import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import { err, ok } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Verify } from '@/lib/crypto/signature'
import { verifyWithWebCrypto } from '@/lib/crypto/webcrypto'
import { signMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import { takeTrustNews } from '@/lib/wallet/trust-state'
import { verdictsAhead } from '@/lib/wallet/verdicts-ahead'
import { storyOperator, storyTimeS, testSigner } from '../../../fixtures/messages'
import { newPhone, trustNews } from '../../../fixtures/wallet-world'

/** Counts what is still left for plain script. */
function counted(): { readonly verify: Verify; count(): number } {
  let count = 0
  return {
    verify: (...asked) => {
      count += 1
      return verifyWithNode(...asked)
    },
    count: () => count,
  }
}

const step = (verify: Verify) => takeTrustNews(null, trustNews, storyTimeS, verify)

async function forgedNews() {
  const list = { operator: storyOperator, epoch: 99, timeS: storyTimeS, serials: [] }
  const signed = await signMessage(revocations, list, testSigner('carrier'))
  return { ...trustNews, revocations: toBase64Url(signed.bytes) }
}

test('what the platform found sound is not worked out again in plain script', async () => {
  const plain = counted()
  const verify = await verdictsAhead(step, { verify: plain.verify, verifyAhead: verifyWithWebCrypto })
  expect(step(verify)).toEqual(step(verifyWithNode))
  expect(plain.count()).toBe(0)
})

test('the trial believes everything, and nothing of that is left afterwards', async () => {
  const forged = await forgedNews()
  const verify = await verdictsAhead((pretended) => takeTrustNews(null, forged, storyTimeS, pretended), {
    verify: verifyWithNode,
    verifyAhead: verifyWithWebCrypto,
  })
  expect(takeTrustNews(null, forged, storyTimeS, verify)).toEqual(err('revocations'))
})

test('a verdict holds for its key, its message and its signature alone', async () => {
  const seen: Parameters<Verify>[] = []
  step((...asked) => seen.push(asked) > 0)
  const [first, second] = seen
  if (first === undefined || second === undefined) throw new Error('two signatures are asked about')
  const verify = await verdictsAhead(step, { verify: () => false, verifyAhead: verifyWithWebCrypto })
  expect(verify(...first)).toBe(true)
  expect(verify(second[0], first[1], first[2])).toBe(false)
  expect(verify(first[0], second[1], first[2])).toBe(false)
  expect(verify(first[0], first[1], second[2])).toBe(false)
})

test('where the platform lacks Ed25519, or errs, plain script has the word', async () => {
  for (const verifyAhead of [() => Promise.reject(new Error('unknown')), () => Promise.resolve(false)]) {
    const plain = counted()
    const verify = await verdictsAhead(step, { verify: plain.verify, verifyAhead })
    expect(step(verify)).toEqual(step(verifyWithNode))
    expect(plain.count()).toBeGreaterThan(0)
  }
})

test('a wallet takes the operator’s news by the platform’s verdicts, and refuses forged ones as before', async () => {
  const wallet = await newPhone().open({ verifyAhead: verifyWithWebCrypto })
  expect(await takeTrust(wallet, trustNews)).toEqual(ok(undefined))
  const before = wallet.snapshot().trust
  expect(await takeTrust(wallet, await forgedNews())).toEqual(
    err(refusal('phone.trust', { part: 'revocations' })),
  )
  expect(wallet.snapshot().trust).toBe(before)
})
