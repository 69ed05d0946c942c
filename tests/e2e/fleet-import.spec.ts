/** A manager brings a list of a thousand drivers, twenty of them with faults, takes the good ones, and takes them back. */

import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from 'playwright/test'
import { openCardWorld, type CardWorld } from './harness/card-world'
import { addPasskeyDevice } from './harness/driver-app'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

let world: CardWorld
let page: Page

test.beforeAll(async ({ browser }) => {
  world = await openCardWorld()
  const context = await browser.newContext({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB' })
  page = await context.newPage()
  await addPasskeyDevice(context, page)
  await page.goto(`${world.origin}/fleet`)
  await page.getByRole('button', { name: 'Make a new account' }).click()
  await page.getByLabel('Name of the fleet').fill('Tay Valley Couriers')
  await page.getByLabel('Your name').fill('Isla Macfarlane')
  await page.getByLabel('Your mail address').fill('isla@tayvalley.example')
  await page.getByRole('button', { name: 'Start the fleet' }).click()
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Drivers' }).click()
})
test.afterAll(async () => {
  await page?.context().close()
  await world?.close()
})

const count = 1_000
const isBad = (index: number): boolean => index % 50 === 49
/** Of the file, whose first line is its head. */
const lineOf = (index: number): number => index + 2

const row = (index: number): string => {
  const good = [`Driver ${index}`, String(10_000 + index), `driver${index}@tayvalley.example`]
  if (!isBad(index)) return good.join(',')
  const faults = [
    ['', good[1], good[2]],
    [good[0], good[1], 'no mail address'],
    // The number of the row before it.
    [good[0], String(10_000 + index - 1), good[2]],
    ['x'.repeat(300), good[1], good[2]],
  ]
  return (faults[Math.floor(index / 50) % faults.length] ?? good).join(',')
}
const indices = Array.from({ length: count }, (_, index) => index)
const file = {
  name: 'drivers-2026.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['name,reference,email', ...indices.map(row)].join('\r\n')),
}

test('a file that is no table is told at once, and nothing is sent', async () => {
  await page.getByRole('button', { name: 'Import a list' }).click()
  await expect(page).toHaveURL(/\/fleet\/drivers\?import=drivers$/)
  await page
    .getByLabel('Choose a CSV file')
    .setInputFiles({ ...file, name: 'drivers.xlsx', buffer: Buffer.from('PK\u0003\u0004 and so on') })
  await expect(page.getByRole('main').getByRole('alert')).toContainText('This is a workbook of a spreadsheet')
})

test('the preview tells every bad row by its line before anything happens', async () => {
  await page.getByLabel('Choose a CSV file').setInputFiles(file)
  await expect(page.getByText('980 rows are good. 20 are refused and left out.')).toBeVisible()
  const refused = page.getByRole('region', { name: 'Refused rows' })
  await expect(refused.getByRole('rowheader')).toHaveText(
    indices.filter(isBad).map((index) => String(lineOf(index))),
  )
  await expect(refused.getByRole('row', { name: /^51 / })).toContainText('It is needed and is empty')
  await expect(refused.getByRole('row', { name: /^101 / })).toContainText('This is no mail address')
  await expect(refused.getByRole('row', { name: /^151 / })).toContainText('The same stands in an earlier row')
})

test('the good rows are taken, and the bad ones come back as a file to mend', async () => {
  await page.getByRole('button', { name: 'Take the 980 good rows' }).click()
  await expect(page.getByText('980 rows were taken.')).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the refused rows', exact: true }).click(),
  ])
  const saved = await readFile(await download.path(), 'utf8')
  expect(saved.trim().split(/\r?\n/)).toHaveLength(21)
  expect(saved).toContain('no mail address')

  await page.getByRole('button', { name: 'See the drivers' }).click()
  await expect(page.getByRole('heading', { name: '980 drivers' })).toBeVisible()
  await page.getByRole('searchbox').fill('10512')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByRole('heading', { name: 'One driver' })).toBeVisible()
  await expect(page.getByRole('rowheader', { name: 'Driver 512' })).toBeVisible()
})

test('an undo takes back exactly what the import brought', async () => {
  await page.getByRole('button', { name: 'Import a list' }).click()
  await page.getByRole('button', { name: /^Undo the import of / }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take back 980 rows' }).click()
  await expect(page.getByText('980 rows were taken back.')).toBeVisible()
  await page.getByRole('button', { name: 'Drivers and vehicles' }).click()
  await expect(page.getByRole('heading', { name: 'No driver yet' })).toBeVisible()
})
