/**
 * The one place where an owner's credit goes into a reserve. A fleet may draw from its credit line for it: the row of its
 * credit is locked first, so that two who set aside at once never draw more than the line together.
 */

import type { GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { TenantTransaction } from '../database/connection'
import {
  classOf,
  creditLineAccount,
  fleetAccount,
  reserveAccount,
  type LedgerAccount,
  type OwnerAccount,
} from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import type { Transfer, TransferKind } from '../ledger/transfer'
import { randomId } from '../secrets'
import type { CreditBooks } from './books'
import { creditTermsOf, lockPosition } from './credit-rows'
import { drawFor, givesBack } from './free-credit'

export interface SetAside {
  readonly reference: string
  readonly serial: GrantSerial
  readonly owner: OwnerAccount
  readonly amountMinor: number
  readonly reason: string
  readonly author: string
}

export const setAside = (
  cloud: CreditBooks,
  tx: TenantTransaction,
  order: SetAside,
): Promise<Result<undefined, Refusal>> => setAllAside(cloud, tx, [order])

/** For many at once, all of one owner: all or none. What is drawn for them together bears the first one's reference. */
export async function setAllAside(
  cloud: CreditBooks,
  tx: TenantTransaction,
  orders: readonly SetAside[],
): Promise<Result<undefined, Refusal>> {
  const [first] = orders
  if (first === undefined) return ok(undefined)
  if (await isFrozen(cloud, tx, first.owner)) return err(refusal('organisation.frozen'))
  const sumMinor = orders.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const drawn = await drawnFor(cloud, tx, { ...first, amountMinor: sumMinor })
  if (drawn === undefined) return err(refusal('account.insufficient-funds'))
  const reserved = orders.map((order) =>
    moved(cloud, order, 'reserve', first.owner, reserveAccount(order.serial), order.amountMinor),
  )
  const posted = await postTransfers(tx, cloud.config.tenant, [...drawn, ...reserved])
  return posted.ok ? ok(undefined) : err(refusal('account.insufficient-funds'))
}

/** Undefined: neither the fleet's own credit nor its line has as much. */
async function drawnFor(
  cloud: CreditBooks,
  tx: TenantTransaction,
  order: SetAside,
): Promise<readonly Transfer[] | undefined> {
  if (classOf(order.owner) !== 'fleet') return []
  const fleetId = fleetIdOf(order.owner)
  const drawMinor = drawFor(order.amountMinor, await lockPosition(cloud, tx, fleetId))
  if (drawMinor === undefined) return undefined
  return drawMinor === 0
    ? []
    : [moved(cloud, order, 'draw', creditLineAccount(fleetId), order.owner, drawMinor)]
}

/** Locks the row of credit, as whoever freezes it does: nothing slips through between. */
const isFrozen = async (cloud: CreditBooks, tx: TenantTransaction, owner: OwnerAccount): Promise<boolean> =>
  classOf(owner) === 'fleet' && (await creditTermsOf(cloud, tx, fleetIdOf(owner), true)).frozenAtS !== null

const fleetIdOf = (owner: OwnerAccount): string => owner.slice(owner.indexOf(':') + 1)

/** After something came in: gives back what the fleet had drawn. Says how much. */
export async function giveBackDrawn(
  cloud: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
  author: string,
): Promise<number> {
  const amountMinor = givesBack(await lockPosition(cloud, tx, fleetId))
  if (amountMinor === 0) return 0
  const owner = fleetAccount(fleetId)
  const order = { reference: `${fleetId}/${randomId(cloud.random)}`, reason: 'credit-line', author }
  const back = moved(cloud, order, 'give-back', owner, creditLineAccount(fleetId), amountMinor)
  const posted = await postTransfers(tx, cloud.config.tenant, [back])
  if (!posted.ok) throw new Error(`${owner} cannot give back: ${JSON.stringify(posted.error)}`)
  return amountMinor
}

const moved = (
  { config: { currency } }: CreditBooks,
  { reference, reason, author }: Pick<SetAside, 'reference' | 'reason' | 'author'>,
  kind: TransferKind,
  debit: LedgerAccount,
  credit: LedgerAccount,
  amountMinor: number,
): Transfer => ({
  ...{ reference, kind, effect: 'post', debit, credit, currency, reason, author },
  amountMinor: minorUnits(amountMinor),
})
