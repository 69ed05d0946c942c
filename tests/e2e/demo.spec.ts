/** `npm start` as a newcomer has it, and `/demo` used by somebody who only reads what stands there. */

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '@/tests/fixtures/free-port'
import { expect, test, type FrameLocator } from 'playwright/test'

test.describe.configure({ mode: 'serial', timeout: 240_000 })
test.use({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB', actionTimeout: 30_000 })

let started: ChildProcess
let folder: string
let demoUrl = ''

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-demo-'))
  const [cloud, kiosk, ocpp, demo] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  started = spawn(process.execPath, ['scripts/start.mjs'], {
    env: {
      ...process.env,
      OUTPOST_VAR: folder,
      OUTPOST_PORT: String(cloud),
      OUTPOST_KIOSK_PORT: String(kiosk),
      OUTPOST_OCPP_PORT: String(ocpp),
      OUTPOST_DEMO_PORT: String(demo),
      CHARGER_SPEED: '72',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (started.stdout === null) throw new Error('No output of npm start')
  for await (const line of createInterface({ input: started.stdout })) {
    demoUrl = /Open\s+(http:\S+\/demo)/.exec(line)?.[1] ?? demoUrl
    if (line.includes('Ctrl-C stops everything')) break
  }
})

test.afterAll(async () => {
  const ended = new Promise((resolve) => started.once('exit', resolve))
  started.kill('SIGINT')
  expect(await ended, 'Ctrl-C ends with code 0').toBe(0)
  rmSync(folder, { recursive: true, force: true })
})

test('a forged code is refused, and an honest one charges without any network', async ({ page }) => {
  await page.goto(demoUrl)
  const phone = page.frameLocator('iframe[title="The driver’s phone"]')
  const kiosk = page.frameLocator('iframe[title="The charger’s touchscreen"]')
  const holdUp = page.getByRole('button', { name: 'Hold phone to charger' })
  const takeAway = page.getByRole('button', { name: 'Take the phone away' })

  await page.getByRole('button', { name: 'Use the demo driver' }).click()
  await phone.getByRole('button', { name: 'Take it along' }).click()
  await expect(phone.getByRole('button', { name: 'Charge', exact: true })).toBeVisible()
  await page.getByRole('switch', { name: 'Phone has no signal' }).check()
  await expect(phone.getByText('Ready offline')).toBeVisible()
  await page.getByRole('switch', { name: 'Charger has no internet' }).click()
  await page.getByRole('button', { name: 'Plug the car in' }).click()
  await expect(kiosk.getByRole('heading', { name: 'Scan this code with your phone' })).toBeVisible()

  await phone.getByRole('button', { name: 'Charge', exact: true }).click()
  await phone.getByRole('button', { name: 'Use the camera' }).click()
  await page.getByRole('switch', { name: 'Change one byte of every code' }).check()
  await holdUp.click()
  await expect(phone.getByText(/O-2\d|Q-1\d/)).toBeVisible()
  await page.getByRole('switch', { name: 'Change one byte of every code' }).uncheck()
  await phone.getByRole('button', { name: /^Approve up to/ }).click()
  await expect(kiosk.getByText('Your stop code')).toBeVisible()
  await takeAway.click()
  if (process.env['OUTPOST_RECORD_SCREENS'] === '1') await page.screenshot({ path: 'docs/screens/demo.png' })

  await phone.getByRole('button', { name: 'The charger says yes' }).click()
  await expect(kiosk.getByText('Cost so far')).toBeVisible()
  const stopCode = await readStopCode(kiosk)
  await expect(kiosk.getByText(/[1-9]\d*\.\d\skWh/)).toBeVisible()
  // By keyboard: the browser driver cannot aim a pointer into the scaled frame of another origin.
  await kiosk.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
  for (const digit of stopCode) await kiosk.getByRole('button', { name: digit, exact: true }).press('Enter')
  await kiosk.getByRole('button', { name: 'Stop charging' }).press('Enter')
  await phone.getByRole('button', { name: 'Scan receipt' }).click()
  await holdUp.click()
  await expect(phone.getByRole('heading', { name: 'Checked on this phone' })).toBeVisible()
  await takeAway.click()

  await page.getByRole('switch', { name: 'Phone has no signal' }).uncheck()
  await page.getByRole('switch', { name: 'Charger has no internet' }).click()
  await expect(page.getByText('1 settled, 0 seen, 0 disputed')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('Sum of all books').locator('..')).toContainText('€0.00')
})

test('a controller whose power is cut comes back by itself', async ({ page }) => {
  await page.goto(demoUrl)
  const kiosk = page.frameLocator('iframe[title="The charger’s touchscreen"]')
  await expect(kiosk.getByText('Kinross Services')).toBeVisible()
  const power = page.getByRole('switch', { name: 'Power of the charger’s controller is cut' })
  await power.click()
  await expect(kiosk.getByText('Reconnecting')).toBeVisible()
  await power.click()
  await expect(kiosk.getByText('Reconnecting')).toBeHidden({ timeout: 30_000 })
})

async function readStopCode(kiosk: FrameLocator): Promise<string> {
  const text = await kiosk.getByText('Your stop code').locator('..').innerText()
  const digits = text.replaceAll(/\s/g, '').match(/\d{6}/)?.[0]
  if (digits === undefined) throw new Error('The screen shows no stop code')
  return digits
}
