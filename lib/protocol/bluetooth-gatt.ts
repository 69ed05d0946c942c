/**
 * The Bluetooth service of a charger: names, states and sizes (docs/protocol/bluetooth.md). Its shape is that of
 * ISO 18013-5 §8.3.3.1.1: the charger is the peripheral, with a characteristic for the state, one for what the phone
 * sends and one for what the charger sends. Nothing relies on the link: each code is judged by its signatures.
 *
 * Unlike there, the phone READS what the charger has for it, and a notification only says that something waits: BlueZ
 * notifies all phones at once, so that one phone would get what is meant for another, and nobody says how long a
 * notification may be.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { reasonFromWire, reasons } from '@/lib/core/reason-codes'

/** Drawn at random once, and never to change: phones look for the service by it. */
export const bluetoothIds = {
  service: 'e4cb6800-d3c3-452c-adf1-82b8d5f93b2a',
  state: 'e4cb6801-d3c3-452c-adf1-82b8d5f93b2a',
  phoneToCharger: 'e4cb6802-d3c3-452c-adf1-82b8d5f93b2a',
  chargerToPhone: 'e4cb6803-d3c3-452c-adf1-82b8d5f93b2a',
} as const

/** What a phone writes to the state, and what the charger notifies through it. */
export const phoneStates = { start: 1, end: 2 } as const
export const chargerStates = { waiting: 1, end: 2 } as const

/** Every stack can write this much at once (ATT_MTU 23 less 3, Bluetooth Core, Vol 3, Part F, §3.4.5.1). */
const leastWriteBytes = 20
/** A value cannot be longer (Vol 3, Part F, §3.2.9). */
const valueBytesMax = limits.bluetoothValueBytesMax

const stateVersion = 1

/** What a phone reads from the state: how much it may write at once, which only the charger's side knows. */
export function encodeLinkState(writeBytesMax: number): Bytes {
  const bytes = Math.max(leastWriteBytes, Math.min(valueBytesMax, writeBytesMax))
  return toBytes([stateVersion, bytes >> 8, bytes & 255])
}

/** Undefined for another version: such a charger is talked to by codes. */
export function decodeLinkState(value: Uint8Array): number | undefined {
  const [version, high = 0, low = 0] = value
  if (version !== stateVersion || value.length !== 3) return undefined
  const bytes = high * 256 + low
  return bytes < leastWriteBytes || bytes > valueBytesMax ? undefined : bytes
}

/** A no without a signature, as a screen would say it: for people, never for money. */
export interface LinkNotice {
  readonly reason: ReasonCode
  /** The charger hangs up after it. */
  readonly isLast: boolean
}

const noticePrefixes = { goesOn: 2, hangsUp: 3 } as const

export function encodeNotice({ reason, isLast }: LinkNotice): Bytes {
  const { wire } = reasons[reason]
  return toBytes([isLast ? noticePrefixes.hangsUp : noticePrefixes.goesOn, wire >> 8, wire & 255])
}

/** Undefined for anything else; a number of another version is said as what it is: something that was not understood. */
export function decodeNotice(value: Uint8Array): LinkNotice | undefined {
  const [prefix, high = 0, low = 0] = value
  if (prefix !== noticePrefixes.goesOn && prefix !== noticePrefixes.hangsUp) return undefined
  if (value.length !== 3) return undefined
  const reason = reasonFromWire(high * 256 + low) ?? 'link.chunk'
  return { reason, isLast: prefix === noticePrefixes.hangsUp }
}
