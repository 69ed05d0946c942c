/** Paying on the card provider's own page: away, back, and credit only when the provider has told the operator. */

import { expect, test } from 'playwright/test'
import { openCardWorld, type CardWorld } from './harness/card-world'
import { addPasskeyDevice, goHome } from './harness/driver-app'

test.describe.configure({ mode: 'serial' })
test.use({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })

let world: CardWorld
/** What the browser refused to load or to send: the pages keep to their own origin. */
const complaints: string[] = []
test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text())
  })
})
test.beforeAll(async () => {
  world = await openCardWorld()
})
test.afterAll(async () => {
  await world?.close()
})

test('a driver pays on the provider’s page, waits for its word, and has the credit on the phone', async ({
  context,
  page,
}) => {
  await addPasskeyDevice(context, page)
  await page.goto(`${world.origin}/`)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByRole('button', { name: 'Pay €40 by card' }).click()
  await page.getByRole('link', { name: 'Back' }).click()
  await expect(page.getByText('Payment cancelled')).toBeVisible()
  await page.getByText('€20', { exact: true }).click()
  await page.getByRole('button', { name: 'Pay €20 by card' }).click()
  await page.getByRole('link', { name: 'Pay' }).click()
  await expect(page.getByRole('heading', { name: 'Payment on its way' })).toBeVisible()
  expect(await world.deliver()).toEqual([200, 200, 200])
  await expect(page.getByRole('heading', { name: 'Funds added' })).toBeVisible()
  await expect(page.getByText('+€20.00')).toBeVisible()
  await page.getByRole('button', { name: 'Continue' }).click()
  await goHome(page)
  expect(new URL(page.url()).search).toBe('')
})

test('a driver without an account pays by card and can charge', async ({ page }) => {
  await page.goto(`${world.origin}/`)
  await page.getByRole('button', { name: 'Pay by card without an account' }).click()
  await page.getByText('€10', { exact: true }).click()
  await page.getByRole('button', { name: 'Set €10 aside' }).click()
  await page.getByRole('link', { name: 'Pay' }).click()
  await expect(page.getByRole('heading', { name: 'Payment on its way' })).toBeVisible()
  // The app may be closed meanwhile: the order is found again, and nobody says that nothing was paid.
  await page.goto(`${world.origin}/guest`)
  await expect(page.getByRole('button', { name: 'Set €15 aside' })).toBeEnabled()
  await expect(page.getByText('Payment cancelled')).toBeHidden()
  expect(await world.deliver()).toEqual([200, 200])
  await expect(page.getByRole('heading', { name: 'Ready to charge' })).toBeVisible()
  await expect(page.getByText('€10.00')).toBeVisible()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('button', { name: 'Charge', exact: true })).toBeVisible()
})

test('no page may load from or tell anybody else, and none needs to', async ({ page }) => {
  for (const path of ['/', '/verify', '/fleet', '/gallery']) {
    const answer = await page.goto(`${world.origin}${path}`)
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'self'")
    await page.locator('h1').first().waitFor()
  }
  const isSent = await page.evaluate(() =>
    fetch('http://[::1]:9/stolen', { mode: 'no-cors' }).then(
      () => 'sent',
      (error: unknown) => String(error),
    ),
  )
  expect(isSent).toContain('TypeError')
  expect(complaints.filter((text) => !text.includes('http://[::1]:9/'))).toEqual([])
  expect(complaints.some((text) => text.includes('connect-src'))).toBe(true)
})
