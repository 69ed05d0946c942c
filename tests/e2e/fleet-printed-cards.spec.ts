/**
 * Cards from the order to the charger. Printed ones: a manager makes twelve, takes the sheet, and one of them, held before
 * the kiosk's camera, charges a vehicle while the cloud is away; another is lost and made void. And one for the charger's
 * reader: given out, heard of, charging without a network, withdrawn.
 */

import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect, test } from 'playwright/test'
import {
  drawnCodes,
  openCodeReader,
  pdfText,
  pictureOf,
  type DrawnCode,
} from '@/tests/fixtures/codes-on-paper'
import { kioskShape, openDevice, type Device } from './harness/browsers'
import { OutpostWorld } from './harness/outpost'
import { offerCode, readStopCode, receiptCode, stopWithCode } from './harness/touchscreen'

test.describe.configure({ mode: 'serial', timeout: 240_000 })
test.use({ viewport: { width: 1_440, height: 1_000 }, locale: 'en-GB', actionTimeout: 20_000 })

let world: OutpostWorld
let kiosk: Device

test.beforeAll(async () => {
  world = await OutpostWorld.start()
  kiosk = await openDevice(kioskShape)
  await kiosk.page.goto(world.kioskUrl)
})
test.afterAll(async () => {
  await kiosk?.close()
  await world?.close()
})

/** The card in a hand before the lens. */
async function photographOf(code: DrawnCode): Promise<Buffer> {
  const { data, width, height } = pictureOf(code)
  return sharp(Buffer.from(data), { raw: { width, height, channels: 4 } })
    .resize(width * 3, height * 3, { kernel: 'nearest' })
    .png()
    .toBuffer()
}

test('cards come out of a printer, one charges without a network, and a lost one is made void', async ({
  page,
}) => {
  await page.goto(`${world.cloudUrl}/fleet/cards?kind=printed`)
  await page.getByRole('button', { name: 'Open the demo fleet' }).click()
  await page.getByRole('button', { name: 'Make cards' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the batch').fill('Summer guests')
  await dialog.getByLabel('How many cards').fill('12')
  await dialog.getByText('€15', { exact: true }).click()
  await dialog.getByLabel('Kinross Services').check()
  await expect(dialog).toContainText('€180.00 of your free credit is set aside now: 12 cards of €15.')
  await dialog.getByRole('button', { name: 'Set aside €180.00 and make them' }).click()
  await expect(page).toHaveURL(/batch=[0-9a-f]{32}$/)
  await expect(page.getByRole('heading', { name: 'Summer guests' })).toBeVisible()

  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Sheet to print (PDF)' }).click()
  const sheet = readFileSync(await (await coming).path())
  expect(pdfText(sheet)).toContain('/Count 2 >>')
  const codes = drawnCodes(sheet)
  const read = await openCodeReader()
  const texts = await Promise.all(codes.map((code) => read(pictureOf(code))))
  expect(new Set(texts.flat()).size).toBe(12)

  const [first] = codes
  if (first === undefined) throw new Error('The sheet has no code')
  await world.stopCloud()
  await world.plug()
  await offerCode(kiosk.page).waitFor()
  await kiosk.camera.show(await photographOf(first))
  const stopCode = await readStopCode(kiosk.page)
  kiosk.camera.clear()
  await expect
    .poll(async () => (await world.charger()).connectors[0]?.transaction?.energyWh ?? 0, { timeout: 60_000 })
    .toBeGreaterThan(1_000)
  await stopWithCode(kiosk.page, stopCode)
  await receiptCode(kiosk.page).waitFor()
  await world.unplug()
  await world.startCloud()

  const cards = page.getByRole('region', { name: 'Cards of the batch Summer guests' })
  const row = (number: number) => cards.getByRole('row').nth(number)
  await expect(row(1)).toContainText('Used', { timeout: 90_000 })
  await expect(row(2)).toContainText('Unused')
  await row(2)
    .getByRole('button', { name: /^Void it: card / })
    .click()
  const serial = ((await row(2).getByRole('rowheader').textContent()) ?? '').trim()
  const confirm = dialog.getByRole('button', { name: 'Void', exact: true })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel(`Type the serial ${serial}`).fill(serial.toLowerCase())
  await confirm.click()
  await expect(row(2)).toContainText('void since')
  await expect(row(2)).toContainText('returns')
  await page.getByRole('button', { name: 'All batches' }).click()
  await expect(page.getByRole('region', { name: 'Void cards' })).toContainText(serial)
  expect(await world.ledgerImbalanceMinor()).toBe(0)
})

test('a card for readers is given out, known, charges without a network, and is withdrawn', async ({
  page,
}) => {
  const number = '04A2B3C4D5E680'
  await page.goto(`${world.cloudUrl}/fleet/cards`)
  await page.getByRole('button', { name: 'Open the demo fleet' }).click()
  await page.getByRole('button', { name: 'Give out a card' }).click()
  const dialog = page.getByRole('dialog')
  const submit = dialog.getByRole('button', { name: 'Set aside €15.00 and give it out' })
  await dialog.getByLabel('Whose it is, or where it lies').fill('Van 7, glove box')
  await dialog.getByText('€15', { exact: true }).click()
  await dialog.getByLabel('Kinross Services').check()
  await dialog.getByLabel('Number of the card').fill('04:A2:B3:C4')
  await expect(submit).toBeEnabled()
  await dialog.getByLabel('Number of the card').fill('04:A2:B3:C4:D5:E6:8')
  await expect(dialog).toContainText('8, 14 or 20 characters')
  await expect(submit).toBeDisabled()
  await dialog.getByLabel('Number of the card').fill('04:a2:b3:c4:d5:e6:80')
  await submit.click()

  const row = page.getByRole('region', { name: 'Cards for readers' }).getByRole('row').nth(1)
  await expect(row).toContainText('Number ends in E680')
  await expect(row).not.toContainText(number)
  // The charger fetches the list with its next synchronisation, and says with the one after that it holds it.
  await expect(row).toContainText('Known by 1 of 1', { timeout: 90_000 })

  await world.stopCloud()
  await world.plug()
  await world.holdCard(number)
  await expect
    .poll(async () => (await world.charger()).connectors[0]?.transaction?.energyWh ?? 0, { timeout: 60_000 })
    .toBeGreaterThan(1_000)
  await world.holdCard(number)
  await expect
    .poll(async () => (await world.charger()).connectors[0]?.transaction ?? null, { timeout: 30_000 })
    .toBeNull()
  await world.unplug()
  await world.startCloud()
  await expect(row).not.toContainText('€0.00', { timeout: 90_000 })

  await row.getByRole('button', { name: 'Withdraw Van 7, glove box, number ends in E680' }).click()
  const confirm = dialog.getByRole('button', { name: 'Withdraw', exact: true })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type the last characters of its number: E680').fill('e680')
  await confirm.click()
  await expect(row).toContainText('Withdrawn')
  await expect(row).toContainText('rest returns')
  expect(await world.ledgerImbalanceMinor()).toBe(0)
})
