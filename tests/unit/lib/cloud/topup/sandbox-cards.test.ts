import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { operatorId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import type { CheckoutOrder } from '@/lib/cloud/topup/card-provider'
import { sandboxCards } from '@/lib/cloud/topup/sandbox-cards'
import { signWebhook } from '@/lib/cloud/topup/webhook-signature'

const nowS = epochSeconds(1_788_264_000)
const cards = sandboxCards('a secret')
const order = (cardNumber: string | undefined): CheckoutOrder => ({
  tenant: operatorId('outpost'),
  paymentId: '00ff',
  amountMinor: minorUnits(2_000),
  currency: EUR,
  title: 'Outpost',
  returnUrl: '',
  cancelUrl: '',
  cardNumber,
  nowS,
})

async function eventsOf(
  cardNumber: string | undefined,
  kind: 'startCheckout' | 'preauthorise' = 'startCheckout',
) {
  const checkout = expectOk(await cards[kind](order(cardNumber)), 'checkout')
  if (checkout.kind !== 'pending') throw new Error('The sandbox has no page')
  return checkout.deliveries.flatMap(({ rawBody, signature }) =>
    expectOk(cards.readWebhook(rawBody, signature, nowS), 'its own event'),
  )
}

test.each([
  ['4242 4242 4242 4242', ['paid']],
  ['4242-4242-4242-4242', ['paid']],
  ['4000 0000 0000 0002', ['failed']],
  ['4000 0000 0000 0259', ['paid', 'dispute-opened']],
  ['', ['failed']],
  [undefined, ['failed']],
])('the card %j ends as %j, told by signed events', async (cardNumber, kinds) => {
  expect((await eventsOf(cardNumber)).map(({ news }) => news.kind)).toEqual(kinds)
})

test('asked again, it tells the same events; asked for a promise, it promises', async () => {
  expect(await eventsOf('4242424242424242')).toEqual(await eventsOf('4242424242424242'))
  expect((await eventsOf('4242424242424242', 'preauthorise')).map(({ news }) => news.kind)).toEqual([
    'preauthorised',
  ])
})

test.each([
  ['another secret', (body: string) => signWebhook(body, 'another', nowS), 'payment.signature'],
  ['no signature', () => null, 'payment.signature'],
  ['rubbish', () => 't=now,v1=00', 'payment.signature'],
  [
    'a signature of an hour ago',
    (body: string) => signWebhook(body, 'a secret', nowS - 3_600),
    'payment.stale',
  ],
  [
    'a signature of tomorrow',
    (body: string) => signWebhook(body, 'a secret', nowS + 86_400),
    'payment.stale',
  ],
])('an event under %s is refused', (_what, sign, code) => {
  const body = '{"eventId":"e","paymentId":"p","tenant":"t","paymentReference":"r","news":{"kind":"failed"}}'
  expect(cards.readWebhook(body, sign(body), nowS)).toMatchObject({ error: { code } })
})

test('what is signed and is no event is malformed', () => {
  const signed = (body: string) => cards.readWebhook(body, signWebhook(body, 'a secret', nowS), nowS)
  expect(signed('{}')).toMatchObject({ error: { code: 'api.malformed' } })
  expect(signed('no JSON')).toMatchObject({ error: { code: 'api.malformed' } })
})
