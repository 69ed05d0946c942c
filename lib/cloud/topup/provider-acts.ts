/**
 * The outbox to the card provider: captures, cancellations and refunds that were decided in a transaction and are
 * asked for afterwards, by whichever worker comes first. An attempt is written down before the call; the act's id is
 * the provider's idempotency key, so that a call whose answer was lost does the same thing once.
 */

import { sql } from 'kysely'
import { currencyCode } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { openCases } from '../cases/commands'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { CardActRow } from '../database/tables/payments'
import type { ActDone, ProviderAct } from './card-provider'
import { paymentCase } from './payment-rows'
import { receiveDeliveries } from './receive-webhook'

/** While one worker asks, the others leave the act alone; longer than a call may take. */
const leaseS = 60
const pauseMostS = 3_600
const attemptsMax = 30
/** Providers forget idempotency keys after a day. A refund that may have been made is never asked for again later. */
const refundRetryS = 20 * 3_600
const actsPerCall = 32

export type NewAct = Pick<CardActRow, 'payment_id' | 'kind' | 'amount_minor'> & { readonly suffix: string }

/** Decided in the caller's transaction; done when that has committed. Gives the act's id. */
export async function planAct(cloud: Cloud, tx: TenantTransaction, act: NewAct): Promise<string> {
  const actId = `${act.payment_id}/${act.suffix}`
  const nowS = cloud.clock.nowS()
  await tx
    .insertInto('card_acts')
    .values({
      tenant: cloud.config.tenant,
      act_id: actId,
      payment_id: act.payment_id,
      kind: act.kind,
      amount_minor: act.amount_minor,
      state: 'waiting',
      first_tried_at_s: null,
      due_at_s: nowS,
      refusal: null,
      created_at_s: nowS,
    })
    .execute()
  return actId
}

/** Does what is due; gives how many acts were finished. */
export async function workOnActs(cloud: Cloud): Promise<number> {
  let finished = 0
  for (let tried = 0; tried < actsPerCall; tried += 1) {
    const claimed = await claimAct(cloud)
    if (claimed === undefined) break
    if (await tryAct(cloud, claimed)) finished += 1
  }
  return finished
}

interface ClaimedAct {
  readonly kind: CardActRow['kind']
  readonly attempts: number
  readonly firstTriedAtS: number
  readonly askedMinor: number
  readonly act: ProviderAct
}

async function claimAct(cloud: Cloud): Promise<ClaimedAct | undefined> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  return inTenant(cloud.db, tenant, async (tx) => {
    const { rows } = await sql<{
      act_id: string
      payment_id: string
      kind: CardActRow['kind']
      amount_minor: number
      attempts: number
      first_tried_at_s: number | null
    }>`
      select act_id, payment_id, kind, amount_minor, attempts, first_tried_at_s from card_acts
      where tenant = ${tenant} and state = 'waiting' and due_at_s <= ${nowS}::bigint
      order by due_at_s, act_id limit 1 for update skip locked`.execute(tx)
    const row = rows[0]
    if (row === undefined) return undefined
    const payment = await tx
      .selectFrom('card_payments')
      .select(['payment_reference', 'currency', 'amount_minor'])
      .where('tenant', '=', tenant)
      .where('payment_id', '=', row.payment_id)
      .executeTakeFirstOrThrow()
    const firstTriedAtS = row.first_tried_at_s ?? nowS
    await tx
      .updateTable('card_acts')
      .set({
        attempts: row.attempts + 1,
        first_tried_at_s: firstTriedAtS,
        due_at_s: nowS + Math.min(pauseMostS, leaseS * 2 ** Math.min(row.attempts, 10)),
      })
      .where('tenant', '=', tenant)
      .where('act_id', '=', row.act_id)
      .execute()
    return {
      kind: row.kind,
      attempts: row.attempts + 1,
      firstTriedAtS,
      askedMinor: payment.amount_minor,
      act: {
        tenant,
        actId: row.act_id,
        paymentId: row.payment_id,
        paymentReference: payment.payment_reference ?? '',
        amountMinor: minorUnits(row.amount_minor),
        currency: currencyCode(payment.currency),
        nowS,
      },
    }
  })
}

/** False when it has to be tried again. */
async function tryAct(cloud: Cloud, claimed: ClaimedAct): Promise<boolean> {
  const { kind, act, attempts, firstTriedAtS } = claimed
  if (kind === 'refund' && act.nowS - firstTriedAtS > refundRetryS) return giveUp(cloud, claimed, 'too-late')
  let done: Result<ActDone, Refusal>
  try {
    done = await cloud.cards[kind](act)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`payments: ${kind} ${act.actId}, attempt ${attempts}: ${why}\n`)
    return attempts >= attemptsMax ? giveUp(cloud, claimed, 'unreachable') : false
  }
  if (!done.ok) return giveUp(cloud, claimed, done.error.code)
  await receiveDeliveries(cloud, done.value.deliveries)
  await inTenant(cloud.db, cloud.config.tenant, (tx) => finish(cloud, tx, act.actId, 'done', null))
  return true
}

/** People have to look: what the books expect of the card did not come about. */
async function giveUp(cloud: Cloud, { act, kind, askedMinor }: ClaimedAct, why: string): Promise<boolean> {
  await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    await finish(cloud, tx, act.actId, 'refused', why)
    const payment = { payment_id: act.paymentId, amount_minor: askedMinor }
    const told = { amountMinor: act.amountMinor, act: kind, refusal: why }
    await openCases(tx, cloud.config.tenant, cloud.clock.nowS(), [paymentCase(payment, 'card-act', told)])
  })
  return true
}

async function finish(
  cloud: Cloud,
  tx: TenantTransaction,
  actId: string,
  state: 'done' | 'refused',
  refusal: string | null,
): Promise<void> {
  await tx
    .updateTable('card_acts')
    .set({ state, refusal })
    .where('tenant', '=', cloud.config.tenant)
    .where('act_id', '=', actId)
    .where('state', '=', 'waiting')
    .execute()
}
