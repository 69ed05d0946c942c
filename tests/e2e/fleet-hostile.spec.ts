/** The owner of one fleet opens addresses of another's: the pages say that nothing is there, and show none of it. */

import { expect, request, test } from 'playwright/test'
import { OutpostWorld } from './harness/outpost'

test.describe.configure({ mode: 'serial', timeout: 180_000 })
test.use({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB', actionTimeout: 20_000 })

let world: OutpostWorld
let tokenId = ''

test.beforeAll(async () => {
  world = await OutpostWorld.start()
  const manager = await request.newContext({
    baseURL: world.cloudUrl,
    extraHTTPHeaders: { origin: world.cloudUrl },
  })
  expect((await manager.post('/api/v1/demo/sign-in', { data: {} })).ok()).toBe(true)
  const limits = { capMinor: 5_000, sessionCapMinor: 2_000, dailyLimitMinor: 5_000, days: 7 }
  const issued = await manager.post('/api/v1/fleet/tokens', {
    data: { ...limits, driverName: 'Mhairi Ross', idempotencyKey: 'token-of-the-other-fleet' },
  })
  tokenId = ((await issued.json()) as { tokenId: string }).tokenId
  await manager.dispose()
})
test.afterAll(async () => {
  await world?.close()
})

test('somebody else’s token and session are not there, in no page and no table', async ({ page }) => {
  const headers = { origin: world.cloudUrl }
  const api = `${world.cloudUrl}/api/v1`
  expect((await page.request.post(`${api}/demo/sign-in?as=driver`, { headers, data: {} })).ok()).toBe(true)
  const founded = await page.request.post(`${api}/organisations`, {
    headers,
    data: { name: 'Other Haulage', yourName: 'Eve', email: 'eve@other.example' },
  })
  expect(founded.ok()).toBe(true)

  expect(tokenId).toMatch(/^[0-9a-f]{32}$/)
  for (const path of [`/fleet/tokens?token=${tokenId}`, `/fleet/sessions/view?id=${tokenId}`]) {
    await page.goto(`${world.cloudUrl}${path}`)
    await expect(page.getByText('That does not exist here.').first()).toBeVisible()
    await expect(page.getByText('Mhairi Ross')).toHaveCount(0)
  }
  const own = await page.request.get(`${api}/fleet/tokens`)
  expect(own.ok()).toBe(true)
  const table = await page.request.post(`${api}/fleet/sessions/export`, { headers, data: {} })
  for (const answer of [own, table]) expect(await answer.text()).not.toContain('Mhairi')
  const withdrawn = await page.request.post(`${api}/fleet/tokens/${tokenId}/revoke`, {
    headers,
    data: { confirmation: 'Mhairi Ross' },
  })
  expect(withdrawn.status()).toBe(404)
})
