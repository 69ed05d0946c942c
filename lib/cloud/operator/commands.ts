/**
 * What the operator itself does: establish its trust and policy, set up sites, chargers and fleets, and fill the
 * demonstration. Every command may be repeated: what is there stays.
 */

import { toBytes } from '@/lib/core/bytes'
import { addSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { defaultPolicy } from '@/lib/policy/defaults'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { trustList, type TrustList } from '@/lib/protocol/messages/trust-list'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { currentPolicy } from '../issuance/queries'
import { hashSecret, normaliseCode, randomCode } from '../secrets'

const dayS = 86_400
const issuerKeyDays = 2 * 365
/** A policy with less time than this left is signed anew, so that chargers cut off for weeks still hold a valid one. */
const policyRenewBeforeS = 60 * dayS

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
 * sentence when the database was established under another root.
 */
export async function establishOperator(cloud: Cloud, root: Signer, name: string): Promise<void> {
  const { tenant, currency } = cloud.config
  await inTenant(cloud.db, tenant, async (tx) => {
    await tx
      .insertInto('tenants')
      .values({ tenant, name, currency })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forUpdate().execute()
    await establishTrust(cloud, tx, root)
    await establishPolicy(cloud, tx)
  })
}

/** Signs the policy again in time. For the worker. */
export async function renewPolicy(cloud: Cloud): Promise<void> {
  await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forUpdate().execute()
    await establishPolicy(cloud, tx)
  })
}

async function establishTrust(cloud: Cloud, tx: TenantTransaction, root: Signer): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const latest = await tx
    .selectFrom('trust_lists')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (latest !== undefined && latest.root_key !== root.publicKey) {
    throw new Error(
      `The database belongs to another operator root than the key in ${cloud.config.keyFolder}; restore that key or use a fresh data folder.`,
    )
  }
  const parsed = latest === undefined ? undefined : parseMessage(trustList, toBytes(latest.bytes))
  const issuers = parsed?.ok === true ? parsed.value.payload.issuers : []
  if (issuers.some(({ key, notAfterS }) => key === cloud.issuer.publicKey && notAfterS > nowS)) return
  const sequence = (latest?.sequence ?? 0) + 1
  const signed = await signMessage(
    trustList,
    { operator: tenant, sequence, timeS: nowS, issuers: withIssuer(issuers, cloud.issuer, nowS) },
    root,
  )
  await tx
    .insertInto('trust_lists')
    .values({ tenant, sequence, root_key: root.publicKey, bytes: Buffer.from(signed.bytes) })
    .execute()
  await tx.updateTable('tenants').set({ trust_sequence: sequence }).where('tenant', '=', tenant).execute()
}

/** Rotation overlaps: earlier keys stay, so that what they signed can still be checked. */
function withIssuer(issuers: TrustList['issuers'], issuer: Signer, nowS: EpochSeconds): TrustList['issuers'] {
  const notBeforeS = addSeconds(nowS, -dayS)
  const fresh = { key: issuer.publicKey, notBeforeS, notAfterS: addSeconds(notBeforeS, issuerKeyDays * dayS) }
  return [fresh, ...issuers.filter(({ key }) => key !== issuer.publicKey)].slice(0, 8)
}

async function establishPolicy(cloud: Cloud, tx: TenantTransaction): Promise<void> {
  const { tenant, currency } = cloud.config
  const nowS = cloud.clock.nowS()
  const latest = await tx
    .selectFrom('policies')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const parsed = latest === undefined ? undefined : parseMessage(policy, toBytes(latest.bytes))
  const current = parsed?.ok === true ? parsed.value.payload : undefined
  if (current !== undefined && current.notAfterS > nowS + policyRenewBeforeS) return
  const sequence = (latest?.sequence ?? 0) + 1
  const fromS = addSeconds(nowS, -dayS)
  const fresh = defaultPolicy(tenant, sequence, current?.tariff ?? demoTariff(currency), fromS)
  const kept =
    current === undefined ? fresh : { ...current, sequence, notBeforeS: fromS, notAfterS: fresh.notAfterS }
  await putInForce(cloud, tx, kept)
}

async function putInForce(cloud: Cloud, tx: TenantTransaction, terms: Policy): Promise<void> {
  const { tenant } = cloud.config
  const { sequence } = terms
  const signed = await signMessage(policy, terms, cloud.issuer)
  await tx
    .insertInto('policies')
    .values({ tenant, sequence, bytes: Buffer.from(signed.bytes) })
    .execute()
  await tx.updateTable('tenants').set({ policy_epoch: sequence }).where('tenant', '=', tenant).execute()
}

/** Signs a policy with other terms. Chargers and phones get it with their next news. */
export async function issuePolicy(
  cloud: Cloud,
  change: Partial<Omit<Policy, 'operator' | 'sequence'>>,
): Promise<number> {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forUpdate().execute()
    const current = await currentPolicy(cloud, tx)
    const sequence = current.policy.sequence + 1
    await putInForce(cloud, tx, { ...current.policy, ...change, sequence })
    return sequence
  })
}

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
    await tx
      .insertInto('fleet_managers')
      .values({ tenant, fleet_id: setup.fleetId, account_id: setup.managerId })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}
