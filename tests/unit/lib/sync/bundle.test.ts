import { expect, test } from 'vitest'
import { toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { expectOk } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import { rootOf } from '@/lib/log/frontier'
import { bundleId, countThatFits, decodeBundle, encodeBundle, verifyBundle } from '@/lib/sync/bundle'
import { bundleBytes, deviceSigner, frontierOf, named, strangerSigner } from '../../../fixtures/device-log'

const log = named('a', 'b', 'c', 'd', 'e')

function codeOf(bytes: Uint8Array, key = deviceSigner.publicKey): string {
  const parsed = decodeBundle(bytes)
  if (!parsed.ok) return parsed.error.code
  const verified = verifyBundle(parsed.value, key, verifyWithNode)
  return verified.ok ? 'verified' : verified.error.code
}

test('a bundle comes back as it was sent, and its signature and root check out', async () => {
  const bytes = await bundleBytes(log, 2, 4)
  const parsed = expectOk(decodeBundle(bytes), 'decode')
  expect(parsed.events).toEqual(named('c', 'd'))
  expect(parsed.frontier.size).toBe(2)
  expect(toHex(parsed.certificate)).toBe('a0')
  expect(codeOf(bytes)).toBe('verified')
})

test('verification yields the frontier after the last event', async () => {
  const parsed = expectOk(decodeBundle(await bundleBytes(log, 3)), 'decode')
  const verified = expectOk(verifyBundle(parsed, deviceSigner.publicKey, verifyWithNode), 'verify')
  expect(verified.frontierAfter).toEqual(frontierOf(log))
})

test('the same range of the same log has the same id, whoever carries it', async () => {
  const id = bundleId(expectOk(decodeBundle(await bundleBytes(log, 2, 4)), 'decode'))
  expect(id).toBe(`CP-7/1/2-4/${toHex(rootOf(frontierOf(log.slice(0, 4))))}`)
})

test('a bare checkpoint without events is a bundle', async () => {
  expect(codeOf(await bundleBytes(log, 5))).toBe('verified')
})

test('a checkpoint signed by another key is refused', async () => {
  expect(codeOf(await bundleBytes(log, 0, 5, {}, strangerSigner))).toBe('device.checkpoint')
  expect(codeOf(await bundleBytes(log, 0), strangerSigner.publicKey)).toBe('device.checkpoint')
})

test('a checkpoint of another root is refused', async () => {
  const root = toHex(rootOf(frontierOf(log.slice(0, 4))))
  expect(codeOf(await bundleBytes(log, 0, 5, { root }))).toBe('device.checkpoint')
})

test('a bundle with an event more or less than its checkpoint says is refused', async () => {
  expect(codeOf(await bundleBytes(log, 0, 5, { size: 4 }))).toBe('device.checkpoint')
  expect(codeOf(await bundleBytes(log, 0, 5, { size: 6 }))).toBe('device.checkpoint')
})

test('a checkpoint cannot be moved under other events', async () => {
  const parsed = expectOk(decodeBundle(await bundleBytes(log, 2, 4)), 'decode')
  const moved = encodeBundle({
    checkpoint: parsed.checkpoint.bytes,
    certificate: parsed.certificate,
    frontier: parsed.frontier,
    events: named('c', 'X'),
  })
  expect(codeOf(moved)).toBe('device.checkpoint')
})

test('no flipped bit anywhere passes', async () => {
  const bytes = await bundleBytes(log, 1, 4)
  const certificateAt = 1 + 1 + 2 + expectOk(decodeBundle(bytes), 'decode').checkpoint.bytes.length + 1
  for (let offset = 0; offset < bytes.length; offset += 1) {
    const flipped = toBytes(bytes)
    flipped[offset]! ^= 1
    // The certificate has a signature of its own, which its reader checks.
    if (codeOf(flipped) === 'verified') expect(Math.abs(offset - certificateAt)).toBeLessThanOrEqual(1)
  }
})

test('truncated and trailing bytes are refused', async () => {
  const bytes = await bundleBytes(log, 0)
  expect(codeOf(bytes.subarray(0, bytes.length - 1))).toBe('api.malformed')
  expect(codeOf(toBytes([...bytes, 0]))).toBe('api.malformed')
  expect(codeOf(utf8(''))).toBe('api.malformed')
})

test('a frontier that does not fit the first seq is refused', async () => {
  const parsed = expectOk(decodeBundle(await bundleBytes(log, 2, 4)), 'decode')
  const hashes = [...parsed.frontier.hashes, ...parsed.frontier.hashes]
  const bytes = encodeBundle({
    ...parsed,
    checkpoint: parsed.checkpoint.bytes,
    frontier: { size: 2, hashes },
  })
  expect(codeOf(bytes)).toBe('api.malformed')
})

test('bytes over the cap are refused before they are decoded', () => {
  expect(codeOf(new Uint8Array(limits.bundleBytesMax + 1))).toBe('api.too-large')
})

test('an event over its cap is refused', async () => {
  const large = new Uint8Array(limits.eventBytesMax + 1)
  expect(codeOf(await bundleBytes([large], 0))).toBe('api.malformed')
})

const sized = (count: number, length: number): { payload: Bytes }[] =>
  Array.from({ length: count }, () => ({ payload: new Uint8Array(length) }))

test('a full bundle of small events decodes, and one event more would not be taken', async () => {
  const events = sized(limits.bundleEventsMax + 10, 40)
  expect(countThatFits(events)).toBe(limits.bundleEventsMax)
  const full = events.slice(0, limits.bundleEventsMax).map(({ payload }) => payload)
  expect(codeOf(await bundleBytes(full, 0))).toBe('verified')
})

test('a bundle of the largest events stays under the cap in bytes', async () => {
  const events = sized(400, limits.eventBytesMax)
  const count = countThatFits(events)
  const full = events.slice(0, count).map(({ payload }) => payload)
  const bytes = await bundleBytes(full, 0)
  expect(bytes.length).toBeLessThanOrEqual(limits.bundleBytesMax)
  expect(bytes.length).toBeGreaterThan(limits.bundleBytesMax - 3 * limits.eventBytesMax)
  expect(codeOf(bytes)).toBe('verified')
})
