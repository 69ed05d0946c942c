/**
 * The operator freezes a fleet's credit: nothing more of it is set aside until it is thawed. What is on phones and cards
 * already can be spent: it was set aside before, and chargers without a network could not know otherwise.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { transact, type TenantTransaction } from '../database/connection'
import { writeOperatorAct } from '../operator/act-line'
import type { CreditBooks } from './books'
import { changeTerms, creditTermsOf, isFleet } from './credit-rows'

/** Of the database, too. */
export const freezeReasonMax = 200

export interface FreezeOrder {
  readonly fleetId: string
  /** Told to the fleet. */
  readonly because: string
  readonly author: string
}

/** Again changes nothing: the fleet stays frozen since then, for what was said then. */
export const freezeCredit = (
  cloud: CreditBooks,
  { fleetId, because, author }: FreezeOrder,
): Promise<Result<{ readonly frozenAtS: number }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const before = await lockFrozen(cloud, tx, fleetId)
    if (!before.ok) return before
    if (before.value !== null) return ok({ frozenAtS: before.value })
    const frozenAtS = cloud.clock.nowS()
    await changeTerms(cloud, tx, fleetId, { frozen_at_s: frozenAtS, frozen_because: because })
    await writeOperatorAct(cloud, tx, { author, action: 'credit.freeze', subject: fleetId, fleetId })
    return ok({ frozenAtS })
  })

export const thawCredit = (
  cloud: CreditBooks,
  { fleetId, author }: Omit<FreezeOrder, 'because'>,
): Promise<Result<{ readonly frozenAtS: null }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const before = await lockFrozen(cloud, tx, fleetId)
    if (!before.ok) return before
    if (before.value === null) return ok({ frozenAtS: null })
    await changeTerms(cloud, tx, fleetId, { frozen_at_s: null, frozen_because: null })
    await writeOperatorAct(cloud, tx, { author, action: 'credit.thaw', subject: fleetId, fleetId })
    return ok({ frozenAtS: null })
  })

/** The row is there afterwards, and whoever sets credit aside waits for it. */
async function lockFrozen(
  cloud: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
): Promise<Result<number | null, Refusal>> {
  if (!(await isFleet(cloud, tx, fleetId))) return err(refusal('api.not-found'))
  await changeTerms(cloud, tx, fleetId, {})
  return ok((await creditTermsOf(cloud, tx, fleetId, true)).frozenAtS)
}
