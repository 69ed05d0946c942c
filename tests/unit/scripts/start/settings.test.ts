import { expect, test } from 'vitest'
import { readSettings } from '@/scripts/start/settings'

test('without variables the documented ports are used', () => {
  expect(readSettings({})).toEqual({
    ok: true,
    settings: { cloudPort: 3000, kioskPort: 3100, ocppPort: 9220, demoPort: 3199 },
  })
})

test('each port can be moved', () => {
  const env = {
    OUTPOST_PORT: '4000',
    OUTPOST_KIOSK_PORT: '4100',
    OUTPOST_OCPP_PORT: '4220',
    OUTPOST_DEMO_PORT: '4199',
  }
  expect(readSettings(env)).toEqual({
    ok: true,
    settings: { cloudPort: 4000, kioskPort: 4100, ocppPort: 4220, demoPort: 4199 },
  })
})

test.each(['abc', '0', '65536', '-1', '3000.5', ' 3000', '1e3'])('%s is not a port', (text) => {
  expect(readSettings({ OUTPOST_PORT: text })).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('OUTPOST_PORT must be a port number'),
  })
})

test('two parts cannot share a port', () => {
  expect(readSettings({ OUTPOST_KIOSK_PORT: '3000' })).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('are both 3000'),
  })
})
