/**
 * A technician's visit: an invitation becomes a pass on a phone, then everything goes by camera with the cloud stopped:
 * the charger asks, the phone answers, technician mode opens, a seal is written down, a
 * stick carries the log to the page that takes it in, and the charger is the drivers' again.
 */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
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

test('without any network the pass opens the charger, and a seal is written down', async () => {
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
})

test('a stick takes the log along, the page hands it in, and the charger takes the answers', async () => {
  const folder = world.plugInStick('BLUE')
  await kiosk.page.getByRole('button', { name: 'Tools', exact: true }).click()
  await kiosk.page.getByRole('button', { name: 'Read and fill it' }).click()
  await expect(kiosk.page.getByText('the stick may be pulled out')).toBeVisible()
  await expect(kiosk.page.getByText(/^BLUE: 1 parcel, [\d.]+ kB$/)).toBeVisible()
  const [file = ''] = readdirSync(folder)

  await world.startCloud()
  const laptop = phone.page
  await laptop.goto(`${world.cloudUrl}/sticks`)
  await laptop.getByLabel('Choose the stick’s files').setInputFiles(join(folder, file))
  await expect(laptop.getByText('1 parcel, 1 answer')).toBeVisible()
  await expect(laptop.getByText('Handed in', { exact: true })).toBeVisible()
  const saved = laptop.waitForEvent('download')
  await laptop.getByRole('button', { name: 'Save the answers' }).click()
  const answers = await saved
  expect(answers.suggestedFilename()).toBe(file.replace('.parcels', '.answers'))
  await answers.saveAs(join(folder, answers.suggestedFilename()))

  // The cloud is back, so the charger may have told it all by itself meanwhile: then there is nothing new in the answer, and
  // the next parcel holds no events.
  await kiosk.page.getByRole('button', { name: 'Read and fill it' }).click()
  await expect(kiosk.page.getByText(/^BLUE: 1 parcel, [\d.]+ (?:kB|byte)(, 1 new answer)?$/)).toBeVisible()
  await expect(kiosk.page.getByText(/unusable/)).toBeHidden()
})

test('the mode ends by its button, and the charger is the drivers’ again', async () => {
  await kiosk.page.getByRole('button', { name: 'End', exact: true }).click()
  await expect(kiosk.page.getByText('Plug in to start')).toBeVisible()
})
