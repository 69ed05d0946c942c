/** Decoders of everything that is not one signed message: codes, events, bundles, reports, news, and plain CBOR. */

import { parseFromScreen } from '@/charger-kiosk/server/screen-message'
import { checkStop } from '@/charger-kiosk/session/phone-stop'
import type { SessionRow } from '@/charger-kiosk/session/records'
import { equalBytes, toBase64Url, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { currencyCode } from '@/lib/core/ids'
import { verifyWithNode } from '@/lib/crypto/node'
import { parseReport, readReport } from '@/lib/cloud/ingest/read-report'
import { checkReceiptProof, openReceiptProof } from '@/lib/policy/receipt-proof'
import { receiptFromShared } from '@/lib/policy/receipt-text'
import { decodeBase45, encodeBase45 } from '@/lib/protocol/base45'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { decodeEnvelope, encodeEnvelope, envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { decodeJournalEvent, encodeJournalEvent } from '@/lib/protocol/journal-event'
import { decodeNewsItem, encodeNewsItem } from '@/lib/protocol/news-item'
import { openChargerCertificate, openTrustList } from '@/lib/protocol/trust'
import { parseNews } from '@/lib/roads/sync-reply'
import { bundleId, decodeBundle, verifyBundle } from '@/lib/sync/bundle'
import { bundleBytes, deviceSigner, named } from '@/tests/fixtures/device-log'
import { rootSigner, storyTimeS, type Story } from '@/tests/fixtures/messages'
import { journalEvents } from './journal-corpus'
import type { Target, Verdict } from './target'

const textOf = (input: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(input)

/** A decoder that takes exactly what its encoder makes: whatever it took must come back as it was. */
export const roundTrip = <T>(
  name: string,
  weight: number,
  genuine: readonly Bytes[],
  decode: (input: Bytes) => { readonly ok: true; readonly value: T } | { readonly ok: false },
  encode: (value: T) => Uint8Array,
): Target => ({
  name,
  weight,
  genuine,
  judge: (input) => {
    const decoded = decode(input)
    if (!decoded.ok) return 'refused'
    return equalBytes(encode(decoded.value), input) ? 'accepted' : 'false-accept'
  },
})

export async function documentTargets(story: Story): Promise<Target[]> {
  const parts = envelopes(story)
  const codes = parts.map((envelope) => encodeEnvelope(envelope))
  const texts = parts.map((envelope) => utf8(envelopeToText(envelope)))
  const messages = Object.values(story).map(({ bytes }) => bytes)
  return [
    roundTrip('cbor', 6, [...messages, ...codes], decodeCbor, encodeCbor),
    roundTrip('envelope', 4, codes, decodeEnvelope, encodeEnvelope),
    roundTrip(
      'code text',
      4,
      texts,
      (input) => envelopeFromText(textOf(input)),
      (envelope) => utf8(envelopeToText(envelope)),
    ),
    roundTrip(
      'base45',
      2,
      codes.map((code) => utf8(encodeBase45(code))),
      base45Of,
      (bytes) => utf8(encodeBase45(bytes)),
    ),
    roundTrip('journal event', 4, journalEvents(story), decodeJournalEvent, encodeJournalEvent),
    roundTrip('news item', 2, newsItems(story), decodeNewsItem, encodeNewsItem),
    await bundleTarget(),
    trustTarget(story),
    certificateTarget(story),
    stopTarget(story),
    proofTarget(story),
    reportTarget(story),
    ...jsonTargets(story),
  ]
}

/** Text that is not UTF-8 has no characters of Base45. */
function base45Of(input: Bytes): { readonly ok: true; readonly value: Bytes } | { readonly ok: false } {
  const value = decodeBase45(textOf(input))
  return value === undefined ? { ok: false } : { ok: true, value }
}

const envelopes = (story: Story) =>
  [
    { kind: 'offer', parts: [story.offer.bytes, story.certificate.bytes] },
    { kind: 'authorization', parts: [story.authorization.bytes, story.grant.bytes] },
    { kind: 'answer', parts: [story.answer.bytes] },
    { kind: 'status', parts: [story.status.bytes] },
    { kind: 'receipt', parts: [story.receipt.bytes] },
    { kind: 'stop', parts: [story.stop.bytes] },
    { kind: 'voucher', parts: [story.voucher.bytes] },
    { kind: 'news', parts: newsItems(story).slice(0, 3) },
    proofOf(story),
  ] as const

const proofOf = (story: Story) =>
  ({
    kind: 'receipt-proof',
    parts: [story.receipt.bytes, story.certificate.bytes, story.offer.bytes, story.authorization.bytes],
  }) as const

const newsItems = (story: Story): Bytes[] => [
  encodeNewsItem({ kind: 'time', message: story.time.bytes }),
  encodeNewsItem({ kind: 'permit', message: story.permit.bytes }),
  encodeNewsItem({ kind: 'revocation-delta', message: story.revocationDelta.bytes }),
  encodeNewsItem({ kind: 'acknowledgement', message: story.acknowledgement.bytes }),
  encodeNewsItem({ kind: 'policy', message: story.policy.bytes }),
]

async function bundleTarget(): Promise<Target> {
  const log = named('a', 'b', 'c', 'd', 'e', 'f', 'g')
  const genuine = [await bundleBytes(log, 2, 5), await bundleBytes(log, 0), await bundleBytes(log, 7)]
  const ids = new Set(
    genuine.map((bytes) => {
      const parsed = decodeBundle(bytes)
      return parsed.ok ? contentOf(parsed.value) : ''
    }),
  )
  return {
    name: 'bundle',
    weight: 4,
    genuine,
    judge: (input) => {
      const parsed = decodeBundle(input)
      if (!parsed.ok || !verifyBundle(parsed.value, deviceSigner.publicKey, verifyWithNode).ok)
        return 'refused'
      return ids.has(contentOf(parsed.value)) ? 'accepted' : 'false-accept'
    },
  }
}

/** The certificate is not signed with the bundle: its reader checks it for itself. */
const contentOf = (bundle: Parameters<typeof bundleId>[0]): string =>
  `${bundleId(bundle)} ${bundle.events.map(toHex).join(' ')} ${bundle.frontier.hashes.map(toHex).join(' ')}`

const signedOnly = (name: string, genuine: Bytes, opens: (input: Bytes) => boolean): Target => ({
  name,
  weight: 1,
  genuine: [genuine],
  judge: (input) => {
    if (!opens(input)) return 'refused'
    return equalBytes(input, genuine) ? 'accepted' : 'false-accept'
  },
})

const trustTarget = (story: Story): Target =>
  signedOnly(
    'trust list under the root',
    story.trustList.bytes,
    (input) => openTrustList(input, rootSigner.publicKey, verifyWithNode) !== undefined,
  )

const certificateTarget = (story: Story): Target =>
  signedOnly(
    'certificate under the trust list',
    story.certificate.bytes,
    (input) => openChargerCertificate(input, story.trustList.payload, storyTimeS, verifyWithNode).ok,
  )

function stopTarget(story: Story): Target {
  const row = { grant: story.grant.bytes, offer: story.offer.bytes } as SessionRow
  const rowOf = (id: string): SessionRow | undefined => (id === story.authorization.hash ? row : undefined)
  return signedOnly('stop', story.stop.bytes, (input) => checkStop(input, rowOf, verifyWithNode).ok)
}

function proofTarget(story: Story): Target {
  const genuine = encodeEnvelope(proofOf(story))
  return {
    name: 'receipt proof',
    weight: 3,
    genuine: [genuine],
    judge: (input) => {
      const envelope = decodeEnvelope(input)
      const proof = envelope.ok ? openReceiptProof(envelope.value) : envelope
      if (!proof.ok) return 'refused'
      const { verdict } = checkReceiptProof(proof.value, story.trustList.payload, verifyWithNode)
      if (verdict.kind !== 'genuine') return 'refused'
      // The driver's signature is no part of the proof; everything that it signed is.
      const { receipt, certificate, offer, authorization } = proof.value
      const isOurs =
        equalBytes(receipt.bytes, story.receipt.bytes) &&
        equalBytes(certificate.bytes, story.certificate.bytes) &&
        equalBytes(offer.bytes, story.offer.bytes) &&
        authorization.hash === story.authorization.hash
      return isOurs ? 'accepted' : 'false-accept'
    },
  }
}

const vouched = (story: Story) => ({
  certificate: toBase64Url(story.certificate.bytes),
  offer: toBase64Url(story.offer.bytes),
})

function reportTarget(story: Story): Target {
  const report = {
    chains: [
      {
        grant: toBase64Url(story.grant.bytes),
        authorizations: [toBase64Url(story.authorization.bytes)],
        answers: [{ ...vouched(story), answer: toBase64Url(story.answer.bytes) }],
        receipts: [{ ...vouched(story), receipt: toBase64Url(story.receipt.bytes) }],
      },
    ],
  }
  const known = new Set([story.authorization, story.answer, story.receipt].map(({ bytes }) => toHex(bytes)))
  const context = { trust: story.trustList.payload, verify: verifyWithNode, nowS: storyTimeS }
  return {
    name: 'report of a phone',
    weight: 3,
    genuine: [utf8(JSON.stringify(report))],
    judge: (input) => {
      const chains = parseReport(jsonOf(input))
      if (!chains.ok) return 'refused'
      const { evidence } = readReport(chains.value, currencyCode('EUR'), context)
      if (evidence.length === 0) return 'refused'
      return evidence.every(({ bytes }) => known.has(toHex(bytes))) ? 'accepted' : 'false-accept'
    },
  }
}

function jsonOf(input: Bytes): unknown {
  try {
    return JSON.parse(textOf(input))
  } catch {
    return undefined
  }
}

function jsonTargets(story: Story): Target[] {
  const reply = {
    acknowledgement: toBase64Url(story.acknowledgement.bytes),
    trustList: toBase64Url(story.trustList.bytes),
    permits: [toBase64Url(story.permit.bytes)],
  }
  const taken = (isTaken: boolean): Verdict => (isTaken ? 'accepted' : 'refused')
  const proof = envelopeToText(proofOf(story))
  return [
    {
      name: 'answer of the cloud',
      weight: 2,
      genuine: [utf8(JSON.stringify(reply))],
      judge: (input) => taken(parseNews(textOf(input)).ok),
    },
    {
      name: 'message of a screen',
      weight: 1,
      genuine: [utf8(JSON.stringify({ type: 'scanned', connectorId: 1, text: proof }))],
      judge: (input) => taken(parseFromScreen(textOf(input)) !== undefined),
    },
    {
      name: 'shared receipt',
      weight: 1,
      genuine: [utf8(proof)],
      judge: (input) => taken(receiptFromShared(textOf(input)).ok),
    },
  ]
}
