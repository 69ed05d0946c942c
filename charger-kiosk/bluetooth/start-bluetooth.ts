/**
 * Bluetooth beside the touchscreen: begins when there is a radio, begins again when it comes back, and never stops a
 * charger. The operator's policy can switch it off, and on again, while the charger runs.
 */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { policySwitches } from '@/lib/protocol/messages/policy-terms'
import type { Controller } from '../controller/controller'
import { BluetoothDesk } from './desk'
import type { OpenRadio, Radio, RadioFault } from './radio'

/** bluetoothd restarts in seconds; a radio that is not there costs one call a minute. */
const againMs = durationMs(60_000)

export interface BluetoothParts {
  readonly controller: Pick<Controller, 'handleScan' | 'screenState' | 'onChange' | 'standing'>
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
  /** Counts beginnings: what an earlier one comes to counts no more. */
  let run = 0
  let isOff = false

  const say = (what: string, facts?: Readonly<Record<string, unknown>>): void => {
    // Said once: a charger without Bluetooth is a charger.
    if (lastSaid !== what) log(what, facts)
    lastSaid = what
  }
  const end = async (): Promise<void> => {
    run += 1
    waiting()
    const ended = running
    running = undefined
    ended?.desk.close()
    await ended?.radio.close()
  }
  const later = (own: number, { code, detail }: RadioFault): void => {
    if (own !== run) return
    running?.desk.close()
    running = undefined
    say(`bluetooth-${code}`, { detail })
    waiting()
    waiting = timers.after(againMs, () => void begin())
  }
  const begin = async (): Promise<void> => {
    run += 1
    const own = run
    const desk = new BluetoothDesk(controller, { clock, timers, log })
    const opened = await openRadio(desk, (fault) => later(own, fault)).catch((error: unknown) => ({
      ok: false as const,
      error: { code: 'absent' as const, detail: String(error) },
    }))
    if (!opened.ok) return later(own, opened.error)
    if (own !== run) return await opened.value.close()
    running = { desk, radio: opened.value }
    desk.attend(opened.value)
    say('bluetooth-ready')
  }
  /** Codes go on: phones that were talking by radio scan instead. */
  const look = (): void => {
    const wasOff = isOff
    isOff = (controller.standing().policy.switches & policySwitches.bluetoothOff) !== 0
    if (isClosed || isOff === wasOff) return
    if (!isOff) return void begin()
    say('bluetooth-switched-off')
    void end()
  }
  const unfollow = controller.onChange(look)
  look()
  if (!isOff) void begin()
  return {
    async close() {
      isClosed = true
      unfollow()
      await end()
    },
  }
}
