/** A new fleet in the browser: signing up, founding, inviting; a second person joins, looks, and later may do more. */

import { expect, test, type Browser, type Page } from 'playwright/test'
import { openCardWorld, type CardWorld } from './harness/card-world'
import { addPasskeyDevice } from './harness/driver-app'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

let world: CardWorld
let owner: Page
let second: Page

/** Somebody with a browser and a passkey device of their own. */
async function somebody(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB' })
  const page = await context.newPage()
  await addPasskeyDevice(context, page)
  return page
}

test.beforeAll(async ({ browser }) => {
  world = await openCardWorld()
  ;[owner, second] = [await somebody(browser), await somebody(browser)]
})
test.afterAll(async () => {
  await owner?.context().close()
  await second?.context().close()
  await world?.close()
})

const place = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name })

test('a new manager signs up with a passkey, starts a fleet and sees it', async () => {
  await owner.goto(`${world.origin}/fleet`)
  await owner.getByRole('button', { name: 'Make a new account' }).click()
  await owner.getByLabel('Name of the fleet').fill('Tay Valley Couriers')
  await owner.getByLabel('Your name').fill('Isla Macfarlane')
  await owner.getByLabel('Your mail address').fill('isla@tayvalley.example')
  await owner.getByRole('button', { name: 'Start the fleet' }).click()
  await expect(place(owner, 'Overview')).toHaveAttribute('aria-current', 'page')
  await expect(owner.getByText('Tay Valley Couriers').first()).toBeVisible()
})

test('an invitation is a link where no mail is set up, and lets a second person in to look', async () => {
  await place(owner, 'People').click()
  await owner.getByRole('button', { name: 'Invite', exact: true }).click()
  const question = owner.getByRole('dialog')
  await question.getByLabel('Mail address').fill('callum@tayvalley.example')
  await question.getByText('Viewer', { exact: true }).click()
  await question.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(owner.getByText('callum@tayvalley.example is invited')).toBeVisible()
  const link = await owner.getByText(/\/join#/).innerText()
  await owner.getByRole('button', { name: 'Done' }).click()

  await second.goto(link)
  await second.getByRole('button', { name: 'Make a new account' }).click()
  await second.getByLabel('Your name').fill('Callum Drummond')
  await second.getByRole('button', { name: 'Join the fleet' }).click()
  await expect(place(second, 'Overview')).toBeVisible()
  await place(second, 'People').click()
  await expect(second.getByRole('rowheader', { name: /Isla Macfarlane/ })).toBeVisible()
  await expect(second.getByRole('button', { name: 'Invite', exact: true })).toBeDisabled()
  await expect(second.getByText('Your role does not invite.')).toBeVisible()
  await expect(second.getByRole('heading', { name: 'What was done' })).toHaveCount(0)

  const again = await second.context().newPage()
  await again.goto(link)
  await again.getByLabel('Your name').fill('Callum Drummond')
  await again.getByRole('button', { name: 'Join the fleet' }).click()
  await expect(again.getByText('This person belongs to the organisation already.')).toBeVisible()
  await again.close()
})

test('an owner gives somebody more rights, and they hold at once', async () => {
  await owner.reload()
  await owner.getByRole('button', { name: 'Change the role of Callum Drummond' }).click()
  await owner.getByRole('dialog').getByText('Manager', { exact: true }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Change role' }).click()
  await expect(owner.getByRole('row', { name: /Callum Drummond callum@/ })).toContainText('Manager')
  await expect(owner.getByRole('row', { name: /Made manager/ })).toContainText('Isla Macfarlane')

  await second.reload()
  await expect(second.getByRole('button', { name: 'Invite', exact: true })).toBeEnabled()
  await expect(second.getByRole('button', { name: 'Change the role of Isla Macfarlane' })).toBeDisabled()
})

test('a key of a program is shown once, opens the API, and ends when it is revoked', async () => {
  await owner.getByRole('button', { name: 'New key' }).click()
  await owner.getByLabel('What it is for').fill('Payroll export')
  await owner.getByRole('button', { name: 'Make the key' }).click()
  const secret = await owner.getByText(/^outpost_/).innerText()
  await owner.getByRole('button', { name: 'Done' }).click()
  const status = async (): Promise<number> =>
    (
      await fetch(`${world.origin}/api/v1/organisation/people`, {
        headers: { authorization: `Bearer ${secret}` },
      })
    ).status
  expect(await status()).toBe(200)
  await owner.getByRole('button', { name: 'Revoke the key Payroll export' }).click()
  await owner.getByLabel('Type “Payroll export” to confirm').fill('payroll export')
  await owner.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(owner.getByRole('row', { name: /Payroll export/ }).first()).toContainText('Revoked')
  expect(await status()).toBe(401)
})
