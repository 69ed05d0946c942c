/** The signal of a modem, asked of a ModemManager over a real message bus. */

import { sessionBus, Message, Variant, type MessageBus } from '@jellybrick/dbus-next'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modemSignal } from '@/charger-kiosk/uplinks/signal'
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from '@/tests/fixtures/private-bus'

const modem = 'org.freedesktop.ModemManager1.Modem'

describe.skipIf(!hasDbusDaemon())('over a bus of its own (needs dbus-daemon)', () => {
  let bus: PrivateBus
  let manager: MessageBus
  let modems: Record<string, Record<string, Record<string, Variant>>> = {}
  const before = process.env.DBUS_SYSTEM_BUS_ADDRESS
  beforeAll(async () => {
    bus = await openPrivateBus()
    process.env.DBUS_SYSTEM_BUS_ADDRESS = bus.address
  })
  afterAll(async () => {
    if (before === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = before
    manager?.disconnect()
    await bus.close()
  })

  const ofModem = (port: string, percent: number, isRecent = true) => ({
    [modem]: {
      // Type 2 is a network interface (MMModemPortType).
      Ports: new Variant('a(su)', [
        ['cdc-wdm0', 6],
        [port, 2],
      ]),
      SignalQuality: new Variant('(ub)', [percent, isRecent]),
    },
  })

  test('nobody answers: nothing is known, and nothing fails', async () => {
    expect(await modemSignal('wwan0')()).toBeUndefined()
  })

  test('the modem with the interface is the one that counts', async () => {
    manager = sessionBus({ busAddress: bus.address })
    await new Promise<void>((resolve) => manager.once('connect', () => resolve()))
    manager.addMethodHandler((message: Message) => {
      if (message.member !== 'GetManagedObjects') return false
      manager.send(Message.newMethodReturn(message, 'a{oa{sa{sv}}}', [modems]))
      return true
    })
    await manager.requestName('org.freedesktop.ModemManager1', 0)
    modems = {
      '/org/freedesktop/ModemManager1/Modem/0': ofModem('wwan1', 91),
      '/org/freedesktop/ModemManager1/Modem/1': ofModem('wwan0', 34),
    }
    expect(await modemSignal('wwan0')()).toBe(34)
    expect(await modemSignal('wwan1')()).toBe(91)
    expect(await modemSignal('wwan7')()).toBeUndefined()
    modems = { '/org/freedesktop/ModemManager1/Modem/1': { [modem]: {} } }
    expect(await modemSignal('wwan0')()).toBeUndefined()
  })
})
