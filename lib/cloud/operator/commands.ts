/**
 * What the operator itself does: establish its trust and policy, set up sites, chargers and fleets, and fill the
 * demonstration. Every command may be repeated: what is there stays.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { ChargerId, GrantSerial, PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, type MinorUnits } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { revokeCertificates } from '../issuance/certificates'
import { issuePermit, vetoEnd, vetoOf } from '../issuance/permits'
import { nameRegion } from '../database/region'
import { grantsBySerial } from '../issuance/queries'
import { revocationLoad, revoke } from '../issuance/revocations'
import { technicianPassEnd } from '../issuance/technician-passes'
import { issueBatch, vouchersBySerial, type IssuedVoucher, type VoucherOrder } from '../issuance/vouchers'
import { openOrganisation } from '../organisations/commands'
import { hashSecret, normaliseCode, randomCode } from '../secrets'
import { establishPolicy, followPolicy, type PolicyChange } from './policies'
import type { PolicyRefused } from './policy-check'
import { establishTrust, listWith, newestTrust, takeList } from './trust-lists'

const dayS = 86_400

/** Tax-inclusive, in 10⁻⁴ of the major unit: 0.49 a kWh, 0.10 a minute of idling after 15 minutes, 19 % tax. */
export const demoTariff = (currency: string): CompactTariff => ({
  currency: currency as CompactTariff['currency'],
  energyPerKwh: 4_900,
  timePerMinute: 0,
  perSession: 0,
  idlePerMinute: 1_000,
  idleGraceMinutes: 15,
  taxBasisPoints: 1_900,
})

/**
 * Makes sure that the root vouches for the server's issuer key and that a policy is in force. Throws one plain
 * sentence when the database was established under another root, or when the root is needed and not here.
 */
export async function establishOperator(cloud: Cloud, root: Signer | undefined, name: string): Promise<void> {
  const { tenant, currency } = cloud.config
  await inTenant(cloud.db, tenant, async (tx) => {
    await tx
      .insertInto('tenants')
      .values({ tenant, name, currency })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await lockOperator(cloud, tx)
    await nameRegion(tx, tenant, cloud.config.region)
    await establishTrust(cloud, tx, root)
    await establishPolicy(cloud, tx, demoTariff(currency))
  })
}

/** Signs the policy again in time. For the worker. */
export async function renewPolicy(cloud: Cloud): Promise<void> {
  await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    await lockOperator(cloud, tx)
    await establishPolicy(cloud, tx, demoTariff(cloud.config.currency))
  })
}

/** One at a time decides what is signed next. */
const lockOperator = async (cloud: Cloud, tx: TenantTransaction): Promise<void> => {
  const { tenant } = cloud.config
  await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forUpdate().execute()
}

/**
 * Signs a policy with other terms, now or from `notBeforeS` on. Chargers and phones get it with their next news. Throws
 * `PolicyRefusal` when it may not follow the policy in force.
 */
export async function issuePolicy(cloud: Cloud, change: PolicyChange): Promise<number> {
  const { tenant } = cloud.config
  const issued = await transact(cloud.db, tenant, async (tx) => {
    await lockOperator(cloud, tx)
    return followPolicy(cloud, tx, change)
  })
  if (!issued.ok) throw new PolicyRefusal(issued.error)
  return issued.value
}

/** Its message is one plain sentence. */
export class PolicyRefusal extends Error {
  readonly code: PolicyRefused['code']

  constructor({ code, detail }: PolicyRefused) {
    super(detail)
    this.code = code
  }
}

/** What devices should trust next, for the root to sign: another issuer key beside the present one. */
export async function requestTrustList(cloud: Cloud, nextKey: PublicKey, days: number): Promise<TrustList> {
  return inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const known = await newestTrust(cloud, tx)
    const overlap = { endingKey: cloud.issuer.publicKey, days }
    return listWith(cloud, known?.list, nextKey, nextKey === cloud.issuer.publicKey ? undefined : overlap)
  })
}

/** Takes in a list that the root signed elsewhere, or one sentence about what is wrong with it. */
export async function importTrustList(cloud: Cloud, bytes: Bytes): Promise<Result<TrustList, string>> {
  return transact(cloud.db, cloud.config.tenant, async (tx) => {
    await lockOperator(cloud, tx)
    const taken = await takeList(cloud, tx, bytes)
    if (taken.ok)
      await writeAuditLine(cloud, tx, 'operator', 'trust-list.import', String(taken.value.sequence))
    return taken
  })
}

/** Keeps a session from being accepted, or a grant from being accepted again, at one charger or all. */
export async function veto(
  cloud: Cloud,
  request: { readonly id: string; readonly chargerId?: string; readonly author: string },
): Promise<Result<Bytes, Refusal>> {
  const terms = vetoOf(request.id, request.chargerId)
  if (terms === undefined) return err(refusal('api.malformed'))
  return transact(cloud.db, cloud.config.tenant, async (tx) => {
    await writeAuditLine(cloud, tx, request.author, 'permit.veto', request.id)
    return issuePermit(cloud, tx, terms, vetoEnd(cloud.clock.nowS()), request.author)
  })
}

/** Lets a grant hold up to an amount at a charger that knows it only little. The operator answers for the risk. */
export async function raiseAtCharger(
  cloud: Cloud,
  request: {
    readonly serial: GrantSerial
    readonly chargerId: ChargerId
    readonly maximumMinor: MinorUnits
    readonly hours: number
    readonly author: string
  },
): Promise<Result<Bytes, Refusal>> {
  const { serial, chargerId, maximumMinor, author } = request
  return transact(cloud.db, cloud.config.tenant, async (tx) => {
    const grants = await grantsBySerial(tx, cloud.config.tenant, [serial])
    const grant = grants.get(serial)
    if (grant === undefined) return err(refusal('grant.missing'))
    if (maximumMinor > grant.capMinor || maximumMinor <= 0)
      return err(refusal('account.amount', { minimumMinor: 1, maximumMinor: grant.capMinor }))
    await writeAuditLine(cloud, tx, author, 'permit.raise', `${serial} ${chargerId}`)
    const ends = addSeconds(cloud.clock.nowS(), request.hours * 3_600)
    return issuePermit(cloud, tx, { verdict: 'raise', serial, chargerId, maximumMinor }, ends, author)
  })
}

/** Cards whose credit stands in reserves from now on. The same batch again is the same cards. */
export async function issueVouchers(
  cloud: Cloud,
  order: VoucherOrder,
): Promise<Result<readonly IssuedVoucher[], Refusal>> {
  return transact(cloud.db, cloud.config.tenant, async (tx) => {
    const issued = await issueBatch(cloud, tx, order)
    if (issued.ok) await writeAuditLine(cloud, tx, order.author, 'voucher.issue', order.batch)
    return issued
  })
}

/**
 * Puts a card or a grant on the list that chargers carry. What offline chargers accepted is still owed, so its credit
 * stays in the reserve until the holds have run out.
 */
export async function revokeSerial(
  cloud: Cloud,
  request: { readonly serial: GrantSerial; readonly author: string },
): Promise<Result<{ readonly revocationEpoch: number; readonly waiting: number }, Refusal>> {
  const { tenant } = cloud.config
  const { serial, author } = request
  return transact(cloud.db, tenant, async (tx) => {
    const notAfterS =
      (await grantsBySerial(tx, tenant, [serial])).get(serial)?.notAfterS ??
      (await vouchersBySerial(tx, tenant, [serial]))[0]?.notAfterS ??
      (await technicianPassEnd(tx, tenant, serial))
    if (notAfterS === undefined) return err(refusal('grant.missing'))
    const revocationEpoch = await revoke(cloud, tx, serial, notAfterS, 'operator')
    await writeAuditLine(cloud, tx, author, 'serial.revoke', serial)
    return ok({ revocationEpoch, waiting: (await revocationLoad(cloud, tx)).waiting })
  })
}

/** Its key is in other hands, or the charger is gone: phones and chargers are told not to believe it any more. */
export const revokeCharger = (
  cloud: Cloud,
  { chargerId, author }: { readonly chargerId: ChargerId; readonly author: string },
): Promise<Result<{ readonly revocationEpoch: number; readonly waiting: number }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const revoked = await revokeCertificates(cloud, tx, chargerId)
    if (!revoked.ok) return revoked
    await writeAuditLine(cloud, tx, author, 'charger.revoke', chargerId)
    return ok({ revocationEpoch: revoked.value, waiting: (await revocationLoad(cloud, tx)).waiting })
  })

const enrolmentCodeDays = 7

export interface ChargerSetup {
  readonly chargerId: string
  readonly siteId: string
  readonly siteLabel: string
  readonly bayLabel: string
}

/** Registers a charger and gives the one-time code with which its controller enrols. */
export async function registerCharger(
  cloud: Cloud,
  setup: ChargerSetup,
): Promise<{ readonly enrolmentCode: string }> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const enrolmentCode = randomCode(cloud.random)
  await inTenant(cloud.db, tenant, async (tx) => {
    await tx
      .insertInto('sites')
      .values({ tenant, site_id: setup.siteId, label: setup.siteLabel })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx
      .insertInto('chargers')
      .values({
        tenant,
        charger_id: setup.chargerId,
        site_id: setup.siteId,
        bay_label: setup.bayLabel,
        created_at_s: nowS,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx
      .insertInto('enrolment_codes')
      .values({
        tenant,
        code_hash: hashSecret(normaliseCode(enrolmentCode)),
        charger_id: setup.chargerId,
        expires_at_s: nowS + enrolmentCodeDays * dayS,
        used_by_key: null,
      })
      .execute()
  })
  return { enrolmentCode }
}

export interface FleetSetup {
  readonly fleetId: string
  readonly fleetNumber: number
  readonly name: string
  readonly managerId: string
  /** What the others of the fleet read of the manager; nothing while nobody has said it. */
  readonly managerName?: string
  readonly managerEmail?: string
}

export async function registerFleet(cloud: Cloud, setup: FleetSetup): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  await inTenant(cloud.db, tenant, async (tx) => {
    await tx
      .insertInto('fleets')
      .values({
        tenant,
        fleet_id: setup.fleetId,
        fleet_number: setup.fleetNumber,
        name: setup.name,
        created_at_s: nowS,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx
      .insertInto('accounts')
      .values({ tenant, account_id: setup.managerId, created_at_s: nowS })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await openOrganisation(cloud, tx, {
      organisationId: setup.fleetId,
      kind: 'fleet',
      name: setup.name,
      owner: {
        accountId: setup.managerId,
        name: setup.managerName ?? '',
        email: setup.managerEmail ?? `${setup.managerId}@account.invalid`,
      },
    })
  })
}
