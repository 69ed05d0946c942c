/**
 * Transfers that a bank's statement shows, and whose credit each raised. A row is posted once, under its own key, in the
 * transaction that says whose it is. For the operator's people and its terminal, who see the rows of all fleets.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { transact, type TenantTransaction } from '../database/connection'
import type { BankRow } from '../database/tables/fleet-credit'
import { bankClearingAccount, fleetAccount, receivableAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import type { Transfer } from '../ledger/transfer'
import { writeOperatorAct } from '../operator/act-line'
import type { CreditBooks } from './books'
import { findReference } from './bank-reference'
import type { BankEntry } from './bank-statement'
import { creditTermsOf } from './credit-rows'
import { giveBackDrawn } from './set-aside'

/** Why a transfer raised nobody's credit by itself. */
export const openReasons = ['no-reference', 'wrong-check', 'several-references', 'unknown-fleet'] as const
export type OpenReason = (typeof openReasons)[number]

export type RowOutcome = 'posted' | 'open' | 'known' | 'differs'

/** One row of a statement in a transaction of its own: what was done before a crash is done. */
export async function takeEntry(cloud: CreditBooks, entry: BankEntry, author: string): Promise<RowOutcome> {
  const { tenant } = cloud.config
  const taken = await transact<RowOutcome, Refusal>(cloud.db, tenant, async (tx) => {
    const whose = await whoseIs(cloud, tx, entry.text)
    const nowS = cloud.clock.nowS()
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('bank_rows')
      .values({
        ...{ tenant, row_key: entry.rowKey, content_hash: entry.contentHash, booked_on: entry.bookedOn },
        ...{ amount_minor: entry.amountMinor, currency: entry.currency, remittance: entry.text },
        ...{ counterparty: entry.counterparty, imported_at_s: nowS, author },
        ...('fleetId' in whose
          ? { state: 'posted' as const, reason: null, fleet_id: whose.fleetId, decided_at_s: nowS }
          : { state: 'open' as const, reason: whose.reason, fleet_id: null, decided_at_s: null }),
      })
      .onConflict((conflict) => conflict.columns(['tenant', 'row_key']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) return ok(await knownAs(cloud, tx, entry))
    if (!('fleetId' in whose)) return ok('open')
    await credit(cloud, tx, entry.rowKey, whose.fleetId, entry.amountMinor, author)
    return ok('posted')
  })
  if (!taken.ok) throw new Error(`A bank row was refused: ${taken.error.code}`)
  return taken.value
}

async function knownAs({ config: { tenant } }: CreditBooks, tx: TenantTransaction, entry: BankEntry) {
  const { content_hash: known } = await tx
    .selectFrom('bank_rows')
    .select('content_hash')
    .where('tenant', '=', tenant)
    .where('row_key', '=', entry.rowKey)
    .executeTakeFirstOrThrow()
  return known === entry.contentHash ? 'known' : 'differs'
}

async function whoseIs(
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
  text: string,
): Promise<{ readonly fleetId: string } | { readonly reason: OpenReason }> {
  const found = findReference(text)
  switch (found.kind) {
    case 'none':
      return { reason: 'no-reference' }
    case 'wrong-check':
      return { reason: 'wrong-check' }
    case 'several':
      return { reason: 'several-references' }
    case 'fleet': {
      const fleet = await tx
        .selectFrom('fleets')
        .select('fleet_id')
        .where('tenant', '=', tenant)
        .where('fleet_number', '=', found.fleetNumber)
        .executeTakeFirst()
      return fleet === undefined ? { reason: 'unknown-fleet' } : { fleetId: fleet.fleet_id }
    }
  }
}

/** Raises the fleet's credit; what it owes and what it has drawn is paid first. */
async function credit(
  cloud: CreditBooks,
  tx: TenantTransaction,
  rowKey: string,
  fleetId: string,
  amountMinor: number,
  author: string,
): Promise<void> {
  const { tenant, currency } = cloud.config
  const owner = fleetAccount(fleetId)
  const receivable = receivableAccount(owner)
  // Before any account, as whoever sets credit aside does.
  await creditTermsOf(cloud, tx, fleetId, true)
  const balances = await lockedBalancesOf(tx, tenant, [owner, receivable], currency)
  const owedMinor = 0 - (balances.get(receivable)?.postedMinor ?? 0)
  const named = { reference: `bank/${rowKey}`, effect: 'post', currency, author } as const
  const transfers: Transfer[] = [
    {
      ...{ ...named, kind: 'bank-transfer', reason: 'bank' },
      ...{ debit: bankClearingAccount, credit: owner, amountMinor: minorUnits(amountMinor) },
    },
  ]
  const recovered = Math.min(amountMinor, owedMinor)
  if (recovered > 0)
    transfers.push({
      ...{ ...named, kind: 'recover', reason: 'owed' },
      ...{ debit: owner, credit: receivable, amountMinor: minorUnits(recovered) },
    })
  const posted = await postTransfers(tx, tenant, transfers)
  if (!posted.ok) throw new Error(`Bank row ${rowKey} cannot be posted: ${JSON.stringify(posted.error)}`)
  await giveBackDrawn(cloud, tx, fleetId, author)
  await writeOperatorAct(cloud, tx, { author, action: 'bank.transfer', subject: rowKey, fleetId })
}

export interface AssignRow {
  readonly rowKey: string
  /** Null: it is no fleet's, and nothing is posted. */
  readonly fleetNumber: number | null
  readonly author: string
}

/** By hand, for a row that waits. The same decision again changes nothing; another one is refused. */
export const assignRow = (
  cloud: CreditBooks,
  { rowKey, fleetNumber, author }: AssignRow,
): Promise<Result<{ readonly state: BankRow['state'] }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const row = await tx
      .selectFrom('bank_rows')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('row_key', '=', rowKey)
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) return err(refusal('api.not-found'))
    const fleet = fleetNumber === null ? null : await fleetByNumber(cloud, tx, fleetNumber)
    if (fleet === undefined) return err(refusal('api.not-found'))
    const state = fleet === null ? 'left' : 'posted'
    if (row.state !== 'open')
      return row.state === state && row.fleet_id === fleet ? ok({ state }) : err(refusal('api.conflict'))
    await tx
      .updateTable('bank_rows')
      .set({ state, fleet_id: fleet, decided_at_s: cloud.clock.nowS(), author })
      .where('tenant', '=', tenant)
      .where('row_key', '=', rowKey)
      .execute()
    if (fleet === null)
      await writeOperatorAct(cloud, tx, { author, action: 'bank.row-left', subject: rowKey, fleetId: null })
    else await credit(cloud, tx, rowKey, fleet, row.amount_minor, author)
    return ok({ state })
  })

const fleetByNumber = async (
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
  fleetNumber: number,
): Promise<string | undefined> =>
  (
    await tx
      .selectFrom('fleets')
      .select('fleet_id')
      .where('tenant', '=', tenant)
      .where('fleet_number', '=', fleetNumber)
      .executeTakeFirst()
  )?.fleet_id

/** For a row that was put aside as no fleet's: nothing was posted for it, so the decision can be taken back. */
export const reopenRow = (
  cloud: CreditBooks,
  { rowKey, author }: Omit<AssignRow, 'fleetNumber'>,
): Promise<Result<{ readonly state: BankRow['state'] }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const row = await tx
      .selectFrom('bank_rows')
      .select('state')
      .where('tenant', '=', tenant)
      .where('row_key', '=', rowKey)
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) return err(refusal('api.not-found'))
    if (row.state === 'posted') return err(refusal('api.conflict'))
    if (row.state === 'open') return ok({ state: 'open' })
    await tx
      .updateTable('bank_rows')
      .set({ state: 'open', decided_at_s: null, author })
      .where('tenant', '=', tenant)
      .where('row_key', '=', rowKey)
      .execute()
    await writeOperatorAct(cloud, tx, { author, action: 'bank.row-reopen', subject: rowKey, fleetId: null })
    return ok({ state: 'open' })
  })
