/**
 * The objects that the charger shows to BlueZ: its service, three characteristics and the advertisement, as
 * org.bluez.GattManager1 and org.bluez.LEAdvertisingManager1 read them. Only data; `bluez-radio.ts` brings it to the bus.
 */

import { bluetoothIds } from '@/lib/protocol/bluetooth-gatt'

export const bluezPaths = {
  application: '/org/outpost/charger',
  service: '/org/outpost/charger/service',
  state: '/org/outpost/charger/service/state',
  phoneToCharger: '/org/outpost/charger/service/in',
  chargerToPhone: '/org/outpost/charger/service/out',
  advertisement: '/org/outpost/charger/advertisement',
} as const

export const bluezNames = {
  bus: 'org.bluez',
  service: 'org.bluez.GattService1',
  characteristic: 'org.bluez.GattCharacteristic1',
  advertisement: 'org.bluez.LEAdvertisement1',
  gattManager: 'org.bluez.GattManager1',
  advertisingManager: 'org.bluez.LEAdvertisingManager1',
  adapter: 'org.bluez.Adapter1',
  device: 'org.bluez.Device1',
  properties: 'org.freedesktop.DBus.Properties',
  objectManager: 'org.freedesktop.DBus.ObjectManager',
} as const

/** A D-Bus signature and its value. */
export type Typed = readonly [signature: string, value: unknown]
export type BusProperties = Readonly<Record<string, Typed>>

const characteristic = (uuid: string, flags: readonly string[]): BusProperties => ({
  UUID: ['s', uuid],
  Service: ['o', bluezPaths.service],
  Flags: ['as', flags],
})

/** By path: what each object is, and its properties. BlueZ adds the descriptor with which phones subscribe by itself. */
export const bluezObjects: Readonly<
  Record<string, { readonly name: string; readonly properties: BusProperties }>
> = {
  [bluezPaths.service]: {
    name: bluezNames.service,
    properties: { UUID: ['s', bluetoothIds.service], Primary: ['b', true] },
  },
  [bluezPaths.state]: {
    name: bluezNames.characteristic,
    properties: characteristic(bluetoothIds.state, ['read', 'write', 'notify']),
  },
  [bluezPaths.phoneToCharger]: {
    name: bluezNames.characteristic,
    properties: characteristic(bluetoothIds.phoneToCharger, ['write']),
  },
  [bluezPaths.chargerToPhone]: {
    name: bluezNames.characteristic,
    properties: characteristic(bluetoothIds.chargerToPhone, ['read']),
  },
}

/** An advertisement has 31 bytes, of which the 128-bit identifier takes 18; the name is sent when a phone asks for more. */
const localNameBytesMax = 20

export const advertisementOf = (localName: string): BusProperties => ({
  Type: ['s', 'peripheral'],
  ServiceUUIDs: ['as', [bluetoothIds.service]],
  LocalName: ['s', shortened(localName)],
})

function shortened(name: string): string {
  const letters = [...name]
  while (new TextEncoder().encode(letters.join('')).length > localNameBytesMax) letters.pop()
  return letters.join('')
}
