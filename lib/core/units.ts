/**
 * Branded units. A plain number becomes a quantity only through these constructors, which reject what the unit
 * cannot hold. All quantities are safe integers, so sums and comparisons are exact.
 */

declare const unit: unique symbol
type Quantity<Name extends string> = number & { readonly [unit]: Name }

/** Energy in watt-hours; also a meter's register reading. */
export type WattHours = Quantity<'Wh'>
export type Watts = Quantity<'W'>
/** Seconds since 1970-01-01T00:00:00Z, 64-bit safe (no 2038 limit). */
export type EpochSeconds = Quantity<'epoch-s'>
export type Seconds = Quantity<'s'>
/** Milliseconds on a monotonic timer or as a duration; never a wall-clock time. */
export type DurationMs = Quantity<'ms'>
/** Money in the minor unit of its currency (cents for EUR); may be negative in a balance. */
export type MinorUnits = Quantity<'minor'>

function integer(value: number, name: string, min: number): number {
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RangeError(`${name} must be a safe integer of at least ${min}, got ${String(value)}`)
  }
  return value
}

export const wattHours = (value: number): WattHours => integer(value, 'wattHours', 0) as WattHours
export const watts = (value: number): Watts => integer(value, 'watts', 0) as Watts
export const epochSeconds = (value: number): EpochSeconds => integer(value, 'epochSeconds', 0) as EpochSeconds
export const seconds = (value: number): Seconds => integer(value, 'seconds', 0) as Seconds
export const durationMs = (value: number): DurationMs => integer(value, 'durationMs', 0) as DurationMs
export const minorUnits = (value: number): MinorUnits =>
  integer(value, 'minorUnits', Number.MIN_SAFE_INTEGER) as MinorUnits

/** Adds amounts of one currency; throws when the sum leaves the safe integers. */
export const addMinor = (...amounts: readonly MinorUnits[]): MinorUnits =>
  minorUnits(amounts.reduce<number>((sum, amount) => sum + amount, 0))
export const subtractMinor = (from: MinorUnits, amount: MinorUnits): MinorUnits => minorUnits(from - amount)
export const addSeconds = (time: EpochSeconds, span: number): EpochSeconds => epochSeconds(time + span)
