/** Invoices of fleets, the numbers they bear, and whom they are addressed to. */

import type { ColumnType } from 'kysely'
import type { InvoiceDocument } from '../../invoices/invoice-document'

export interface FleetInvoiceRow {
  tenant: string
  fleet_id: string
  /** `2026-10`, UTC. */
  month: string
  /** `2026-000123`. */
  invoice_number: string
  issued_at_s: number
  currency: string
  net_minor: number
  tax_minor: number
  sessions: number
  energy_wh: number
  /** Written as text, read as what it says. */
  document: ColumnType<InvoiceDocument, string, never>
}

/** Of an operator's year: the last number that an invoice bears. */
export interface InvoiceSeriesRow {
  tenant: string
  series: string
  last_number: number
}

export interface FleetBillingAddressRow {
  tenant: string
  fleet_id: string
  name: string
  street: string
  postal_code: string
  city: string
  country: string
  vat_id: string | null
  order_reference: string | null
  locale: 'en' | 'de'
  /** The first month that has not been looked at; whoever makes invoices locks it. */
  next_month: string
  updated_at_s: number
}

export interface FleetInvoicesTables {
  fleet_invoices: FleetInvoiceRow
  invoice_series: InvoiceSeriesRow
  fleet_billing_addresses: FleetBillingAddressRow
}
