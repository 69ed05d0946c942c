/**
 * The operator in the browser: opened at the terminal, joined with a passkey; a bank statement raises a fleet's credit, what
 * waits is assigned, and the fleet's credit is frozen and let go again.
 */

import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, type Browser, type Page } from 'playwright/test'
import { referenceOf } from '@/lib/cloud/credit/bank-reference'
import { openCardWorld, type CardWorld } from './harness/card-world'
import { addPasskeyDevice } from './harness/driver-app'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

let world: CardWorld
let operator: Page
let fleet: Page

/** Somebody with a browser and a passkey device of their own. */
async function somebody(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB' })
  const page = await context.newPage()
  await addPasskeyDevice(context, page)
  return page
}

test.beforeAll(async ({ browser }) => {
  world = await openCardWorld()
  ;[operator, fleet] = [await somebody(browser), await somebody(browser)]
})
test.afterAll(async () => {
  await operator?.context().close()
  await fleet?.context().close()
  await world?.close()
})

const place = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name })

/** The operator's terminal, beside the server. */
const terminal = (...words: string[]): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(process.execPath, [resolve('scripts/db.mjs'), ...words], {
    env: { ...process.env, ...world.environment },
  })

test('the terminal opens the operator’s organisation, and its link lets the first owner in with a passkey', async () => {
  await operator.goto(`${world.origin}/operator`)
  await operator.getByRole('button', { name: 'Make a new account' }).click()
  await expect(operator.getByText('This account belongs to no operator.')).toBeVisible()
  await expect(operator.getByLabel('Name of the fleet')).toHaveCount(0)

  const { stdout } = await terminal(
    'operator',
    '--owner',
    'rhona@operator.example',
    '--name',
    'Highland Charging',
  )
  const link = /^http\S+\/operator\/join#\S+$/m.exec(stdout)?.[0] ?? ''
  await operator.goto(link)
  await operator.getByLabel('Your name').fill('Rhona Baxter')
  await operator.getByRole('button', { name: 'Join the operator' }).click()
  await expect(place(operator, 'Fleets')).toHaveAttribute('aria-current', 'page')
  await expect(operator.getByText('No fleet has been founded yet.')).toBeVisible()
  await place(operator, 'People').click()
  await expect(operator.getByRole('rowheader', { name: /Rhona Baxter/ }).first()).toBeVisible()
  await expect(operator.getByText('Opened the operator’s organisation')).toBeVisible()
  await expect(terminal('operator', '--owner', 'eve@evil.example')).rejects.toThrow(/has members already/)
})

test('a statement raises the credit of the fleet that it names, and what waits is assigned by name', async () => {
  await fleet.goto(`${world.origin}/fleet`)
  await fleet.getByRole('button', { name: 'Make a new account' }).click()
  await fleet.getByLabel('Name of the fleet').fill('Tay Valley Couriers')
  await fleet.getByLabel('Your name').fill('Isla Macfarlane')
  await fleet.getByLabel('Your mail address').fill('isla@tayvalley.example')
  await fleet.getByRole('button', { name: 'Start the fleet' }).click()
  await expect(place(fleet, 'Overview')).toBeVisible()

  await place(operator, 'Payments').click()
  const csv = [
    'Booking date;Amount;Currency;Remittance information;Counterparty;Transaction id',
    `2026-09-01;250,00;EUR;${referenceOf(1)};Tay Valley Couriers Ltd;T1`,
    '2026-09-02;40,00;EUR;for charging;Isla Macfarlane;T2',
    '2026-09-03;700,00;EUR;Rent;Flat 3;T3',
    '2026-09-03;-9,00;EUR;Fees;The bank;T4',
  ].join('\r\n')
  const file = { name: 'september.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  await operator.getByLabel('Choose a CSV file').setInputFiles(file)
  await expect(operator.getByText('The statement is in, but not every row.')).toBeVisible()
  await expect(operator.getByText('Line 5')).toBeVisible()
  await expect(operator.getByText('2 transfers of €740.00 in all wait', { exact: false })).toBeVisible()

  await operator.getByRole('button', { name: 'Assign €40.00 from Isla Macfarlane' }).click()
  const question = operator.getByRole('dialog')
  await question.getByRole('combobox', { name: 'Fleet' }).pressSequentially('valley')
  await question.getByRole('option', { name: /Tay Valley Couriers/ }).click()
  const credit = question.getByRole('button', { name: 'Credit the fleet' })
  await expect(credit).toBeDisabled()
  await question.getByLabel('Type “Tay Valley Couriers” to confirm').fill('tay valley couriers')
  await credit.click()
  await expect(question).toHaveCount(0)

  await operator.getByRole('button', { name: 'Send back €700.00 from Flat 3' }).click()
  await question.getByRole('button', { name: 'Put aside to send back' }).click()
  await expect(operator.getByText('No transfer waits for a decision.')).toBeVisible()
  await operator.getByText('To send back', { exact: true }).click()
  await expect(operator.getByRole('row', { name: /Flat 3/ })).toBeVisible()
  await operator.getByText('Credited', { exact: true }).click()
  await expect(operator.getByRole('row', { name: /Tay Valley Couriers No\. 1/ })).toHaveCount(2)

  await operator.getByLabel('Choose a CSV file').setInputFiles(file)
  await expect(operator.getByText('Known before')).toBeVisible()
  await place(fleet, 'Credit').click()
  await expect(fleet.getByText('€290.00').first()).toBeVisible()
})

test('a fleet’s credit line is set, and its credit frozen and let go, with its name typed', async () => {
  await place(operator, 'Fleets').click()
  // The page of payments, which names fleets too, stands until this one is there.
  await expect(operator.getByRole('heading', { level: 1, name: 'Fleets' })).toBeVisible()
  const row = operator.getByRole('row', { name: /Tay Valley Couriers/ })
  await expect(row).toContainText('€290.00')
  await operator.getByRole('button', { name: 'Set the credit line of Tay Valley Couriers' }).click()
  const question = operator.getByRole('dialog')
  await question.getByLabel('New credit line').fill('500')
  const set = question.getByRole('button', { name: 'Set the credit line' })
  await question.getByLabel('Type “Tay Valley Couriers” to confirm').fill('Glen Haulage')
  await expect(set).toBeDisabled()
  await question.getByLabel('Type “Tay Valley Couriers” to confirm').fill('Tay Valley Couriers')
  await set.click()
  await expect(row).toContainText('€790.00')

  await operator.getByRole('button', { name: 'Freeze Tay Valley Couriers' }).click()
  await question.getByLabel('Reason').fill('The August invoice has not been paid.')
  await question.getByLabel('Type “Tay Valley Couriers” to confirm').fill('Tay Valley Couriers')
  await question.getByRole('button', { name: 'Freeze' }).click()
  await expect(row).toContainText('Frozen')
  await fleet.reload()
  await expect(fleet.getByText('The August invoice has not been paid.', { exact: false })).toBeVisible()
  await operator.getByRole('button', { name: 'Unfreeze Tay Valley Couriers' }).click()
  await question.getByRole('button', { name: 'Unfreeze' }).click()
  await expect(row).not.toContainText('Frozen')

  // The fleet reads what was done and by which operator, not by whom of its people.
  await place(fleet, 'People').click()
  await expect(fleet.getByRole('row', { name: /Set the credit line/ })).toContainText('Highland Charging')
  await expect(fleet.getByText('Rhona Baxter')).toHaveCount(0)
  await place(operator, 'People').click()
  await expect(operator.getByRole('row', { name: /Set the credit line/ })).toContainText('Rhona Baxter')
})
