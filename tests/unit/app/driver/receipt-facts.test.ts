import { expect, test } from 'vitest'
import { receiptFacts, type ReceiptPieces } from '@/app/(driver)/_views/receipt-facts'
import { messageHash } from '@/lib/core/ids'
import { wattHours } from '@/lib/core/units'
import { tellStory } from '@/tests/fixtures/messages'

const hash = messageHash('ab'.repeat(16))

test.each([
  ['vouched', { meterRecordHash: hash }, { meterKeyHash: hash }],
  ['named', { meterRecordHash: hash }, {}],
  ['missing', {}, { meterKeyHash: hash }],
  ['none', {}, {}],
  ['none', { meterStopWh: wattHours(0), meterStartWh: wattHours(0) }, { meterKeyHash: hash }],
] as const)('a receipt says of the meter’s own record: %s', async (state, billed, vouched) => {
  const { receipt, certificate, offer, authorization } = await tellStory()
  const { meterRecordHash: _record, ...plainReceipt } = receipt.payload
  const { meterKeyHash: _key, ...plainCertificate } = certificate.payload
  const pieces: ReceiptPieces = {
    receipt: { ...plainReceipt, ...billed },
    certificate: { ...plainCertificate, ...vouched },
    offer: offer.payload,
    authorization: authorization.payload,
  }
  expect(receiptFacts(pieces, null).meterRecord.state).toBe(state)
})
