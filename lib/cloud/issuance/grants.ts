/** Builds and signs grants. Pure but for the signature; whoever calls has moved the credit into the reserve first. */

import { createHmac } from 'node:crypto'
import { concat, fromHex, toHex, utf8 } from '@/lib/core/bytes'
import {
  pseudonym,
  type CurrencyCode,
  type GrantSerial,
  type MessageHash,
  type Pseudonym,
  type PublicKey,
  type SiteId,
} from '@/lib/core/ids'
import { addSeconds, minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { grant, type FleetRules, type Grant } from '@/lib/protocol/messages/grant'
import { passkeyHashOf } from '@/lib/protocol/passkey-assertion'
import type { PasskeyInfo } from '../api-types/account'
import type { Cloud } from '../context'

export interface GrantTerms {
  readonly serial: GrantSerial
  readonly deviceKey: PublicKey
  /** Of whom the pseudonym is drawn: an account or a fleet token. */
  readonly holder: string
  readonly currency: CurrencyCode
  readonly capMinor: MinorUnits
  readonly sessionCapMinor: MinorUnits
  readonly spendsMax: number
  readonly notAfterS: EpochSeconds
  readonly keyProtection: Grant['keyProtection']
  readonly passkey?: PasskeyInfo
  readonly fleetRules?: FleetRules
  readonly connectorPowerMaxW?: number
  /** Absent or empty: roaming. */
  readonly sites?: readonly SiteId[]
}

/** A charger's clock may be this much behind ours and still honour a grant that was issued just now. */
const clockToleranceS = 300
/** A pseudonym serves for one week, so that chargers cannot follow a driver for longer. */
const pseudonymPeriodS = 7 * 86_400

/** The part of the cloud that signing a grant needs. */
export type GrantIssuer = Pick<Cloud, 'clock' | 'issuer' | 'pseudonymSecret'> & {
  readonly config: Pick<Cloud['config'], 'tenant'>
}

export function signGrant(cloud: GrantIssuer, terms: GrantTerms): Promise<VerifiedMessage<Grant>> {
  const nowS = cloud.clock.nowS()
  const passkeyHash = terms.passkey === undefined ? undefined : hashOfPasskey(terms.passkey)
  return signMessage(
    grant,
    {
      operator: cloud.config.tenant,
      serial: terms.serial,
      deviceKey: terms.deviceKey,
      pseudonym: pseudonymOf(cloud.pseudonymSecret, terms.holder, nowS),
      currency: terms.currency,
      capMinor: terms.capMinor,
      sessionCapMinor: minorUnits(Math.min(terms.sessionCapMinor, terms.capMinor)),
      spendsMax: terms.spendsMax,
      notBeforeS: addSeconds(nowS, -clockToleranceS),
      notAfterS: terms.notAfterS,
      sites: terms.sites ?? [],
      keyProtection: terms.keyProtection,
      ...(passkeyHash === undefined ? {} : { passkeyHash }),
      ...(terms.fleetRules === undefined ? {} : { fleetRules: terms.fleetRules }),
      ...(terms.connectorPowerMaxW === undefined ? {} : { connectorPowerMaxW: terms.connectorPowerMaxW }),
    },
    cloud.issuer,
  )
}

export const hashOfPasskey = (passkey: PasskeyInfo): MessageHash =>
  passkeyHashOf(passkey.algorithm, fromHex(passkey.publicKey))

function pseudonymOf(secret: Uint8Array, holder: string, nowS: EpochSeconds): Pseudonym {
  const period = Math.floor(nowS / pseudonymPeriodS)
  const digest = createHmac('sha256', secret)
    .update(concat(utf8(`${period} ${holder}`)))
    .digest()
  return pseudonym(toHex(digest.subarray(0, 8)))
}
