/** Credit on the phone: side by side, divided for a trip, given back, told over in its history, and read without signal. */

import { expect, test } from 'playwright/test'
import type { Page } from 'playwright'
import { addPasskeyDevice, signUpWithCredit } from './harness/driver-app'
import { OutpostWorld } from './harness/outpost'

test.describe.configure({ mode: 'serial' })
test.use({ viewport: { width: 390, height: 844 }, locale: 'en-GB', timezoneId: 'Europe/Berlin' })

let world: OutpostWorld
let page: Page
const complaints: string[] = []

test.beforeAll(async ({ browser }) => {
  world = await OutpostWorld.start()
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  await addPasskeyDevice(context, page)
  await signUpWithCredit(page, world.cloudUrl, '€100')
})
test.afterAll(async () => {
  await page?.context().close()
  await world?.close()
})

test('a trip is prepared along a way, and every figure stands there before it is reserved', async () => {
  await page.goto(`${world.cloudUrl}/trip`)
  await page.getByRole('button', { name: 'Choose sites' }).click()
  await page.getByRole('textbox', { name: 'Search by name' }).or(page.getByRole('searchbox')).fill('kin')
  await expect(page.getByRole('checkbox')).toHaveCount(1)
  await page.getByText('Along a way').click()
  await page.getByRole('combobox', { name: 'From' }).selectOption({ label: 'Perth Broxden' })
  await page.getByRole('combobox', { name: 'To' }).selectOption({ label: 'Forth Crossing' })
  await expect(page.getByRole('checkbox', { name: /Kinross Services/ })).toBeChecked()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('€50', { exact: true }).click()
  await expect(page.getByText('now €100.00')).toBeVisible()
  await expect(page.getByText(/Up to €15, with passkey €30/)).toBeVisible()
  await page.getByRole('button', { name: 'Take €50 along' }).click()
  await expect(page.getByRole('heading', { name: 'Prepare a trip' })).toBeVisible()
  await expect(page.getByText('Ready without signal', { exact: true })).toBeVisible()
  await expect(page.getByText(/Kinross Services/)).toBeVisible()
})

test('credit shows both grants, who pays next, and what happened', async () => {
  await page.goto(`${world.cloudUrl}/wallet`)
  await expect(page.getByText('Pays next')).toHaveCount(1)
  await expect(page.getByText('of €50')).toHaveCount(2)
  await expect(page.getByText('Funds added')).toBeVisible()
  await expect(page.getByText('Taken along on a phone').first()).toBeVisible()
  await page.getByText('Own credit for certain sites', { exact: true }).last().click()
  await page.reload()
  await expect(page.getByRole('radio', { name: 'Own credit for certain sites' })).toBeChecked()
})

test('home tells what counts everywhere apart from what counts at those sites', async () => {
  await page.goto(`${world.cloudUrl}/`)
  await expect(page.getByRole('heading', { name: '€50.00' })).toBeVisible()
  await expect(page.getByText(/€50\.00 more at .* more sites? until/)).toBeVisible()
})

test('without signal all of it can be read, and what needs signal says so', async () => {
  await page.context().setOffline(true)
  for (const [path, text] of [
    ['/wallet', 'Funds added'],
    ['/trip', 'Ready without signal'],
    ['/courier', 'Carry news for others'],
  ] as const) {
    await page.goto(`${world.cloudUrl}${path}`)
    await expect(page.getByText(text, { exact: true }).first()).toBeVisible()
  }
  await page.getByText('Carry', { exact: true }).click()
  await page.goto(`${world.cloudUrl}/trip`)
  await expect(page.getByRole('button', { name: 'Choose sites' })).toBeDisabled()
  await page.context().setOffline(false)
})

test('what is given back returns to the account to the cent', async () => {
  await page.goto(`${world.cloudUrl}/courier`)
  await expect(page.getByRole('radio', { name: 'Carry', exact: true })).toBeChecked()
  await page.goto(`${world.cloudUrl}/trip`)
  await page.getByRole('button', { name: 'Give back' }).click()
  await expect(page.getByText('Nothing for a trip yet.')).toBeVisible()
  await page.goto(`${world.cloudUrl}/wallet`)
  await expect(page.getByText('Back in your account')).toBeVisible()
  await expect(page.getByText('€50.00').first()).toBeVisible()
  expect(await world.ledgerImbalanceMinor()).toBe(0)
  expect(complaints).toEqual([])
})
