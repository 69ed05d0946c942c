/** Fields that several messages share. */

import {
  chargerId,
  chargerIdPattern,
  currencyCode,
  currencyPattern,
  deviceId,
  deviceIdPattern,
  grantSerial,
  messageHash,
  nonce,
  operatorId,
  operatorIdPattern,
  pseudonym,
  publicKey,
  sealingKey,
  sessionId,
  siteId,
  siteIdPattern,
} from '@/lib/core/ids'
import { epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import { choice, hexBytes, integer, text, uint } from './fields'

export const hashField = hexBytes(16, messageHash)
export const sessionIdField = hexBytes(16, sessionId)
export const serialField = hexBytes(8, grantSerial)
export const pseudonymField = hexBytes(8, pseudonym)
export const nonceField = hexBytes(8, nonce)
export const keyField = hexBytes(32, publicKey)
export const sealingKeyField = hexBytes(32, sealingKey)
/** A Merkle root, 32 bytes as hex. */
export const rootField = hexBytes(32, (hex) => hex)

export const operatorField = text(operatorIdPattern, operatorId)
export const chargerField = text(chargerIdPattern, chargerId)
export const siteField = text(siteIdPattern, siteId)
export const deviceField = text(deviceIdPattern, deviceId)
export const currencyField = text(currencyPattern, currencyCode)

/** Until the year 9999. */
export const timeField = integer(epochSeconds, { max: 253_402_300_799 })
export const durationField = integer(seconds, { max: 31_536_000 })
/** An amount that is not negative, up to 10 million major units of a two-decimal currency. */
export const amountField = integer(minorUnits, { max: 1_000_000_000 })
/** A meter register in Wh: up to 1 TWh, room for public meters' life. */
export const energyField = integer(wattHours, { max: 1_000_000_000_000 })
export const epochField = uint(4_294_967_295)

/** How far a device trusts its wall clock. `synchronised`: from a signed time or NTP within a day. */
export const clockQualities = ['unknown', 'relative', 'synchronised'] as const
export type ClockQuality = (typeof clockQualities)[number]
export const clockQualityField = choice(clockQualities)
