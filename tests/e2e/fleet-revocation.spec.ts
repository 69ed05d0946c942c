/**
 * A manager withdraws a token in the browser while the only charger is alone: the page says before and after who can still
 * spend and how much, and follows the news until the charger, a process of its own, says that it has heard.
 */

import { expect, request, test } from 'playwright/test'
import { freshSigner } from '@/tests/fixtures/session-actors'
import { OutpostWorld } from './harness/outpost'

test.describe.configure({ mode: 'serial', timeout: 180_000 })
test.use({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB', actionTimeout: 20_000 })

let world: OutpostWorld

test.beforeAll(async () => {
  world = await OutpostWorld.start()
})
test.afterAll(async () => {
  await world?.close()
})

test('a withdrawal shows its reach before and after, until the charger has heard', async ({ page }) => {
  await page.goto(`${world.cloudUrl}/fleet/tokens`)
  await page.getByRole('button', { name: 'Open the demo fleet' }).click()

  await page.getByRole('button', { name: 'Issue a token' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Driver', { exact: true }).fill('Mhairi Ross')
  await dialog.getByText('More rules').click()
  await dialog.getByLabel('Per calendar month, EUR').fill('80')
  await dialog.getByRole('button', { name: 'Issue the token' }).click()
  await expect(dialog.getByRole('heading', { name: 'Token for Mhairi Ross' })).toBeVisible()
  const link = await dialog.getByText('/claim#').textContent()
  await dialog.getByRole('button', { name: 'Done' }).click()

  const phone = await request.newContext({
    baseURL: world.cloudUrl,
    extraHTTPHeaders: { origin: world.cloudUrl },
  })
  const code = link?.split('#')[1] ?? ''
  const claimed = await phone.post('/api/v1/wallet/claim', {
    data: { code, devicePublicKey: freshSigner().publicKey },
  })
  expect(claimed.ok()).toBe(true)
  await phone.dispose()

  await world.stopKiosk()
  await page.getByRole('link', { name: 'Look at the token of Mhairi Ross' }).click()
  await expect(page).toHaveURL(/\?token=[0-9a-f]{32}$/)
  await expect(page.getByText('On a phone', { exact: true })).toBeVisible()
  // The month lets 80.00 of the 100.00 through; a charger that never met this grant lends 15.00.
  const reach = page.getByRole('region', { name: 'Who can still spend' })
  await expect(reach).toContainText('€80.00')
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await expect(dialog).toContainText('€15.00')
  await expect(dialog).toContainText('One charger accepts it')
  const confirm = dialog.getByRole('button', { name: 'Withdraw', exact: true })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type Mhairi Ross to confirm').fill('mhairi ross')
  await confirm.click()
  await expect(dialog).toBeHidden()

  await expect(page.getByText('It was withdrawn.')).toBeVisible()
  await expect(reach).toContainText('0 of 1 chargers have said that they refuse it.')
  await expect(reach).toContainText('Chargers that have not heard')
  await expect(page.getByRole('button', { name: 'Change rules' })).toBeDisabled()

  await world.startKiosk()
  await expect(reach).toContainText('1 of 1 chargers have said that they refuse it.', { timeout: 90_000 })
  await expect(reach).toContainText('€0.00')
  await page.getByRole('button', { name: 'All tokens' }).click()
  await page.getByLabel('State').selectOption('live')
  await expect(page.getByText('No token fits what you look for.')).toBeVisible()
  await expect(page).toHaveURL(/state=live/)
})
