import { beforeAll, expect, test } from 'vitest'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { currencyCode, operatorId, sessionId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits, wattHours } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { checkReceiptProof, openReceiptProof, type ProofReport } from '@/lib/policy/receipt-proof'
import type { Envelope } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import {
  chargerSigner,
  issuerSigner,
  storyTimeS,
  tellStory,
  testSigner,
  type Story,
} from '@/tests/fixtures/messages'

let story: Story
let trust: TrustList

beforeAll(async () => {
  story = await tellStory()
  trust = story.trustList.payload
})

const partsOf = (told: Story): Bytes[] => [
  told.receipt.bytes,
  told.certificate.bytes,
  told.offer.bytes,
  told.authorization.bytes,
]

const envelopeOf = (parts: readonly Bytes[]): Envelope => ({ kind: 'receipt-proof', parts })

function report(told: Story, known: TrustList | null = trust): ProofReport {
  const proof = expectOk(openReceiptProof(envelopeOf(partsOf(told))), 'well formed')
  return checkReceiptProof(proof, known, verifyWithNode)
}

const outcomeOf = (told: Story, name: string, known: TrustList | null = trust): string | undefined =>
  report(told, known).checks.find((check) => check.name === name)?.outcome

/** The same story with a receipt that its charger really signed, but with other figures. */
async function withReceipt(changes: Partial<Receipt>, signer = chargerSigner): Promise<Story> {
  return { ...story, receipt: await signMessage(receipt, { ...story.receipt.payload, ...changes }, signer) }
}

test('an honest receipt is genuine, and its amount comes out the same', () => {
  const { verdict, checks, recomputedMinor } = report(story)
  expect(verdict).toEqual({ kind: 'genuine' })
  expect(checks.map((check) => check.outcome)).toEqual(Array(7).fill('passed'))
  // 18.4 kWh at 0.49 EUR; two minutes of idle time lie within the grace.
  expect(recomputedMinor).toBe(902)
})

test('no byte can be changed in any part without losing the verdict', () => {
  const honest = partsOf(story)
  const genuine: string[] = []
  for (const [index, part] of honest.entries()) {
    // The driver's own signature ends the authorization; the grant that would prove it stays with the driver.
    const coveredBytes = part === story.authorization.bytes ? part.length - 64 : part.length
    for (let at = 0; at < coveredBytes; at += 1) {
      const tampered = toBytes(part)
      tampered[at] = (tampered[at] ?? 0) ^ 0x01
      const opened = openReceiptProof(envelopeOf(honest.with(index, tampered)))
      if (!opened.ok) continue
      const { verdict } = checkReceiptProof(opened.value, trust, verifyWithNode)
      if (verdict.kind === 'genuine') genuine.push(`part ${index}, byte ${at}`)
    }
  }
  expect(genuine).toEqual([])
})

test('a receipt signed by another charger is refused', async () => {
  const forged = await withReceipt({}, testSigner('another charger'))
  expect(report(forged).verdict).toEqual({ kind: 'refused', code: 'receipt.signature' })
})

test('an offer that another charger made is refused', async () => {
  const elsewhere = await signMessage(offer, story.offer.payload, testSigner('another charger'))
  expect(report({ ...story, offer: elsewhere }).verdict).toEqual({
    kind: 'refused',
    code: 'offer.signature',
  })
})

test('a currency that nobody sells in is refused, not a fault of ours', async () => {
  const tariff = { ...story.offer.payload.tariff, currency: currencyCode('XTS') }
  const offered = await signMessage(offer, { ...story.offer.payload, tariff }, chargerSigner)
  expect(report({ ...story, offer: offered }).recomputedMinor).toBeNull()
})

test('a receipt for another authorization is refused', async () => {
  const swapped = await withReceipt({ sessionId: sessionId(story.receipt.payload.checkpointHash) })
  expect(report(swapped).verdict).toEqual({ kind: 'refused', code: 'receipt.session' })
})

test('parts in each other’s places cannot be opened', () => {
  const [first = toBytes([]), second = toBytes([]), ...rest] = partsOf(story)
  expect(openReceiptProof(envelopeOf([second, first, ...rest]))).toEqual({ ok: false, error: 'code.damaged' })
})

test('a code of another kind is not a receipt’s proof', () => {
  expect(openReceiptProof({ kind: 'receipt', parts: [story.receipt.bytes] })).toEqual({
    ok: false,
    error: 'code.wrong-kind',
  })
})

test.each<[string, Partial<Receipt>, string]>([
  ['a total above the hold', { totalMinor: minorUnits(1_501) }, 'receipt.exceeds-hold'],
  ['a total one cent too high', { totalMinor: minorUnits(903) }, 'receipt.amount'],
  ['a tax one cent too high', { taxMinor: minorUnits(145) }, 'receipt.amount'],
  ['registers that say more', { meterStopWh: wattHours(12_365_078) }, 'receipt.amount'],
  ['registers that run backwards', { meterStopWh: wattHours(12_345_677) }, 'receipt.amount'],
  ['another currency than the offer', { currency: currencyCode('USD') }, 'receipt.amount'],
])('a charger that signs %s is refused', async (_, changes, code) => {
  expect(report(await withReceipt(changes)).verdict).toEqual({ kind: 'refused', code })
})

test('lines that sum to the total but are not the price’s are refused', async () => {
  const { lines } = story.receipt.payload
  const shifted = {
    ...lines,
    energyMinor: minorUnits(lines.energyMinor - 1),
    idleMinor: minorUnits(lines.idleMinor + 1),
  }
  expect(report(await withReceipt({ lines: shifted })).verdict).toEqual({
    kind: 'refused',
    code: 'receipt.amount',
  })
})

test('registers that run backwards give no amount of our own', async () => {
  expect(report(await withReceipt({ meterStopWh: wattHours(0) })).recomputedMinor).toBeNull()
})

test('without a trust list nobody vouches, and nothing is called genuine', () => {
  expect(report(story, null).verdict).toEqual({ kind: 'issuer-unknown' })
  expect(outcomeOf(story, 'issuer', null)).toBe('open')
})

test('an issuer that the root does not name vouches for nothing', () => {
  const stranger = {
    ...trust,
    issuers: trust.issuers.map((issuer) => ({ ...issuer, key: chargerSigner.publicKey })),
  }
  expect(report(story, stranger).verdict).toEqual({ kind: 'issuer-unknown' })
})

test('the list of another operator vouches for nothing', () => {
  expect(report(story, { ...trust, operator: operatorId('another') }).verdict).toEqual({
    kind: 'issuer-unknown',
  })
})

test('an issuer whose key was rotated since still vouches for old receipts', () => {
  const rotated = trust.issuers.map((issuer) => ({ ...issuer, notAfterS: epochSeconds(storyTimeS - 1) }))
  expect(report(story, { ...trust, issuers: rotated }).verdict).toEqual({ kind: 'genuine' })
})

async function withCertificateUntil(
  notAfterS: number,
  clockQuality: Receipt['clockQuality'],
): Promise<Story> {
  const certificate = await signMessage(
    chargerCertificate,
    { ...story.certificate.payload, notAfterS: epochSeconds(notAfterS) },
    issuerSigner,
  )
  return { ...(await withReceipt({ clockQuality })), certificate }
}

test('a session after the certificate ran out is refused where the charger knew the time', async () => {
  const late = await withCertificateUntil(storyTimeS - 1, 'synchronised')
  expect(report(late).verdict).toEqual({ kind: 'refused', code: 'offer.certificate' })
})

test('a session after the certificate ran out stays open where the charger did not know the time', async () => {
  const late = await withCertificateUntil(storyTimeS - 1, 'unknown')
  expect(outcomeOf(late, 'certificate-time')).toBe('open')
  expect(report(late).verdict).toEqual({ kind: 'genuine' })
})
