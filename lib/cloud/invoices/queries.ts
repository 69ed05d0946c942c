/** A fleet's invoices as they were written. */

import type { Selectable } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import type { FleetInvoiceRow } from '../database/tables/fleet-invoices'
import { ratesOf, type InvoiceDocument, type RateLine } from './invoice-document'

const pageSize = 24

export interface ListedInvoice {
  readonly invoiceNumber: string
  readonly month: string
  readonly issuedAtS: number
  readonly currency: string
  readonly netMinor: number
  readonly taxMinor: number
  readonly grossMinor: number
  readonly sessions: number
  readonly energyWh: number
}

export interface InvoiceList {
  readonly asOfS: number
  readonly invoices: readonly ListedInvoice[]
  readonly next: string | null
  readonly waitsFor: 'seller' | 'address' | null
  readonly nextMonth: string | null
}

export const invoicesOfFleet = (
  cloud: Cloud,
  fleetId: string,
  { after, limit = pageSize }: { readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<Result<InvoiceList, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, seller } = cloud.config
    const rows = await tx
      .selectFrom('fleet_invoices')
      .select(summaryColumns)
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .$if(after !== undefined, (query) => query.where('month', '<', after ?? ''))
      .orderBy('month', 'desc')
      .limit(limit + 1)
      .execute()
    const address = await tx
      .selectFrom('fleet_billing_addresses')
      .select('next_month')
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .executeTakeFirst()
    const invoices = rows.slice(0, limit).map(toListed)
    return ok({
      asOfS: cloud.clock.nowS(),
      invoices,
      next: rows.length > limit ? (invoices.at(-1)?.month ?? null) : null,
      waitsFor: seller === undefined ? 'seller' : address === undefined ? 'address' : null,
      nextMonth: address?.next_month ?? null,
    })
  })

const summaryColumns = [
  'invoice_number',
  'month',
  'issued_at_s',
  'currency',
  'net_minor',
  'tax_minor',
  'sessions',
  'energy_wh',
] as const

const toListed = (
  row: Pick<Selectable<FleetInvoiceRow>, (typeof summaryColumns)[number]>,
): ListedInvoice => ({
  invoiceNumber: row.invoice_number,
  month: row.month,
  issuedAtS: row.issued_at_s,
  currency: row.currency,
  netMinor: row.net_minor,
  taxMinor: row.tax_minor,
  grossMinor: row.net_minor + row.tax_minor,
  sessions: row.sessions,
  energyWh: row.energy_wh,
})

export interface WholeInvoice extends ListedInvoice {
  readonly document: InvoiceDocument
}

/** One of the fleet's own. */
export const invoiceOf = (
  cloud: Cloud,
  fleetId: string,
  invoiceNumber: string,
): Promise<Result<WholeInvoice, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const row = await tx
      .selectFrom('fleet_invoices')
      .select([...summaryColumns, 'document'])
      .where('tenant', '=', cloud.config.tenant)
      .where('fleet_id', '=', fleetId)
      .where('invoice_number', '=', invoiceNumber)
      .executeTakeFirst()
    return row === undefined
      ? err(refusal('api.not-found'))
      : ok({ ...toListed(row), document: row.document })
  })

type Shown = ListedInvoice &
  Pick<InvoiceDocument, 'seller' | 'buyer' | 'sites' | 'corrections' | 'goodwillMinor'> & {
    readonly rates: readonly RateLine[]
  }

/** As the interface tells it. */
export const shownInvoice = ({ document, ...listed }: WholeInvoice): Shown => ({
  ...listed,
  seller: document.seller,
  buyer: document.buyer,
  sites: document.sites,
  corrections: document.corrections,
  rates: ratesOf(document),
  goodwillMinor: document.goodwillMinor,
})
