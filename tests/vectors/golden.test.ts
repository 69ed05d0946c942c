/**
 * Golden vectors: `messages.json` is what a second implementation must produce and accept. The test recomputes the
 * base story and compares every byte; a deliberate change of the wire rewrites the file with
 * `UPDATE_VECTORS=1 npx vitest run --project fast tests/vectors`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { encodeEnvelope, envelopeToText } from '@/lib/protocol/envelope'
import { encodeNewsItem } from '@/lib/protocol/news-item'
import { storyNames, storySigners } from '@/scripts/fuzz/wire-types'
import { tellStory } from '../fixtures/messages'

const file = new URL('./messages.json', import.meta.url)

async function vectors(): Promise<unknown> {
  const story = await tellStory()
  const messages = storyNames.map((name) => ({
    name,
    signer: storySigners[name].publicKey,
    payload: story[name].payload,
    hash: story[name].hash,
    bytes: toHex(story[name].bytes),
  }))
  const offer = { kind: 'offer', parts: [story.offer.bytes, story.certificate.bytes] } as const
  const authorization = {
    kind: 'authorization',
    parts: [story.authorization.bytes, story.grant.bytes],
  } as const
  const stop = { kind: 'stop', parts: [story.stop.bytes] } as const
  const news = {
    kind: 'news',
    parts: [
      encodeNewsItem({ kind: 'time', message: story.time.bytes }),
      encodeNewsItem({ kind: 'revocation-delta', message: story.revocationDelta.bytes }),
    ],
  } as const
  const card = { kind: 'voucher', parts: [story.voucher.bytes] } as const
  const ask = {
    kind: 'technician-challenge',
    parts: [story.technicianChallenge.bytes, story.certificate.bytes],
  } as const
  const enter = {
    kind: 'technician-entry',
    parts: [story.technicianEntry.bytes, story.technicianPass.bytes],
  } as const
  const codes = [offer, authorization, stop, news, card, ask, enter].map((envelope) => ({
    kind: envelope.kind,
    bytes: toHex(encodeEnvelope(envelope)),
    text: envelopeToText(envelope),
  }))
  const plain = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array ? toHex(value) : value
  return JSON.parse(JSON.stringify({ messages, codes }, plain))
}

test('the base story gives the published bytes', async () => {
  const computed = await vectors()
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(computed, null, 1)}\n`)
  expect(computed).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})
