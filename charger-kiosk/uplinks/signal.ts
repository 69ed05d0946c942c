/**
 * How strong the radio of an uplink is, in percent: of Wi-Fi by the kernel (/proc/net/wireless, quality of at most 70 as
 * drivers under cfg80211 give it), of cellular by ModemManager over the system's message bus (org.freedesktop.ModemManager1.Modem,
 * SignalQuality). Where nobody knows, nothing is held back for it.
 */

import { readFile } from 'node:fs/promises'
import type { Clock, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { variantsIn, openBus } from '../bluetooth/bus'

/** Percent, undefined where it cannot be known now. Never rejects. */
export type ReadSignal = () => Promise<number | undefined>

const everyMs = durationMs(60_000)
/** A modem that stopped answering is no modem without signal. */
const freshMs = 180_000
const wifiQualityMax = 70

export function wifiSignal(interfaceName: string, path = '/proc/net/wireless'): ReadSignal {
  return async () => {
    const text = await readFile(path, 'utf8').catch(() => '')
    const line = text
      .split('\n')
      .map((each) => each.trim().split(/\s+/))
      .find(([name]) => name === `${interfaceName}:`)
    // Interface, status in hexadecimal, then the quality with a full stop where it was updated.
    return percent((Number.parseFloat(line?.[2] ?? '') / wifiQualityMax) * 100)
  }
}

const manager = 'org.freedesktop.ModemManager1'
const modemName = `${manager}.Modem`

/** Of the modem that has this network interface among its ports. */
export function modemSignal(interfaceName: string): ReadSignal {
  return async () => {
    const opened = await openBus(() => undefined)
    if (!opened.ok) return undefined
    try {
      const listed = await opened.value.call({
        destination: manager,
        path: '/org/freedesktop/ModemManager1',
        name: 'org.freedesktop.DBus.ObjectManager',
        member: 'GetManagedObjects',
      })
      if (!listed.ok) return undefined
      for (const interfaces of Object.values(listed.value[0] ?? {}) as unknown[]) {
        const modem = variantsIn((interfaces as Readonly<Record<string, unknown>> | null)?.[modemName])
        const ports = modem?.['Ports']
        const quality = modem?.['SignalQuality']
        if (!Array.isArray(ports) || !Array.isArray(quality)) continue
        if (ports.some((port) => Array.isArray(port) && port[0] === interfaceName)) return percent(quality[0])
      }
      return undefined
    } finally {
      opened.value.close()
    }
  }
}

const percent = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value)
    ? Math.min(100, Math.round(value))
    : undefined

/** Reads once a minute for as long as the process runs; `percent` is what was read last, for three minutes. */
export class SignalWatch {
  readonly #read: ReadSignal
  readonly #ports: { readonly clock: Clock; readonly timers: Timers }
  #last: { readonly percent: number; readonly atMs: number } | undefined

  constructor(read: ReadSignal, ports: { readonly clock: Clock; readonly timers: Timers }) {
    this.#read = read
    this.#ports = ports
  }

  get percent(): number | undefined {
    const last = this.#last
    return last === undefined || this.#ports.clock.monotonicMs() - last.atMs > freshMs
      ? undefined
      : last.percent
  }

  async start(): Promise<void> {
    const read = await this.#read()
    if (read !== undefined) this.#last = { percent: read, atMs: this.#ports.clock.monotonicMs() }
    this.#ports.timers.after(everyMs, () => void this.start())
  }
}
