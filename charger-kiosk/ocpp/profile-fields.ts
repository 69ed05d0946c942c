/** What charging profiles have in common in every version: their ids, and from when until when they hold. */

import type { ConnectorId } from './ids'
import type { PowerProfile } from './port'
import { formatTime } from './reported-time'

const ids = { 'station-max': 1, 'tx-default': 2 } as const
/** Profiles of transactions have ids of their own above these, one a connector: the next replaces the last. */
const txIds = 100

export const txProfileId = (connectorId: ConnectorId): number => txIds + connectorId

export const profileId = (profile: PowerProfile): number =>
  profile.purpose === 'tx' ? txProfileId(profile.connectorId) : ids[profile.purpose]

export const idOf = (which: 'tx-default' | { readonly connectorId: ConnectorId }): number =>
  which === 'tx-default' ? ids[which] : txProfileId(which.connectorId)

/** "Relative" needs no clock; a charger's maximum may not be relative to a transaction (OCPP 1.6 §3.13.1). */
export const kindOf = (profile: PowerProfile): Readonly<Record<string, unknown>> => ({
  chargingProfileKind: profile.purpose === 'station-max' ? 'Absolute' : 'Relative',
  ...(profile.purpose === 'tx' ? { validTo: formatTime(profile.validUntilS) } : {}),
})

/** So long ago that it has begun by any clock that was ever set. */
const begun = '2020-01-01T00:00:00.000Z'

export const scheduleStart = ({ purpose }: PowerProfile): Readonly<Record<string, unknown>> =>
  purpose === 'station-max' ? { startSchedule: begun } : {}
