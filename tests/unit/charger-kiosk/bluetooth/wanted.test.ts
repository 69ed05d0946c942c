/** Whether a charger opens a radio at all. */

import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { readKioskConfig } from '@/charger-kiosk/config'

const file = (radio: unknown) => ({
  path: '/etc/outpost/outpost-kiosk.json',
  value: { bluetooth: { radio } },
})

test('no radio is opened unless somebody asked for it', () => {
  expect(expectOk(readKioskConfig({}), 'right').hasBluetooth).toBe(false)
})

test('the file asks for it, and the environment has the last word', () => {
  expect(expectOk(readKioskConfig({}, file('on')), 'right').hasBluetooth).toBe(true)
  const off = { OUTPOST_BLUETOOTH: 'off' }
  expect(expectOk(readKioskConfig(off, file('on')), 'right').hasBluetooth).toBe(false)
})

test('anything but on and off is said', () => {
  expect(readKioskConfig({ OUTPOST_BLUETOOTH: 'yes' })).toMatchObject({
    ok: false,
    error: [expect.stringContaining('OUTPOST_BLUETOOTH must be on or off')],
  })
})
