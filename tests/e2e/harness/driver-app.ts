/** What a person does on the phone, by the words on its screen. */

import { expect } from 'playwright/test'
import type { BrowserContext, Page } from 'playwright'

/** A platform authenticator with a fingerprint that always fits, as a phone has one. */
export async function addPasskeyDevice(context: BrowserContext, page: Page): Promise<void> {
  const devTools = await context.newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** Signs up, pays by the sandbox card and takes the credit along. Ends on the home screen. */
export async function signUpWithCredit(page: Page, origin: string, amount: string): Promise<void> {
  await page.goto(`${origin}/`)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByText(amount, { exact: true }).click()
  await page.getByRole('button', { name: `Add ${amount}` }).click()
  await expect(page.getByRole('heading', { name: 'Funds added' })).toBeVisible()
  await page.getByRole('button', { name: 'Continue' }).click()
  await goHome(page)
  await untilKept(page)
}

/** The service worker has everything: from now on the app opens without a network. */
export async function untilKept(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    const { active } = await navigator.serviceWorker.ready
    return active?.state === 'activated' && navigator.serviceWorker.controller !== null
  })
}

/** Leaves the hint to install, where it is shown. */
export async function goHome(page: Page): Promise<void> {
  const later = page.getByRole('button', { name: /Not now|Continue/ })
  const charge = page.getByRole('button', { name: 'Charge', exact: true })
  await later.or(charge).first().waitFor()
  if (await later.isVisible()) await later.click()
  await charge.waitFor()
}

/** From home to the open camera. */
export async function openScanner(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Charge', exact: true }).click()
  await allowCamera(page)
}

export async function allowCamera(page: Page): Promise<void> {
  const allow = page.getByRole('button', { name: 'Use the camera' })
  const live = page.locator('video')
  await allow.or(live).first().waitFor()
  if (await allow.isVisible()) await allow.click()
  await live.waitFor()
}

export const approveButton = (page: Page) => page.getByRole('button', { name: /^Approve up to/ })
export const phoneCode = (page: Page) => page.getByRole('img', { name: 'Your code for the charger' })

/** The code on the phone's screen that asks the charger to stop. */
export const phoneStopCode = (page: Page) => page.getByRole('img', { name: 'Your code that stops charging' })
