/** The parts of a price in the order that AFIR Article 5(4) asks for: per kWh, per minute, per session, other. */

/** Rates in 10⁻⁴ of the currency's major unit, tax included, as a compact tariff carries them. */
export interface TariffFigures {
  readonly currency: string
  readonly energyPerKwh: number
  readonly timePerMinute: number
  readonly perSession: number
  readonly idlePerMinute: number
  readonly idleGraceMinutes: number
  readonly taxBasisPoints: number
  /** The one announced change: what it does not name stays as it is. */
  readonly change?: TariffChangeFigures
}

export interface TariffChangeFigures {
  readonly atS: number
  readonly energyPerKwh: number
  readonly timePerMinute: number
  readonly idlePerMinute: number
}

export type TariffLine =
  | { readonly kind: 'energy' | 'time' | 'session'; readonly rate: number }
  | { readonly kind: 'idle'; readonly rate: number; readonly graceMinutes: number }

/** Only what is charged for; an entirely free tariff still says so by its energy line. */
export function tariffLines(tariff: TariffFigures): readonly TariffLine[] {
  const lines: readonly TariffLine[] = [
    { kind: 'energy', rate: tariff.energyPerKwh },
    { kind: 'time', rate: tariff.timePerMinute },
    { kind: 'session', rate: tariff.perSession },
    { kind: 'idle', rate: tariff.idlePerMinute, graceMinutes: tariff.idleGraceMinutes },
  ]
  const charged = lines.filter((line) => line.rate > 0)
  return charged.length > 0 ? charged : lines.slice(0, 1)
}

/** The lines that an announced change alters, with their new rates; a rate that ends is told as zero. */
export function changedLines(tariff: TariffFigures): readonly TariffLine[] {
  const { change } = tariff
  if (change === undefined) return []
  const lines: readonly TariffLine[] = [
    { kind: 'energy', rate: change.energyPerKwh },
    { kind: 'time', rate: change.timePerMinute },
    { kind: 'idle', rate: change.idlePerMinute, graceMinutes: tariff.idleGraceMinutes },
  ]
  const before = { energy: tariff.energyPerKwh, time: tariff.timePerMinute, idle: tariff.idlePerMinute }
  return lines.filter(({ kind, rate }) => kind !== 'session' && rate !== before[kind])
}
