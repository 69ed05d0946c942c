/** What the issuer vouches for about chargers: their keys, their places, and whether they stand alone at a site. */

import type { Bytes } from '@/lib/core/bytes'
import {
  chargerId as toChargerId,
  siteId,
  type ChargerId,
  type GrantSerial,
  type MessageHash,
  type PublicKey,
} from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds } from '@/lib/core/units'
import { parseMessage, signMessage, verifyMessage } from '@/lib/protocol/message'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import {
  certificateSerial,
  chargerCertificate,
  type ChargerCertificate,
} from '@/lib/protocol/messages/charger-certificate'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { hashSecret, normaliseCode } from '../secrets'
import { readKey } from './grant-books'
import { isRevoked, revokeAll } from './revocations'

const dayS = 86_400
const certificateDays = 2 * 365
/** A certificate with less time than this left is renewed with the next news. */
const renewBeforeS = 60 * dayS
/** Certificates that a charger may be given in a day; each stays known for what was signed under it. */
const certificatesADayMax = 4
const hasCamera = 1
const isAlone = 4

/** Exchanges a one-time code for a certificate. The same code and key give the same certificate again. */
export async function certifyByCode(
  cloud: Cloud,
  tx: TenantTransaction,
  request: {
    readonly code: string
    readonly chargerId: string
    readonly key: PublicKey
    /** Of the meter, where it signs: whoever holds the one-time code has read it off the meter. */
    readonly meterKeyHash: MessageHash | undefined
  },
): Promise<Result<Bytes, Refusal>> {
  const { tenant } = cloud.config
  const code = await tx
    .selectFrom('enrolment_codes')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('code_hash', '=', hashSecret(normaliseCode(request.code)))
    .where('charger_id', '=', request.chargerId)
    .forUpdate()
    .executeTakeFirst()
  const isStale = code?.used_by_key === null && code.expires_at_s < cloud.clock.nowS()
  if (code === undefined || isStale) return err(refusal('device.enrolment-code'))
  if (code.used_by_key !== null && code.used_by_key !== request.key)
    return err(refusal('device.enrolment-code'))
  const known = await newestCertificate(cloud, tx, code.charger_id, request.key)
  // A key that was in other hands once is not vouched for again.
  if (known !== undefined && (await isTakenBack(cloud, tx, known))) return err(refusal('charger.revoked'))
  if (known !== undefined) return ok(known.bytes)
  await tx
    .updateTable('enrolment_codes')
    .set({ used_by_key: request.key })
    .where('tenant', '=', tenant)
    .where('code_hash', '=', code.code_hash)
    .execute()
  const charger = await lockCharger(cloud, tx, code.charger_id)
  if (charger === undefined) throw new Error(`The code is of ${code.charger_id}, which is not there`)
  return ok(await certify(cloud, tx, charger, request.key, request.meterKeyHash))
}

/**
 * A certificate for the charger's next key, or another one for the key it has. The request must bear the signature of
 * the key of its newest certificate, and that of the key to be certified. Repeating it gives what it gave.
 */
export async function certifyNextKey(
  cloud: Cloud,
  tx: TenantTransaction,
  request: { readonly renewal: Uint8Array; readonly proof: Uint8Array },
): Promise<Result<Bytes, Refusal>> {
  const renewal = parseMessage(certificateRenewal, request.renewal)
  const proof = parseMessage(certificateRenewal, request.proof)
  if (!renewal.ok || !proof.ok) return err(refusal('code.damaged'))
  const { operator, chargerId, key } = renewal.value.payload
  if (operator !== cloud.config.tenant || readKey(key) === undefined) return err(refusal('device.unknown'))
  const charger = await lockCharger(cloud, tx, chargerId)
  const newest = charger === undefined ? undefined : await newestCertificate(cloud, tx, chargerId)
  if (charger === undefined || newest === undefined) return err(refusal('device.unknown'))
  if (await isTakenBack(cloud, tx, newest)) return err(refusal('charger.revoked'))
  const holdsNext =
    renewal.value.hash === proof.value.hash && verifyMessage(proof.value, key, cloud.verify) !== undefined
  if (!holdsNext) return err(refusal('device.unknown'))
  const isPresent = verifyMessage(renewal.value, newest.payload.key, cloud.verify) !== undefined
  if (newest.payload.key === key) {
    // The answer to an earlier request may have been lost: then the key before signs this one once more.
    return isPresent && (await isOutdated(cloud, tx, charger, newest.payload))
      ? ok(await certify(cloud, tx, charger, key))
      : ok(newest.bytes)
  }
  if (!isPresent) return err(refusal('device.unknown'))
  if ((await certificatesToday(cloud, tx, chargerId)) >= certificatesADayMax)
    return err(refusal('api.rate-limited'))
  return ok(await certify(cloud, tx, charger, key))
}

/**
 * The certificate that a charger should have, where the one it showed is another: renewed first when it runs out soon
 * or says what is not so any more, as when a second charger came to the site. Undefined when all is well.
 */
export async function certificateFor(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: ChargerId,
  shown: Uint8Array,
): Promise<Bytes | undefined> {
  const charger = await lockCharger(cloud, tx, chargerId)
  const newest = await newestCertificate(cloud, tx, chargerId)
  if (charger === undefined || newest === undefined) return undefined
  if (await isTakenBack(cloud, tx, newest)) return undefined
  if (await isOutdated(cloud, tx, charger, newest.payload))
    return certify(cloud, tx, charger, newest.payload.key)
  return Buffer.compare(shown, newest.bytes) === 0 ? undefined : newest.bytes
}

interface Charger {
  readonly chargerId: string
  readonly siteId: string
  readonly siteLabel: string
  readonly bayLabel: string
}

/** Locked, so that one certificate is made at a time. Undefined for one that was never registered. */
async function lockCharger(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: string,
): Promise<Charger | undefined> {
  const { tenant } = cloud.config
  const row = await tx
    .selectFrom('chargers')
    .innerJoin('sites', (join) =>
      join.onRef('sites.tenant', '=', 'chargers.tenant').onRef('sites.site_id', '=', 'chargers.site_id'),
    )
    .select(['chargers.charger_id', 'chargers.site_id', 'chargers.bay_label', 'sites.label'])
    .where('chargers.tenant', '=', tenant)
    .where('chargers.charger_id', '=', chargerId)
    .forUpdate('chargers')
    .executeTakeFirst()
  if (row === undefined) return undefined
  return { chargerId: row.charger_id, siteId: row.site_id, siteLabel: row.label, bayLabel: row.bay_label }
}

async function capabilitiesOf(cloud: Cloud, tx: TenantTransaction, site: string): Promise<number> {
  const { count } = await tx
    .selectFrom('chargers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', cloud.config.tenant)
    .where('site_id', '=', site)
    .executeTakeFirstOrThrow()
  return count === 1 ? hasCamera | isAlone : hasCamera
}

async function isOutdated(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: Charger,
  certificate: ChargerCertificate,
): Promise<boolean> {
  const isTrue =
    certificate.siteId === charger.siteId &&
    certificate.siteLabel === charger.siteLabel &&
    certificate.bayLabel === charger.bayLabel &&
    certificate.capabilities === (await capabilitiesOf(cloud, tx, charger.siteId))
  return !isTrue || certificate.notAfterS - cloud.clock.nowS() < renewBeforeS
}

async function certify(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: Charger,
  key: PublicKey,
  enrolledMeter?: MessageHash,
): Promise<Bytes> {
  const { tenant } = cloud.config
  const before = await newestCertificate(cloud, tx, charger.chargerId)
  // What was vouched for stays so through renewals, until the charger is enrolled with another meter.
  const meterKeyHash = enrolledMeter ?? before?.payload.meterKeyHash
  const backdatedS = addSeconds(cloud.clock.nowS(), -dayS)
  // Later than the one before, so that whoever compares two knows which is newer.
  const notBeforeS = epochSeconds(Math.max(backdatedS, (before?.payload.notBeforeS ?? 0) + 1))
  const notAfterS = addSeconds(notBeforeS, certificateDays * dayS)
  const payload = {
    operator: tenant,
    chargerId: toChargerId(charger.chargerId),
    key,
    siteId: siteId(charger.siteId),
    siteLabel: charger.siteLabel,
    bayLabel: charger.bayLabel,
    notBeforeS,
    notAfterS,
    capabilities: await capabilitiesOf(cloud, tx, charger.siteId),
    ...(meterKeyHash === undefined ? {} : { meterKeyHash }),
  }
  const signed = await signMessage(chargerCertificate, payload, cloud.issuer)
  await tx
    .insertInto('charger_certificates')
    .values({
      tenant,
      charger_id: charger.chargerId,
      key,
      not_before_s: notBeforeS,
      not_after_s: notAfterS,
      bytes: Buffer.from(signed.bytes),
    })
    .execute()
  return signed.bytes
}

interface KnownCertificate {
  readonly serial: GrantSerial
  readonly payload: ChargerCertificate
  readonly bytes: Bytes
}

/** Of all keys, or of one. */
async function newestCertificate(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: string,
  key?: PublicKey,
): Promise<KnownCertificate | undefined> {
  const row = await tx
    .selectFrom('charger_certificates')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .where('charger_id', '=', chargerId)
    .$if(key !== undefined, (query) => query.where('key', '=', key ?? ''))
    .orderBy('not_before_s', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const parsed = parseMessage(chargerCertificate, row.bytes)
  if (!parsed.ok) throw new Error(`A certificate of ${chargerId} does not parse any more`)
  return {
    payload: parsed.value.payload,
    bytes: parsed.value.bytes,
    serial: certificateSerial(parsed.value.hash),
  }
}

const isTakenBack = (cloud: Cloud, tx: TenantTransaction, { serial }: KnownCertificate): Promise<boolean> =>
  isRevoked(cloud, tx, serial)

/**
 * Tells everybody by the lists that phones and chargers carry to believe this charger no more, under any certificate that it
 * ever got. It sells again after it was enrolled with a new key. Gives the epoch; safe to repeat. Refuses with
 * `device.unknown` where the charger has no certificate.
 */
export async function revokeCertificates(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: ChargerId,
): Promise<Result<number, Refusal>> {
  await lockCharger(cloud, tx, chargerId)
  const rows = await tx
    .selectFrom('charger_certificates')
    .select(['bytes', 'not_after_s'])
    .where('tenant', '=', cloud.config.tenant)
    .where('charger_id', '=', chargerId)
    .where('not_after_s', '>=', cloud.clock.nowS())
    .execute()
  const serials = rows.flatMap(({ bytes }) => {
    const parsed = parseMessage(chargerCertificate, bytes)
    return parsed.ok ? [certificateSerial(parsed.value.hash)] : []
  })
  if (serials.length === 0) return err(refusal('device.unknown'))
  const lastS = Math.max(...rows.map((row) => row.not_after_s))
  return ok(await revokeAll(cloud, tx, serials, lastS, 'operator'))
}

async function certificatesToday(cloud: Cloud, tx: TenantTransaction, chargerId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('charger_certificates')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', cloud.config.tenant)
    .where('charger_id', '=', chargerId)
    .where('not_before_s', '>', cloud.clock.nowS() - 2 * dayS)
    .executeTakeFirstOrThrow()
  return count
}
