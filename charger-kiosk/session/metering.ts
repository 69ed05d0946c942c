/**
 * What the readings of a meter and the monotonic timer prove about a running session. Where they prove nothing, the
 * driver is not billed: time without power is free, a reading that cannot be true is left out, and time counts only
 * as far as the timer saw it pass.
 */

import { limits } from '@/lib/core/limits'
import { seconds, wattHours, watts } from '@/lib/core/units'
import type { DurationMs, EpochSeconds, WattHours, Watts } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { rate, type Usage } from '@/lib/tariff/rate'
import type { ConnectorStatus, MeterSample } from '../ocpp/port'
import { noteChange, usageBetween, withoutIdle, type PriceChange } from './price-change'

export interface MeterAccount {
  /** Undefined while the charger's figure at the start could not be read: energy counts from the first that can. */
  readonly startWh: WattHours | undefined
  /** The highest reading that is believed. */
  readonly registerWh: WattHours | undefined
  readonly powerW: Watts
  /** Time with power. */
  readonly chargingMs: number
  /** Time since the last energy that the vehicle itself left unused. */
  readonly idleMs: number
  /** Monotonic time that passed and is not counted as anything yet. */
  readonly uncountedMs: number
  /** On the monotonic timer; below zero where it lies before this run of the controller. */
  readonly countedAtMs: number
  /** The charger's own time of the last reading, where it can be believed. */
  readonly readAtS: EpochSeconds | undefined
  /** When the last reading arrived, on the same timer. */
  readonly heardAtMs: number
  /** The change of price that the offer announced, and what was counted until then. */
  readonly change: PriceChange | undefined
}

/** A longer silence between two readings proves no more time with power than this. */
const intervalMaxMs = 60_000
/** Added to the time between two readings when a jump is judged: readings may be older than they look. */
const jumpAllowanceMs = 60_000

/** @param nowMs on the monotonic timer; below zero where the session began before this run of the controller */
export const openAccount = (
  startWh: WattHours | undefined,
  nowMs: number,
  change?: PriceChange,
): MeterAccount => ({
  startWh,
  registerWh: startWh,
  powerW: watts(0),
  chargingMs: 0,
  idleMs: 0,
  uncountedMs: 0,
  countedAtMs: nowMs,
  readAtS: undefined,
  heardAtMs: nowMs,
  change,
})

/** Lets the timer pass. Called before every reading and at every tick. */
export const passTime = (account: MeterAccount, nowMs: DurationMs): MeterAccount => ({
  ...account,
  uncountedMs: account.uncountedMs + Math.max(0, nowMs - account.countedAtMs),
  countedAtMs: nowMs,
})

/** The vehicle stays plugged in and takes nothing more, as the charger says. */
const isIdle = (status: ConnectorStatus | 'unknown'): boolean =>
  status === 'SuspendedEV' || status === 'Finishing'

export function passIdleTime(
  account: MeterAccount,
  status: ConnectorStatus | 'unknown',
  nowMs: DurationMs,
): MeterAccount {
  const passed = passTime(account, nowMs)
  // Before the first energy nothing can be idle: the vehicle may be waiting to begin.
  if (!isIdle(status) || energyOf(account) === 0 || account.powerW > 0) return passed
  const idle = { ...passed, idleMs: passed.idleMs + passed.uncountedMs, uncountedMs: 0 }
  return withChange(account, idle, account.countedAtMs, nowMs)
}

/** Notes an announced change of price once something was counted after it. */
function withChange(
  before: MeterAccount,
  after: MeterAccount,
  sinceMs: number,
  nowMs: DurationMs,
): MeterAccount {
  const { change, startWh, registerWh } = after
  if (change === undefined || startWh === undefined || registerWh === undefined) return after
  const isCounted =
    registerWh !== before.registerWh ||
    after.chargingMs !== before.chargingMs ||
    after.idleMs !== before.idleMs
  if (!isCounted) return after
  const early = { ...before, registerWh: before.registerWh ?? startWh }
  const counted = ({ registerWh: wh, chargingMs, idleMs }: typeof early) => ({
    registerWh: wh,
    chargingMs,
    idleMs,
  })
  const late = { ...after, registerWh }
  return { ...after, change: noteChange(change, startWh, counted(early), counted(late), sinceMs, nowMs) }
}

export type MeterFault = 'meter.ran-back' | 'meter.jumped'

export interface Readings {
  readonly account: MeterAccount
  /** Each at most once; `detail` is for the journal. */
  readonly faults: readonly { readonly what: MeterFault; readonly detail: string }[]
}

/** Takes in a batch of readings, by their own time where all of them have one. */
export function takeReadings(
  account: MeterAccount,
  samples: readonly MeterSample[],
  status: ConnectorStatus | 'unknown',
  nowMs: DurationMs,
): Readings {
  const faults = new Map<MeterFault, string>()
  let current = passTime(account, nowMs)
  for (const sample of inOrder(samples)) {
    const reading = takeReading(current, sample, status, nowMs)
    if (reading.fault !== undefined) faults.set(reading.fault, reading.detail)
    current = reading.account
  }
  // What a gap between readings with energy leaves over proves nothing; kept, it would be billed as idle time later.
  if (current.chargingMs > account.chargingMs) current = { ...current, uncountedMs: 0 }
  current = withChange(account, current, account.heardAtMs, nowMs)
  return { account: current, faults: [...faults].map(([what, detail]) => ({ what, detail })) }
}

type Reading =
  | { readonly account: MeterAccount; readonly fault?: undefined }
  | { readonly account: MeterAccount; readonly fault: MeterFault; readonly detail: string }

function takeReading(
  account: MeterAccount,
  sample: MeterSample,
  status: ConnectorStatus | 'unknown',
  nowMs: DurationMs,
): Reading {
  const readAtS = reliableTime(sample)
  const { registerWh } = sample
  const isOlder = readAtS !== undefined && account.readAtS !== undefined && readAtS < account.readAtS
  // Buffered readings may come after newer ones (a link that came back): they are history and prove nothing new.
  // A higher register is new all the same: the charger's clock was put back.
  if (isOlder && (registerWh ?? 0) <= (account.registerWh ?? 0)) return { account }
  const powerW = sample.powerW ?? account.powerW
  if (registerWh === undefined) return { account: { ...account, powerW } }
  if (account.registerWh === undefined || account.startWh === undefined) {
    return {
      account: {
        ...account,
        startWh: registerWh,
        registerWh,
        powerW,
        readAtS,
        heardAtMs: nowMs,
        uncountedMs: 0,
      },
    }
  }
  const detail = `register ${registerWh} Wh after ${account.registerWh} Wh`
  if (registerWh < account.registerWh) return { account, fault: 'meter.ran-back', detail }
  if (!isPossibleRise(account, registerWh, readAtS, nowMs)) return { account, fault: 'meter.jumped', detail }
  const flowed = registerWh > account.registerWh || (sample.powerW ?? 0) > 0
  const counted = countInterval(account, flowed, status, readAtS)
  return {
    account: { ...counted, registerWh, powerW: flowed ? powerW : watts(0), readAtS, heardAtMs: nowMs },
  }
}

/** Attributes the time between the last reading and this one. */
function countInterval(
  account: MeterAccount,
  flowed: boolean,
  status: ConnectorStatus | 'unknown',
  readAtS: EpochSeconds | undefined,
): MeterAccount {
  const betweenMs =
    readAtS !== undefined && account.readAtS !== undefined && readAtS >= account.readAtS
      ? (readAtS - account.readAtS) * 1_000
      : account.uncountedMs
  const spanMs = Math.min(betweenMs, account.uncountedMs, intervalMaxMs)
  const uncountedMs = account.uncountedMs - spanMs
  // Energy after a pause: the pause was no end, so it costs nothing.
  if (flowed) {
    const chargingMs = account.chargingMs + spanMs
    return { ...account, chargingMs, idleMs: 0, uncountedMs, change: withoutIdle(account.change) }
  }
  if (isIdle(status) && energyOf(account) > 0)
    return { ...account, idleMs: account.idleMs + account.uncountedMs, uncountedMs: 0 }
  // Neither side is known to be at fault: free.
  return { ...account, uncountedMs }
}

/** Chargers send garbage now and then; one such reading must not become a bill. */
function isPossibleRise(
  account: MeterAccount,
  registerWh: number,
  readAtS: EpochSeconds | undefined,
  nowMs: DurationMs,
): boolean {
  const heardMs = nowMs - account.heardAtMs
  const readMs =
    readAtS !== undefined && account.readAtS !== undefined ? (readAtS - account.readAtS) * 1_000 : 0
  const possibleWh = (limits.meterPowerMaxW * (Math.max(heardMs, readMs) + jumpAllowanceMs)) / (3_600 * 1_000)
  return registerWh - (account.registerWh ?? 0) <= possibleWh
}

/** Whether a final reading can be believed against what is known. */
export function finalReadingFault(
  account: MeterAccount,
  stopWh: WattHours,
  nowMs: DurationMs,
): 'meter.stop-below-start' | MeterFault | undefined {
  if (account.startWh !== undefined && stopWh < account.startWh) return 'meter.stop-below-start'
  return isPossibleRise(account, stopWh, undefined, nowMs) ? undefined : 'meter.jumped'
}

export const energyOf = ({ startWh, registerWh }: MeterAccount): WattHours =>
  wattHours(startWh === undefined || registerWh === undefined ? 0 : Math.max(0, registerWh - startWh))

export function usageOf(account: MeterAccount): Usage {
  const startWh = account.startWh ?? wattHours(0)
  const whole = usageBetween(startWh, { ...account, registerWh: account.registerWh ?? startWh })
  const noted = account.change?.noted
  return noted === undefined ? whole : { ...whole, beforeChange: usageBetween(startWh, noted) }
}

/**
 * Whether the bill would pass the hold if things go on like this for `leadMs`. The charger stops a moment before the
 * hold, so that the energy until the contactor opens is still paid for.
 */
export function reachesHold(
  account: MeterAccount,
  tariff: CompactTariff,
  holdMinor: number,
  leadMs: DurationMs,
): boolean {
  const now = usageOf(account)
  const leadS = Math.ceil(leadMs / 1_000)
  const isFlowing = account.powerW > 0
  const ahead: Usage = {
    ...now,
    energyWh: wattHours(now.energyWh + Math.ceil((account.powerW * leadMs) / 3_600_000)),
    chargingS: seconds(now.chargingS + (isFlowing ? leadS : 0)),
    idleS: seconds(now.idleS + (isFlowing || now.idleS === 0 ? 0 : leadS)),
  }
  const change = account.change?.rates
  if (rate(tariff, now, change).totalMinor >= holdMinor) return true
  if (rate(tariff, ahead, change).totalMinor > holdMinor) return true
  const isChangeAhead =
    account.change !== undefined &&
    account.change.noted === undefined &&
    account.countedAtMs + leadMs >= account.change.atMs
  return isChangeAhead && rate(tariff, { ...ahead, beforeChange: now }, change).totalMinor > holdMinor
}

const reliableTime = ({ time }: MeterSample): EpochSeconds | undefined =>
  time.plausible ? time.reportedAtS : undefined

/** By their own time, which says more than the order of arrival; in that order where a time is missing. */
function inOrder(samples: readonly MeterSample[]): readonly MeterSample[] {
  const timed = samples.map((sample) => ({ sample, atS: reliableTime(sample) }))
  if (timed.some(({ atS }) => atS === undefined)) return samples
  return timed.sort((left, right) => (left.atS ?? 0) - (right.atS ?? 0)).map(({ sample }) => sample)
}
