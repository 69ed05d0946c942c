/** Signed policies: the first one, the next one, and the same again before it runs out. */

import type { DecodeFault } from '@/lib/protocol/cbor'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds } from '@/lib/core/units'
import { defaultPolicy } from '@/lib/policy/defaults'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { policiesOf } from '../issuance/queries'
import { localTimeOf } from './clock-changes'
import { policyFault, type PolicyRefused } from './policy-check'

const dayS = 86_400
/** A policy with less time than this left is signed anew, so that chargers cut off for weeks still hold a valid one. */
const policyRenewBeforeS = 60 * dayS
const policyDays = 90

/** The first policy, with this tariff; later the one in force again, in time. The operator's row is locked. */
export async function establishPolicy(
  cloud: Cloud,
  tx: TenantTransaction,
  tariff: CompactTariff,
): Promise<void> {
  const nowS = cloud.clock.nowS()
  const newest = await newestPolicy(cloud, tx)
  if (newest === undefined) {
    const fromS = addSeconds(nowS, -dayS)
    return putInForce(cloud, tx, defaultPolicy(cloud.config.tenant, 1, tariff, fromS))
  }
  // An announced one has a life of its own before it, and renewing the one in force would overtake it.
  if (newest.notBeforeS > nowS || newest.notAfterS > nowS + policyRenewBeforeS) return
  const fromS = addSeconds(nowS, -dayS)
  const { notAfterS } = defaultPolicy(cloud.config.tenant, newest.sequence + 1, newest.tariff, fromS)
  const again = { ...newest, sequence: newest.sequence + 1, notBeforeS: fromS, notAfterS }
  const withClock = withLocalTime(again)
  // A server whose database has lost the zone signs the clock that it had: the price stays, and later offsets with it.
  await putInForce(cloud, tx, withClock.ok ? withClock.value : again)
}

export type PolicyChange = Partial<Omit<Policy, 'operator' | 'sequence'>> & {
  /** What of the policy in force is left out of the next one. */
  readonly without?: readonly PolicyExtra[]
}

/** What a policy may say beyond one price for everybody. */
export const policyExtras = ['localTime', 'periods', 'classes', 'rules', 'switches'] as const
type PolicyExtra = (typeof policyExtras)[number]

/** Signs a policy with other terms, or says why not. The operator's row is locked. */
export async function followPolicy(
  cloud: Cloud,
  tx: TenantTransaction,
  { without = [], ...change }: PolicyChange,
): Promise<Result<number, PolicyRefused>> {
  const { inForce, next } = await policiesOf(cloud, tx)
  const sequence = (next ?? inForce).policy.sequence + 1
  const startS = change.notBeforeS ?? cloud.clock.nowS()
  const endS = Math.max(inForce.policy.notAfterS, startS + policyDays * dayS)
  const kept = Object.fromEntries(
    Object.entries(inForce.policy).filter(([name]) => !without.some((left) => left === name)),
  ) as Policy
  const terms = withLocalTime({ ...kept, notAfterS: epochSeconds(endS), ...change, sequence })
  if (!terms.ok) return terms
  const fault = policyFault({ ...inForce.policy, sequence: sequence - 1 }, terms.value, cloud.clock.nowS())
  if (fault !== undefined) return err(fault)
  const { bytes } = await signMessage(policy, terms.value, cloud.issuer)
  const read = parseMessage(policy, bytes)
  if (!read.ok) return err(formFault(read.error, bytes.length))
  await putInForce(cloud, tx, terms.value)
  return ok(sequence)
}

/** What devices could not even read is never put in force. */
const formFault = (fault: DecodeFault, bytes: number): PolicyRefused => ({
  code: 'policy.form',
  detail:
    fault.kind === 'wrong-shape'
      ? `${fault.path} should be ${fault.expected}.`
      : `It has ${bytes} bytes; a policy has at most ${limits.messageBytesMax}.`,
})

/** The zone is what the operator says; the changes of its clock are for the life of this very policy. */
function withLocalTime(terms: Policy): Result<Policy, PolicyRefused> {
  if (terms.localTime === undefined) return ok(terms)
  const { zone } = terms.localTime
  const found = localTimeOf(zone, terms.notBeforeS, terms.notAfterS)
  if (found.ok) return ok({ ...terms, localTime: found.value })
  const detail =
    found.error === 'unknown-zone'
      ? `There is no time zone ${zone}.`
      : `Clocks in ${zone} change too often for so long a policy.`
  return err({ code: 'policy.zone', detail })
}

async function newestPolicy(cloud: Cloud, tx: TenantTransaction): Promise<Policy | undefined> {
  const latest = await tx
    .selectFrom('policies')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const parsed = latest === undefined ? undefined : parseMessage(policy, latest.bytes)
  return parsed?.ok === true ? parsed.value.payload : undefined
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
