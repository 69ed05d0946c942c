/** The dialogue with a modem over a real socket, and what a sky does to it. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { openLine } from '@/charger-kiosk/satellite/open-line'
import type { SatelliteModem } from '@/charger-kiosk/satellite/modem'
import { sbdModem } from '@/charger-kiosk/satellite/sbd-modem'
import {
  clearSky,
  startVirtualModem,
  type VirtualModem,
  type VirtualSky,
} from '@/simulator/satellite/virtual-modem'

let sky: VirtualSky
let virtual: VirtualModem
let modem: SatelliteModem
beforeEach(async () => {
  sky = clearSky()
  virtual = await startVirtualModem(sky)
  modem = sbdModem(openLine(`tcp://127.0.0.1:${virtual.port}`, 19_200), 340)
})
afterEach(() => virtual.close())

const all = toBytes(Array.from({ length: 340 }, (_, index) => index % 256))

test('a message of every byte goes up, and one comes down', async () => {
  sky.mailbox.push(utf8('READY\r\nOK\r\nERROR\r\n'), all)
  expect(await modem.exchange(all)).toEqual({
    ok: true,
    value: { received: utf8('READY\r\nOK\r\nERROR\r\n'), waiting: 1 },
  })
  expect(sky.sent.map((bytes) => toBytes(bytes))).toEqual([all])
  expect(await modem.exchange(undefined)).toEqual({ ok: true, value: { received: all, waiting: 0 } })
  expect(await modem.exchange(undefined)).toEqual({ ok: true, value: { received: undefined, waiting: 0 } })
  expect(sky.sent).toHaveLength(1)
})

test.each([
  ['no satellite in sight', () => (sky.signal = 0), 'no-signal'],
  ['no network', () => sky.refusals.push(32), 'no-signal'],
  ['a connection that breaks', () => sky.refusals.push(18), 'not-sent'],
  [
    'a provider that does not take it',
    () => (sky.deliver = () => Promise.reject(new Error('no'))),
    'not-sent',
  ],
])('%s is said, and the next try works', async (_, hurt, cause) => {
  hurt()
  expect(await modem.exchange(all)).toMatchObject({ ok: false, error: { cause } })
  Object.assign(sky, { signal: 4, deliver: () => undefined })
  expect((await modem.exchange(all)).ok).toBe(true)
})

test('a modem that is mute, or gone, is silent and never waited for without end', async () => {
  sky.isMute = true
  expect(await modem.exchange(all)).toMatchObject({ error: { cause: 'silent', detail: 'no answer to ATE0' } })
  await virtual.close()
  expect(await modem.exchange(all)).toMatchObject({ error: { cause: 'silent' } })
  const nothing = sbdModem(openLine('/dev/outpost-nothing', 19_200), 340)
  expect(await nothing.exchange(all)).toMatchObject({ error: { cause: 'silent' } })
  virtual = await startVirtualModem(clearSky())
})

test('what is damaged between modem and computer is none, and what is too large is not sent', async () => {
  sky.garbles = 2
  sky.mailbox.push(utf8('hello'))
  expect(await modem.exchange(undefined)).toEqual({
    ok: true,
    value: { received: utf8('hello'), waiting: 0 },
  })
  sky.garbles = 3
  sky.mailbox.push(utf8('hello'))
  expect(await modem.exchange(undefined)).toEqual({ ok: true, value: { received: undefined, waiting: 0 } })
  expect(await modem.exchange(toBytes(new Uint8Array(341)))).toMatchObject({ error: { cause: 'too-large' } })
})
