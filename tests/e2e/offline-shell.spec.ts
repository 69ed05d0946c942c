/**
 * The app with its server gone: it opens, reloads and navigates from what the service worker keeps, also after the
 * browser was ended; and a newer version waits until the page lets it in.
 */

import type { Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { keptRoutes } from '@/service-worker/kept-routes.mjs'
import { AppServer } from './harness/app-server'
import { openDevice, phoneShape, type Device } from './harness/browsers'

test.describe.configure({ mode: 'serial' })

let app: AppServer
let phone: Device

test.beforeAll(async () => {
  app = await AppServer.start()
  phone = await openDevice(phoneShape)
})

test.afterAll(async () => {
  await phone?.close()
  await app?.close()
})

/** The page is kept, and answers come from the worker. */
const isKept = (page: Page) =>
  page.waitForFunction(async () => {
    const { active } = await navigator.serviceWorker.ready
    return active?.state === 'activated' && navigator.serviceWorker.controller !== null
  })

/** Only a reload makes a new document; a soft navigation keeps what stands on this one. */
const markDocument = (page: Page) => page.evaluate(() => (document.documentElement.dataset['mark'] = 'kept'))
const expectSameDocument = (page: Page) => expect(page.locator('html')).toHaveAttribute('data-mark', 'kept')

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

test('the first visit keeps everything, without a reload', async () => {
  await phone.page.goto(`${app.url}/verify`)
  await markDocument(phone.page)
  await isKept(phone.page)
  await expectSameDocument(phone.page)
})

test('consoles, demo, gallery and the interface are never kept', async () => {
  const kept = await phone.page.evaluate(async () => {
    const names = await caches.keys()
    const entries = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return entries.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept).toContain('/verify')
  expect(kept.filter((path) => /^\/(demo|fleet|gallery|api)/.test(path))).toEqual([])
})

test('a newer version waits while a receipt lies on the desk', async () => {
  const { page } = phone
  await page.getByRole('button', { name: 'Try a sample' }).click()
  await expect(heading(page)).toHaveText('A sound sample')
  app.publishNewerWorker()
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
  await expect.poll(() => waitingWorker(page)).toBe('installed')
  await markDocument(page)
  await outOfSight(page, true)
  await roundTrip(page)
  expect(await waitingWorker(page)).toBe('installed')
  await expectSameDocument(page)
})

test('a newer version waits while another tab runs the old one', async () => {
  const { page, context } = phone
  const other = await context.newPage()
  await other.goto(`${app.url}/verify`)
  await outOfSight(page, false)
  await page.getByRole('button', { name: 'Check another receipt' }).click()
  await outOfSight(page, true)
  await roundTrip(page)
  expect(await waitingWorker(page)).toBe('installed')
  await other.close()
})

test('a newer version comes in once the page is out of sight and nothing is going on', async () => {
  const { page } = phone
  await outOfSight(page, false)
  const reloaded = page.waitForEvent('load')
  await outOfSight(page, true)
  await reloaded
  await isKept(page)
  expect(await waitingWorker(page)).toBeUndefined()
})

const waitingWorker = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)

/** The worker has answered something since: whatever it was told before has had its effect. */
const roundTrip = (page: Page) => page.evaluate(async () => void (await fetch('/manifest.webmanifest')))

/** A headless browser never hides a page, so the page is told that it is hidden. */
const outOfSight = (page: Page, hidden: boolean) =>
  page.evaluate((isHidden) => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isHidden ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)

test('with the server gone the page reloads', async () => {
  await isKept(phone.page)
  await app.shut()
  await phone.page.reload()
  await expect(heading(phone.page)).toHaveText('Check a receipt')
})

test('with the server gone links stay soft, there and back', async () => {
  const { page } = phone
  await markDocument(page)
  await page.getByRole('link', { name: 'Outpost' }).click()
  await expect(heading(page)).not.toHaveText('Check a receipt')
  await expectSameDocument(page)
  await page.goBack()
  await expect(heading(page)).toHaveText('Check a receipt')
  await expectSameDocument(page)
})

test('with the server gone the app’s own steps are soft, though nothing was fetched ahead', async () => {
  const { page } = phone
  await page.goto(`${app.url}/welcome`)
  await markDocument(page)
  await page.getByRole('button', { name: 'I have an account' }).click()
  await expect(heading(page)).toHaveText('Welcome back')
  await expectSameDocument(page)
  await page.goto(`${app.url}/verify`)
})

test('with the server gone receipts are checked all the same', async () => {
  const { page } = phone
  await page.getByRole('button', { name: 'Try a forged one' }).click()
  await expect(heading(page)).toHaveText('Do not rely on this receipt')
})

test('after the browser was ended every page of the app opens without a network', async () => {
  phone = await phone.restart()
  await phone.context.setOffline(true)
  for (const route of keptRoutes('.next')) {
    await phone.page.goto(`${app.url}${route}`)
    await expect(heading(phone.page), route).toBeVisible()
  }
  const ours = phone.complaints.filter((complaint) => !complaint.includes('net::ERR_'))
  expect(ours).toEqual([])
})

test('rooms of the app are reached by soft steps, back and forth', async () => {
  const { page } = phone
  await page.goto(`${app.url}/account`)
  await expect(heading(page)).toBeVisible()
  await markDocument(page)
  const here = await heading(page).innerText()
  for (const room of ['Settings', 'About']) {
    await page
      .getByRole('button', { name: room })
      .or(page.getByRole('link', { name: room }))
      .first()
      .click()
    await expect(heading(page)).not.toHaveText(here)
    await expectSameDocument(page)
    await page.goBack()
    await expect(heading(page)).toHaveText(here)
  }
  await expectSameDocument(page)
})

test('an address with a query opens where it points', async () => {
  await phone.page.goto(`${app.url}/receipts/view?id=nothing-of-this-name`)
  await expect(heading(phone.page)).toBeVisible()
})

test('the language changes without a network, in the app and on the public page', async () => {
  const { page } = phone
  await page.goto(`${app.url}/settings`)
  await page.getByText('Deutsch').click()
  await expect(heading(page)).toHaveText('Einstellungen')
  await page.goto(`${app.url}/verify?from=poster`)
  await expect(heading(page)).toHaveText('Quittung prüfen')
})

test('what is not kept is missed plainly', async () => {
  await expect(phone.page.goto(`${app.url}/fleet`)).rejects.toThrow(/ERR_/)
})
