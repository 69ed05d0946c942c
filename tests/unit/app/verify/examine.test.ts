import { beforeAll, expect, test } from 'vitest'
import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import { envelopeToText } from '@/lib/protocol/envelope'
import { splitIntoFrames } from '@/lib/protocol/frames'
import { signMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import { minorUnits } from '@/lib/core/units'
import { examine } from '@/app/verify/examine'
import type { PublishedTrust } from '@/app/verify/published-trust'
import samples from '@/app/verify/samples.json'
import { chargerSigner, rootSigner, tellStory, type Story } from '@/tests/fixtures/messages'

let story: Story
let operator: PublishedTrust

beforeAll(async () => {
  story = await tellStory()
  operator = { root: rootSigner.publicKey, trustList: toBase64Url(story.trustList.bytes) }
})

const textOf = (receiptBytes: Bytes): string =>
  envelopeToText({
    kind: 'receipt-proof',
    parts: [receiptBytes, story.certificate.bytes, story.offer.bytes, story.authorization.bytes],
  })

test('a receipt of the operator is genuine, with who, where, how much and for what', () => {
  expect(examine(textOf(story.receipt.bytes), operator)).toMatchObject({
    kind: 'checked',
    verdict: 'genuine',
    fault: null,
    facts: {
      operatorName: 'Outpost',
      siteLabel: 'Kinross Services',
      bayLabel: 'A1',
      energyWh: 18_400,
      totalMinor: 902,
      lines: [{ kind: 'energy', amountMinor: 902 }],
      holdMinor: 1_500,
      recomputedMinor: 902,
    },
  })
})

test('before the operator’s keys are known the same receipt is not proven', () => {
  expect(examine(textOf(story.receipt.bytes), null)).toMatchObject({
    verdict: 'unknown',
    keysAreKnown: false,
    keysAsOfS: null,
  })
})

test('a charger of somebody else’s is not proven, though keys are known', () => {
  const other: PublishedTrust = samples.trust
  expect(examine(textOf(story.receipt.bytes), other)).toMatchObject({
    verdict: 'unknown',
    keysAreKnown: true,
  })
})

test('samples are called samples, whoever the operator is', () => {
  expect(examine(samples.receipt, operator)).toMatchObject({ verdict: 'sample' })
  expect(examine(samples.forgedReceipt, operator)).toMatchObject({
    verdict: 'refused',
    fault: { check: 'receipt-signature', code: 'receipt.signature' },
  })
})

test('a charger that signed too much is refused for the amount', async () => {
  const dearer = { ...story.receipt.payload, totalMinor: minorUnits(903) }
  const signed = await signMessage(receipt, dearer, chargerSigner)
  expect(examine(textOf(signed.bytes), operator)).toMatchObject({
    verdict: 'refused',
    fault: { check: 'amount', code: 'receipt.amount' },
    facts: { totalMinor: 903, recomputedMinor: 902 },
  })
})

test.each([
  ['a letter', 'Dear customer', 'not-receipt', 'code.not-outpost'],
  ['a code of a later version', 'OP9:ABC', 'version', 'code.version'],
  ['half a receipt', samples.receipt.slice(0, 300), 'damaged', 'code.damaged'],
  ['a book', 'x'.repeat(50_000), 'too-large', 'code.too-large'],
])('%s cannot be checked', (_, shared, why, code) => {
  expect(examine(shared, operator)).toEqual({ kind: 'unreadable', why, code })
})

test('a charger’s bare receipt lacks the proof around it', () => {
  const bare = envelopeToText({ kind: 'receipt', parts: [story.receipt.bytes] })
  expect(examine(bare, operator)).toEqual({ kind: 'unreadable', why: 'no-proof', code: 'code.wrong-kind' })
})

test('a piece of a code in several pieces is no receipt, and no other version either', () => {
  const [piece = ''] = splitIntoFrames(textOf(story.receipt.bytes), 200)
  expect(examine(piece, operator)).toEqual({
    kind: 'unreadable',
    why: 'no-proof',
    code: 'code.wrong-kind',
  })
})
