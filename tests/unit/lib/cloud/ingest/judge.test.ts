import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { chargerId, currencyCode } from '@/lib/core/ids'
import { minorUnits, wattHours } from '@/lib/core/units'
import { judge } from '@/lib/cloud/ingest/judge'
import type { AnswerEvidence, Consent, Evidence, ReceiptEvidence } from '@/lib/cloud/ingest/evidence'
import { tellStory, type Story } from '../../../../fixtures/messages'

let story: Story
let consent: Consent
let receipt: ReceiptEvidence
let accepted: AnswerEvidence
let declined: AnswerEvidence
let lower: ReceiptEvidence
let foreign: ReceiptEvidence

beforeAll(async () => {
  story = await tellStory()
  const id = story.receipt.payload.sessionId
  consent = {
    kind: 'consent',
    sessionId: id,
    hash: story.authorization.hash,
    offerHash: story.offer.hash,
    authorization: story.authorization.payload,
    grant: story.grant.payload,
    bytes: story.authorization.bytes,
    grantBytes: story.grant.bytes,
  }
  const said = {
    sessionId: id,
    chargerId: story.certificate.payload.chargerId,
    siteLabel: story.certificate.payload.siteLabel,
    bayLabel: story.certificate.payload.bayLabel,
    certificateBytes: story.certificate.bytes,
    offerHash: story.offer.hash,
    offer: story.offer.payload,
    offerBytes: story.offer.bytes,
  }
  receipt = {
    ...said,
    kind: 'receipt',
    hash: story.receipt.hash,
    bytes: story.receipt.bytes,
    receipt: story.receipt.payload,
  }
  accepted = {
    ...said,
    kind: 'answer',
    hash: story.answer.hash,
    bytes: story.answer.bytes,
    answer: story.answer.payload,
  }
  declined = {
    ...accepted,
    hash: story.offer.hash,
    answer: { ...accepted.answer, verdict: 'charger.unplugged' },
  }
  lower = {
    ...receipt,
    hash: story.grant.hash,
    receipt: {
      ...receipt.receipt,
      meterStopWh: wattHours(receipt.receipt.meterStartWh + 1_000),
      totalMinor: minorUnits(49),
    },
  }
  foreign = {
    ...receipt,
    hash: story.policy.hash,
    offerHash: story.policy.hash,
    chargerId: chargerId('ELSE-1'),
  }
})

const withReceipt = (change: Partial<ReceiptEvidence['receipt']>): ReceiptEvidence => ({
  ...receipt,
  receipt: { ...receipt.receipt, ...change },
})

test('without consent nothing is judged, whatever chargers say', () => {
  expect(judge([receipt, accepted])).toBeUndefined()
})

test('consent alone owes nothing yet', () => {
  expect(judge([consent, accepted])).toMatchObject({
    final: undefined,
    doubts: [],
    charger: { id: 'KIN-01' },
  })
})

test('a receipt that agrees with meter and tariff is owed as it stands', () => {
  // 18.4 kWh at 0.49 are 9.016: 9.02, of which 19/119 is tax.
  expect(judge([consent, accepted, receipt])).toMatchObject({
    final: { owedMinor: 902, taxMinor: 144, claimedMinor: 902, energyWh: 18_400 },
    doubts: [],
  })
})

test('a decline owes nothing', () => {
  expect(judge([consent, declined])).toMatchObject({
    final: { owedMinor: 0, claimedMinor: 0, energyWh: null },
    doubts: [],
  })
})

test('a decline from a log counts without its offer, unless it says that the offer was another’s', () => {
  const alone = { ...declined, offer: undefined, offerHash: undefined, offerBytes: undefined }
  expect(judge([consent, alone])?.final).toMatchObject({ owedMinor: 0 })
  const unknown = { ...alone, answer: { ...alone.answer, verdict: 'offer.unknown' as const } }
  expect(judge([consent, unknown])?.final).toBeUndefined()
  const elsewhere = { ...alone, chargerId: chargerId('ELSE-1') }
  expect(judge([consent, accepted, elsewhere])?.final).toBeUndefined()
})

test.each([
  ['more than the hold', () => withReceipt({ totalMinor: minorUnits(2_000) }), 902, 1_500, 'exceeds-hold'],
  [
    'more than meter and tariff give',
    () => withReceipt({ totalMinor: minorUnits(1_000) }),
    902,
    1_000,
    'amount',
  ],
  ['a meter that ran backwards', () => withReceipt({ meterStopWh: wattHours(1) }), 0, 902, 'amount'],
  ['another currency', () => withReceipt({ currency: currencyCode('GBP') }), 0, 902, 'currency'],
])(
  'a receipt with %s owes what is sure and leaves the rest in doubt',
  (_, piece, owedMinor, claimedMinor, doubt) => {
    expect(judge([consent, piece()])).toMatchObject({ final: { owedMinor, claimedMinor }, doubts: [doubt] })
  },
)

test('a charger that bills less than it could is taken at its word', () => {
  expect(judge([consent, withReceipt({ totalMinor: minorUnits(500) })])).toMatchObject({
    final: { owedMinor: 500, claimedMinor: 500 },
    doubts: [],
  })
})

test('of two receipts the lower stands, and the difference is in doubt', () => {
  expect(judge([consent, receipt, lower])).toMatchObject({
    final: { owedMinor: 49, claimedMinor: 902, energyWh: 1_000 },
    doubts: ['two-finals'],
  })
})

test('the same pieces give the same judgement in every order, however often they come', () => {
  const pieces: Evidence[] = [consent, receipt, accepted, declined, lower, foreign]
  fc.assert(
    fc.property(
      fc
        .subarray(pieces)
        .chain((chosen) =>
          fc.tuple(
            fc.shuffledSubarray(chosen, { minLength: chosen.length }),
            fc.shuffledSubarray([...chosen, ...chosen], { minLength: chosen.length * 2 }),
          ),
        ),
      ([once, twice]) => {
        expect(judge(twice)).toEqual(judge(once))
      },
    ),
  )
})
