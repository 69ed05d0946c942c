/**
 * Charging profiles as this charger keeps them (OCPP 1.6 §5.16, §3.13): the highest stack level of a purpose counts, a
 * TxProfile stands above the TxDefaultProfile, and the whole charger's maximum above both. They end by its own clock.
 */

import { asList, asPayload } from './payload'
import type { ChargerState, Connector, Now, Payload, Profile, ProfilePurpose } from './state'

const purposes: readonly ProfilePurpose[] = ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']
/** Three phases of 230 V, where a limit is given in amperes. */
const wattsPerAmpere = 690

/** Undefined for what this charger refuses. */
export function readProfile(
  connectorId: number,
  given: unknown,
  clockS: number,
  now: Now,
): Profile | undefined {
  const profile = asPayload(given)
  const schedule = asPayload(profile['chargingSchedule'])
  const { limit } = asPayload(asList(schedule['chargingSchedulePeriod'])[0])
  const purpose = purposes.find((one) => one === profile['chargingProfilePurpose'])
  const id = profile['chargingProfileId']
  const stackLevel = profile['stackLevel']
  if (purpose === undefined || typeof limit !== 'number') return undefined
  if (typeof id !== 'number' || typeof stackLevel !== 'number') return undefined
  const validTo = profile['validTo']
  const endS = typeof validTo === 'string' ? Date.parse(validTo) / 1_000 : Number.POSITIVE_INFINITY
  return {
    id,
    connectorId,
    purpose,
    stackLevel,
    limitW: Math.floor(schedule['chargingRateUnit'] === 'W' ? limit : limit * wattsPerAmpere),
    endsAtMs: now.monotonicMs + (endS - clockS) * 1_000,
  }
}

/** One of the same id, or of the same place, purpose and level, is replaced (§5.16.1). */
export const withProfile = (profiles: readonly Profile[], added: Profile): readonly Profile[] => [
  ...profiles.filter(
    (one) =>
      one.id !== added.id &&
      (one.connectorId !== added.connectorId ||
        one.purpose !== added.purpose ||
        one.stackLevel !== added.stackLevel),
  ),
  added,
]

/** Everything that is asked for must fit; undefined where nothing does. */
export function withoutProfiles(
  profiles: readonly Profile[],
  { id, connectorId, chargingProfilePurpose, stackLevel }: Payload,
): readonly Profile[] | undefined {
  const kept = profiles.filter(
    (one) =>
      (id !== undefined && one.id !== id) ||
      (connectorId !== undefined && one.connectorId !== connectorId) ||
      (chargingProfilePurpose !== undefined && one.purpose !== chargingProfilePurpose) ||
      (stackLevel !== undefined && one.stackLevel !== stackLevel),
  )
  return kept.length === profiles.length ? undefined : kept
}

/** What a connector may draw at an instant. */
export function limitW(
  { profiles, settings }: ChargerState,
  { connectorId }: Connector,
  atMs: number,
): number {
  const strongest = (purpose: ProfilePurpose): number | undefined =>
    profiles
      .filter((one) => one.purpose === purpose && one.endsAtMs > atMs)
      .filter((one) => one.connectorId === 0 || one.connectorId === connectorId)
      .sort((left, right) => right.stackLevel - left.stackLevel)[0]?.limitW
  return Math.min(
    settings.maxPowerW,
    strongest('TxProfile') ?? strongest('TxDefaultProfile') ?? settings.maxPowerW,
    strongest('ChargePointMaxProfile') ?? settings.maxPowerW,
  )
}
