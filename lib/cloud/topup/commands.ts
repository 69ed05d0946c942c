/**
 * Credit from a card. The attempt is written down before the provider is asked, and posted under the attempt's id
 * afterwards: however often a phone repeats a request, the card is charged once and the credit appears once.
 */

import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import { wholeUnits } from '@/lib/policy/defaults'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { cardClearingAccount, receivableAccount, type OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { balanceOf, lockedBalancesOf } from '../ledger/queries'
import type { Transfer } from '../ledger/transfer'
import { randomId } from '../secrets'

export interface TopUp {
  readonly owner: OwnerAccount
  readonly amountMinor: number
  readonly currency: CurrencyCode
  readonly cardNumber: string
  readonly idempotencyKey: string
  /** Who asks: an account's id. */
  readonly author: string
}

/** Whole currency units in one top-up: below, card fees eat it; above, it is a bank transfer. */
export const topUpRange = { least: 5, most: 500 } as const
/** A fleet pays for many drivers at once. */
export const fleetTopUpMost = 50_000

/** The new balance. The same key gives the same outcome; with another amount it is `api.conflict`. */
export async function topUp(
  cloud: Cloud,
  request: TopUp,
): Promise<Result<{ balanceMinor: MinorUnits }, Refusal>> {
  const { config } = cloud
  if (request.currency !== config.currency) return err(refusal('account.amount'))
  const most = request.owner.startsWith('fleet:') ? fleetTopUpMost : topUpRange.most
  const bounds = {
    minimumMinor: wholeUnits(topUpRange.least, config.currency),
    maximumMinor: wholeUnits(most, config.currency),
  }
  if (request.amountMinor < bounds.minimumMinor || request.amountMinor > bounds.maximumMinor) {
    return err(refusal('account.amount', bounds))
  }
  const started = await start(cloud, request)
  if (!started.ok) return started
  const attempt = started.value
  if (attempt.state === 'declined') return err(refusal('account.card-declined'))
  if (attempt.state === 'started') {
    const charged = await cloud.cards.charge({
      idempotencyKey: attempt.topUpId,
      amountMinor: minorUnits(request.amountMinor),
      currency: request.currency,
      cardNumber: request.cardNumber,
    })
    if (!charged.ok) return decline(cloud, request, charged.error)
    return post(cloud, request, attempt.topUpId, charged.value.providerReference)
  }
  return transact(cloud.db, config.tenant, async (tx) => ok(await balance(tx, cloud, request)))
}

interface Attempt {
  readonly topUpId: string
  readonly state: 'started' | 'paid' | 'declined'
}

const start = (cloud: Cloud, request: TopUp): Promise<Result<Attempt, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    await tx
      .insertInto('top_ups')
      .values({
        tenant,
        owner: request.owner,
        idempotency_key: request.idempotencyKey,
        top_up_id: randomId(cloud.random),
        amount_minor: request.amountMinor,
        currency: request.currency,
        state: 'started',
        created_at_s: cloud.clock.nowS(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await tx
      .selectFrom('top_ups')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('owner', '=', request.owner)
      .where('idempotency_key', '=', request.idempotencyKey)
      .executeTakeFirstOrThrow()
    if (row.amount_minor !== request.amountMinor) return err(refusal('api.conflict'))
    return ok({ topUpId: row.top_up_id, state: row.state })
  })

async function decline(cloud: Cloud, request: TopUp, why: Refusal): Promise<Result<never, Refusal>> {
  await transact(cloud.db, cloud.config.tenant, async (tx) => {
    await mark(tx, cloud, request, { state: 'declined' })
    return ok(undefined)
  })
  return err(why)
}

/** New credit pays first what the owner owes from spends beyond its credit. */
const post = (
  cloud: Cloud,
  request: TopUp,
  topUpId: string,
  providerReference: string,
): Promise<Result<{ balanceMinor: MinorUnits }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const receivable = receivableAccount(request.owner)
    const balances = await lockedBalancesOf(tx, tenant, [receivable, request.owner], request.currency)
    const owedMinor = -(balances.get(receivable)?.postedMinor ?? 0)
    const base = {
      reference: topUpId,
      currency: request.currency,
      effect: 'post',
      author: request.author,
    } as const
    const transfers: Transfer[] = [
      {
        ...base,
        kind: 'top-up',
        debit: cardClearingAccount,
        credit: request.owner,
        amountMinor: minorUnits(request.amountMinor),
        reason: 'card',
      },
    ]
    if (owedMinor > 0) {
      transfers.push({
        ...base,
        kind: 'recover',
        debit: request.owner,
        credit: receivable,
        amountMinor: minorUnits(Math.min(owedMinor, request.amountMinor)),
        reason: 'owed',
      })
    }
    const marked = await mark(tx, cloud, request, { state: 'paid', provider_reference: providerReference })
    if (marked) {
      const posted = await postTransfers(tx, tenant, transfers)
      if (!posted.ok) throw new Error(`Top-up ${topUpId} cannot be posted: ${JSON.stringify(posted.error)}`)
    }
    return ok(await balance(tx, cloud, request))
  })

/** False when another request with the same key has finished it meanwhile. */
async function mark(
  tx: TenantTransaction,
  cloud: Cloud,
  request: TopUp,
  change: { state: 'declined' } | { state: 'paid'; provider_reference: string },
): Promise<boolean> {
  const outcome = await tx
    .updateTable('top_ups')
    .set(change)
    .where('tenant', '=', cloud.config.tenant)
    .where('owner', '=', request.owner)
    .where('idempotency_key', '=', request.idempotencyKey)
    .where('state', '=', 'started')
    .executeTakeFirst()
  return outcome.numUpdatedRows === 1n
}

const balance = async (
  tx: TenantTransaction,
  cloud: Cloud,
  request: TopUp,
): Promise<{ balanceMinor: MinorUnits }> => {
  const { availableMinor } = await balanceOf(tx, cloud.config.tenant, request.owner, request.currency)
  return { balanceMinor: availableMinor }
}
