/**
 * Receipts, energy, settings and the report, with the server gone: everything here is made on the phone from what it
 * keeps.
 */

import { readFileSync } from 'node:fs'
import type { Download, Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { toBase64Url } from '@/lib/core/bytes'
import { rootSigner, storyTimeS, tellStory } from '@/tests/fixtures/messages'
import { AppServer } from './harness/app-server'
import { openDevice, phoneShape, type Device } from './harness/browsers'
import { chargesOf, layIntoBrowser } from './harness/seeded-phone'

test.describe.configure({ mode: 'serial' })

let app: AppServer
let phone: Device
let ids: readonly string[] = []
/**
 * The app believes no clock that is before its own build, and pictures show the twelve months before now: they are looked
 * at on a phone whose charges are of next month and this one, whenever this runs.
 */
let laterPhone: Device
const today = new Date()
const middleOf = (month: number) => new Date(Date.UTC(today.getUTCFullYear(), month, 15, 12))
const thisMonth = middleOf(today.getUTCMonth())
const nextMonth = middleOf(today.getUTCMonth() + 1)
const laterS = nextMonth.getTime() / 1_000

/** Two charges in the month before, and one now. */
async function phoneAt(nowS: number) {
  const device = await openDevice(phoneShape)
  await device.context.clock.setFixedTime((nowS + 3_600) * 1_000)
  const past = await chargesOf(
    [
      { energyWh: 12_000, daysAgo: 25 },
      { energyWh: 20_000, daysAgo: 20 },
      { energyWh: 18_400, daysAgo: 0 },
    ],
    nowS,
  )
  await layIntoBrowser(device.page, app.url, past)
  return { phone: device, ids: past.ids }
}

async function untilKept({ page }: Device): Promise<void> {
  await page.waitForFunction(async () => {
    const { active } = await navigator.serviceWorker.ready
    return active?.state === 'activated' && navigator.serviceWorker.controller !== null
  })
}

test.beforeAll(async () => {
  app = await AppServer.start()
  const { trustList } = await tellStory()
  app.trust = { root: rootSigner.publicKey, trustList: toBase64Url(trustList.bytes) }
  const told = await phoneAt(storyTimeS)
  phone = told.phone
  ids = told.ids
  laterPhone = (await phoneAt(laterS)).phone
  // Whoever checked one receipt with a connection has the operator's keys from then on.
  await phone.page.getByRole('button', { name: 'Try a sample' }).click()
  await phone.page.waitForFunction(() => localStorage.getItem('outpost.verify.trust') !== null)
  await untilKept(phone)
  await untilKept(laterPhone)
  await app.shut()
})

test.afterAll(async () => {
  await phone?.close()
  await laterPhone?.close()
  await app?.close()
})

const open = (path: string) => phone.page.goto(`${app.url}${path}`)
const rows = (page: Page) => page.getByRole('button', { name: /Kinross Services/ })

async function textOf(download: Promise<Download>): Promise<string> {
  return readFileSync(await (await download).path(), 'utf8')
}

test('receipts stand by month with their sums, and a filter stays in the address over a reload', async () => {
  const { page } = phone
  await open('/receipts')
  await expect(page.getByRole('heading', { name: 'September 2026' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'August 2026' })).toBeVisible()
  await expect(rows(page)).toHaveCount(3)
  await page.getByText('Filter', { exact: true }).click()
  await page.getByLabel('Period').selectOption({ label: 'August 2026' })
  await expect(page).toHaveURL(/period=2026-08/)
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByText('2 receipts · 32.0 kWh')).toBeVisible()
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  await page.getByLabel('Search').fill('lighthouse')
  await expect(page.getByText('Nothing fits this filter.')).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(page).toHaveURL(/receipts$/)
  await expect(rows(page)).toHaveCount(3)
})

test('the filtered list is saved as a table that spreadsheets read', async () => {
  const { page } = phone
  await open('/receipts?period=2026-08')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export table' }).click()
  expect((await download).suggestedFilename()).toBe('outpost-receipts-2026-08.csv')
  const lines = (await textOf(download)).split('\r\n')
  expect(lines[0]).toMatch(/^\uFEFFStarted,Ended,Site/)
  expect(lines).toHaveLength(4)
  expect(lines[1]).toContain('20.000')
})

test('a receipt’s PDF is made without a network, and proves itself on the page for everybody', async () => {
  const { page } = phone
  await open(`/receipts/view?id=${ids[2]}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('€9.02')
  await expect(page.getByText('It follows receipt 42')).toHaveCount(0)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save PDF' }).click()
  const path = await (await download).path()
  expect(readFileSync(path, 'latin1')).toMatch(/^%PDF-1\.4/)
  await open('/verify')
  await page.getByLabel('Choose a file or picture').setInputFiles({
    name: 'receipt.pdf',
    mimeType: 'application/pdf',
    buffer: readFileSync(path),
  })
  await expect(page.getByRole('status').getByRole('heading', { level: 1 })).toHaveText('Genuine')
  await expect(page.getByText('€9.02', { exact: true }).first()).toBeVisible()
})

test('a complaint waits on the phone until there is a connection, also over a reload', async () => {
  const { page } = phone
  await open(`/receipts/view?id=${ids[0]}`)
  await page.getByRole('button', { name: 'Something is wrong' }).click()
  await page.getByText('It stopped too early').click()
  await page.getByLabel('In your own words (not needed)').fill('The cable never locked.')
  await page.getByRole('button', { name: 'Tell the operator' }).click()
  await expect(page.getByText('You said: It stopped too early')).toBeVisible()
  await expect(page.getByText('Waits for a connection, then goes by itself')).toBeVisible()
  await page.reload()
  await expect(page.getByText('You said: It stopped too early')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Something is wrong' })).toHaveCount(0)
})

const nameOf = (month: Date): string =>
  month.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

test('energy and cost are drawn from what is here, with the figures in a table', async () => {
  const { page } = laterPhone
  await page.goto(`${app.url}/energy`)
  await expect(page.getByText('50.4 kWh').first()).toBeVisible()
  await page.getByText('As a table').first().click()
  await expect(page.getByRole('row', { name: `${nameOf(thisMonth)} 32.0 kWh` })).toBeVisible()
  await page.getByRole('button', { name: `Receipts of ${nameOf(nextMonth)}` }).click()
  await expect(page).toHaveURL(new RegExp(`receipts\\?period=${nextMonth.toISOString().slice(0, 7)}`))
  await expect(rows(page)).toHaveCount(1)
})

test('strong contrast is there before the first paint of the next visit, and can be left again', async () => {
  const { page } = phone
  await open('/settings')
  await page.getByText('Strong contrast').click()
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  await expect(page.getByRole('switch', { name: 'Strong contrast' })).toBeChecked()
  await page.getByText('Strong contrast').click()
  await expect(page.locator('html')).not.toHaveAttribute('data-contrast')
})

test('a copy of everything is saved, and the report names versions but no place', async () => {
  const { page } = phone
  await open('/settings')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save a copy of everything' }).click()
  const copy = JSON.parse(await textOf(download)) as { format: string; phone: { chains: unknown[] } }
  expect(copy.format).toBe('outpost-export')
  expect(copy.phone.chains).toHaveLength(1)
  await open('/about')
  const report = page.getByRole('region', { name: 'Report for support' })
  await expect(report).toContainText('service worker: active')
  await expect(report).toContainText('unreported:')
  await expect(report).not.toContainText('Kinross')
})

test('deleting says what is at stake, has to be held, and leaves a phone that was never used', async () => {
  const { page } = phone
  await open('/settings')
  await page.getByRole('button', { name: 'Delete this phone’s data' }).click()
  await expect(page.getByText(/sessions? not sent to the operator yet/)).toBeVisible()
  const held = page.getByRole('button', { name: 'Delete this phone’s data' })
  await held.click()
  await expect(page.getByText('Delete what is on this phone?')).toBeVisible()
  await held.click({ delay: 1_600 })
  await page.waitForURL(`${app.url}/`)
  await expect(page.getByRole('button', { name: 'Create an account' })).toBeVisible()
  const left = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('outpost')))
  expect(left.filter((key) => key !== 'outpost.locale')).toEqual([])
})
