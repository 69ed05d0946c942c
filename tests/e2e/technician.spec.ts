/**
 * A technician's visit: an invitation becomes a pass on a phone, then everything goes by camera with the cloud stopped:
 * the charger asks, the phone answers, technician mode opens, a seal is written down, and the charger is the drivers' again.
 */

import { expect, test } from 'playwright/test'
import { kioskShape, openDevice, phoneShape, type Device } from './harness/browsers'
import { holdUp } from './harness/hold-up'
import { OutpostWorld } from './harness/outpost'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

let world: OutpostWorld
let phone: Device
let kiosk: Device

test.beforeAll(async () => {
  world = await OutpostWorld.start()
  ;[phone, kiosk] = [await openDevice(phoneShape), await openDevice(kioskShape)]
})

test.afterAll(async () => {
  await phone?.close()
  await kiosk?.close()
  await world?.close()
})

const pass = () => phone.page.getByRole('heading', { name: 'Technician’s pass' })

test('an invitation becomes a pass that this phone keeps', async () => {
  const { code } = await world.issue<{ code: string }>('technician', 'invite', 'Isla Reid')
  await phone.page.goto(`${world.cloudUrl}/technician#${code}`)
  await expect(phone.page.getByLabel('Code of the invitation')).toHaveValue(code)
  await phone.page.getByRole('button', { name: 'Get the pass' }).click()
  await expect(pass()).toBeVisible()
  await expect(phone.page).not.toHaveURL(/#/)
  await expect(phone.page.getByText('Opens without a network on this phone')).toBeVisible()
})

test('without any network the pass opens the charger, a seal is written down, and the mode ends', async () => {
  await world.stopCloud()
  await kiosk.page.goto(world.kioskUrl)
  await kiosk.page.getByRole('button', { name: 'Help', exact: true }).click()
  await kiosk.page.getByRole('button', { name: 'For technicians' }).click()
  const question = kiosk.page.getByRole('img', { name: 'Scan with the phone that holds the pass' })
  await question.waitFor()

  await phone.page.getByRole('button', { name: 'Scan the charger’s code' }).click()
  await phone.page.getByRole('button', { name: 'Use the camera' }).click()
  const answer = phone.page.getByRole('img', { name: 'Your answer for the charger' })
  await holdUp({
    from: kiosk.page,
    code: question,
    before: phone.camera,
    until: answer.waitFor({ timeout: 30_000 }),
  })
  const tabs = kiosk.page.getByRole('button', { name: 'Seals', exact: true })
  await holdUp({
    from: phone.page,
    code: answer,
    before: kiosk.camera,
    until: tabs.waitFor({ timeout: 30_000 }),
  })

  await kiosk.page.getByRole('button', { name: 'Log', exact: true }).click()
  await kiosk.page.getByRole('button', { name: /Technician came in/ }).click()
  await expect(kiosk.page.getByText(/stands in the log as it was written/)).toBeVisible()
  await tabs.click()
  await kiosk.page.getByRole('button', { name: 'Add a seal' }).click()
  for (const key of ['O', 'P', '4', '2'])
    await kiosk.page.getByRole('button', { name: key, exact: true }).click()
  await kiosk.page.getByRole('button', { name: 'Add', exact: true }).click()
  await kiosk.page.getByRole('button', { name: 'Write down' }).click()
  await expect(kiosk.page.getByText('Seals are written down')).toBeVisible()
  await kiosk.page.getByRole('button', { name: 'End', exact: true }).click()
  await expect(kiosk.page.getByText('Plug in to start')).toBeVisible()
})
