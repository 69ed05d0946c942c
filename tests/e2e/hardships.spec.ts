/**
 * What happens to phones in life, in the middle of a charge: a denied camera, a full disk, a reload or a step back at
 * every stage, a second tab, a newer version of the app, all data of the site gone, a clock that is days off. The money
 * is right each time, and so is what stands on the screen.
 */

import { readFileSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import type { Locator, Page } from 'playwright'
import type { AccountResponse } from '@/lib/cloud/api-types/account'
import { kioskShape, openDevice, phoneShape, type Device } from './harness/browsers'
import { addPasskeyDevice, approveButton, goHome, phoneCode, signUpWithCredit } from './harness/driver-app'
import { holdUp } from './harness/hold-up'
import { OutpostWorld } from './harness/outpost'
import { readCode } from './harness/read-screen'
import { offerCode, readStopCode, receiptCode, stopWithCode } from './harness/touchscreen'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

const creditMinor = 10_000
let world: OutpostWorld
let phone: Device
let kiosk: Device
/** The code that the driver approved; it must stay this one whatever happens. */
let shownText = ''

test.beforeAll(async () => {
  world = await OutpostWorld.start({ behindDoor: true })
  ;[phone, kiosk] = [await openDevice(phoneShape), await openDevice(kioskShape)]
  await addPasskeyDevice(phone.context, phone.page)
  await kiosk.page.goto(world.kioskUrl)
  await signUpWithCredit(phone.page, world.cloudUrl, '€100')
  await world.plug()
})
test.afterAll(async () => {
  await phone?.close()
  await kiosk?.close()
  await world?.close()
})

const at = (path: string): string => `${world.cloudUrl}${path}`
const account = (): Promise<AccountResponse> =>
  phone.page.evaluate(async () => (await fetch('/api/v1/account')).json() as Promise<AccountResponse>)
/** What is the driver's, wherever it stands. */
async function ownedMinor(): Promise<number> {
  const { balanceMinor, reservedMinor, owedMinor } = await account()
  return balanceMinor + reservedMinor - owedMinor
}

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name })

async function openCharge(page: Page): Promise<void> {
  await page.goto(at('/'))
  await goHome(page)
  await button(page, /^Charge$/).click()
}

/** The text of a code, by the way that needs no camera. */
async function paste(page: Page, text: string): Promise<void> {
  await button(page, 'Paste the code').click()
  await page.getByLabel('Text of the code').fill(text)
  await button(page, 'Continue').click()
}

test('a camera that is denied has two ways out: a picture, and the text of the code', async () => {
  const { page } = phone
  await page.goto(at('/'))
  await goHome(page)
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await button(page, /^Charge$/).click()
  await button(page, 'Use the camera').click()
  await expect(page.getByText('The camera is not allowed.')).toBeVisible()
  await expect(page.getByText('Nothing was charged.')).toBeVisible()
  const { text, picture } = await readCode(offerCode(kiosk.page))
  const file = { name: 'code.png', mimeType: 'image/png', buffer: picture }
  await page.locator('input[type=file]').setInputFiles(file)
  await expect(approveButton(page)).toBeVisible()
  await button(page, 'Back').click()
  await expect(approveButton(page)).toBeHidden()
  await openCharge(page)
  await paste(page, text)
  await expect(approveButton(page)).toBeVisible()
})

test('before the decision a reload stays there, and a step back leaves nothing held', async () => {
  const { page } = phone
  await page.reload()
  await expect(approveButton(page)).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: '€100.00' })).toBeVisible()
  await button(page, /^Charge$/).click()
  await expect(approveButton(page)).toBeVisible()
})

test('a phone that cannot save shows no code and loses nothing', async () => {
  const { page } = phone
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
  })
  await approveButton(page).click()
  await expect(page.getByText('The phone could not save.')).toBeVisible()
  await expect(page.getByText('Nothing was charged.')).toBeVisible()
  await expect(phoneCode(page)).toBeHidden()
  // There is room again: a fresh document has the real storage.
  await page.reload()
  const waited = await signSlowly(page)
  await approveButton(page).click()
  await expect(page.getByText('Your phone signs the code')).toBeVisible()
  await expect(phoneCode(page)).toBeVisible()
  const { alerts, touches } = await waited()
  expect(alerts, 'what is written down and not signed yet is no problem').toEqual([])
  expect(touches, 'one short touch says that the code is there').toEqual([[30]])
  shownText = (await readCode(phoneCode(page))).text
})

interface Told {
  readonly alerts: readonly string[]
  readonly touches: readonly unknown[]
}

/** Every signature takes long enough to be seen. Gives what was announced as a problem meanwhile, and felt. */
async function signSlowly(page: Page): Promise<() => Promise<Told>> {
  const told = await page.evaluateHandle(() => {
    const { sign } = SubtleCrypto.prototype
    SubtleCrypto.prototype.sign = async function (...given) {
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      return sign.apply(this, given)
    }
    const seen = { alerts: [] as string[], touches: [] as unknown[] }
    navigator.vibrate = (pattern) => seen.touches.push(pattern) > 0
    new MutationObserver(() => {
      for (const alert of document.querySelectorAll('main [role=alert]'))
        seen.alerts.push(alert.textContent ?? '')
    }).observe(document.body, { childList: true, subtree: true })
    return seen
  })
  return () => told.jsonValue()
}

test('the screen is kept awake while the code stands on it, and no longer', async () => {
  const { page } = phone
  await page.addInitScript(() => {
    const told: string[] = []
    Object.assign(window, { told })
    WakeLock.prototype.request = function () {
      told.push('awake')
      return Promise.resolve({
        release: () => Promise.resolve(void told.push('may sleep')),
      } as unknown as WakeLockSentinel)
    }
  })
  const told = () => page.evaluate(() => (window as unknown as { told: readonly string[] }).told)
  await page.reload()
  await expect(phoneCode(page)).toBeVisible()
  await expect.poll(told).toEqual(['awake'])
  await button(page, 'Back').click()
  await expect(button(page, 'Open your session')).toBeVisible()
  await expect.poll(told).toEqual(['awake', 'may sleep'])
  await button(page, 'Open your session').click()
  await expect.poll(told).toEqual(['awake', 'may sleep', 'awake'])
})

test('what was shown once is shown again: after a reload, after a step back, from home', async () => {
  const { page } = phone
  await page.reload()
  expect((await readCode(phoneCode(page))).text).toBe(shownText)
  await page.goBack()
  await page.goto(at('/'))
  await button(page, 'Open your session').click()
  expect((await readCode(phoneCode(page))).text).toBe(shownText)
})

test('a second tab cannot spend beside the first; it may take the wallet over, and give it back', async () => {
  const elsewhere = 'Outpost is open in another tab'
  const second = await phone.context.newPage()
  await second.goto(at('/'))
  await expect(second.getByRole('heading', { name: elsewhere })).toBeVisible()
  await button(second, 'Use it here').click()
  await button(second, 'Open your session').click()
  expect((await readCode(phoneCode(second))).text).toBe(shownText)
  await expect(phone.page.getByRole('heading', { name: elsewhere })).toBeVisible()
  await button(phone.page, 'Use it here').click()
  expect((await readCode(phoneCode(phone.page))).text).toBe(shownText)
  await expect(second.getByRole('heading', { name: elsewhere })).toBeVisible()
  await second.close()
})

test('a newer version never comes in while a code is shown', async () => {
  const { page } = phone
  world.door?.publishNewerWorker()
  await lookForNewer(page)
  await expect.poll(() => waitingWorker(page)).toBe('installed')
  await page.evaluate(() => (document.documentElement.dataset['mark'] = 'kept'))
  await outOfSight(page, true)
  await page.evaluate(async () => void (await fetch('/manifest.webmanifest')))
  expect(await waitingWorker(page)).toBe('installed')
  await expect(page.locator('html')).toHaveAttribute('data-mark', 'kept')
  await outOfSight(page, false)
  expect((await readCode(phoneCode(page))).text).toBe(shownText)
})

/**
 * The browser looks by itself, too, a moment after each visit. Where the tab that it did so for was closed meanwhile, it
 * may leave others waiting for that look; the next visit begins a new one.
 */
async function lookForNewer(page: Page): Promise<void> {
  for (let look = 1; ; look += 1) {
    const outcome = await page.evaluate(async () => {
      const patience = new Promise<string>((resolve) => setTimeout(() => resolve('no answer'), 8_000))
      const registration = await Promise.race([navigator.serviceWorker.ready, patience])
      if (typeof registration === 'string') return 'no worker'
      return Promise.race([registration.update().then(() => 'looked'), patience])
    })
    if (outcome === 'looked') return
    if (look === 4) throw new Error(`The browser does not look for a newer worker: ${outcome}`)
    await page.reload()
  }
}

const waitingWorker = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)

/** A headless browser never hides a page, so the page is told that it is hidden. */
const outOfSight = (page: Page, hidden: boolean) =>
  page.evaluate((isHidden) => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isHidden ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)

test('with the server gone, the session goes on through reloads to its receipt', async () => {
  const { page } = phone
  await holdUp({
    from: page,
    code: phoneCode(page),
    before: kiosk.camera,
    until: kiosk.page.getByText('Your stop code').waitFor({ timeout: 30_000 }),
  })
  const stopCode = await readStopCode(kiosk.page)
  await world.door?.shut()
  await phone.context.setOffline(true)
  await button(page, 'The charger says yes').click()
  await page.reload()
  await expect(button(page, /^Scan (the )?receipt$/)).toBeVisible()
  await expect
    .poll(async () => (await world.charger()).connectors[0]?.transaction?.energyWh ?? 0)
    .toBeGreaterThan(500)
  await stopWithCode(kiosk.page, stopCode)
  const receipt = await readCode(receiptCode(kiosk.page))
  await button(page, /^Scan (the )?receipt$/).click()
  await paste(page, receipt.text)
  await expect(page.getByRole('heading', { name: 'Checked on this phone' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Checked on this phone' })).toBeVisible()
  const paper = page.waitForEvent('download')
  await button(page, 'Save PDF').click()
  expect(
    readFileSync(await (await paper).path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  await world.unplug()
})

test('and the newer version comes in once nobody is at a charger any more', async () => {
  const { page } = phone
  await world.door?.open()
  await phone.context.setOffline(false)
  // Leaving the page is the moment that nobody sees.
  await page.goto(at('/'))
  await goHome(page)
  await expect.poll(() => waitingWorker(page)).toBeUndefined()
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
  expect(await waitingWorker(page), 'the newest is the active one').toBeUndefined()
})

test('a phone whose clock is three days late charges all the same', async () => {
  await expect.poll(async () => (await account()).sessions[0]?.reportedBy.length, { timeout: 30_000 }).toBe(2)
  await phone.context.clock.setFixedTime(new Date(Date.now() - 3 * 86_400_000))
  await world.plug()
  await openCharge(phone.page)
  await paste(phone.page, (await readCode(offerCode(kiosk.page))).text)
  await approveButton(phone.page).click()
  await expect(phoneCode(phone.page)).toBeVisible()
  await phone.context.clock.setFixedTime(new Date())
})

test('a phone whose clock is three days early is told so, and can charge: the charger knows the time', async () => {
  await world.unplug()
  await world.plug()
  await phone.context.clock.setFixedTime(new Date(Date.now() + 3 * 86_400_000))
  await phone.page.goto(at('/'))
  await button(phone.page, 'Charge another car').click()
  await paste(phone.page, (await readCode(offerCode(kiosk.page))).text)
  await expect(approveButton(phone.page)).toBeEnabled()
  await expect(phone.page.getByText('Your phone’s clock is 3 days')).toBeVisible()
  await phone.context.clock.setFixedTime(new Date())
})

test('all data of the site gone: the passkey brings the account back, with every cent and the session', async () => {
  const { page } = phone
  const before = await ownedMinor()
  expect(before).toBeLessThan(creditMinor)
  const devTools = await phone.context.newCDPSession(page)
  await devTools.send('Storage.clearDataForOrigin', { origin: world.cloudUrl, storageTypes: 'all' })
  await phone.context.clearCookies()
  await page.goto(at('/'))
  await button(page, 'I have an account').click()
  await button(page, 'Sign in with passkey').click()
  // What the lost key had taken along stays set aside until nobody can spend it any more; it is nobody else's.
  await expect(page.getByRole('heading', { name: '€0.00' })).toBeVisible()
  expect(await ownedMinor()).toBe(before)
  await page.goto(at('/wallet'))
  await expect(page.getByText('Kinross Services').first()).toBeVisible()
})
