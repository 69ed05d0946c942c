/**
 * A charger's service through the browser's Web Bluetooth. Not every browser has it (none on iOS), and a page may ask for a
 * device only while the driver taps: codes and cameras are always there.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { bluetoothIds } from '@/lib/protocol/bluetooth-gatt'
import type { ChargerGatt } from './bluetooth-gatt'

/** What we use of https://webbluetoothcg.github.io/web-bluetooth/; the compiler knows nothing of it. */
interface WebBluetooth {
  getAvailability?(): Promise<boolean>
  requestDevice(options: {
    readonly filters: readonly { readonly services: readonly string[] }[]
  }): Promise<BluetoothCharger>
}

/** A charger that the driver chose; connecting again needs no second question. */
export interface BluetoothCharger extends EventTarget {
  readonly gatt?: WebGatt
}

interface WebGatt {
  readonly connected: boolean
  connect(): Promise<WebGatt>
  disconnect(): void
  getPrimaryService(id: string): Promise<{ getCharacteristic(id: string): Promise<WebCharacteristic> }>
}

interface WebCharacteristic extends EventTarget {
  readonly value?: DataView
  readValue(): Promise<DataView>
  writeValueWithResponse(value: Bytes): Promise<void>
  startNotifications(): Promise<unknown>
}

const webBluetooth = (): WebBluetooth | undefined =>
  (globalThis.navigator as { readonly bluetooth?: WebBluetooth } | undefined)?.bluetooth

/** Opens the browser's list of chargers in reach; undefined when the driver closed it. Call it from a tap. */
export async function chooseCharger(): Promise<Result<BluetoothCharger | undefined, Refusal>> {
  const bluetooth = webBluetooth()
  if (bluetooth === undefined) return err(refusal('phone.bluetooth-missing'))
  try {
    return ok(await bluetooth.requestDevice({ filters: [{ services: [bluetoothIds.service] }] }))
  } catch (error) {
    const isClosed = error instanceof DOMException && error.name === 'NotFoundError'
    // Browsers say the same of a list that was closed and of a radio that is off.
    const isThere = await bluetooth.getAvailability?.().catch(() => false)
    return isClosed && isThere !== false ? ok(undefined) : err(refusal('phone.bluetooth-denied'))
  }
}

export async function connectCharger(charger: BluetoothCharger): Promise<Result<ChargerGatt, Refusal>> {
  const server = charger.gatt
  if (server === undefined) return err(refusal('phone.bluetooth-denied'))
  try {
    const connected = await server.connect()
    const service = await connected.getPrimaryService(bluetoothIds.service)
    const state = await service.getCharacteristic(bluetoothIds.state)
    const out = await service.getCharacteristic(bluetoothIds.phoneToCharger)
    const into = await service.getCharacteristic(bluetoothIds.chargerToPhone)
    const ended = new Promise<void>((resolve) => {
      charger.addEventListener('gattserverdisconnected', () => resolve(), { once: true })
    })
    return ok({
      writeState: (value) => state.writeValueWithResponse(value),
      readState: async () => bytesOf(await state.readValue()),
      write: (value) => out.writeValueWithResponse(value),
      read: async () => bytesOf(await into.readValue()),
      onNotified: async (listener) => {
        state.addEventListener('characteristicvaluechanged', () => {
          // A read of the state raises the same event; what it says is no notification.
          if (state.value?.byteLength === 1) listener(bytesOf(state.value))
        })
        await state.startNotifications()
      },
      ended,
      disconnect: () => server.disconnect(),
    })
  } catch {
    if (server.connected) server.disconnect()
    return err(refusal('phone.link'))
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: DataView): Bytes =>
  toBytes(new Uint8Array(buffer, byteOffset, byteLength))
