/**
 * Golden vector of the bundle: five events of a log, of which the bundle carries the last three. A deliberate change
 * of the wire rewrites the file with `UPDATE_VECTORS=1 npx vitest run --project fast tests/vectors`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { bundleId, decodeBundle, verifyBundle } from '@/lib/sync/bundle'
import { bundleBytes, deviceSigner, named } from '../fixtures/device-log'

const file = new URL('./bundle.json', import.meta.url)
const log = named('a', 'b', 'c', 'd', 'e')

test('a log of five events gives the published bundle', async () => {
  const bytes = await bundleBytes(log, 2)
  const parsed = expectOk(decodeBundle(bytes), 'decode')
  const computed = {
    signer: deviceSigner.publicKey,
    log: log.map(toHex),
    firstSeq: 2,
    frontier: parsed.frontier.hashes.map(toHex),
    checkpoint: parsed.checkpoint.payload,
    id: bundleId(parsed),
    bytes: toHex(bytes),
  }
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(computed, null, 1)}\n`)
  expect(computed).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})

test('the published bundle verifies under the published key', () => {
  const { bytes, signer } = JSON.parse(readFileSync(file, 'utf8')) as { bytes: string; signer: string }
  const parsed = expectOk(decodeBundle(fromHex(bytes)), 'decode')
  expect(signer).toBe(deviceSigner.publicKey)
  expect(verifyBundle(parsed, deviceSigner.publicKey, verifyWithNoble).ok).toBe(true)
})
