/**
 * The charger's radio over a real message bus, with a BlueZ that has no antenna: services are registered, phones told
 * apart, values read in turns of 22 bytes, and what ends is heard of. The wallet and the controller are the real ones.
 */

import { sessionBus, Message, Variant, type MessageBus } from '@jellybrick/dbus-next'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { openBluetoothLink } from '@/lib/wallet/bluetooth-charger-link'
import { followBluetooth, type BayCeremony } from '@/lib/wallet/bluetooth-ceremony'
import type { ChargerGatt } from '@/lib/wallet/bluetooth-gatt'
import type { Wallet } from '@/lib/wallet/wallet'
import { findEntry } from '@/lib/wallet/wallet-state'
import { bluezRadio } from '@/charger-kiosk/bluetooth/bluez-radio'
import { startBluetooth, type Bluetooth } from '@/charger-kiosk/bluetooth/start-bluetooth'
import { openFakeBluez, type FakeBluez } from '@/tests/fixtures/fake-bluez'
import { KioskWorld } from '@/tests/fixtures/kiosk-world'
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from '@/tests/fixtures/private-bus'
import { grantTo, newPhone } from '@/tests/fixtures/wallet-world'
import { until } from '../kiosk/kiosk-process'

const remote = '/org/bluez/hci0/dev_C0_FF_EE_00_00_01'
const characteristic = 'org.bluez.GattCharacteristic1'

describe.skipIf(!hasDbusDaemon())('over a bus of its own (needs dbus-daemon)', () => {
  let bus: PrivateBus
  const before = process.env.DBUS_SYSTEM_BUS_ADDRESS
  beforeAll(async () => {
    bus = await openPrivateBus()
    process.env.DBUS_SYSTEM_BUS_ADDRESS = bus.address
  })
  afterAll(async () => {
    if (before === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = before
    await bus.close()
  })

  /** What a phone's own BlueZ shows of the charger, as a browser uses it. */
  async function phoneOverBus(): Promise<ChargerGatt & { close(): void }> {
    const own: MessageBus = sessionBus({ busAddress: bus.address })
    await new Promise<void>((resolve) => own.once('connect', () => resolve()))
    const call = async (at: string, name: string, member: string, signature = '', body: unknown[] = []) =>
      (
        await own.call(
          new Message({ destination: 'org.bluez', path: at, interface: name, member, signature, body }),
        )
      )?.body[0]
    await own.call(
      new Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'AddMatch',
        signature: 's',
        body: ["type='signal',sender='org.bluez'"],
      }),
    )
    await call(remote, 'org.bluez.Device1', 'Connect')
    const at = (name: string): string => `${remote}/outpost/charger/service/${name}`
    const read = async (name: string): Promise<Bytes> =>
      toBytes((await call(at(name), characteristic, 'ReadValue', 'a{sv}', [{}])) as Buffer)
    const write = async (name: string, value: Bytes): Promise<void> => {
      const options = { type: new Variant('s', 'request') }
      await call(at(name), characteristic, 'WriteValue', 'aya{sv}', [Buffer.from(value), options])
    }
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const onChange = (path: string, heard: (changed: Record<string, Variant>) => void): void => {
      own.on('message', (message: Message) => {
        if (message.member === 'PropertiesChanged' && message.path === path) {
          heard(message.body[1] as Record<string, Variant>)
        }
      })
    }
    onChange(remote, ({ Connected }) => {
      if (Connected?.value === false) end()
    })
    return {
      writeState: (value) => write('state', value),
      readState: () => read('state'),
      write: (value) => write('in', value),
      read: () => read('out'),
      onNotified: async (listener) => {
        onChange(at('state'), ({ Value }) => listener(toBytes(Value?.value as Buffer)))
        await call(at('state'), characteristic, 'StartNotify')
      },
      ended,
      disconnect: () => {
        end()
        void call(remote, 'org.bluez.Device1', 'Disconnect')
      },
      close: () => own.disconnect(),
    }
  }

  interface Standing {
    readonly world: KioskWorld
    readonly bluez: FakeBluez
    readonly bluetooth: Bluetooth
    readonly said: string[]
  }

  async function standing(mtu?: number): Promise<Standing> {
    const bluez = await openFakeBluez(bus.address, mtu === undefined ? {} : { mtu })
    const world = await KioskWorld.create({ signsStatus: true })
    const said: string[] = []
    const bluetooth = startBluetooth({
      controller: world.controller,
      openRadio: bluezRadio('Outpost A1'),
      clock: world.time,
      timers: world.time,
      log: (what) => said.push(what),
    })
    await until(() => said.includes('bluetooth-ready'), 'the radio')
    await world.charger.plug()
    await world.settle()
    return { world, bluez, bluetooth, said }
  }

  async function driver(): Promise<Wallet> {
    const wallet = await newPhone().open()
    await grantTo(wallet, { passkeyHash: undefined })
    return wallet
  }

  async function connect(wallet: Wallet, gatt: ChargerGatt): Promise<BayCeremony> {
    const link = expectOk(await openBluetoothLink(gatt), 'the link opens')
    return followBluetooth(link, {
      wallet,
      verify: verifyWithNode,
      onBays: () => undefined,
      onOutcome: () => undefined,
      onNotice: () => undefined,
    })
  }

  test.each([23, 247])('a whole session, with an ATT_MTU of %s', async (mtu) => {
    const { world, bluez, bluetooth } = await standing(mtu)
    expect(bluez.advertisedName()).toBe('Outpost A1')
    const wallet = await driver()
    const gatt = await phoneOverBus()
    const ceremony = await connect(wallet, gatt)
    await until(() => ceremony.bays().length === 1, 'the offer')
    ceremony.choose(1)
    await until(() => wallet.snapshot().ceremony?.kind === 'approving', 'the question')
    const id = expectOk(await wallet.approve(minorUnits(1_500)), 'approved')
    const stateOf = () => findEntry(wallet.snapshot(), id)?.entry
    await until(() => stateOf()?.state.kind === 'accepted', 'the answer')
    await until(() => world.phase.kind === 'charging', 'power')
    await world.charge(120, 36_000)
    await until(() => stateOf()?.status?.energyWh !== undefined, 'a figure')
    expectOk(await wallet.stop(id), 'asked to stop')
    await until(() => stateOf()?.state.kind === 'finished', 'the receipt')
    expect(stateOf()?.state).toMatchObject({ receipt: { payload: { stopReason: 'phone' } } })
    expect(world.kinds().filter((kind) => kind === 'accepted')).toHaveLength(1)
    await bluetooth.close()
    gatt.close()
    bluez.close()
  })

  test('two phones are told apart by what BlueZ says, and one that goes out of reach is forgotten', async () => {
    const { bluez, bluetooth } = await standing()
    const [first, second] = [await phoneOverBus(), await phoneOverBus()]
    const one = await connect(await driver(), first)
    await until(() => one.bays().length === 1, 'the offer')
    // The second has not started: nothing waits for it, although the first was given an offer.
    expect(await second.read()).toEqual(toBytes([]))
    const two = await connect(await driver(), second)
    await until(() => two.bays().length === 1, 'the offer again')
    bluez.cutAll()
    await first.ended
    await expect(first.read()).rejects.toThrow('Not connected')
    await bluetooth.close()
    for (const phone of [first, second]) phone.close()
    bluez.close()
  })

  test('without BlueZ the charger says so once, and goes on', async () => {
    const world = await KioskWorld.create()
    const said: string[] = []
    const { controller, time } = world
    const bluetooth = startBluetooth({
      controller,
      openRadio: bluezRadio('Outpost A1'),
      clock: time,
      timers: time,
      log: (what) => said.push(what),
    })
    await until(() => said.length > 0, 'the fact')
    await time.advance(60_000)
    await bluetooth.close()
    expect(said).toEqual(['bluetooth-absent'])
  })

  test('when BlueZ ends, the desk closes, and opens again with the next one', async () => {
    const { world, bluez, bluetooth, said } = await standing()
    bluez.close()
    await until(() => said.includes('bluetooth-absent'), 'the loss')
    const next = await openFakeBluez(bus.address)
    await world.time.advance(60_000)
    await until(() => said.at(-1) === 'bluetooth-ready', 'the next one')
    expect(next.advertisedName()).toBe('Outpost A1')
    await bluetooth.close()
    next.close()
  })
})
