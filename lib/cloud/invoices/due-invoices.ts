/**
 * Makes the invoices of months that are over: by the worker now and then, or at the terminal. Fleet by fleet and month by
 * month, each in a transaction of its own, so that whatever ends the process leaves an invoice whole or not begun.
 */

import { ok } from '@/lib/core/result'
import { inTenant, transact } from '../database/connection'
import { lockAddress } from './billing-address'
import type { InvoiceBooks } from './invoice-books'
import type { Seller } from './invoice-document'
import { makeInvoice } from './make-invoice'
import { monthAfter, presentMonth } from './months'

const fleetsPerRound = 100

export interface MadeInvoices {
  readonly numbers: readonly string[]
  /** Whose month could not be looked at; the others were. */
  readonly faults: readonly string[]
}

/** All that are due, or those up to a month that is over. Without a seller none. */
export async function makeDueInvoices(cloud: InvoiceBooks, upTo = '9999-12'): Promise<MadeInvoices> {
  const { seller } = cloud.config
  const numbers: string[] = []
  const faults: string[] = []
  let after = ''
  while (seller !== undefined) {
    const fleets = await dueFleets(cloud, upTo, after)
    for (const fleetId of fleets) {
      try {
        numbers.push(...(await invoicesOfFleet(cloud, seller, fleetId, upTo)))
      } catch (error) {
        faults.push(`${fleetId}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    after = fleets.at(-1) ?? ''
    if (fleets.length < fleetsPerRound) break
  }
  return { numbers, faults }
}

const dueFleets = (cloud: InvoiceBooks, upTo: string, after: string): Promise<readonly string[]> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const rows = await tx
      .selectFrom('fleet_billing_addresses')
      .select('fleet_id')
      .where('tenant', '=', cloud.config.tenant)
      .where('next_month', '<', await presentMonth(tx))
      .where('next_month', '<=', upTo)
      .where('fleet_id', '>', after)
      .orderBy('fleet_id')
      .limit(fleetsPerRound)
      .execute()
    return rows.map((row) => row.fleet_id)
  })

async function invoicesOfFleet(
  cloud: InvoiceBooks,
  seller: Seller,
  fleetId: string,
  upTo: string,
): Promise<readonly string[]> {
  const numbers: string[] = []
  for (;;) {
    const step = await nextMonthOf(cloud, seller, fleetId, upTo)
    if (step === undefined) return numbers
    if (step.number !== undefined) numbers.push(step.number)
  }
}

/** Undefined: no month is due. Another worker meanwhile waits for the address, and finds the month done. */
async function nextMonthOf(
  cloud: InvoiceBooks,
  seller: Seller,
  fleetId: string,
  upTo: string,
): Promise<{ readonly number: string | undefined } | undefined> {
  const { tenant } = cloud.config
  const done = await transact(cloud.db, tenant, async (tx) => {
    const address = await lockAddress(cloud, tx, fleetId)
    const month = address?.next_month ?? '9999-12'
    if (address === undefined || month >= (await presentMonth(tx)) || month > upTo) return ok(undefined)
    const number = await makeInvoice(cloud, tx, seller, address, month)
    await tx
      .updateTable('fleet_billing_addresses')
      .set({ next_month: monthAfter(month) })
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .execute()
    return ok({ number })
  })
  return done.ok ? done.value : undefined
}

/** Fleets whose invoices wait for an address, at most a hundred. */
export const fleetsWithoutAddress = (
  cloud: InvoiceBooks,
): Promise<readonly { fleetId: string; name: string }[]> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('fleets as f')
      .leftJoin('fleet_billing_addresses as a', (join) =>
        join.onRef('a.tenant', '=', 'f.tenant').onRef('a.fleet_id', '=', 'f.fleet_id'),
      )
      .select(['f.fleet_id as fleetId', 'f.name as name'])
      .where('f.tenant', '=', cloud.config.tenant)
      .where('a.fleet_id', 'is', null)
      .orderBy('f.fleet_id')
      .limit(100)
      .execute(),
  )
