/**
 * A new fleet's first session as its manager sees it: signing up, money in, a token on the driver's phone, a charge where
 * there is no network, the bill on every page. Then the evidence behind the bill, and a dispute.
 */

import { readFileSync } from 'node:fs'
import { expect, test, type Page } from 'playwright/test'
import { kioskShape, openDevice, phoneShape, type Device } from './harness/browsers'
import { chargeWithoutNetwork, returnHome } from './harness/charge'
import { addPasskeyDevice, untilKept } from './harness/driver-app'
import { enterOn, tabTo } from './harness/keyboard'
import { OutpostWorld } from './harness/outpost'
import { readCode } from './harness/read-screen'

test.describe.configure({ mode: 'serial', timeout: 240_000 })

let world: OutpostWorld
let phone: Device
let kiosk: Device
let page: Page

test.beforeAll(async ({ browser }) => {
  world = await OutpostWorld.start()
  ;[phone, kiosk] = [await openDevice(phoneShape), await openDevice(kioskShape)]
  await kiosk.page.goto(world.kioskUrl)
  const context = await browser.newContext({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB' })
  context.setDefaultTimeout(20_000)
  page = await context.newPage()
  await addPasskeyDevice(context, page)
})
test.afterAll(async () => {
  await page?.context().close()
  await phone?.close()
  await kiosk?.close()
  await world?.close()
})

const place = (name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name, exact: true })

const saved = async (button: string): Promise<{ name: string; bytes: Buffer }> => {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).filter({ visible: true }).first().click()
  const download = await coming
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

test('a new manager signs up with a passkey, founds a fleet and puts money in', async () => {
  await page.goto(`${world.cloudUrl}/fleet`)
  await page.getByRole('button', { name: 'Make a new account' }).click()
  await page.getByLabel('Name of the fleet').fill('Tay Valley Couriers')
  await page.getByLabel('Your name').fill('Isla Macfarlane')
  await page.getByLabel('Your mail address').fill('isla@tayvalley.example')
  await page.getByRole('button', { name: 'Start the fleet' }).click()
  await place('Credit').click()
  await page.getByRole('button', { name: 'Top up' }).click()
  await page.getByRole('dialog').getByText('€500', { exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Pay €500' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('region', { name: 'Balance' })).toContainText('€500.00')
})

test('a driver on the list takes the token by the code on the screen of a manager who has only a keyboard', async () => {
  await enterOn(page, place('Drivers'))
  await enterOn(page, page.getByRole('button', { name: 'Add one driver' }))
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByLabel('Name', { exact: true }))
  await page.keyboard.type('Mhairi Ross')
  await tabTo(page, dialog.getByLabel('Reference', { exact: true }))
  await page.keyboard.type('1001')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'One driver' })).toBeVisible()

  await enterOn(page, place('Tokens'))
  const issue = page.getByRole('button', { name: 'Issue a token' })
  await enterOn(page, issue)
  await tabTo(page, dialog.getByRole('combobox', { name: 'Driver' }))
  await page.keyboard.type('mhairi')
  await expect(dialog.getByRole('option', { name: /^Mhairi Ross/ })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Chosen from your list of drivers: 1001.')).toBeVisible()
  await enterOn(page, dialog.getByRole('button', { name: 'Issue the token' }))
  const { text } = await readCode(dialog.getByRole('img', { name: 'Link with the token of Mhairi Ross' }))
  await expect(dialog.getByText('/claim#')).toHaveText(text)
  await enterOn(page, dialog.getByRole('button', { name: 'Done' }))
  await expect(issue).toBeFocused()
  const row = page.getByRole('row', { name: /Mhairi Ross/ })
  await expect(row).toContainText('Not taken yet')

  await phone.page.goto(text)
  await phone.page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(phone.page.getByRole('heading', { name: 'Tay Valley Couriers pays for you' })).toBeVisible()
  await returnHome(phone, world.cloudUrl)
  await untilKept(phone.page)
  await page.reload()
  await expect(row).toContainText('On a phone')
})

test('what the driver charged without a network is settled on every page', async () => {
  await world.stopCloud()
  await phone.context.setOffline(true)
  const { expectedMinor } = await chargeWithoutNetwork({ world, phone, kiosk, atLeastWh: 2_000 })
  const cost = `€${(expectedMinor / 100).toFixed(2)}`
  await world.startCloud()
  await phone.context.setOffline(false)
  await returnHome(phone, world.cloudUrl)

  await page.goto(`${world.cloudUrl}/fleet/sessions?state=settled`)
  const row = page.getByRole('row', { name: /Mhairi Ross/ })
  await expect(row).toHaveCount(1, { timeout: 60_000 })
  await expect(row).toContainText(cost)
  await place('Drivers').click()
  await expect(page.getByRole('row', { name: /Mhairi Ross/ })).toContainText(cost)
  await place('Overview').click()
  const spender = page.getByRole('table', { name: 'Drivers by cost this month' }).getByRole('row')
  await expect(spender.filter({ hasText: 'Mhairi Ross' })).toContainText(cost, { timeout: 60_000 })
  expect(await world.ledgerImbalanceMinor()).toBe(0)
})

test('a session is found by address, its evidence holds, and its bill is disputed', async () => {
  await page.goto(`${world.cloudUrl}/fleet/sessions?state=settled`)
  const row = page.getByRole('link', { name: /Evidence of the session of Mhairi Ross/ })
  await expect(row).toHaveCount(1, { timeout: 60_000 })
  await page.getByLabel('State', { exact: true }).selectOption('case')
  await expect(page).toHaveURL(/state=case/)
  await expect(page.getByText('No session fits this choice.')).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByLabel('Driver, plate or session').fill('mhairi')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page).toHaveURL(/search=mhairi/)
  await expect(row).toHaveCount(1)

  const table = await saved('Download as CSV')
  expect(table.name).toBe('outpost-sessions.csv')
  const [head, first, ...others] = table.bytes.toString('utf8').trimEnd().split('\r\n')
  expect(head).toContain('Session,Started (UTC),Driver')
  expect(first).toContain(',Mhairi Ross,')
  expect(others).toEqual([])

  await row.click()
  await expect(page).toHaveURL(/view\?id=[0-9a-f]{32}$/)
  const checks = page.getByRole('region', { name: 'What was checked just now' })
  await expect(checks.locator('[data-outcome=failed]')).toHaveCount(0)
  for (const name of ['root', 'signatures', 'one-session', 'hold', 'amount', 'books'])
    await expect(checks.locator(`[data-check=${name}]`)).toHaveAttribute('data-outcome', 'passed')
  // The charger's own road comes back after the phone's.
  const reload = async (): Promise<string | null> => {
    await page.reload()
    return checks.locator('[data-check=log]').getAttribute('data-outcome')
  }
  await expect.poll(reload, { timeout: 60_000 }).toBe('passed')
  const pieces = page.getByRole('region', { name: 'Signed messages' })
  await pieces.locator('summary', { hasText: 'Receipt' }).click()
  await expect(pieces.getByText('Register at the end')).toBeVisible()
  const receipt = await saved('Download bytes (.cbor)')
  expect(receipt.name).toMatch(/^receipt-[0-9a-f]{8}\.cbor$/)
  expect(receipt.bytes.length).toBeGreaterThan(100)

  await page.getByRole('button', { name: 'Dispute the bill' }).click()
  await page.getByText('It stopped too early').click()
  await page.getByLabel('In your words').fill('Half an hour was missing.')
  await page.getByRole('button', { name: 'Send the dispute' }).click()
  const questions = page.getByRole('region', { name: 'Questions about the bill' })
  await expect(questions).toContainText('Waits for somebody')
  await expect(questions).toContainText('Half an hour was missing.')
  await expect(questions.getByRole('button', { name: 'Dispute the bill' })).toBeDisabled()
})

test('the operator takes the dispute up, refunds a part of the bill and decides, and the fleet sees it', async ({
  browser,
}) => {
  const sessionPage = page.url()
  const context = await browser.newContext({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB' })
  context.setDefaultTimeout(20_000)
  const desk = await context.newPage()
  await desk.goto(`${world.cloudUrl}/operator`)
  await desk.getByRole('button', { name: 'Open the demo operator' }).click()
  await desk.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Cases' }).click()
  await desk.getByRole('link', { name: 'A driver disputes a bill' }).click()
  const history = desk.getByRole('region', { name: 'What was done' })
  await expect(history).toContainText('Half an hour was missing.')
  const question = desk.getByRole('dialog')
  const step = async (name: string, reason: string): Promise<void> => {
    await desk.getByRole('button', { name, exact: true }).click()
    const act = question.getByRole('button', { name, exact: true })
    await expect(act).toBeDisabled()
    if (name === 'Refund') await question.getByLabel('Amount').fill('0.50')
    await question.getByLabel('Reason').selectOption({ label: reason })
    await act.click()
    await expect(question).toHaveCount(0)
  }
  await step('Take up', 'Stopped early')
  await step('Refund', 'The driver is right')
  await step('Dismiss the claim', 'The driver is right')
  await expect(desk.getByText('A decision is final.', { exact: false })).toBeVisible()
  await expect(history).toContainText('Refund · €0.50')
  const coming = desk.waitForEvent('download')
  await desk.getByRole('button', { name: 'Save the evidence' }).click()
  const { pieces } = JSON.parse(readFileSync(await (await coming).path(), 'utf8')) as { pieces: unknown[] }
  expect(pieces.length).toBeGreaterThan(2)
  await desk.getByRole('link', { name: 'People' }).click()
  await expect(desk.getByRole('row', { name: /Refunded in a case/ })).toContainText('Rhona Baxter')
  await context.close()

  await page.goto(sessionPage)
  await expect(page.getByText('€0.50').first()).toBeVisible()
  expect(await world.ledgerImbalanceMinor()).toBe(0)
})
