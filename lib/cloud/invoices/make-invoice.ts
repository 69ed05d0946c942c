/**
 * Writes the invoice of a fleet's month, once. Everything happens in the caller's transaction, the number last: it is
 * locked for a moment only, and is given back where the transaction does not come to its end.
 */

import { sql } from 'kysely'
import { writeAuditLine } from '../audit'
import type { TenantTransaction } from '../database/connection'
import type { FleetBillingAddressRow } from '../database/tables/fleet-invoices'
import { buyerOf } from './billing-address'
import type { InvoiceBooks } from './invoice-books'
import { LineSums, sumsOf, type InvoiceDocument, type Seller } from './invoice-document'
import { mailInvoice } from './invoice-mail'
import { goodwillOf, readEntries, type MonthScope } from './month-entries'

const numberDigits = 6

/** Undefined: nothing was settled in the month, and no invoice is due. `address` is locked by the caller. */
export async function makeInvoice(
  cloud: InvoiceBooks,
  tx: TenantTransaction,
  seller: Seller,
  address: FleetBillingAddressRow,
  month: string,
): Promise<string | undefined> {
  const { tenant, currency } = cloud.config
  const { fleet_id: fleetId, locale } = address
  const scope = { tenant, currency, fleetId, month }
  const sums = await addedUp(tx, scope)
  if (sums.isEmpty) return undefined
  const lines = sums.lines()
  const { netMinor, taxMinor, sessions, energyWh } = sumsOf(lines)
  const goodwillMinor = await goodwillOf(tx, scope)
  const document: InvoiceDocument = { seller, buyer: buyerOf(address), locale, ...lines, goodwillMinor }
  const issuedAtS = cloud.clock.nowS()
  const number = await nextNumber(tx, tenant, new Date(issuedAtS * 1_000).toISOString().slice(0, 4))
  await tx
    .insertInto('fleet_invoices')
    .values({
      ...{ tenant, fleet_id: fleetId, month, invoice_number: number, issued_at_s: issuedAtS, currency },
      ...{ net_minor: netMinor, tax_minor: taxMinor, sessions, energy_wh: energyWh },
      document: JSON.stringify(document),
    })
    .execute()
  await writeAuditLine(cloud, tx, 'worker', 'invoice.make', number, fleetId)
  await mailInvoice(cloud, tx, fleetId, { number, month, grossMinor: netMinor + taxMinor })
  return number
}

async function addedUp(tx: TenantTransaction, scope: MonthScope): Promise<LineSums> {
  const sums = new LineSums()
  let after: string | undefined
  do {
    const { entries, next } = await readEntries(tx, scope, after)
    for (const entry of entries) sums.add(entry)
    after = next
  } while (after !== undefined)
  return sums
}

async function nextNumber(tx: TenantTransaction, tenant: string, series: string): Promise<string> {
  const { rows } = await sql<{ number: number }>`
    insert into invoice_series as s (tenant, series, last_number) values (${tenant}, ${series}, 1)
    on conflict (tenant, series) do update set last_number = s.last_number + 1
    returning last_number as number`.execute(tx)
  return `${series}-${String(rows[0]?.number ?? failed()).padStart(numberDigits, '0')}`
}

function failed(): never {
  throw new Error('The series of invoices gave no number')
}
