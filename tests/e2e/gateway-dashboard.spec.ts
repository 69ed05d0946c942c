/** The site gateway's dashboard as a technician's laptop or phone shows it: served by the real process, read by axe. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import { freePort } from '../fixtures/free-port'
import { GatewayProcess } from '../integration/gateway/yard'
import { axeFaults } from './harness/gallery-walk'

let folder: string
let gateway: GatewayProcess

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-dashboard-'))
  gateway = new GatewayProcess({
    ...{
      folder,
      site: 'kinross',
      cloudOrigin: `http://127.0.0.1:${await freePort()}`,
      root: 'ab'.repeat(32),
    },
    ...{ port: await freePort(), dashboardPort: await freePort() },
  })
  await gateway.start()
})
test.afterAll(async () => {
  await gateway?.kill()
  rmSync(folder, { recursive: true, force: true })
})

test('it opens without a complaint, in English and German, by day and night, wide and narrow', async ({
  browser,
}) => {
  const complaints: string[] = []
  for (const locale of ['en-GB', 'de-DE']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ locale, colorScheme, viewport: { width: 390, height: 844 } })
      const page = await context.newPage()
      page.on('console', (message) => complaints.push(message.text()))
      page.on('requestfailed', (request) => complaints.push(request.url()))
      const answer = await page.goto(gateway.dashboard)
      expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")
      const title = locale === 'en-GB' ? 'Site gateway' : 'Gateway des Standorts'
      await expect(page.getByRole('heading', { name: title })).toBeVisible()
      expect(await axeFaults(page)).toEqual([])
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(390)
      await context.close()
    }
  }
  expect(complaints).toEqual([])
})

test('the other language is one touch away, and nothing else can be done there', async ({ page }) => {
  await page.goto(`${gateway.dashboard}/?lang=en`)
  await page.getByRole('link', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { name: 'Ladestationen' })).toBeVisible()
  expect(await page.locator('form, button, input, script').count()).toBe(0)
  const refused = await page.request.post(gateway.dashboard)
  expect(refused.status()).toBe(405)
})
