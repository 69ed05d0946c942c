/** One whole charge without a network, as two people would see it: every byte between the devices goes by camera. */

import { expect } from 'playwright/test'
import type { Device } from './browsers'
import { allowCamera, approveButton, goHome, openScanner, phoneCode, phoneStopCode } from './driver-app'
import { holdUp } from './hold-up'
import type { OutpostWorld } from './outpost'
import { offerCode, readStopCode, receiptCode, stopWithCode } from './touchscreen'

export interface Charged {
  readonly energyWh: number
  /** Worked out here from the meter and 0.49 a kWh, tax included, half up; not by the product's own code. */
  readonly expectedMinor: number
}

export interface ChargeOptions {
  readonly world: OutpostWorld
  readonly phone: Device
  readonly kiosk: Device
  /** Energy that must have flowed before somebody stops. */
  readonly atLeastWh: number
  /** How the driver ends it: by the code that the charger showed, or by the phone's own. */
  readonly stopBy?: 'stop-code' | 'phone'
  /** While it charges. */
  readonly meanwhile?: () => Promise<void>
  /** A moment worth a picture. */
  readonly picture?: (name: 'offer' | 'approve' | 'show' | 'receipt') => Promise<void>
}

const centsPerKwh = 49
const slowVehicleW = 10_000

export async function chargeWithoutNetwork(options: ChargeOptions): Promise<Charged> {
  const { world, phone, kiosk, picture } = options
  await authorize(options)
  const stopCode = await readStopCode(kiosk.page)
  await phone.page.getByRole('button', { name: 'The charger says yes' }).click()
  await expect(phone.page.getByRole('heading', { level: 1 })).toBeFocused()
  await untilDelivered(world, options.atLeastWh)
  await options.meanwhile?.()
  const startWh = await startRegister(world)
  if (options.stopBy === 'phone') await stopWithPhone(phone, kiosk)
  else await stopWithCode(kiosk.page, stopCode)
  await receiptCode(kiosk.page).waitFor()
  const stopWh = (await world.charger()).connectors[0]?.registerWh ?? 0
  await phone.page.getByRole('button', { name: /^Scan (the )?receipt$/ }).click()
  await allowCamera(phone.page)
  await holdUp({
    from: kiosk.page,
    code: receiptCode(kiosk.page),
    before: phone.camera,
    until: phone.page.getByRole('heading', { name: 'Checked on this phone' }).waitFor({ timeout: 30_000 }),
  })
  await picture?.('receipt')
  const energyWh = stopWh - startWh
  const expectedMinor = Math.floor((energyWh * centsPerKwh + 500) / 1_000)
  await expect(phone.page.getByText('The charger signed exactly this receipt.')).toBeVisible()
  if (options.stopBy === 'phone') await expect(phone.page.getByText('phone', { exact: true })).toBeVisible()
  await expect(phone.page.getByText(`€${(expectedMinor / 100).toFixed(2)}`).first()).toBeVisible()
  await world.unplug()
  return { energyWh, expectedMinor }
}

/** From the plug to the charger's yes. */
export async function authorize({ world, phone, kiosk, picture, stopBy }: ChargeOptions): Promise<void> {
  await world.plug(stopBy === 'phone' ? slowVehicleW : undefined)
  await offerCode(kiosk.page).waitFor()
  await openScanner(phone.page)
  await picture?.('offer')
  await holdUp({
    from: kiosk.page,
    code: offerCode(kiosk.page),
    before: phone.camera,
    until: approveButton(phone.page).waitFor({ timeout: 30_000 }),
  })
  await picture?.('approve')
  await approveButton(phone.page).click()
  await phoneCode(phone.page).waitFor()
  // Whoever has the screen read out hears which step this is.
  await expect(phone.page.getByRole('heading', { level: 1 })).toBeFocused()
  await picture?.('show')
  await holdUp({
    from: phone.page,
    code: phoneCode(phone.page),
    before: kiosk.camera,
    until: kiosk.page.getByText('Your stop code').waitFor({ timeout: 30_000 }),
  })
}

/** The phone's signed stop, shown to the charger's camera where it asks for the stop code. */
async function stopWithPhone(phone: Device, kiosk: Device): Promise<void> {
  await phone.page.getByRole('button', { name: 'Stop charging' }).click()
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Stop charging' }).click()
  await phoneStopCode(phone.page).waitFor()
  await kiosk.page.getByRole('button', { name: 'Stop', exact: true }).click()
  await holdUp({
    from: phone.page,
    code: phoneStopCode(phone.page),
    before: kiosk.camera,
    until: receiptCode(kiosk.page).waitFor({ timeout: 30_000 }),
  })
}

async function untilDelivered(world: OutpostWorld, energyWh: number): Promise<void> {
  await expect
    .poll(async () => (await world.charger()).connectors[0]?.transaction?.energyWh ?? 0, { timeout: 60_000 })
    .toBeGreaterThan(energyWh)
}

/** What the meter showed when the transaction began. */
async function startRegister(world: OutpostWorld): Promise<number> {
  const connector = (await world.charger()).connectors[0]
  if (connector === undefined || connector.transaction === null) throw new Error('Nothing is charging')
  return connector.registerWh - connector.transaction.energyWh
}

/** Back to the home screen, where the next charge begins. */
export async function returnHome(phone: Device, origin: string): Promise<void> {
  await phone.page.goto(`${origin}/`)
  await goHome(phone.page)
}
