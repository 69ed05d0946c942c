/** The virtual passkey convinces the same verifiers that real ones have to convince. */

import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { expect, test } from 'vitest'
import { messageHash } from '@/lib/core/ids'
import { toBytes } from '@/lib/core/bytes'
import { verifyWithNode } from '@/lib/crypto/node'
import { passkeyHashOf, verifyPasskeyAssertion } from '@/lib/protocol/passkey-assertion'
import { stepUpKeyOf } from '@/lib/cloud/accounts/step-up-key'
import { fromHex } from '@/lib/core/bytes'
import { virtualPasskey } from '@/simulator/phone/virtual-passkey'
import { countingRandom } from '../../../fixtures/wallet-world'

const origin = 'https://charge.example.org'
const challenge = 'AAECAwQFBgcICQoLDA0ODw'

const register = async () => {
  const passkey = virtualPasskey(origin, countingRandom('passkey'))
  const response = passkey.register({
    challenge,
    rp: { name: 'Outpost' },
    user: { id: 'AA', name: 'driver', displayName: 'driver' },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  })
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: 'charge.example.org',
    supportedAlgorithmIDs: [-7],
  })
  return { passkey, verified }
}

test('A registration by the virtual passkey is verified by the server that real passkeys register with', async () => {
  const { verified } = await register()
  expect(verified.verified).toBe(true)
})

test('A step-up by the virtual passkey is right for the authorization that it confirms and for no other', async () => {
  const { passkey, verified } = await register()
  if (!verified.verified) throw new Error('not registered')
  const key = stepUpKeyOf(toBytes(verified.registrationInfo.credential.publicKey))
  if (key === undefined) throw new Error('no key for step-ups')
  const confirmed = messageHash('11'.repeat(16))
  const expected = {
    authorizationHash: confirmed,
    passkeyHash: passkeyHashOf(key.algorithm, fromHex(key.publicKey)),
    relyingPartyId: 'charge.example.org',
    origins: [origin],
  }
  const assertion = passkey.confirm(confirmed)
  expect(verifyPasskeyAssertion(assertion, expected, verifyWithNode)).toBe(true)
  const other = { ...expected, authorizationHash: messageHash('22'.repeat(16)) }
  expect(verifyPasskeyAssertion(assertion, other, verifyWithNode)).toBe(false)
})
