/**
 * The ceremony end to end: a phone and a charger without any network, whose cameras see each other's screens. The
 * cloud process is stopped before the offer and started after the receipt. Money is checked to the cent, against
 * meter readings, in every order of reporting and after every replay.
 */

import { mkdirSync } from 'node:fs'
import { expect, request, test, type Request } from 'playwright/test'
import type { AccountResponse } from '@/lib/cloud/api-types/account'
import type { DemoLedgerResponse } from '@/lib/cloud/api-types/health'
import type { FleetResponse, IssueTokenResponse } from '@/lib/cloud/api-types/fleet'
import { kioskShape, openDevice, phoneShape, type Device } from './harness/browsers'
import { chargeWithoutNetwork, returnHome, type ChargeOptions } from './harness/charge'
import { addPasskeyDevice, signUpWithCredit } from './harness/driver-app'
import { OutpostWorld } from './harness/outpost'

const topUpMinor = 10_000
const pictures = 'docs/screens'

test.describe.configure({ mode: 'serial', timeout: 240_000 })

let world: OutpostWorld
let phone: Device
let kiosk: Device
let spentMinor = 0

test.beforeAll(async () => {
  world = await OutpostWorld.start()
  ;[phone, kiosk] = [await openDevice(phoneShape), await openDevice(kioskShape)]
  await addPasskeyDevice(phone.context, phone.page)
  await kiosk.page.goto(world.kioskUrl)
  await signUpWithCredit(phone.page, world.cloudUrl, '€100')
})

test.afterAll(async () => {
  await phone?.close()
  await kiosk?.close()
  await world?.close()
})

const account = (): Promise<AccountResponse> =>
  phone.page.evaluate(async () => (await fetch('/api/v1/account')).json() as Promise<AccountResponse>)

const books = async (): Promise<DemoLedgerResponse> =>
  (await (await fetch(`${world.cloudUrl}/api/v1/demo/ledger`)).json()) as DemoLedgerResponse

async function goOffline(): Promise<void> {
  await world.stopCloud()
  await phone.context.setOffline(true)
}

/** The driver's money, the operator's income and the books as a whole, all to the cent. */
async function expectSettled(sessions: number): Promise<void> {
  await expect.poll(async () => (await books()).sessions.settled, { timeout: 30_000 }).toBe(sessions)
  const { revenueMinor, taxMinor, openCases } = await books()
  expect(revenueMinor + taxMinor).toBe(spentMinor)
  expect(openCases).toBe(0)
  expect(await world.ledgerImbalanceMinor()).toBe(0)
}

async function expectDriverHas(minor: number): Promise<void> {
  const { balanceMinor, reservedMinor, owedMinor } = await account()
  expect(balanceMinor + reservedMinor - owedMinor).toBe(minor)
}

const charge = (more: Partial<ChargeOptions> = {}) =>
  chargeWithoutNetwork({ world, phone, kiosk, atLeastWh: 2_000, ...more })

test('the phone reports first, the charger much later, and both again and again', async () => {
  mkdirSync(pictures, { recursive: true })
  const numbers = { offer: 1, approve: 2, show: 3, receipt: 4 } as const
  await goOffline()
  const { expectedMinor } = await charge({
    stopBy: 'phone',
    picture: async (name) => {
      if (process.env['OUTPOST_RECORD_SCREENS'] !== '1') return
      const device = name === 'offer' ? kiosk : phone
      await device.page.screenshot({ path: `${pictures}/ceremony-${numbers[name]}.png` })
    },
  })
  spentMinor += expectedMinor

  await world.killKiosk()
  const reports: Request[] = []
  phone.page.on('request', (sent) => {
    if (sent.url().endsWith('/api/v1/wallet/report')) reports.push(sent)
  })
  await world.startCloud()
  await phone.context.setOffline(false)
  await returnHome(phone, world.cloudUrl)
  await expectSettled(1)
  await expectDriverHas(topUpMinor - spentMinor)

  const [report] = reports
  expect(report, 'the phone reports by itself').toBeDefined()
  const again = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: report?.postData() ?? '',
  }
  const replies = await Promise.all(
    Array.from({ length: 8 }, async () => (await fetch(report?.url() ?? '', again)).status),
  )
  expect(replies).toEqual(Array.from({ length: 8 }, () => 200))
  await world.startKiosk()
  await expect.poll(async () => (await account()).sessions[0]?.reportedBy.length, { timeout: 30_000 }).toBe(2)
  await expectSettled(1)
  await expectDriverHas(topUpMinor - spentMinor)
})

test('the charger reports first, and dies in the middle of charging', async () => {
  await returnHome(phone, world.cloudUrl)
  await goOffline()
  const { expectedMinor } = await charge({
    meanwhile: async () => {
      await world.killKiosk()
      await world.startKiosk()
      await expect(kiosk.page.getByText('Cost so far')).toBeVisible({ timeout: 30_000 })
    },
  })
  spentMinor += expectedMinor

  await world.startCloud()
  await expectSettled(2)
  await phone.context.setOffline(false)
  await returnHome(phone, world.cloudUrl)
  await expect
    .poll(async () => (await account()).sessions.every(({ reportedBy }) => reportedBy.length === 2), {
      timeout: 30_000,
    })
    .toBe(true)
  await expectSettled(2)
  await expectDriverHas(topUpMinor - spentMinor)
})

test('a fleet pays: the same ceremony with a token that its manager issued', async () => {
  const manager = await request.newContext({
    baseURL: world.cloudUrl,
    extraHTTPHeaders: { origin: world.cloudUrl },
  })
  expect((await manager.post('/api/v1/demo/sign-in')).ok()).toBe(true)
  const before = (await (await manager.get('/api/v1/fleet')).json()) as FleetResponse
  const issued = await manager.post('/api/v1/fleet/tokens', {
    data: {
      driverName: 'Mhairi',
      capMinor: 6_000,
      sessionCapMinor: 3_000,
      dailyLimitMinor: 0,
      days: 7,
      idempotencyKey: 'ceremony-token',
    },
  })
  expect(issued.ok()).toBe(true)
  const { claimUrl } = (await issued.json()) as IssueTokenResponse
  await phone.page.goto(claimUrl)
  await phone.page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(phone.page.getByRole('heading', { name: 'Glen Haulage pays for you' })).toBeVisible()
  await returnHome(phone, world.cloudUrl)
  await goOffline()
  const { expectedMinor } = await charge()
  spentMinor += expectedMinor

  await world.startCloud()
  await phone.context.setOffline(false)
  await returnHome(phone, world.cloudUrl)
  await expectSettled(3)
  await expectDriverHas(topUpMinor - (spentMinor - expectedMinor))
  const after = (await (await manager.get('/api/v1/fleet')).json()) as FleetResponse
  expect(after.balanceMinor + after.reservedMinor).toBe(
    before.balanceMinor + before.reservedMinor - expectedMinor,
  )
  await manager.dispose()
})

test('a new phone of the same driver shows an old receipt as it was signed', async () => {
  const [session] = (await account()).sessions
  const other = await openDevice(phoneShape)
  try {
    await other.context.addCookies(await phone.context.cookies())
    await other.page.goto(`${world.cloudUrl}/receipts/view?id=${session?.sessionId ?? ''}`)
    await expect(other.page.getByRole('status').getByRole('heading', { level: 1 })).toHaveText('Genuine')
    expect(other.page.url()).toContain('/verify#')
  } finally {
    await other.close()
  }
})

test('neither screen complained in its console', () => {
  const offline = /Failed to load resource|net::ERR_|WebSocket connection/
  expect(phone.complaints.filter((text) => !offline.test(text))).toEqual([])
  expect(kiosk.complaints.filter((text) => !offline.test(text))).toEqual([])
})
