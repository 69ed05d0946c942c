import { expect, test } from 'vitest'
import { knownClockOffsetS, markRequest, requestMarks, withoutIds } from '@/app/(driver)/_wallet/request-log'

test('addresses keep their words and lose whatever could name somebody', () => {
  expect(withoutIds('/api/v1/account/top-up/3f2a90bc?x=1')).toBe('/api/v1/account/top-up/…')
  expect(withoutIds('/api/v1/wallet/report')).toBe('/api/v1/wallet/report')
  expect(withoutIds('/api/v1/phones/Anna%20B')).toBe('/api/v1/phones/…')
})

test('the last dozen are kept, an answer’s code is found later, and the clocks are compared', async () => {
  const theirs = new Date(Date.now() - 90_000).toUTCString()
  for (let count = 0; count < 20; count += 1) markRequest('/api/v1/trust', Date.now(), undefined)
  const refused = Response.json(
    { error: { code: 'api.unauthenticated' } },
    { status: 401, headers: { date: theirs } },
  )
  markRequest('/api/v1/account', Date.now(), refused)
  await expect.poll(() => requestMarks().at(-1)?.code).toBe('api.unauthenticated')
  expect(requestMarks()).toHaveLength(12)
  expect(requestMarks()[0]).toMatchObject({ path: '/api/v1/trust', status: 0 })
  expect(Math.abs((knownClockOffsetS() ?? 0) - 90)).toBeLessThanOrEqual(2)
})

test('a captive portal’s page is marked by its status alone, and whoever asked can still read the answer', async () => {
  const page = new Response('<html>', { status: 511 })
  markRequest('/api/v1/account', Date.now(), page)
  expect(requestMarks().at(-1)).toMatchObject({ status: 511, code: null })
  expect(await page.text()).toBe('<html>')
})
