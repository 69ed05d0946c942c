import { beforeAll, expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { receiptFromShared } from '@/lib/policy/receipt-text'
import { encodeEnvelope, envelopeToText, type Envelope } from '@/lib/protocol/envelope'
import { tellStory } from '@/tests/fixtures/messages'

let envelope: Envelope
let text: string

beforeAll(async () => {
  const { receipt, certificate, offer, authorization } = await tellStory()
  const parts = [receipt, certificate, offer, authorization].map((message) => message.bytes)
  envelope = { kind: 'receipt-proof', parts }
  text = envelopeToText(envelope)
})

test.each<[string, () => string]>([
  ['the text of a code', () => text],
  ['a file that ends in a line break', () => `${text}\r\n`],
  ['a text pasted with spaces around it', () => `  ${text}  `],
  ['a link with the code’s text', () => `https://outpost.example/verify#${encodeURIComponent(text)}`],
  ['the end of such a link alone', () => encodeURIComponent(text)],
  [
    'a link with the bytes as base64url',
    () => `https://outpost.example/verify#${toBase64Url(encodeEnvelope(envelope))}`,
  ],
  ['the bytes as base64url', () => toBase64Url(encodeEnvelope(envelope))],
])('%s gives the receipt', (_, shared) => {
  expect(receiptFromShared(shared())).toEqual({ ok: true, value: envelope })
})

test.each<[string, string, string]>([
  ['nothing', '', 'code.not-outpost'],
  ['somebody’s shopping list', 'eggs, milk', 'code.not-outpost'],
  ['another link', 'https://outpost.example/', 'code.not-outpost'],
  ['a link that was cut', 'https://outpost.example/verify#OP1%3AY%20GV9', 'code.damaged'],
  ['a link whose escapes were broken', 'https://outpost.example/verify#OP1%3AY%2', 'code.not-outpost'],
  ['a code of a later version', 'OP2:ABC', 'code.version'],
  ['letters that are no base64url', 'hEOhATKgWECkA', 'code.damaged'],
  ['far too much', 'A'.repeat(100_000), 'code.too-large'],
])('%s is refused', (_, shared, code) => {
  expect(receiptFromShared(shared)).toEqual({ ok: false, error: code })
})
