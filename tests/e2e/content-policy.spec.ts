/**
 * The content security policy as browsers see it: no page breaks its own, and a script that gets into a page does not
 * run, neither in what the server sends nor in what the service worker keeps.
 */

import type { Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { keptRoutes } from '@/service-worker/kept-routes.mjs'
import { AppServer } from './harness/app-server'
import { openDevice, phoneShape, type Device } from './harness/browsers'

test.describe.configure({ mode: 'serial' })

let app: AppServer
let phone: Device
const refused: string[] = []

test.beforeAll(async () => {
  app = await AppServer.start()
  phone = await openDevice(phoneShape)
  await phone.context.exposeFunction('tellRefused', (what: string) => refused.push(what))
  await phone.context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const tell = (window as unknown as { tellRefused(what: string): void }).tellRefused
      tell(`${location.pathname}: ${violatedDirective} ${blockedURI} ${sample}`)
    })
  })
})
test.afterAll(async () => {
  await phone?.close()
  await app?.close()
})

const open = async (page: Page, path: string): Promise<void> => {
  await page.goto(`${app.url}${path}`)
  await page.locator('h1').first().waitFor()
}

test('no page is refused anything by its own policy, and none allows what stands inside it', async () => {
  const { page } = phone
  const paths = [...keptRoutes('.next'), '/gallery', '/fleet', '/no-such-page']
  for (const path of paths) {
    const answer = await page.goto(`${app.url}${path}`)
    await page.locator('h1').first().waitFor()
    const policy = answer?.headers()['content-security-policy'] ?? ''
    expect(policy, path).toContain("style-src 'self';")
    expect(policy, path).not.toContain('unsafe-inline')
  }
  expect(refused).toEqual([])
})

test('a dialog, a scanner and a picture need no exception', async () => {
  const { page } = phone
  await open(page, '/gallery?state=session-stop-confirm&lang=en')
  await open(page, '/charge')
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.locator('video').waitFor()
  expect(
    await page.evaluate(async () => WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))),
  ).toBe(true)
  expect(refused).toEqual([])
})

/** What somebody would try who got text into a page. */
const inject = (page: Page) =>
  page.evaluate(async () => {
    const seen = window as unknown as { stolen?: boolean }
    const script = document.createElement('script')
    script.textContent = 'window.stolen = true'
    document.body.append(script)
    const holder = document.createElement('div')
    holder.innerHTML =
      '<img src="/no-such-picture" onerror="window.stolen = true"><a href="javascript:window.stolen=true">x</a>'
    const pictureFailed = new Promise((done) => holder.querySelector('img')?.addEventListener('error', done))
    document.body.append(holder)
    holder.querySelector('a')?.click()
    // The handler that stands in the text would run at this event, before ours.
    await pictureFailed
    return seen.stolen ?? false
  })

for (const path of ['/', '/verify', '/fleet']) {
  test(`a script that got into ${path} does not run`, async () => {
    refused.length = 0
    await open(phone.page, path)
    expect(await inject(phone.page)).toBe(false)
    expect(refused.some((what) => what.includes('script-src'))).toBe(true)
  })
}

test('what the service worker keeps is as strict, with no server at all', async () => {
  const { page } = phone
  await open(page, '/')
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')
  await app.shut()
  await open(page, '/receipts')
  expect(await inject(page)).toBe(false)
})

test('nobody else may be told anything', async () => {
  refused.length = 0
  const sent = await phone.page.evaluate(() =>
    fetch('http://[::1]:9/stolen', { mode: 'no-cors' }).then(
      () => 'sent',
      () => 'refused',
    ),
  )
  expect(sent).toBe('refused')
  expect(refused.some((what) => what.includes('connect-src'))).toBe(true)
})
