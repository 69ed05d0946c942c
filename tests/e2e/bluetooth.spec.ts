/**
 * The ceremony by Bluetooth: a real browser's Web Bluetooth and the charger's own process meet over a message bus with a
 * BlueZ that has no antenna. No camera sees anything, and nothing is held up. Needs `dbus-daemon`; only the radio is missing.
 */

import { mkdirSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import { openFakeBluez, type FakeBluez } from '@/tests/fixtures/fake-bluez'
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from '@/tests/fixtures/private-bus'
import { openDevice, phoneShape, type Device } from './harness/browsers'
import { addPasskeyDevice, approveButton, signUpWithCredit } from './harness/driver-app'
import { OutpostWorld } from './harness/outpost'

test.describe.configure({ mode: 'serial', timeout: 120_000 })
test.skip(!hasDbusDaemon(), 'There is no dbus-daemon here, over which browser and charger could meet')

let bus: PrivateBus
let bluez: FakeBluez
let world: OutpostWorld
let phone: Device
const pictures = 'docs/screens/bluetooth'

test.beforeAll(async () => {
  bus = await openPrivateBus()
  bluez = await openFakeBluez(bus.address)
  // Both the charger's process and the browser look for the system's bus here.
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = bus.address
  process.env['OUTPOST_BLUETOOTH'] = 'on'
  world = await OutpostWorld.start()
  phone = await openDevice({ ...phoneShape, flags: ['--enable-features=WebBluetooth'] })
  await addPasskeyDevice(phone.context, phone.page)
  await answerChooser(phone)
  await signUpWithCredit(phone.page, world.cloudUrl, '€100')
})

test.afterAll(async () => {
  delete process.env['DBUS_SYSTEM_BUS_ADDRESS']
  delete process.env['OUTPOST_BLUETOOTH']
  await phone?.close()
  await world?.close()
  bluez?.close()
  await bus?.close()
})

/** The driver's finger in the browser's own list: the first charger there, once a question. */
async function answerChooser({ context, page }: Device): Promise<void> {
  const devTools = await context.newCDPSession(page)
  await devTools.send('DeviceAccess.enable')
  let answered = ''
  devTools.on('DeviceAccess.deviceRequestPrompted', ({ id, devices }) => {
    const [first] = devices
    if (first === undefined || answered === id) return
    answered = id
    void devTools.send('DeviceAccess.selectPrompt', { id, deviceId: first.id })
  })
}

async function picture(name: string): Promise<void> {
  if (process.env['OUTPOST_RECORD_SCREENS'] !== '1') return
  mkdirSync(pictures, { recursive: true })
  await phone.page.screenshot({ path: `${pictures}/${name}.png` })
}

test('without a network and without a camera: bay, consent, live figures, stop from the phone, receipt', async () => {
  await world.stopCloud()
  await phone.context.setOffline(true)
  const { page } = phone
  await page.getByRole('button', { name: 'Charge', exact: true }).click()
  await page.getByRole('button', { name: 'Connect by Bluetooth' }).click()
  await page.getByRole('heading', { name: 'Plug in the cable' }).waitFor()
  await world.plug(10_000)
  await page.getByRole('heading', { name: 'Which bay are you at?' }).waitFor()
  await picture('bays')
  await page.getByRole('list').getByRole('button').first().click()
  await approveButton(page).click()
  await page.getByText('Live by Bluetooth').waitFor()
  // A figure that the charger signed came by itself, and so does the next.
  await expect(page.getByText(/kWh$/).first()).toBeVisible({ timeout: 30_000 })
  await picture('live')
  await page.getByRole('button', { name: 'Stop charging' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop charging' }).click()
  await page.getByRole('heading', { name: 'Checked on this phone' }).waitFor({ timeout: 30_000 })
  await expect(page.getByText('The charger signed exactly this receipt.')).toBeVisible()
  await expect(page.getByText('phone', { exact: true })).toBeVisible()
  await picture('receipt')
  expect(phone.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
})

test('out of reach after the consent: the phone shows its code, and the same code by radio brings the answer', async () => {
  const { page } = phone
  await world.unplug()
  await page.goto(`${world.cloudUrl}/`)
  await page.getByRole('button', { name: 'Charge', exact: true }).click()
  await world.plug(10_000)
  await page.getByRole('button', { name: 'Connect by Bluetooth' }).click()
  await page.getByRole('list').getByRole('button').first().click()
  await approveButton(page).waitFor()
  bluez.cutAll()
  await approveButton(page).click()
  await page.getByRole('img', { name: 'Your code for the charger' }).waitFor()
  await page.getByRole('button', { name: 'The charger says yes' }).click()
  await page.getByRole('button', { name: 'Connect by Bluetooth' }).click()
  await page.getByText('Live by Bluetooth').waitFor()
  await expect
    .poll(async () => (await world.charger()).connectors[0]?.transaction ?? null, { timeout: 30_000 })
    .not.toBeNull()
})
