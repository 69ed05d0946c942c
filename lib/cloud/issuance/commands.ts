/** Signs what lets others act without us: grants, certificates, permits, cards and the time; and takes grants back. */

import type { Bytes } from '@/lib/core/bytes'
import { messageHash, nonce, type GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { signMessage } from '@/lib/protocol/message'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import type { EnrolRequest } from '../api-types/devices'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { certifyByCode, certifyNextKey } from './certificates'
import { grantToDriver, type DriverGrantRequest } from './driver-grant'
import { readKey } from './grant-books'
import { raiseCap, type RaiseRequest } from './raise-cap'
import { exchangeGrant, type RenewRequest } from './renew-grant'
import { revoke } from './revocations'

/**
 * A grant from a driver's credit. The live grant of the same device is given again while it has room, so that a lost
 * response costs nothing; else another one takes its cap from the balance.
 */
export async function issueDriverGrant(
  cloud: Cloud,
  request: DriverGrantRequest,
): Promise<Result<Bytes, Refusal>> {
  const deviceKey = readKey(request.deviceKey)
  if (deviceKey === undefined) return err(refusal('phone.key'))
  return transact(cloud.db, cloud.config.tenant, (tx) => grantToDriver(cloud, tx, request, deviceKey))
}

/** The next grant for one that its holder closed. The same close gives the same grant again. */
export async function renewGrant(cloud: Cloud, request: RenewRequest): Promise<Result<Bytes, Refusal>> {
  const nextKey = readKey(request.deviceKey)
  if (nextKey === undefined) return err(refusal('phone.key'))
  return transact(cloud.db, cloud.config.tenant, (tx) => exchangeGrant(cloud, tx, request, nextKey))
}

/** A permit for more than a charger grants a stranger, within what the grant's reserve still has. */
export async function raiseGrantCap(cloud: Cloud, request: RaiseRequest): Promise<Result<Bytes, Refusal>> {
  return transact(cloud.db, cloud.config.tenant, (tx) => raiseCap(cloud, tx, request))
}

/** Puts a grant on the list that phones and chargers carry around; gives the epoch of that list. Safe to repeat. */
export const revokeGrant = (
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
  notAfterS: number,
  reason: string,
): Promise<number> => revoke(cloud, tx, serial, notAfterS, reason)

/** Exchanges a one-time code for a certificate. The same code and key give the same certificate again. */
export async function enrolCharger(cloud: Cloud, request: EnrolRequest): Promise<Result<Bytes, Refusal>> {
  const { code, chargerId, publicKey, meterKeyHash } = request
  const key = readKey(publicKey)
  if (key === undefined) return err(refusal('device.unknown'))
  const meter = meterKeyHash === undefined ? undefined : messageHash(meterKeyHash)
  const wanted = { code, chargerId, key, meterKeyHash: meter }
  return transact(cloud.db, cloud.config.tenant, (tx) => certifyByCode(cloud, tx, wanted))
}

/** A certificate for a charger's next key, or another for the one it has. */
export async function renewCharger(
  cloud: Cloud,
  request: { readonly renewal: Uint8Array; readonly proof: Uint8Array },
): Promise<Result<Bytes, Refusal>> {
  return transact(cloud.db, cloud.config.tenant, (tx) => certifyNextKey(cloud, tx, request))
}

/** The time for the nonce of an offer, given as hex. */
export async function signTime(cloud: Cloud, offerNonce: string): Promise<Result<Bytes, Refusal>> {
  if (!/^[0-9a-f]{16}$/.test(offerNonce)) return err(refusal('api.malformed'))
  const payload = { operator: cloud.config.tenant, nonce: nonce(offerNonce), timeS: cloud.clock.nowS() }
  return ok((await signMessage(signedTime, payload, cloud.issuer)).bytes)
}
