import { expect, test } from 'vitest'
import { readCloudConfig } from '@/lib/cloud/config'

test('a demonstration needs no settings at all', () => {
  expect(readCloudConfig({ OUTPOST_DEMO: '1' })).toMatchObject({
    tenant: 'outpost',
    currency: 'EUR',
    origin: 'http://localhost:3000',
    rpId: 'localhost',
    isHttps: false,
    isDemo: true,
    runsWorker: true,
  })
})

test('without a passphrase for its keys a real operator is told what to set', () => {
  expect(() => readCloudConfig({})).toThrow(/Set OUTPOST_KEY_PASSPHRASE to at least 12 characters/)
  expect(() => readCloudConfig({ OUTPOST_KEY_PASSPHRASE: 'short' })).toThrow(/OUTPOST_KEY_PASSPHRASE/)
})

test('the relying party is the host of the origin', () => {
  const config = readCloudConfig({ OUTPOST_DEMO: '1', OUTPOST_ORIGIN: 'https://charge.example.org/anything' })
  expect(config).toMatchObject({
    origin: 'https://charge.example.org',
    rpId: 'charge.example.org',
    isHttps: true,
  })
})

test.each([
  [{ OUTPOST_TENANT: 'Not a tenant' }, /operator id/],
  [{ OUTPOST_CURRENCY: 'euro' }, /currency code/],
  [{ OUTPOST_ORIGIN: 'nowhere' }, /Invalid URL/],
])('a setting that cannot be used is refused: %j', (setting, complaint) => {
  expect(() => readCloudConfig({ OUTPOST_DEMO: '1', ...setting })).toThrow(complaint)
})

const stripeSettings = {
  OUTPOST_KEY_PASSPHRASE: 'long enough to seal',
  OUTPOST_STRIPE_SECRET_KEY: 'sk_test_abc',
  OUTPOST_STRIPE_WEBHOOK_SECRET: 'whsec_abc',
}

test('Stripe takes the cards where both of its secrets are set, and never in a demonstration', () => {
  expect(readCloudConfig(stripeSettings).stripe).toEqual({
    secretKey: 'sk_test_abc',
    webhookSecret: 'whsec_abc',
    apiBase: 'https://api.stripe.com',
  })
  expect(readCloudConfig({ ...stripeSettings, OUTPOST_DEMO: '1' }).stripe).toBeUndefined()
  expect(readCloudConfig({ OUTPOST_KEY_PASSPHRASE: 'long enough to seal' }).stripe).toBeUndefined()
})

test.each([
  [{ OUTPOST_STRIPE_SECRET_KEY: 'pk_test_abc' }, /no secret key of Stripe/],
  [{ OUTPOST_STRIPE_WEBHOOK_SECRET: '' }, /without it no payment is ever credited/],
])('half of Stripe’s settings are none: %j', (setting, complaint) => {
  expect(() => readCloudConfig({ ...stripeSettings, ...setting })).toThrow(complaint)
})

const seller = {
  OUTPOST_DEMO: '1',
  OUTPOST_SELLER_NAME: 'Highland Charging',
  OUTPOST_SELLER_ADDRESS: ' Station Road 1; KY13 8XX Kinross ;; Scotland',
  OUTPOST_SELLER_TAX_ID: 'GB 123 4567 89',
}

test('the seller of invoices is whole or none', () => {
  expect(readCloudConfig(seller).seller).toEqual({
    name: 'Highland Charging',
    address: ['Station Road 1', 'KY13 8XX Kinross', 'Scotland'],
    taxId: 'GB 123 4567 89',
  })
  expect(readCloudConfig({ OUTPOST_DEMO: '1' }).seller).toBeUndefined()
})

test.each([
  [{ OUTPOST_SELLER_TAX_ID: ' ' }, /OUTPOST_SELLER_TAX_ID is missing/],
  [{ OUTPOST_SELLER_NAME: '' }, /OUTPOST_SELLER_NAME is missing/],
  [{ OUTPOST_SELLER_ADDRESS: ';' }, /one to 5 lines/],
  [{ OUTPOST_SELLER_ADDRESS: 'a;b;c;d;e;f' }, /one to 5 lines/],
])('half a seller stops the start: %j', (setting, complaint) => {
  expect(() => readCloudConfig({ ...seller, ...setting })).toThrow(complaint)
})
