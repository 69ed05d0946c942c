/**
 * The one Bluetooth link of this tab, which outlives the pages: a driver may look at a receipt and come back. What it
 * needs is loaded when somebody taps for it.
 */

import { useSyncExternalStore } from 'react'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { BluetoothCharger } from '@/lib/wallet/bluetooth-web'
import type { BayCeremony, OfferedBay } from '@/lib/wallet/bluetooth-ceremony'
import type { ScanOutcome } from '@/lib/wallet/ceremony'
import type { ReadyPhone } from './phone-host'

export type BluetoothState =
  | { readonly kind: 'off' }
  /** The browser's own list is open, or the radio is at work. */
  | { readonly kind: 'choosing' | 'connecting' }
  | {
      readonly kind: 'on'
      readonly bays: readonly OfferedBay[]
      /** What the charger said without a signature, or why something of it was not taken. */
      readonly notice: Refusal | null
    }
  /** Broken off, or never begun. */
  | { readonly kind: 'lost'; readonly refusal: Refusal }

type OutcomeListener = (outcome: ScanOutcome) => void

const off: BluetoothState = { kind: 'off' }
let current: BluetoothState = off
let ceremony: BayCeremony | undefined
let charger: BluetoothCharger | undefined
let heard: OutcomeListener | undefined
/** Counts attempts, so that one that was given up says nothing any more. */
let attempt = 0
const listeners = new Set<() => void>()

function show(next: BluetoothState): void {
  current = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useBluetooth = (): BluetoothState =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => off,
  )

const never = (): (() => void) => () => undefined
/** Whether this browser can at all; false until the page has come to life. */
export const useCanBluetooth = (): boolean =>
  useSyncExternalStore(
    never,
    () => 'bluetooth' in navigator,
    () => false,
  )

/** Who shows what the charger says; the page at hand. */
export function hearBluetooth(listener: OutcomeListener): () => void {
  heard = listener
  return () => {
    if (heard === listener) heard = undefined
  }
}

/** From a tap: the browser asks which charger, once a visit; after a break the same one is tried without a question. */
export async function connectBluetooth(phone: ReadyPhone): Promise<void> {
  leaveBluetooth()
  attempt += 1
  const own = attempt
  const isOurs = (): boolean => own === attempt
  show({ kind: charger === undefined ? 'choosing' : 'connecting' })
  const [web, { openBluetoothLink }, { followBluetooth }, { verifyWithNoble }] = await Promise.all([
    import('@/lib/wallet/bluetooth-web'),
    import('@/lib/wallet/bluetooth-charger-link'),
    import('@/lib/wallet/bluetooth-ceremony'),
    import('@/lib/crypto/noble'),
  ])
  if (charger === undefined) {
    const chosen = await web.chooseCharger()
    if (!isOurs()) return
    if (!chosen.ok) return show({ kind: 'lost', refusal: chosen.error })
    if (chosen.value === undefined) return show(off)
    charger = chosen.value
    show({ kind: 'connecting' })
  }
  const gatt = await web.connectCharger(charger)
  const link = gatt.ok ? await openBluetoothLink(gatt.value) : gatt
  if (!link.ok) {
    charger = undefined
    if (isOurs()) show({ kind: 'lost', refusal: link.error })
    return
  }
  if (!isOurs()) return link.value.close()
  let lastNotice: Refusal | undefined
  const say = (notice: Refusal): void => {
    lastNotice = notice
    if (isOurs() && current.kind === 'on') show({ ...current, notice })
  }
  show({ kind: 'on', bays: [], notice: null })
  ceremony = followBluetooth(link.value, {
    wallet: phone.wallet,
    verify: verifyWithNoble,
    onBays: () => {
      if (isOurs() && current.kind === 'on') show({ ...current, bays: ceremony?.bays() ?? [] })
    },
    onOutcome: (outcome: Result<ScanOutcome, Refusal>) => {
      if (!isOurs()) return
      if (!outcome.ok) return say(outcome.error)
      if (current.kind === 'on') show({ ...current, notice: null })
      // The last word has been said: the radio is free for the next driver.
      if (outcome.value.kind === 'receipt') leaveBluetooth()
      heard?.(outcome.value)
    },
    onNotice: say,
  })
  void link.value.ended.then(() => {
    if (isOurs()) show({ kind: 'lost', refusal: lastNotice ?? { code: 'phone.link' } })
  })
}

export function chooseBay(connectorId: number): void {
  ceremony?.choose(connectorId)
}

/** Ends the link; a session goes on at the charger. */
export function leaveBluetooth(): void {
  attempt += 1
  ceremony?.leave()
  ceremony = undefined
  show(off)
}
