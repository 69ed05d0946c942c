/**
 * A session that a driver really charged on a fleet's token: the manager finds it by address, reads the evidence with every
 * check made anew, takes table and bytes away, and disputes the bill.
 */

import { readFileSync } from 'node:fs'
import { expect, request, test, type Page } from 'playwright/test'
import { kioskShape, openDevice, phoneShape, type Device } from './harness/browsers'
import { chargeWithoutNetwork, returnHome } from './harness/charge'
import { addPasskeyDevice, signUpWithCredit } from './harness/driver-app'
import { OutpostWorld } from './harness/outpost'

test.describe.configure({ mode: 'serial', timeout: 240_000 })
test.use({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB', actionTimeout: 20_000 })

let world: OutpostWorld
let phone: Device
let kiosk: Device

test.beforeAll(async () => {
  world = await OutpostWorld.start()
  ;[phone, kiosk] = [await openDevice(phoneShape), await openDevice(kioskShape)]
  await addPasskeyDevice(phone.context, phone.page)
  await kiosk.page.goto(world.kioskUrl)
  await signUpWithCredit(phone.page, world.cloudUrl, '€100')
})
test.afterAll(async () => {
  await phone?.close()
  await kiosk?.close()
  await world?.close()
})

async function claimLink(): Promise<string> {
  const manager = await request.newContext({
    baseURL: world.cloudUrl,
    extraHTTPHeaders: { origin: world.cloudUrl },
  })
  expect((await manager.post('/api/v1/demo/sign-in')).ok()).toBe(true)
  const limits = { capMinor: 6_000, sessionCapMinor: 3_000, dailyLimitMinor: 0, days: 7 }
  const issued = await manager.post('/api/v1/fleet/tokens', {
    data: { driverName: 'Mhairi Ross', idempotencyKey: 'sessions-token', ...limits },
  })
  expect(issued.ok()).toBe(true)
  const { claimUrl } = (await issued.json()) as { claimUrl: string }
  await manager.dispose()
  return claimUrl
}

const saved = async (page: Page, button: string): Promise<{ name: string; bytes: Buffer }> => {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).filter({ visible: true }).first().click()
  const download = await coming
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

test('a fleet finds its session, sees all that stands behind the bill, and disputes it', async ({ page }) => {
  await phone.page.goto(await claimLink())
  await phone.page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(phone.page.getByRole('heading', { name: 'Glen Haulage pays for you' })).toBeVisible()
  await returnHome(phone, world.cloudUrl)
  await world.stopCloud()
  await phone.context.setOffline(true)
  await chargeWithoutNetwork({ world, phone, kiosk, atLeastWh: 2_000 })
  await world.startCloud()
  await phone.context.setOffline(false)
  await returnHome(phone, world.cloudUrl)

  await page.goto(`${world.cloudUrl}/fleet/sessions?state=settled`)
  await page.getByRole('button', { name: 'Open the demo fleet' }).click()
  const row = page.getByRole('link', { name: /Evidence of the session of Mhairi Ross/ })
  await expect(row).toHaveCount(1, { timeout: 60_000 })
  await page.getByLabel('State', { exact: true }).selectOption('case')
  await expect(page).toHaveURL(/state=case/)
  await expect(page.getByText('No session fits this choice.')).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByLabel('Driver or session').fill('mhairi')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page).toHaveURL(/search=mhairi/)
  await expect(row).toHaveCount(1)

  const table = await saved(page, 'Download as CSV')
  expect(table.name).toBe('outpost-sessions.csv')
  const [head, first, ...others] = table.bytes.toString('utf8').trimEnd().split('\r\n')
  expect(head).toContain('Session,Started (UTC),Driver')
  expect(first).toContain(',Mhairi Ross,')
  expect(others).toEqual([])

  await row.click()
  await expect(page).toHaveURL(/view\?id=[0-9a-f]{32}$/)
  const checks = page.getByRole('region', { name: 'What was checked just now' })
  await expect(checks.locator('[data-outcome=failed]')).toHaveCount(0)
  for (const name of ['root', 'signatures', 'one-session', 'hold', 'amount', 'books'])
    await expect(checks.locator(`[data-check=${name}]`)).toHaveAttribute('data-outcome', 'passed')
  // The charger's own road comes back after the phone's.
  const reload = async (): Promise<string | null> => {
    await page.reload()
    return checks.locator('[data-check=log]').getAttribute('data-outcome')
  }
  await expect.poll(reload, { timeout: 60_000 }).toBe('passed')
  const pieces = page.getByRole('region', { name: 'Signed messages' })
  await pieces.locator('summary', { hasText: 'Receipt' }).click()
  await expect(pieces.getByText('Register at the end')).toBeVisible()
  const receipt = await saved(page, 'Download bytes (.cbor)')
  expect(receipt.name).toMatch(/^receipt-[0-9a-f]{8}\.cbor$/)
  expect(receipt.bytes.length).toBeGreaterThan(100)

  await page.getByRole('button', { name: 'Dispute the bill' }).click()
  await page.getByText('It stopped too early').click()
  await page.getByLabel('In your words').fill('Half an hour was missing.')
  await page.getByRole('button', { name: 'Send the dispute' }).click()
  const questions = page.getByRole('region', { name: 'Questions about the bill' })
  await expect(questions).toContainText('Waits for somebody')
  await expect(questions).toContainText('Half an hour was missing.')
  await expect(questions.getByRole('button', { name: 'Dispute the bill' })).toBeDisabled()
})
