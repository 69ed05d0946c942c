/** Whom a fleet's invoices are addressed to. The first address also says from which month on invoices are due. */

import type { Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { refusal } from '@/lib/core/reason'
import type { Locale } from '@/lib/format/locale'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import type { FleetBillingAddressRow } from '../database/tables/fleet-invoices'
import type { Buyer } from './invoice-document'
import type { InvoiceBooks } from './invoice-books'
import { monthAt, presentMonth } from './months'

export interface BillingAddress {
  readonly name: string
  readonly street: string
  readonly postalCode: string
  readonly city: string
  readonly country: string
  readonly vatId: string | null
  readonly orderReference: string | null
  /** Of the invoice. */
  readonly locale: Locale
}

export const billingAddressOf = (
  cloud: Cloud,
  fleetId: string,
): Promise<Result<{ readonly address: BillingAddress | null }, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const row = await addressRow(cloud, tx, fleetId)
    return ok({ address: row === undefined ? null : toAddress(row) })
  })

export const setBillingAddress = (
  cloud: Cloud,
  order: { readonly fleetId: string; readonly author: string; readonly address: BillingAddress },
): Promise<Result<{ readonly address: BillingAddress }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { fleetId, author, address } = order
    const { tenant } = cloud.config
    const fleet = await tx
      .selectFrom('fleets')
      .select('created_at_s')
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .executeTakeFirst()
    if (fleet === undefined) return err(refusal('api.not-found'))
    const columns = toColumns(address, cloud.clock.nowS())
    const [founded, present] = [monthAt(fleet.created_at_s), await presentMonth(tx)]
    await tx
      .insertInto('fleet_billing_addresses')
      .values({ tenant, fleet_id: fleetId, ...columns, next_month: founded < present ? founded : present })
      .onConflict((conflict) => conflict.columns(['tenant', 'fleet_id']).doUpdateSet(columns))
      .execute()
    await writeAuditLine(cloud, tx, author, 'invoice.address', fleetId, fleetId)
    return ok({ address })
  })

/** Locked: whoever makes an invoice for it keeps all others away until it is made. */
export const lockAddress = (
  cloud: InvoiceBooks,
  tx: TenantTransaction,
  fleetId: string,
): Promise<FleetBillingAddressRow | undefined> => addressRow(cloud, tx, fleetId, true)

const addressRow = (
  { config: { tenant } }: InvoiceBooks,
  tx: TenantTransaction,
  fleetId: string,
  isLocking = false,
): Promise<FleetBillingAddressRow | undefined> =>
  tx
    .selectFrom('fleet_billing_addresses')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .$if(isLocking, (query) => query.forUpdate())
    .executeTakeFirst()

/** As it stands on a letter. */
export const buyerOf = (row: FleetBillingAddressRow): Buyer => ({
  name: row.name,
  address: [row.street, `${row.postal_code} ${row.city}`.trim(), row.country],
  vatId: row.vat_id,
  orderReference: row.order_reference,
})

const toAddress = (row: FleetBillingAddressRow): BillingAddress => ({
  name: row.name,
  street: row.street,
  postalCode: row.postal_code,
  city: row.city,
  country: row.country,
  vatId: row.vat_id,
  orderReference: row.order_reference,
  locale: row.locale,
})

const toColumns = (address: BillingAddress, nowS: number) => ({
  name: address.name,
  street: address.street,
  postal_code: address.postalCode,
  city: address.city,
  country: address.country,
  vat_id: address.vatId,
  order_reference: address.orderReference,
  locale: address.locale,
  updated_at_s: nowS,
})
