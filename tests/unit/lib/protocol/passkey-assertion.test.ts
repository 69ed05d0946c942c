import { p256 } from '@noble/curves/nist.js'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, toBase64Url, toBytes, utf8 } from '@/lib/core/bytes'
import { messageHash, type MessageHash } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import { verifyWithNode } from '@/lib/crypto/node'
import {
  encodePasskeyAssertion,
  passkeyHashOf,
  verifyPasskeyAssertion,
  type PasskeyAssertion,
  type PasskeyExpectation,
} from '@/lib/protocol/passkey-assertion'
import { testSigner } from '../../../fixtures/messages'

const authorizationHash = messageHash('ab'.repeat(16))
const secret = sha256(utf8('a passkey for tests'))
const key = toBytes(p256.getPublicKey(secret, true))
const origin = 'https://charge.example.org'

interface Variation {
  readonly type?: string
  readonly challenge?: MessageHash
  readonly origin?: string
  readonly relyingPartyId?: string
  readonly flags?: number
}

function parts(variation: Variation) {
  const clientData = utf8(
    JSON.stringify({
      type: variation.type ?? 'webauthn.get',
      challenge: toBase64Url(fromHex(variation.challenge ?? authorizationHash)),
      origin: variation.origin ?? origin,
      crossOrigin: false,
    }),
  )
  const authenticatorData = concat(
    sha256(utf8(variation.relyingPartyId ?? 'charge.example.org')),
    toBytes([variation.flags ?? 0x05, 0, 0, 0, 1]),
  )
  return { clientData, authenticatorData, signed: concat(authenticatorData, sha256(clientData)) }
}

function assertionBy(variation: Variation = {}): PasskeyAssertion {
  const { clientData, authenticatorData, signed } = parts(variation)
  const signature = toBytes(p256.sign(signed, secret, { prehash: true, format: 'der' }))
  return { algorithm: 'ES256', key, authenticatorData, clientData, signature }
}

const expected: PasskeyExpectation = {
  authorizationHash,
  passkeyHash: passkeyHashOf('ES256', key),
  relyingPartyId: 'charge.example.org',
  origins: [origin],
}
const verdict = (assertion: PasskeyAssertion, expectation: PasskeyExpectation = expected): boolean =>
  verifyPasskeyAssertion(encodePasskeyAssertion(assertion), expectation, verifyWithNode)

test('a fresh ES256 assertion over this authorization is believed', () => {
  expect(verdict(assertionBy())).toBe(true)
})

test('so is an EdDSA one', async () => {
  const signer = testSigner('eddsa passkey')
  const { clientData, authenticatorData, signed } = parts({})
  const edKey = fromHex(signer.publicKey)
  const assertion: PasskeyAssertion = {
    algorithm: 'EdDSA',
    key: edKey,
    authenticatorData,
    clientData,
    signature: await signer.sign(signed),
  }
  expect(verdict(assertion, { ...expected, passkeyHash: passkeyHashOf('EdDSA', edKey) })).toBe(true)
})

describe('what is not believed', () => {
  test.each<[string, Variation]>([
    ['another authorization', { challenge: messageHash('cd'.repeat(16)) }],
    ['another origin', { origin: 'https://evil.example.org' }],
    ['another relying party', { relyingPartyId: 'evil.example.org' }],
    ['no user verification', { flags: 0x01 }],
    ['no user presence', { flags: 0x04 }],
    ['a registration', { type: 'webauthn.create' }],
  ])('%s', (_name, variation) => {
    expect(verdict(assertionBy(variation))).toBe(false)
  })

  test('a key that the grant does not name', () => {
    expect(verdict(assertionBy(), { ...expected, passkeyHash: messageHash('00'.repeat(16)) })).toBe(false)
  })

  test('a changed signature, and noise', () => {
    const assertion = assertionBy()
    const signature = toBytes(assertion.signature)
    signature[20] = (signature[20] ?? 0) ^ 1
    expect(verdict({ ...assertion, signature })).toBe(false)
    expect(verifyPasskeyAssertion(utf8('noise'), expected, verifyWithNode)).toBe(false)
  })
})
