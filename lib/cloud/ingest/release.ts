/** Gives back to owners what their grants left over, once their holds have outlived them. */

import { currencyCode, type GrantSerial } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { ownerAccount, receivableAccount, reserveAccount, revenueAccount } from '../ledger/accounts'
import type { Transfer } from '../ledger/transfer'
import type { Reconciler } from './reconciler'
import type { DueReserve, OpenHold, ReconcileTransaction } from './store'

const releasesPerCall = 100

/**
 * Grants whose holds have outlived them by the time that the policy gives: open holds end, and the credit that is left
 * goes back to its owner, first against what it owes. Amounts in dispute stay until their case is decided.
 */
export function releaseDueReserves(reconciler: Reconciler): Promise<number> {
  const nowS = reconciler.clock.nowS()
  return reconciler.store.transaction(async (tx) => {
    const { reserves, holds } = await tx.lockDueReserves(nowS, releasesPerCall)
    if (reserves.length === 0) return 0
    const heldBySerial = new Map<GrantSerial, number>()
    for (const { serial, holdMinor } of holds)
      heldBySerial.set(serial, (heldBySerial.get(serial) ?? 0) + holdMinor)
    const transfers = [
      ...holds.map((hold) => endedHold(hold, 'grant-ended')),
      ...(await releaseTransfers(reconciler, tx, reserves, heldBySerial)),
    ]
    const posted = await tx.post(transfers)
    if (!posted.ok) throw new Error(`Reserves cannot be released: ${JSON.stringify(posted.error)}`)
    await tx.endHolds(holds.map(({ sessionId }) => sessionId))
    await tx.endReserves(
      reserves.map(({ serial }) => serial),
      nowS,
    )
    return reserves.length
  })
}

/** Ends a hold without a movement. */
const endedHold = (
  { sessionId, serial, holdMinor, currency }: OpenHold,
  reason: 'grant-ended' | 'lost-scan',
): Transfer => ({
  reference: sessionId,
  kind: 'void',
  effect: 'void-pending',
  resolves: { reference: sessionId, kind: 'hold' },
  debit: reserveAccount(serial),
  credit: revenueAccount,
  currency: currencyCode(currency),
  amountMinor: minorUnits(holdMinor),
  reason,
  author: 'operator',
})

/** A charger's clock may be off by this much between the offer and the log's last word. */
const lapseMarginS = 600

/**
 * Lost scans (PROTOCOL.md, rule 6): an authorization that nobody answered lapses once the log of the charger that made
 * the offer has passed the offer's end without it. A late answer or receipt still counts; only the hold is gone.
 */
export async function releaseLapsedHolds(
  tx: ReconcileTransaction,
  chargerIds: readonly string[],
): Promise<void> {
  if (chargerIds.length === 0) return
  const holds = await tx.lockLapsedHolds(chargerIds, lapseMarginS)
  if (holds.length === 0) return
  const posted = await tx.post(holds.map((hold) => endedHold(hold, 'lost-scan')))
  if (!posted.ok) throw new Error(`Lapsed holds cannot be ended: ${JSON.stringify(posted.error)}`)
  await tx.endHolds(holds.map(({ sessionId }) => sessionId))
}

async function releaseTransfers(
  { config }: Reconciler,
  tx: ReconcileTransaction,
  reserves: readonly DueReserve[],
  heldBySerial: ReadonlyMap<GrantSerial, number>,
): Promise<readonly Transfer[]> {
  const accounts = reserves.flatMap(({ serial, owner }) => {
    const payer = ownerAccount(owner)
    return [reserveAccount(serial), payer, receivableAccount(payer)]
  })
  const balances = await tx.lockBalances(accounts)
  const owed = new Map(
    reserves.map(({ owner }) => [owner, -(balances.get(receivableAccount(owner))?.postedMinor ?? 0)]),
  )
  const transfers: Transfer[] = []
  for (const { serial, owner } of reserves) {
    const reserve = reserveAccount(serial)
    const balance = balances.get(reserve)
    const disputed = (balance?.pendingMinor ?? 0) - (heldBySerial.get(serial) ?? 0)
    const amount = (balance?.postedMinor ?? 0) - disputed
    if (amount <= 0) continue
    const base = {
      reference: serial,
      currency: config.currency,
      effect: 'post',
      reason: 'grant-ended',
      author: 'operator',
    } as const
    const release = {
      kind: 'release',
      debit: reserve,
      credit: owner,
      amountMinor: minorUnits(amount),
    } as const
    transfers.push({ ...base, ...release })
    const recovered = Math.min(amount, owed.get(owner) ?? 0)
    if (recovered <= 0) continue
    owed.set(owner, (owed.get(owner) ?? 0) - recovered)
    const recover = {
      kind: 'recover',
      debit: owner,
      credit: receivableAccount(owner),
      amountMinor: minorUnits(recovered),
    } as const
    transfers.push({ ...base, ...recover })
  }
  return transfers
}
