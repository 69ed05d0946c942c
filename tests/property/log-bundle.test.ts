import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import { decodeBundle, encodeBundle, verifyBundle } from '@/lib/sync/bundle'
import { bundleBytes, frontierOf } from '../fixtures/device-log'

const signer = nodeSigner(new Uint8Array(32).fill(3))
const logs = fc.array(fc.uint8Array({ maxLength: 60 }).map(toBytes), { maxLength: 40 })

test('every range of every log comes back as it was sent, verifies, and leads to the frontier of its end', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(), fc.nat(), async (log, left, right) => {
      const [from = 0, to = 0] = [left % (log.length + 1), right % (log.length + 1)].sort((a, b) => a - b)
      const bytes = await bundleBytes(log, from, to, {}, signer)
      const parsed = expectOk(decodeBundle(bytes), 'decode')
      expect(parsed.events).toEqual(log.slice(from, to))
      const verified = expectOk(verifyBundle(parsed, signer.publicKey, verifyWithNode), 'verify')
      expect(verified.frontierAfter).toEqual(frontierOf(log.slice(0, to)))
      expect(encodeBundle({ ...parsed, checkpoint: parsed.checkpoint.bytes })).toEqual(bytes)
    }),
  )
})

test('arbitrary bytes are refused and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeBundle(bytes).ok).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('a bundle with any run of bytes overwritten is refused or still says the same', async () => {
  const log = ['a', 'b', 'c', 'd'].map((name) => toBytes([name.charCodeAt(0)]))
  const bytes = await bundleBytes(log, 1, 4, {}, signer)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }), (offset, patch) => {
      const changed = toBytes(bytes)
      changed.set(patch.subarray(0, bytes.length - offset), offset)
      const parsed = decodeBundle(changed)
      const verified = parsed.ok ? verifyBundle(parsed.value, signer.publicKey, verifyWithNode) : parsed
      if (verified.ok) expect(verified.value.events).toEqual(log.slice(1))
    }),
    { numRuns: 1_000 },
  )
})
