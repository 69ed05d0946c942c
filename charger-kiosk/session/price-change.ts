/**
 * The one timed change of price within a session: what was counted when it took effect. The moment lies on the timer,
 * fixed when the session starts, so that no later jump of the clock moves it. Energy between the last reading before
 * it and the first one after it belongs to neither side for certain; it goes where it costs the driver less.
 */

import {
  seconds,
  wattHours,
  type DurationMs,
  type EpochSeconds,
  type Seconds,
  type WattHours,
} from '@/lib/core/units'
import type { CompactTariff, TariffChange } from '@/lib/protocol/messages/compact-tariff'
import { rate, type Usage } from '@/lib/tariff/rate'

/** What a receipt says about the moment of the change. */
export interface AtChange {
  readonly registerWh: WattHours
  readonly chargingS: Seconds
  readonly idleS: Seconds
}

/** Counted until some moment. */
export interface Counted {
  readonly registerWh: WattHours
  readonly chargingMs: number
  readonly idleMs: number
}

export interface PriceChange {
  readonly tariff: CompactTariff
  readonly rates: TariffChange
  /** On the monotonic timer; below zero where it lies before this run of the controller. */
  readonly atMs: number
  readonly noted: Counted | undefined
}

/** @param noted what a row kept of a change that took effect before a power cut. */
export function priceChangeOf(
  { tariff, tariffChange }: { readonly tariff: CompactTariff; readonly tariffChange?: TariffChange },
  now: { readonly timeS: EpochSeconds; readonly monotonicMs: DurationMs },
  noted?: AtChange,
): PriceChange | undefined {
  if (tariffChange === undefined) return undefined
  return {
    tariff,
    rates: tariffChange,
    atMs: now.monotonicMs + (tariffChange.atS - now.timeS) * 1_000,
    noted:
      noted === undefined
        ? undefined
        : {
            registerWh: noted.registerWh,
            chargingMs: noted.chargingS * 1_000,
            idleMs: noted.idleS * 1_000,
          },
  }
}

/**
 * Called when something was counted between `since` and now.
 * @param early counted at `sinceMs`. @param late counted now.
 */
export function noteChange(
  change: PriceChange,
  startWh: WattHours,
  early: Counted,
  late: Counted,
  sinceMs: number,
  nowMs: number,
): PriceChange {
  if (change.noted !== undefined || nowMs <= change.atMs) return change
  // A pause that energy ended is no idle time, on neither side of the change.
  const before = { ...early, idleMs: Math.min(early.idleMs, late.idleMs) }
  if (sinceMs >= change.atMs) return { ...change, noted: before }
  const isIdleAlone = early.registerWh === late.registerWh && early.chargingMs === late.chargingMs
  // Idle time passes evenly, so it is cut where the price changed.
  if (isIdleAlone) {
    const idleMs = Math.max(before.idleMs, late.idleMs - (nowMs - change.atMs))
    return { ...change, noted: { ...before, idleMs } }
  }
  const costOf = (noted: Counted): number =>
    rate(
      change.tariff,
      { ...usageBetween(startWh, late), beforeChange: usageBetween(startWh, noted) },
      change.rates,
    ).totalMinor
  return { ...change, noted: costOf(before) < costOf(late) ? before : late }
}

/** Energy flowed after a pause: the pause costs nothing, also where the price changed within it. */
export const withoutIdle = (change: PriceChange | undefined): PriceChange | undefined =>
  change?.noted === undefined ? change : { ...change, noted: { ...change.noted, idleMs: 0 } }

export const usageBetween = (
  startWh: WattHours,
  { registerWh, chargingMs, idleMs }: Counted,
): Omit<Usage, 'beforeChange'> => ({
  energyWh: wattHours(Math.max(0, registerWh - startWh)),
  chargingS: wholeSeconds(chargingMs),
  idleS: wholeSeconds(idleMs),
})

const wholeSeconds = (ms: number): Seconds => seconds(Math.floor(ms / 1_000))

/** For the row beside the journal and for the receipt. */
export const atChangeOf = (change: PriceChange | undefined): AtChange | undefined =>
  change?.noted === undefined
    ? undefined
    : {
        registerWh: change.noted.registerWh,
        chargingS: wholeSeconds(change.noted.chargingMs),
        idleS: wholeSeconds(change.noted.idleMs),
      }
