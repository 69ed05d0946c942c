/** The pages of docs/protocol that are made from the code: a page that is out of date fails the test beside this. */

import qrcode from 'qrcode'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { encodeEnvelope, envelopeToText, type Envelope } from '@/lib/protocol/envelope'
import { storyNames, wireTypes } from '@/scripts/fuzz/wire-types'
import { ceremonyCodes } from '@/tests/bench/ceremony-codes'
import { tellStory, type Story } from '@/tests/fixtures/messages'

interface Words {
  readonly title: string
  readonly action: string
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((one) => cell(String(one))).join(' | ')} |`

const money = {
  nothing: 'nothing was charged',
  held: 'the hold stays until the receipt',
  charged: 'the session was charged',
} as const

export function reasonCodesPage(words: (code: ReasonCode) => Words): string {
  const codes = (Object.keys(reasons) as ReasonCode[]).sort((a, b) => reasons[a].wire - reasons[b].wire)
  return [
    '# Reason codes',
    '',
    'Made from `lib/core/reason-codes.ts` and `lib/format/messages/en/reasons.json`; `UPDATE_VECTORS=1 npx vitest run --project',
    'fast tests/unit/docs` writes it anew. *Wire* is the number inside a signed answer; *code* is what people read out. A',
    'number is never given to another reason.',
    '',
    row('reason', 'code', 'wire', 'money', 'what people read', 'what they can do'),
    '|---|---|---|---|---|---|',
    ...codes.map((code) => {
      const { title, action } = words(code)
      return row(
        `\`${code}\``,
        reasons[code].code,
        reasons[code].wire,
        money[reasons[code].moneyMoved],
        title,
        action,
      )
    }),
    '',
  ].join('\n')
}

export async function sizesPage(): Promise<string> {
  const story = await tellStory()
  const codes = [...(await ceremonyCodes()), ...furtherCodes(story)]
  return [
    '# Sizes',
    '',
    'Of the golden vectors; made like reason-codes.md. `npm run bench -- ceremony --json` measures the codes of the',
    'ordinary path again, and how fast they are read and answered.',
    '',
    '## Messages, with signature',
    '',
    row('message', 'bytes'),
    '|---|---|',
    ...storyNames.map((name) => row(`\`${wireTypes[name].name}\``, story[name].bytes.length)),
    '',
    '## Codes',
    '',
    row('code', 'bytes', 'QR version (level L)'),
    '|---|---|---|',
    ...codes.map(({ name, envelope }) => row(name, encodeEnvelope(envelope).length, versionOf(envelope))),
    '',
    'A revocation delta has 4 bytes more for every grant, a revocation list 9.',
    '',
  ].join('\n')
}

const furtherCodes = (story: Story): readonly { readonly name: string; readonly envelope: Envelope }[] => [
  { name: 'stop', envelope: { kind: 'stop', parts: [story.stop.bytes] } },
  { name: 'voucher', envelope: { kind: 'voucher', parts: [story.voucher.bytes] } },
  {
    name: 'technician-challenge',
    envelope: {
      kind: 'technician-challenge',
      parts: [story.technicianChallenge.bytes, story.certificate.bytes],
    },
  },
  {
    name: 'technician-entry',
    envelope: { kind: 'technician-entry', parts: [story.technicianEntry.bytes, story.technicianPass.bytes] },
  },
  {
    name: 'receipt-proof',
    envelope: {
      kind: 'receipt-proof',
      parts: [story.receipt.bytes, story.certificate.bytes, story.offer.bytes, story.authorization.bytes],
    },
  },
]

const versionOf = (envelope: Envelope): number =>
  qrcode.create([{ data: envelopeToText(envelope), mode: 'alphanumeric' }], { errorCorrectionLevel: 'L' })
    .version
