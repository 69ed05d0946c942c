/**
 * The keys of an account in a real browser: sign-up, a second passkey, recovery codes, a lost phone, signing out; keys
 * under a PIN or a passkey's own secret where the browser has none; and a second tab.
 */

import type { BrowserContext, CDPSession, Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { openCardWorld, type CardWorld } from './harness/card-world'
import { goHome } from './harness/driver-app'

test.describe.configure({ mode: 'serial' })
test.use({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })

let world: CardWorld
test.beforeAll(async () => {
  world = await openCardWorld()
})
test.afterAll(async () => {
  await world?.close()
})

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })

/** A phone's own authenticator; each call adds another, as another phone or security key would be. */
async function authenticator(
  context: BrowserContext,
  page: Page,
  options: { readonly hasPrf?: boolean } = {},
): Promise<{ readonly devTools: CDPSession; readonly id: string }> {
  const devTools = await context.newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  const { authenticatorId: id } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf: options.hasPrf ?? false,
    },
  })
  return { devTools, id }
}

async function signUp(page: Page): Promise<void> {
  await page.goto(`${world.origin}/sign-up`)
  await button(page, 'Create passkey').click()
  await expect(title(page, 'Add funds')).toBeVisible()
}

async function payTwenty(page: Page): Promise<void> {
  await page.getByText('€20', { exact: true }).click()
  await button(page, 'Pay €20 by card').click()
  await page.getByRole('link', { name: 'Pay' }).click()
  await expect(title(page, 'Payment on its way')).toBeVisible()
  await world.deliver()
  await expect(title(page, 'Funds added')).toBeVisible()
}

async function hold(page: Page, name: string): Promise<void> {
  const box = await button(page, name).boundingBox()
  if (box === null) throw new Error(`${name} is not on the screen`)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.mouse.up()
}

test('a new driver is ready in three screens, and finds the passkey and the phone in the list', async ({
  context,
  page,
}) => {
  await authenticator(context, page)
  await page.goto(`${world.origin}/`)
  const startedMs = Date.now()
  await expect(title(page, 'Charge where there is no signal')).toBeVisible()
  await button(page, 'Create an account').click()
  await expect(title(page, 'Add funds')).toBeVisible()
  await payTwenty(page)
  await button(page, 'Continue').click()
  await expect(title(page, 'Keep it on your home screen')).toBeVisible()
  await goHome(page)
  expect(Date.now() - startedMs).toBeLessThan(60_000)
  await page.goto(`${world.origin}/account`)
  await button(page, /^Passkeys and phones/).click()
  await expect(button(page, /^Passkey Signed in with it here/)).toBeVisible()
  await expect(button(page, /This phone €20.00/)).toBeVisible()
  await expect(page.getByText('This is the only way into your account.')).toBeVisible()
})

test('the first screen says what keeps an account from being made, and makes it when that is over', async ({
  context,
  page,
}) => {
  const { devTools, id } = await authenticator(context, page)
  await page.goto(`${world.origin}/`)
  await expect(button(page, 'Create an account')).toBeEnabled()
  await context.setOffline(true)
  await expect(page.getByText('No connection right now')).toBeVisible()
  await expect(button(page, 'Create an account')).toBeDisabled()
  await context.setOffline(false)
  await expect(page.getByText('No connection right now')).toBeHidden()
  await devTools.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false })
  await button(page, 'Create an account').click()
  await expect(page.getByRole('alert').filter({ hasText: 'The passkey was not confirmed.' })).toBeVisible()
  await devTools.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true })
  await button(page, 'Create an account').click()
  await expect(title(page, 'Add funds')).toBeVisible()
})

test('a second passkey is added, named and taken away; the last one stays', async ({ context, page }) => {
  const first = await authenticator(context, page)
  await signUp(page)
  // An authenticator that holds a passkey of the account already does not make another.
  await first.devTools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: first.id })
  await authenticator(context, page)
  await page.goto(`${world.origin}/devices`)
  await button(page, 'Add a passkey').click()
  await button(page, /^Passkey Added/).click()
  await page.getByLabel('Name').fill('Security key')
  await button(page, 'Rename').click()
  await expect(button(page, /^Security key/)).toBeVisible()
  await button(page, /^Security key/).click()
  await hold(page, 'Remove this passkey')
  await expect(button(page, /^Security key/)).toBeHidden()
  await button(page, /^Passkey Signed in/).click()
  await hold(page, 'Remove this passkey')
  await expect(page.getByText('This is the only way into your account.').first()).toBeVisible()
  await expect(button(page, /^Passkey Signed in/)).toBeVisible()
})

test('a recovery code lets a new phone in, once, and the account rests for a day', async ({
  browser,
  context,
  page,
}) => {
  await authenticator(context, page)
  await signUp(page)
  await page.goto(`${world.origin}/devices`)
  await button(page, 'Make recovery codes').click()
  await expect(page.getByRole('listitem')).toHaveCount(10)
  const code =
    (await page
      .getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
      .first()
      .textContent()) ?? ''
  const download = page.waitForEvent('download')
  await button(page, 'Save').click()
  expect((await download).suggestedFilename()).toBe('outpost-recovery-codes.txt')
  await expect(button(page, 'Done')).toBeDisabled()
  await page.getByLabel('I have kept them').check()
  await button(page, 'Done').click()
  await expect(page.getByText('10 codes are left.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('10 codes are left.')).toBeVisible()
  await expect(page.getByText(code)).toBeHidden()

  const other = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
  const phone = await other.newPage()
  await authenticator(other, phone)
  await phone.goto(`${world.origin}/sign-in`)
  await button(phone, 'My passkey is gone').click()
  await phone.getByLabel('Recovery code').fill('0000 0000 0000 0000')
  await button(phone, 'Make a new passkey').click()
  await expect(phone.getByText('This recovery code does not open an account.')).toBeVisible()
  await phone.getByLabel('Recovery code').fill(code.toLowerCase())
  await button(phone, 'Make a new passkey').click()
  await expect(title(phone, 'You are in again')).toBeVisible()
  await expect(phone.getByText('9 recovery codes are left.')).toBeVisible()
  await button(phone, 'I lost a phone').click()
  await expect(phone.getByText(/A recovery code was used/)).toBeVisible()
  await page.reload()
  await expect(page.getByText('You are signed out here')).toBeVisible()
  await other.close()
})

test('a lost phone is blocked from another one, and the driver hears until when its credit is set aside', async ({
  browser,
  context,
  page,
}) => {
  const first = await authenticator(context, page)
  await signUp(page)
  await payTwenty(page)
  const { credentials } = await first.devTools.send('WebAuthn.getCredentials', { authenticatorId: first.id })
  // The same passkey on another phone, as a synced keychain brings it.
  const other = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
  const phone = await other.newPage()
  const second = await authenticator(other, phone)
  for (const credential of credentials) {
    await second.devTools.send('WebAuthn.addCredential', { authenticatorId: second.id, credential })
  }
  await phone.goto(`${world.origin}/sign-in`)
  await button(phone, 'Sign in with passkey').click()
  await phone.waitForURL(`${world.origin}/`)
  await phone.goto(`${world.origin}/devices`)
  await button(phone, /€20.00 on it/).click()
  await expect(phone.getByText(/It holds €20.00. If you block it, that stays reserved until/)).toBeVisible()
  await hold(phone, 'I lost this phone')
  await expect(button(phone, /Lost, blocked .* €20.00 set aside/)).toBeVisible()
  await page.goto(`${world.origin}/devices`)
  await expect(page.getByText('You are signed out here')).toBeVisible()
  await other.close()
})

test('signing out says what it leaves behind and gives the credit back', async ({ context, page }) => {
  await authenticator(context, page)
  await signUp(page)
  await payTwenty(page)
  await page.goto(`${world.origin}/account`)
  await button(page, 'Sign out').click()
  await expect(page.getByText('€20.00 of your credit is on this phone.')).toBeVisible()
  await button(page, 'Give it back and sign out').click()
  await expect(button(page, 'Sign in')).toBeVisible()
  await page.goto(`${world.origin}/sign-in`)
  await button(page, 'Sign in with passkey').click()
  await page.waitForURL(`${world.origin}/`)
  await page.goto(`${world.origin}/account`)
  await expect(page.getByText('€20.00').first()).toBeVisible()
})

/** As on a phone whose browser knows no Ed25519. */
const withoutEd25519 = (page: Page) =>
  page.addInitScript(() => {
    const generate = crypto.subtle.generateKey.bind(crypto.subtle)
    Object.defineProperty(crypto.subtle, 'generateKey', {
      value: (algorithm: { name?: string }, ...rest: [boolean, KeyUsage[]]) =>
        algorithm.name === 'Ed25519'
          ? Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
          : generate(algorithm as never, ...rest),
    })
  })

async function typePin(page: Page, pin: string): Promise<void> {
  for (const digit of pin)
    await button(page, digit)
      .and(page.getByText(digit, { exact: true }))
      .click()
  await button(page, 'Confirm the PIN').click()
}

test('where the browser keeps no keys a PIN locks one, and is asked for before charging, without signal', async ({
  context,
  page,
}) => {
  await withoutEd25519(page)
  await authenticator(context, page)
  await signUp(page)
  await page.getByText('€20', { exact: true }).click()
  await button(page, 'Pay €20 by card').click()
  await page.getByRole('link', { name: 'Pay' }).click()
  await world.deliver()
  // The grant needs a key, and the key a lock.
  await expect(title(page, 'Lock the key on this phone')).toBeVisible()
  await button(page, 'Lock with a PIN').click()
  await typePin(page, '123456')
  await expect(page.getByText('Too easy to guess')).toBeVisible()
  await typePin(page, '482915')
  await typePin(page, '482916')
  await expect(page.getByText('The two were not the same')).toBeVisible()
  await typePin(page, '482915')
  await typePin(page, '482915')
  await expect(title(page, 'Funds added')).toBeVisible()
  await page.goto(`${world.origin}/charge`)
  await expect(title(page, 'Unlock your key')).toBeVisible()
  await typePin(page, '482916')
  await expect(page.getByText('That was not the PIN. 9 tries are left.')).toBeVisible()
  // What was counted stays counted over a reload.
  await page.reload()
  await typePin(page, '482917')
  await expect(page.getByText('That was not the PIN. 8 tries are left.')).toBeVisible()
  await context.setOffline(true)
  await typePin(page, '482915')
  await expect(title(page, 'Unlock your key')).toBeHidden()
  await context.setOffline(false)
  await page.goto(`${world.origin}/devices`)
  await button(page, 'Change the PIN').click()
  await typePin(page, '482915')
  await typePin(page, '730264')
  await typePin(page, '730264')
  await expect(button(page, 'Change the PIN')).toBeVisible()
  await page.goto(`${world.origin}/charge`)
  await typePin(page, '482915')
  await expect(page.getByText('That was not the PIN. 9 tries are left.')).toBeVisible()
  await typePin(page, '730264')
  await expect(title(page, 'Unlock your key')).toBeHidden()
})

test('a passkey with a secret of its own locks the key as well, and opens it without signal', async ({
  context,
  page,
}) => {
  await withoutEd25519(page)
  await authenticator(context, page, { hasPrf: true })
  await signUp(page)
  await page.getByText('€20', { exact: true }).click()
  await button(page, 'Pay €20 by card').click()
  await page.getByRole('link', { name: 'Pay' }).click()
  await world.deliver()
  await button(page, 'Lock with passkey').click()
  await expect(title(page, 'Funds added')).toBeVisible()
  await page.goto(`${world.origin}/charge`)
  await context.setOffline(true)
  await button(page, 'Unlock with passkey').click()
  await expect(title(page, 'Unlock your key')).toBeHidden()
  await context.setOffline(false)
})

test('a passkey without such a secret says so, and a PIN remains', async ({ context, page }) => {
  await withoutEd25519(page)
  await authenticator(context, page)
  await signUp(page)
  await page.getByText('€20', { exact: true }).click()
  await button(page, 'Pay €20 by card').click()
  await page.getByRole('link', { name: 'Pay' }).click()
  await world.deliver()
  await button(page, 'Lock with passkey').click()
  await expect(page.getByText('This passkey cannot lock a key')).toBeVisible()
  await expect(button(page, 'Lock with a PIN')).toBeEnabled()
})

test('a second tab says that another has the wallet, and takes it over when asked', async ({
  context,
  page,
}) => {
  await page.goto(`${world.origin}/account`)
  await expect(title(page, 'Account')).toBeVisible()
  const second = await context.newPage()
  await second.goto(`${world.origin}/account`)
  await expect(title(second, 'Outpost is open in another tab')).toBeVisible()
  await button(second, 'Use it here').click()
  await expect(title(second, 'Account')).toBeVisible()
  await expect(title(page, 'Outpost is open in another tab')).toBeVisible()
  await button(page, 'Use it here').click()
  await expect(title(page, 'Account')).toBeVisible()
})
