import { expect, test } from 'vitest'
import { nonce } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, ok } from '@/lib/core/result'
import { httpCloud, type Fetch } from '@/lib/wallet/http-cloud'

const answering =
  (status: number, body: unknown): Fetch =>
  () =>
    Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }))

const account = { accountId: 'a1', balanceMinor: 4_200, reservedMinor: 0, currency: 'EUR', sessions: [] }

test('a good answer is read into what the wallet needs', async () => {
  expect(await httpCloud(answering(200, account)).account()).toEqual(
    ok({ accountId: 'a1', balanceMinor: 4_200, reservedMinor: 0, currency: 'EUR' }),
  )
})

test('the operator’s refusal comes through with its code and plain facts', async () => {
  const body = { error: { code: 'account.card-declined', facts: { limit: 5, nested: { no: 1 } } } }
  const order = { amountMinor: 1, currency: 'EUR', cardNumber: '4', idempotencyKey: 'k' }
  expect(await httpCloud(answering(402, body)).topUp(order)).toEqual(
    err(refusal('account.card-declined', { limit: 5 })),
  )
})

test.each([
  ['nothing answers', () => Promise.reject(new TypeError('Failed to fetch')), 'api.unreachable'],
  ['a captive portal answers', answering(302, '<html>log in</html>'), 'api.unreachable'],
  ['an unknown code comes back', answering(500, { error: { code: 'x.y' } }), 'api.internal'],
  ['a good status carries nonsense', answering(200, { balanceMinor: '4200' }), 'api.internal'],
  ['a good status carries no JSON', answering(200, 'ok'), 'api.internal'],
] as const)('when %s', async (_name, fetchApi, code) => {
  expect(await httpCloud(fetchApi).account()).toEqual(err(refusal(code)))
})

test('requests are same-origin JSON and never cached', async () => {
  const seen: [string, RequestInit][] = []
  const cloud = httpCloud((path, init) => {
    seen.push([path, init])
    return Promise.resolve(new Response(null, { status: 204 }))
  })
  expect(await cloud.signOut()).toEqual(ok(undefined))
  expect(seen[0]?.[0]).toBe('/api/v1/account/sign-out')
  expect(seen[0]?.[1]).toMatchObject({ method: 'POST', credentials: 'same-origin', cache: 'no-store' })
})

const trust = { root: 'a'.repeat(64), trustList: 'AA', revocations: 'BB', policy: 'CC' }

test('a renewal sends the close with the order for the next grant, and the time only the nonce', async () => {
  const seen: [string, unknown][] = []
  const cloud = httpCloud((path, init) => {
    seen.push([path, JSON.parse(String(init.body))])
    return Promise.resolve(new Response(JSON.stringify({ grant: 'DD', time: 'EE', ...trust })))
  })
  const order = { close: 'FF', devicePublicKey: 'b'.repeat(64), keyProtection: 'platform' } as const
  expect(await cloud.renew(order)).toMatchObject({ ok: true, value: { grant: 'DD', trust } })
  expect(await cloud.time(nonce('0123456789abcdef'))).toEqual(ok('EE'))
  expect(seen).toEqual([
    ['/api/v1/wallet/renew', order],
    ['/api/v1/time', { nonce: '0123456789abcdef' }],
  ])
})

const reply = { acknowledgements: [], sessions: [], revocations: 'BB' }
const piece = { certificate: 'CC', offer: 'OO' }
test.each([
  ['nothing new', {}],
  ['vetoes', { permits: ['PP'] }],
  ['steps of revocation', { revocationDeltas: ['DD'] }],
  ['receipts', { receipts: [{ ...piece, receipt: 'RR' }] }],
  ['answers', { answers: [{ ...piece, answer: 'AA' }] }],
])('a reply to a report with %s is read as it is', async (_name, more) => {
  const answer = { ...reply, ...more }
  expect(await httpCloud(answering(200, answer)).report([])).toEqual(ok(answer))
})

test('a reply whose receipts come without their offers is nobody’s word', async () => {
  const broken = { ...reply, receipts: [{ receipt: 'RR' }] }
  expect(await httpCloud(answering(200, broken)).report([])).toEqual(err(refusal('api.internal')))
})

test('news about others come with the trust where the operator sends them', async () => {
  const more = { ...trust, revocationDeltas: ['DD'], permits: ['PP'] }
  expect(await httpCloud(answering(200, more)).trust()).toEqual(ok(more))
})
