/**
 * A charging profile of the site CSMS (OCPP 1.6 §3.13, 2.0.1 K01) as a limit over time, in amperes a phase. It is never
 * passed on: what it says now goes into the smallest of all limits, so it can lower what a bay draws and never raise it.
 */

import { asPayload, field, integerField, listField } from '../ocpp/payload'
import type { RawPayload } from '../ocpp/port'
import { parseTime } from '../ocpp/reported-time'
import type { ForwardVersion } from './settings'

export interface SiteProfile {
  readonly id: number
  /** `station` limits all its bays together, `default` every transaction without one of its own. */
  readonly purpose: 'station' | 'default' | 'transaction'
  /** 0 is the whole charger. */
  readonly evseId: number
  /** Our number; of `transaction` only. */
  readonly transactionId: number | undefined
  readonly stackLevel: number
  /** Seconds after which it begins again; undefined where it does not. */
  readonly everyS: number | undefined
  readonly startS: number
  readonly durationS: number | undefined
  readonly validFromS: number | undefined
  readonly validToS: number | undefined
  readonly periods: readonly { readonly fromS: number; readonly limitA: number }[]
}

export interface ProfileFrame {
  readonly version: ForwardVersion
  readonly nowS: number
  readonly phaseVoltageV: number
  /** Our number of a transaction that the site CSMS names. */
  ownIdOf(named: unknown): number | undefined
}

const purposes: Readonly<Record<string, SiteProfile['purpose']>> = {
  ChargePointMaxProfile: 'station',
  ChargingStationMaxProfile: 'station',
  ChargingStationExternalConstraints: 'station',
  TxDefaultProfile: 'default',
  TxProfile: 'transaction',
}
const recurrences: Readonly<Record<string, number>> = { Daily: 86_400, Weekly: 604_800 }
const periodsMax = 500
const ampereMax = 1_000

/** The request of SetChargingProfile; undefined for one that cannot be kept. */
export function readSiteProfile(request: RawPayload, frame: ProfileFrame): SiteProfile | undefined {
  const isOld = frame.version === '1.6'
  const profile = asPayload(field(request, isOld ? 'csChargingProfiles' : 'chargingProfile'))
  const given = field(profile, 'chargingSchedule')
  const schedule = asPayload(isOld ? given : listField(profile, 'chargingSchedule')[0])
  const purpose = purposes[String(field(profile, 'chargingProfilePurpose'))]
  const id = integerField(profile, isOld ? 'chargingProfileId' : 'id')
  const evseId = integerField(request, isOld ? 'connectorId' : 'evseId')
  const stackLevel = integerField(profile, 'stackLevel')
  const periods = periodsOf(schedule, frame.phaseVoltageV)
  if (purpose === undefined || id === undefined || evseId === undefined || stackLevel === undefined)
    return undefined
  if (periods === undefined || evseId < 0 || evseId > 255 || (purpose === 'station' && evseId !== 0))
    return undefined
  const named = field(profile, 'transactionId')
  const transactionId = named === undefined ? undefined : frame.ownIdOf(named)
  const isForNobody =
    purpose === 'transaction' && (evseId === 0 || (named !== undefined && transactionId === undefined))
  if (isForNobody) return undefined
  const kind = field(profile, 'chargingProfileKind')
  return {
    id,
    purpose,
    evseId,
    transactionId,
    stackLevel,
    everyS: kind === 'Recurring' ? recurrences[String(field(profile, 'recurrencyKind'))] : undefined,
    // Relative ones count from the start of charging, which for a limit from outside is taken to be now.
    startS: (kind === 'Relative' ? undefined : timeField(schedule, 'startSchedule')) ?? frame.nowS,
    durationS: integerField(schedule, 'duration'),
    validFromS: timeField(profile, 'validFrom'),
    validToS: timeField(profile, 'validTo'),
    periods,
  }
}

function periodsOf(schedule: RawPayload, phaseVoltageV: number): SiteProfile['periods'] | undefined {
  const unit = field(schedule, 'chargingRateUnit')
  const given = listField(schedule, 'chargingSchedulePeriod').slice(0, periodsMax).map(asPayload)
  const periods = given.flatMap((period) => {
    const fromS = integerField(period, 'startPeriod')
    const limit = Number(field(period, 'limit'))
    const phases = integerField(period, 'numberPhases') ?? 3
    if (fromS === undefined || !Number.isFinite(limit) || limit < 0 || phases < 1 || phases > 3) return []
    const limitA = unit === 'W' ? limit / (phaseVoltageV * phases) : limit
    return [{ fromS, limitA: Math.min(ampereMax, Math.floor(limitA)) }]
  })
  const isWhole = given.length > 0 && periods.length === given.length && (unit === 'A' || unit === 'W')
  return isWhole ? [...periods].sort((left, right) => left.fromS - right.fromS) : undefined
}

const timeField = (payload: RawPayload, key: string): number | undefined => {
  const value = field(payload, key)
  return typeof value === 'string' ? parseTime(value) : undefined
}

/** What it allows at an instant; undefined where it says nothing about it. */
export function limitAt(profile: SiteProfile, nowS: number): number | undefined {
  const { validFromS, validToS, startS, everyS, durationS, periods } = profile
  if ((validFromS !== undefined && nowS < validFromS) || (validToS !== undefined && nowS >= validToS))
    return undefined
  const passedS = nowS - startS
  if (passedS < 0 && everyS === undefined) return undefined
  const atS = everyS === undefined ? passedS : ((passedS % everyS) + everyS) % everyS
  if (durationS !== undefined && atS >= durationS) return undefined
  return periods.findLast(({ fromS }) => fromS <= atS)?.limitA
}

export interface Place {
  readonly evseId: number
  readonly transactionId: number | undefined
}

/** Of one purpose the highest stack level that speaks counts; of the purposes the smallest limit (2.0.1 K01.FR.05 ff.). */
export function siteLimit(profiles: readonly SiteProfile[], place: Place, nowS: number): number | undefined {
  const station = stationLimit(profiles, nowS)
  const own = strongest(
    profiles.filter(
      ({ purpose, evseId, transactionId }) =>
        purpose === 'transaction' &&
        evseId === place.evseId &&
        (transactionId === undefined || transactionId === place.transactionId),
    ),
    nowS,
  )
  const usual = strongest(
    profiles.filter(
      ({ purpose, evseId }) => purpose === 'default' && (evseId === 0 || evseId === place.evseId),
    ),
    nowS,
  )
  const ofTransaction = own ?? usual
  if (station === undefined) return ofTransaction
  return ofTransaction === undefined ? station : Math.min(station, ofTransaction)
}

export const stationLimit = (profiles: readonly SiteProfile[], nowS: number): number | undefined =>
  strongest(
    profiles.filter(({ purpose }) => purpose === 'station'),
    nowS,
  )

const strongest = (profiles: readonly SiteProfile[], nowS: number): number | undefined =>
  [...profiles]
    .sort((left, right) => right.stackLevel - left.stackLevel)
    .map((profile) => limitAt(profile, nowS))
    .find((limitA) => limitA !== undefined)

/** One of the same id, or of the same place, purpose and level, is replaced. */
export const withSiteProfile = (
  profiles: readonly SiteProfile[],
  added: SiteProfile,
): readonly SiteProfile[] => [
  ...profiles.filter(
    (one) =>
      one.id !== added.id &&
      (one.evseId !== added.evseId ||
        one.purpose !== added.purpose ||
        one.stackLevel !== added.stackLevel ||
        one.transactionId !== added.transactionId),
  ),
  added,
]

/** ClearChargingProfile: everything that is asked for must fit; undefined where nothing does. */
export function withoutSiteProfiles(
  profiles: readonly SiteProfile[],
  request: RawPayload,
  version: ForwardVersion,
): readonly SiteProfile[] | undefined {
  const isOld = version === '1.6'
  const criteria = isOld ? request : asPayload(field(request, 'chargingProfileCriteria'))
  const id = integerField(request, isOld ? 'id' : 'chargingProfileId')
  const evseId = integerField(criteria, isOld ? 'connectorId' : 'evseId')
  const purpose = field(criteria, 'chargingProfilePurpose')
  const stackLevel = integerField(criteria, 'stackLevel')
  const kept = profiles.filter((one) => {
    // An id alone says which (1.6 §5.4, 2.0.1 K10).
    if (id !== undefined) return one.id !== id
    return (
      (evseId !== undefined && one.evseId !== evseId) ||
      (purpose !== undefined && one.purpose !== purposes[String(purpose)]) ||
      (stackLevel !== undefined && one.stackLevel !== stackLevel)
    )
  })
  return kept.length === profiles.length ? undefined : kept
}

/** When the limit may change by itself: the next begin or end of a period, whichever comes first. */
export function nextChangeS(profiles: readonly SiteProfile[], nowS: number): number | undefined {
  const instants = profiles.flatMap(({ startS, everyS, durationS, periods, validFromS, validToS }) => {
    const beginS = everyS === undefined ? startS : startS + Math.floor((nowS - startS) / everyS) * everyS
    const marks = [...periods.map(({ fromS }) => fromS), ...(durationS === undefined ? [] : [durationS])]
    return [
      ...marks.map((mark) => beginS + mark),
      ...(everyS === undefined ? [] : [beginS + everyS]),
      ...(validFromS === undefined ? [] : [validFromS]),
      ...(validToS === undefined ? [] : [validToS]),
    ]
  })
  const next = Math.min(...instants.filter((instant) => instant > nowS))
  return Number.isFinite(next) ? next : undefined
}
