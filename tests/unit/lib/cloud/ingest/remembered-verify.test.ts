import { expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import { rememberedVerify } from '@/lib/cloud/ingest/remembered-verify'

const signer = nodeSigner(new Uint8Array(32).fill(5))
const other = nodeSigner(new Uint8Array(32).fill(6))

test('a verdict is remembered for exactly these bytes under exactly this key', async () => {
  const asked: string[] = []
  const verify = rememberedVerify((key, message, signature) => {
    asked.push(key)
    return verifyWithNode(key, message, signature)
  })
  const message = utf8('one session')
  const signature = await signer.sign(message)
  const flipped = toBytes(signature)
  flipped[0] = (flipped[0] ?? 0) ^ 1
  const ask = () => [
    verify(signer.publicKey, message, signature),
    verify(signer.publicKey, utf8('another'), signature),
    verify(other.publicKey, message, signature),
    verify(signer.publicKey, message, flipped),
  ]
  expect([ask(), ask()]).toEqual([
    [true, false, false, false],
    [true, false, false, false],
  ])
  expect(asked.length).toBeLessThan(8)
})
