import { expect, test } from 'vitest'
import { readTopUp, readVerify, readGrantOrder } from '@/app/api/read-requests'
import { isTooMany, rates } from '@/app/api/rate-limit'
import { refuse } from '@/app/api/respond'
import { isForeignWrite, signInCookie, tokenOf } from '@/app/api/sign-in-cookie'
import { readCloudConfig } from '@/lib/cloud/config'

const topUp = { amountMinor: 5_000, currency: 'EUR', cardNumber: '4242', idempotencyKey: 'a-key-of-8' }

test.each([
  {},
  { ...topUp, amountMinor: 0 },
  { ...topUp, amountMinor: 1.5 },
  { ...topUp, amountMinor: '5000' },
  { ...topUp, currency: 'eur' },
  { ...topUp, cardNumber: '4'.repeat(50) },
  { ...topUp, idempotencyKey: 'short' },
  { ...topUp, idempotencyKey: 'with space' },
])('a top-up that is not one is not read: %j', (body) => {
  expect(readTopUp(topUp)).toEqual(topUp)
  expect(readTopUp(body)).toBeUndefined()
})

test('a grant order knows two kinds of keys', () => {
  const devicePublicKey = 'ab'.repeat(32)
  expect(readGrantOrder({ devicePublicKey })).toEqual({
    deviceKey: devicePublicKey,
    keyProtection: 'platform',
  })
  expect(readGrantOrder({ devicePublicKey, keyProtection: 'glued' })).toBeUndefined()
  expect(readGrantOrder({ devicePublicKey, capMinor: -1 })).toBeUndefined()
})

test('a credential is at least an object with an id', () => {
  expect(readVerify({ challengeId: 'c', response: { id: 'x', response: {} } })).toBeDefined()
  expect(readVerify({ challengeId: 'c', response: 'x' })).toBeUndefined()
  expect(readVerify({ response: { id: 'x', response: {} } })).toBeUndefined()
})

const from = (address: string) =>
  new Request('http://localhost:3000/', { headers: { 'x-forwarded-for': address } })

test('an address that asks too often waits for the next minute, and others do not', () => {
  const { perAddress } = rates.codes
  const ask = (address: string, nowMs = 1_000) => isTooMany('codes', from(address), nowMs, 1)
  const asked = Array.from({ length: perAddress + 1 }, () => ask('10.0.0.1'))
  expect(asked.filter(Boolean)).toHaveLength(1)
  expect(ask('10.0.0.2')).toBe(false)
  expect(ask('10.0.0.1', 61_001)).toBe(false)
})

test('only what our own proxies appended says where a request comes from', () => {
  const { perAddress } = rates.time
  const asked = Array.from({ length: perAddress + 1 }, (_, index) =>
    isTooMany('time', from(`made-up-${index}, 10.0.0.9`), 200_000, 1),
  )
  expect(asked.filter(Boolean)).toHaveLength(1)
  const behindTwo = Array.from({ length: perAddress + 1 }, (_, index) =>
    isTooMany('time', from(`made-up-${index}, 10.0.0.7, 192.168.0.1`), 300_000, 2),
  )
  expect(behindTwo.filter(Boolean)).toHaveLength(1)
})

test('without a proxy of ours no address is believed, and the common limit alone holds', () => {
  const { together, perAddress } = rates.account
  expect(together).toBeGreaterThan(perAddress)
  const asked = Array.from({ length: together + 5 }, () => isTooMany('account', from('10.0.0.1'), 500_000))
  expect(asked.filter(Boolean)).toHaveLength(5)
})

test.each(['', '10', '-1', 'yes'])('%j is no number of proxies', (trustedProxies) => {
  expect(() => readCloudConfig({ OUTPOST_DEMO: '1', OUTPOST_TRUSTED_PROXY: trustedProxies })).toThrow(
    /proxies/,
  )
})

test('proxies are believed only where they are configured', () => {
  expect(readCloudConfig({ OUTPOST_DEMO: '1' }).trustedProxies).toBe(0)
  expect(readCloudConfig({ OUTPOST_DEMO: '1', OUTPOST_TRUSTED_PROXY: '2' }).trustedProxies).toBe(2)
})

const demo = readCloudConfig({ OUTPOST_DEMO: '1' })
const request = (headers: Record<string, string>) => new Request('http://localhost:3000/', { headers })

test('the cookie is readable by no script, and secure where the origin is', () => {
  const token43 = 'A'.repeat(43)
  expect(signInCookie(demo, token43, 60)['set-cookie']).toBe(
    `outpost_session=${token43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60`,
  )
  const secure = readCloudConfig({ OUTPOST_DEMO: '1', OUTPOST_ORIGIN: 'https://charge.example.org' })
  expect(signInCookie(secure, token43, 60)['set-cookie']).toContain('; Secure')
  expect(tokenOf(demo, request({ cookie: `a=b; outpost_session=${token43}` }))).toBe(token43)
  expect(tokenOf(demo, request({ cookie: 'outpost_session=short' }))).toBeUndefined()
})

test.each([
  [{}, true],
  [{ 'content-type': 'application/json' }, false],
  [{ 'content-type': 'application/json; charset=utf-8' }, false],
  [{ 'content-type': 'application/jsonp' }, true],
  [{ 'content-type': 'text/plain' }, true],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, true],
  [{ 'content-type': 'multipart/form-data; boundary=x' }, true],
  [{ origin: 'http://localhost:3000' }, false],
  [{ 'sec-fetch-site': 'same-origin' }, false],
  [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, false],
  [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }, true],
  [{ 'content-type': 'application/json', 'sec-fetch-site': 'same-site' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, false],
  [{ origin: 'http://evil.example', host: 'localhost:3000' }, true],
  [{ origin: 'null', host: 'localhost:3000' }, true],
])('a write with %j is foreign: %s', (headers, isForeign) => {
  expect(isForeignWrite(demo, request(headers as Record<string, string>))).toBe(isForeign)
})

test('where we are reached by TLS, a page of the same host without it is foreign', () => {
  const host = 'charge.example.org'
  const secure = readCloudConfig({ OUTPOST_DEMO: '1', OUTPOST_ORIGIN: `https://${host}` })
  expect(isForeignWrite(secure, request({ origin: `https://${host}`, host }))).toBe(false)
  expect(isForeignWrite(secure, request({ origin: `http://${host}`, host }))).toBe(true)
  expect(isForeignWrite(secure, request({ origin: 'https://other.example.org', host }))).toBe(true)
})

test('where we are reached by TLS, the cookie’s name keeps sibling hosts from setting it', () => {
  const secure = readCloudConfig({ OUTPOST_DEMO: '1', OUTPOST_ORIGIN: 'https://charge.example.org' })
  const token = 'A'.repeat(43)
  expect(signInCookie(secure, token, 60)['set-cookie']).toBe(
    `__Host-outpost_session=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure`,
  )
  expect(tokenOf(secure, request({ cookie: `outpost_session=${token}` }))).toBeUndefined()
  expect(tokenOf(secure, request({ cookie: `__Host-outpost_session=${token}` }))).toBe(token)
})

test('a refusal carries its code, its facts and a fitting status', async () => {
  const response = refuse({ code: 'device.gap', facts: { size: 3 }, acknowledgement: 'abc' })
  expect(response.status).toBe(409)
  expect(await response.json()).toEqual({
    error: { code: 'device.gap', facts: { size: 3 } },
    acknowledgement: 'abc',
  })
  expect(refuse({ code: 'grant.signature' }).status).toBe(422)
})
