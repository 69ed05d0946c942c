import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factsOf, type PaymentNews } from '@/lib/cloud/topup/payment-event'
import { readPaymentNews } from '@/lib/cloud/topup/read-payment-news'

const amountMinor = fc.integer({ min: 1, max: 9 })
const news: fc.Arbitrary<PaymentNews> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('paid', 'preauthorised', 'captured'),
    amountMinor,
    currency: fc.constant('EUR'),
  }),
  fc.constantFrom<PaymentNews>({ kind: 'failed' }, { kind: 'cancelled' }, { kind: 'unknown', type: 'x' }),
  fc.record({
    kind: fc.constantFrom('refunded', 'refund-failed'),
    refundId: fc.constantFrom('r1', 'r2'),
    amountMinor,
    actId: fc.constant(null),
  }),
  fc.record({
    kind: fc.constantFrom('dispute-opened', 'dispute-won', 'dispute-lost'),
    disputeId: fc.constantFrom('d1', 'd2'),
    amountMinor,
  }),
)

test('events mean the same in every order and however often they come', () => {
  fc.assert(
    fc.property(
      fc.array(news, { maxLength: 12 }),
      fc.array(fc.nat(11), { maxLength: 12 }),
      (events, picks) => {
        const repeated = [...events, ...picks.flatMap((index) => events.slice(index, index + 1))]
        const shuffled = repeated.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        expect(factsOf(shuffled)).toEqual(factsOf(events))
        expect(factsOf(shuffled.toReversed())).toEqual(factsOf(events))
      },
    ),
  )
})

test('news survive the database', () => {
  fc.assert(
    fc.property(news, (one) => {
      expect(readPaymentNews(JSON.parse(JSON.stringify(one)))).toEqual(one)
    }),
  )
})

test.each([
  null,
  {},
  { kind: 'paid' },
  { kind: 'paid', amountMinor: 1.5, currency: 'EUR' },
  { kind: 'paid', amountMinor: 5, currency: 'eur' },
  { kind: 'paid', amountMinor: -5, currency: 'EUR' },
  { kind: 'refunded', amountMinor: 5 },
  { kind: 'dispute-opened', amountMinor: 5 },
  { kind: 'gift', amountMinor: 5, currency: 'EUR' },
])('%j is no news', (json) => {
  expect(readPaymentNews(json)).toBeUndefined()
})
