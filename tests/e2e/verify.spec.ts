/** The public page that checks receipts: handed in as a link, a paste or a file, judged by keys that the browser keeps. */

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { expect, test } from 'playwright/test'
import QRCode from 'qrcode'
import { toBase64Url } from '@/lib/core/bytes'
import { encodeEnvelope } from '@/lib/protocol/envelope'
import { splitIntoFrames } from '@/lib/protocol/frames'
import { expectOk } from '@/lib/core/result'
import { receiptFromShared } from '@/lib/policy/receipt-text'
import { rootSigner, tellStory } from '@/tests/fixtures/messages'
import { AppServer } from './harness/app-server'
import { openDevice, phoneShape, type Device } from './harness/browsers'

const honest = readFileSync('docs/samples/receipt.txt', 'utf8')
const forged = readFileSync('docs/samples/forged-receipt.txt', 'utf8')
/** For one of these tests the sample operator is the operator of this cloud. */
const sampleTrust = JSON.parse(readFileSync('docs/samples/trust.json', 'utf8')) as object

let app: AppServer
let phone: Device

test.beforeAll(async () => {
  app = await AppServer.start()
  phone = await openDevice(phoneShape)
})

test.afterAll(async () => {
  await phone?.close()
  await app?.close()
})

const verdict = (page: Page) => page.getByRole('status').getByRole('heading', { level: 1 })
const open = (page: Page, end = '') => page.goto(`${app.url}/verify${end}`)

/** The same document may still be open with another end of its address: only a fresh one reads it as a visitor would. */
async function openLink(end: string): Promise<Page> {
  const page = await phone.context.newPage()
  await open(page, end)
  return page
}

test('a link brings the receipt, and the receipt is never sent anywhere', async () => {
  const page = await openLink(`#${encodeURIComponent(honest.trim())}`)
  await expect(verdict(page)).toHaveText('A sound sample')
  await expect(page.getByText('€11.55', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Sample pass hut · Bay 2').first()).toBeVisible()
  expect(app.asked.filter((path) => path.includes('OP1') || path.length > 600)).toEqual([])
  await page.close()
})

test('the link that the app shares works as well', async () => {
  const proof = expectOk(receiptFromShared(honest), 'sample')
  const page = await openLink(`#${toBase64Url(encodeEnvelope(proof))}`)
  await expect(verdict(page)).toHaveText('A sound sample')
  await page.close()
})

test('a link on a page that is open already is followed too', async () => {
  const page = await openLink('')
  await page.evaluate((end) => (window.location.hash = end), encodeURIComponent(forged.trim()))
  await expect(verdict(page)).toHaveText('Do not rely on this receipt')
  await page.close()
})

test('a pasted forgery is refused with its code, and every figure counts as a claim', async () => {
  const page = await openLink('')
  await page.getByLabel('Text or link of the receipt').fill(forged)
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(verdict(page)).toHaveText('Do not rely on this receipt')
  await expect(page.getByText('Code R-90')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'What it claims' })).toBeVisible()
  await expect(page.getByText('Meter and price give €11.55: not the same.')).toBeVisible()
  await page.close()
})

test('a file is read, and one that is no receipt is told so', async () => {
  const page = await openLink('')
  const choose = (name: string, text: string) =>
    page
      .getByLabel('Choose a file or picture')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await choose('letter.txt', 'Dear customer')
  await expect(page.getByRole('alert').filter({ hasText: 'This cannot be checked' })).toContainText('Q-11')
  await choose('receipt.txt', honest)
  await expect(verdict(page)).toHaveText('A sound sample')
  await page.getByRole('button', { name: 'Check another receipt' }).click()
  await expect(page.getByRole('heading', { name: 'Check a receipt' })).toBeVisible()
  await page.close()
})

test('the camera reads a receipt, and calls a piece of a code in several pieces no receipt', async () => {
  const page = await openLink('')
  const before = (text: string) =>
    QRCode.toBuffer(text, { errorCorrectionLevel: 'M', margin: 4, scale: 6 }).then(phone.camera.show)
  const [piece = ''] = splitIntoFrames(honest.trim(), 200)
  expect(piece).not.toBe(honest.trim())
  await before(piece)
  await page.getByRole('button', { name: 'Scan the code' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This cannot be checked' })).toContainText('Q-14')
  await before(honest.trim())
  await page.getByRole('button', { name: 'Scan the code' }).click()
  await expect(verdict(page)).toHaveText('A sound sample')
  phone.camera.clear()
  await page.close()
})

test('an operator’s keys are kept for later, and another root is not believed by itself', async () => {
  app.trust = sampleTrust
  const online = await openLink(`#${encodeURIComponent(honest.trim())}`)
  await expect(verdict(online)).toHaveText('Genuine')
  await online.close()

  app.trust = undefined
  const later = await openLink(`#${encodeURIComponent(honest.trim())}`)
  await expect(verdict(later)).toHaveText('Genuine')
  await later.close()

  const { trustList } = await tellStory()
  app.trust = { root: rootSigner.publicKey, trustList: toBase64Url(trustList.bytes) }
  const changed = await openLink(`#${encodeURIComponent(honest.trim())}`)
  await expect(changed.getByText('The operator’s root key is another one than before')).toBeVisible()
  await expect(verdict(changed)).toHaveText('Genuine')
  await changed.getByRole('button', { name: 'Take the new key' }).click()
  await expect(verdict(changed)).toHaveText('A sound sample')
  await changed.close()
})
