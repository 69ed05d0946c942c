/** A phone with credit beside a charger of its own: the taps to energy, the opening without a network, the feel. */

import { kioskShape, openDevice, phoneShape, type Device } from '../../e2e/harness/browsers'
import { addPasskeyDevice, approveButton, phoneCode, signUpWithCredit } from '../../e2e/harness/driver-app'
import { holdUp } from '../../e2e/harness/hold-up'
import { OutpostWorld } from '../../e2e/harness/outpost'
import { offerCode } from '../../e2e/harness/touchscreen'
import { coldStart, slowDown, walkAround, watchTimelines, type Feel } from './timings'

export interface Life extends Feel {
  readonly offlineColdStartMs: number
  readonly tapsToCharging: number
}

const coldStartRounds = 5

export async function measureLife(): Promise<Life> {
  const world = await OutpostWorld.start({ behindDoor: true })
  let phone = await openDevice(phoneShape)
  const kiosk = await openDevice(kioskShape)
  try {
    await addPasskeyDevice(phone.context, phone.page)
    await kiosk.page.goto(world.kioskUrl)
    await signUpWithCredit(phone.page, world.cloudUrl, '€100')
    const tapsToCharging = await countTaps(world, phone, kiosk)
    await phone.context.addInitScript(watchTimelines)
    await slowDown(phone.page)
    const feel = await walkAround(phone.page, world.cloudUrl)
    await world.door?.shut()
    const cold = await coldStart(phone, `${world.cloudUrl}/`, coldStartRounds)
    phone = cold.phone
    return { offlineColdStartMs: cold.ms, ...feel, tapsToCharging }
  } finally {
    await phone.close()
    await kiosk.close()
    await world.close()
  }
}

/**
 * Of an installed user whose camera is allowed: from home to the screen that says “Charging”. Whatever the person
 * presses counts, a passkey as well.
 */
async function countTaps(world: OutpostWorld, phone: Device, kiosk: Device): Promise<number> {
  const { page } = phone
  let taps = 0
  const tap = async (name: string | RegExp): Promise<void> => {
    await page.getByRole('button', { name }).first().tap()
    taps += 1
  }
  await world.plug()
  await allowCameraOnce(phone)
  await page.goto(`${world.cloudUrl}/`)
  await tap(/^Charge$/)
  await holdUp({
    from: kiosk.page,
    code: offerCode(kiosk.page),
    before: phone.camera,
    until: approveButton(page).waitFor({ timeout: 90_000 }),
  })
  await tap(/^Approve up to/)
  await holdUp({
    from: page,
    code: phoneCode(page),
    before: kiosk.camera,
    until: kiosk.page.getByText('Your stop code').waitFor({ timeout: 90_000 }),
  })
  await tap('The charger says yes')
  await page.getByText('Charging').first().waitFor()
  await world.unplug()
  await page.goto(`${world.cloudUrl}/`)
  return taps
}

/** The one explanation of the first scan, long before. */
async function allowCameraOnce({ page }: Device): Promise<void> {
  await page.getByRole('button', { name: /^Charge$/ }).tap()
  await page.getByRole('button', { name: 'Use the camera' }).tap()
  // Remembered once the picture moves.
  await page.waitForFunction(() => localStorage.getItem('outpost.camera-allowed') !== null)
}
