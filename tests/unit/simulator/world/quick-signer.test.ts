/** Which library signs in a world changes nothing of it. */

import { expect, test } from 'vitest'
import { utf8 } from '@/lib/core/bytes'
import { sha256 } from '@/lib/crypto/hash'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import { quickSigner } from '@/simulator/world/quick-signer'

const names = ['charger-1', 'phone-1 key 0', 'issuer', '']

test.each(names)('Of %j the key and every signature are OpenSSL’s, byte for byte', async (name) => {
  const seed = sha256(utf8(name))
  const [quick, slow] = [quickSigner(seed), nodeSigner(seed)]
  expect(quick.publicKey).toBe(slow.publicKey)
  for (const size of [0, 1, 63, 64, 300]) {
    const message = new Uint8Array(size).fill(size)
    const signature = await quick.sign(message)
    expect(signature).toEqual(await slow.sign(message))
    expect(verifyWithNode(quick.publicKey, message, signature)).toBe(true)
  }
})

test('Where there is no libsodium, OpenSSL signs the same', async () => {
  const seed = sha256(utf8('without'))
  const message = utf8('what is said')
  expect(await quickSigner(seed, 'none').sign(message)).toEqual(await quickSigner(seed).sign(message))
})
