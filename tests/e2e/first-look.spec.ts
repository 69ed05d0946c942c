/**
 * What stands on the first page before any of its scripts is here, as on a slow phone: a newcomer reads what the app
 * does, whoever has used it sees Home begin, and a tap that comes early is not lost.
 */

import type { Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { AppServer } from './harness/app-server'

test.describe.configure({ mode: 'serial' })
test.use({ viewport: { width: 390, height: 844 }, locale: 'en-GB', serviceWorkers: 'block' })

let app: AppServer

test.beforeAll(async () => {
  app = await AppServer.start()
})
test.afterAll(async () => {
  await app?.close()
})

/** Scripts do not arrive before the returned function is called. */
async function holdScripts(page: Page): Promise<() => void> {
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  await page.route('**/_next/**/*.js', async (route) => {
    await held
    await route.continue()
  })
  return letGo
}

/** Only what the page itself names arrives; the wallet, which is asked for later, stays on its way until then. */
async function holdWallet(page: Page, path: string): Promise<() => void> {
  const html = await (await fetch(`${app.url}${path}`)).text()
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  await page.route('**/_next/**/*.js', async (route) => {
    if (!html.includes(new URL(route.request().url()).pathname)) await held
    await route.continue()
  })
  return letGo
}

const welcome = (page: Page) => page.getByRole('heading', { name: 'Charge where there is no signal' })
const charge = (page: Page) => page.getByRole('button', { name: 'Charge', exact: true })

test('a newcomer reads what the app does before a script has run, and nothing moves when they have', async ({
  page,
}) => {
  const letGo = await holdScripts(page)
  await page.goto(`${app.url}/`, { waitUntil: 'commit' })
  await expect(welcome(page)).toBeVisible()
  await expect(charge(page)).toBeHidden()
  const before = await welcome(page).boundingBox()
  await welcome(page).evaluate((element) => element.setAttribute('data-mark', 'kept'))
  letGo()
  await page.waitForFunction(() => document.querySelector('[data-first-seen-by]') === null)
  expect(await welcome(page).boundingBox()).toEqual(before)
  await expect(welcome(page)).toHaveAttribute('data-mark', 'kept')
})

test('what is tapped before the page is awake happens once it is', async ({ page }) => {
  const letGo = await holdScripts(page)
  await page.goto(`${app.url}/`, { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'I have an account' }).click()
  letGo()
  await expect(page).toHaveURL(`${app.url}/sign-in`)
})

test('a phone that has been used begins with Home, never with what it says to newcomers', async ({
  page,
}) => {
  await page.addInitScript(() => localStorage.setItem('outpost.used', '1'))
  await holdScripts(page)
  await page.goto(`${app.url}/`, { waitUntil: 'commit' })
  await expect(charge(page)).toBeVisible()
  await expect(welcome(page)).toBeHidden()
})

test('a mark without a wallet is taken back: its data was cleared elsewhere', async ({ page }) => {
  await page.goto(`${app.url}/verify`)
  await page.evaluate(() => localStorage.setItem('outpost.used', '1'))
  await page.goto(`${app.url}/`)
  await expect(welcome(page)).toBeVisible()
  expect(await page.evaluate(() => localStorage.getItem('outpost.used'))).toBeNull()
})

test('a fleet’s link is taken although the wallet is not open yet, once it is', async ({ page }) => {
  const letGo = await holdWallet(page, '/claim')
  await page.goto(`${app.url}/claim#VANS-7Q4K`)
  await expect(page.getByRole('textbox')).toHaveValue('VANS-7Q4K')
  const claims = (): number => app.asked.filter((path) => path.startsWith('/api/v1/wallet/claim')).length
  const before = claims()
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Asking the fleet' })).toBeVisible()
  expect(claims()).toBe(before)
  letGo()
  await expect.poll(claims).toBe(before + 1)
  await expect(page.getByRole('alert').filter({ hasText: 'could not' })).toBeVisible()
})

test('what turns while somebody waits stands still for whoever wants less motion', async ({ page }) => {
  await holdWallet(page, '/')
  await page.goto(`${app.url}/`)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await expect(page.getByRole('button', { name: 'Waiting' })).toBeVisible()
  const turning = () =>
    page.evaluate(() => document.getAnimations().filter((each) => each.playState === 'running').length)
  await expect.poll(turning).toBeGreaterThan(0)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await expect.poll(turning).toBe(0)
})
