/** Every file of docs/samples that is made, and the copy that the verify page carries. */

import { toBase64Url, utf8, type Bytes } from '@/lib/core/bytes'
import { minorUnits } from '@/lib/core/units'
import { decodeCbor, encodeCbor, type CborValue } from '@/lib/protocol/cbor'
import { envelopeToText } from '@/lib/protocol/envelope'
import { receipt } from '@/lib/protocol/messages/receipt'
import { sampleEvening, type SampleEvening } from './sample-log'
import { sampleRoot } from './sample-keys'
import { sampleTrustList } from './sample-messages'

export interface SampleFile {
  /** Relative to the project. */
  readonly path: string
  readonly bytes: Bytes
}

/** The same bytes on every machine and in every year: keys and times are fixed. */
export async function sampleFiles(): Promise<readonly SampleFile[]> {
  const evening = await sampleEvening()
  const receiptText = proofText(evening, evening.receipt.bytes)
  const forgedText = proofText(evening, withHigherTotal(evening))
  const trust = {
    label: 'sample',
    root: sampleRoot.publicKey,
    trustList: toBase64Url((await sampleTrustList()).bytes),
  }
  return [
    textFile('docs/samples/receipt.txt', receiptText),
    textFile('docs/samples/forged-receipt.txt', forgedText),
    { path: 'docs/samples/log.bundle', bytes: evening.logBundle },
    textFile('docs/samples/trust.json', JSON.stringify(trust, undefined, 2)),
    textFile(
      'app/verify/samples.json',
      JSON.stringify({ trust, receipt: receiptText, forgedReceipt: forgedText }, undefined, 2),
    ),
  ]
}

const textFile = (path: string, text: string): SampleFile => ({ path, bytes: utf8(`${text}\n`) })

const proofText = ({ certificate, offer, authorization }: SampleEvening, receiptBytes: Bytes): string =>
  envelopeToText({
    kind: 'receipt-proof',
    parts: [receiptBytes, certificate, offer.bytes, authorization.bytes],
  })

/** What a forger would do first: one amount is changed, the charger's signature stays as it was. */
function withHigherTotal({ receipt: honest }: SampleEvening): Bytes {
  const signed = decodeCbor(honest.bytes)
  if (!signed.ok || !Array.isArray(signed.value)) throw new Error('The sample receipt is no COSE_Sign1')
  const parts: readonly CborValue[] = signed.value
  const payload = { ...honest.payload, totalMinor: minorUnits(honest.payload.totalMinor + 300) }
  return encodeCbor(parts.with(2, encodeCbor(receipt.payload.encode(payload))))
}
