/** Bluetooth beside the touchscreen: begins when there is a radio, begins again when it comes back, and never stops a charger. */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import type { Controller } from '../controller/controller'
import { BluetoothDesk } from './desk'
import type { OpenRadio, Radio, RadioFault } from './radio'

/** bluetoothd restarts in seconds; a radio that is not there costs one call a minute. */
const againMs = durationMs(60_000)

export interface BluetoothParts {
  readonly controller: Pick<Controller, 'handleScan' | 'screenState' | 'onChange'>
  readonly openRadio: OpenRadio
  readonly clock: Clock
  readonly timers: Timers
  readonly log: (what: string, facts?: Readonly<Record<string, unknown>>) => void
}

export interface Bluetooth {
  close(): Promise<void>
}

export function startBluetooth(parts: BluetoothParts): Bluetooth {
  const { controller, openRadio, clock, timers, log } = parts
  let running: { readonly desk: BluetoothDesk; readonly radio: Radio } | undefined
  let waiting: CancelTimer = () => undefined
  let isClosed = false
  let lastSaid = ''

  const later = ({ code, detail }: RadioFault): void => {
    running?.desk.close()
    running = undefined
    // Said once: a charger without Bluetooth is a charger.
    if (lastSaid !== code) log(`bluetooth-${code}`, { detail })
    lastSaid = code
    waiting()
    if (!isClosed) waiting = timers.after(againMs, () => void begin())
  }
  const begin = async (): Promise<void> => {
    const desk = new BluetoothDesk(controller, { clock, timers, log })
    const opened = await openRadio(desk, later).catch((error: unknown) => ({
      ok: false as const,
      error: { code: 'absent' as const, detail: String(error) },
    }))
    if (!opened.ok) return later(opened.error)
    if (isClosed) return await opened.value.close()
    running = { desk, radio: opened.value }
    desk.attend(opened.value)
    lastSaid = ''
    log('bluetooth-ready')
  }
  void begin()
  return {
    async close() {
      isClosed = true
      waiting()
      running?.desk.close()
      await running?.radio.close()
      running = undefined
    },
  }
}
