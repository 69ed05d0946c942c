/** Where a fleet's credit stands, and how it comes in. */

import type { Refusal } from '@/lib/core/reason'
import { refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { transact } from '../database/connection'
import { reservedOf } from '../issuance/queries'
import { fleetAccount, receivableAccount } from '../ledger/accounts'
import { balanceOf } from '../ledger/queries'
import { referenceOf } from './bank-reference'
import { creditTermsOf, positionOf } from './credit-rows'
import { freeOf } from './free-credit'

export interface FleetCredit {
  readonly name: string
  readonly currency: string
  readonly freeMinor: number
  readonly ownMinor: number
  readonly reservedMinor: number
  readonly heldMinor: number
  readonly owedMinor: number
  readonly limitMinor: number
  readonly drawnMinor: number
  readonly alertBelowMinor: number | null
  readonly isLow: boolean
  readonly frozen: { readonly atS: number; readonly because: string } | null
  readonly bank: {
    readonly holder: string
    readonly iban: string
    readonly bic: string | null
    readonly reference: string
  } | null
  readonly asOfS: number
}

export const creditOf = (cloud: Cloud, fleetId: string): Promise<Result<FleetCredit, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency, bank } = cloud.config
    const fleet = await tx
      .selectFrom('fleets')
      .select(['name', 'fleet_number'])
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .executeTakeFirst()
    if (fleet === undefined) return err(refusal('api.not-found'))
    const owner = fleetAccount(fleetId)
    const position = await positionOf(cloud, tx, fleetId)
    const { alertBelowMinor, frozenAtS, frozenBecause } = await creditTermsOf(cloud, tx, fleetId)
    const { reservedMinor, heldMinor } = await reservedOf(tx, tenant, owner)
    const owed = await balanceOf(tx, tenant, receivableAccount(owner), currency)
    const freeMinor = freeOf(position)
    return ok({
      name: fleet.name,
      currency,
      freeMinor,
      ownMinor: position.availableMinor,
      reservedMinor,
      heldMinor,
      owedMinor: 0 - owed.postedMinor,
      limitMinor: position.limitMinor,
      drawnMinor: position.drawnMinor,
      alertBelowMinor,
      isLow: alertBelowMinor !== null && freeMinor < alertBelowMinor,
      frozen: frozenAtS === null ? null : { atS: frozenAtS, because: frozenBecause ?? '' },
      bank: bank === undefined ? null : { ...bank, reference: referenceOf(fleet.fleet_number) },
      asOfS: cloud.clock.nowS(),
    })
  })
