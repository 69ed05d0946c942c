/** `npm run invoices`: makes the invoices of a month that is over, and says who waits for what. */

import { parseArgs } from 'node:util'
import { currencyCode, operatorId } from '@/lib/core/ids'
import { environmentNames, readSeller } from '@/lib/cloud/config'
import { inTenant, openDatabase } from '@/lib/cloud/database/connection'
import { fleetsWithoutAddress, makeDueInvoices } from '@/lib/cloud/invoices/due-invoices'
import type { InvoiceBooks } from '@/lib/cloud/invoices/invoice-books'
import { monthPattern, presentMonth } from '@/lib/cloud/invoices/months'
import { systemClock, systemRandom } from '@/lib/cloud/system'
import { databaseAddress, plainly } from '../db/database-address'
import { PlainFailure } from '../setup/plain-failure.mjs'

const usage = `npm run invoices -- COMMAND [options]
  make MONTH                makes all invoices up to that month (2026-10); those that are made stay as they are
  open                      fleets that have no billing address yet, so that no invoice can be made for them
  --database-url URL        instead of DATABASE_URL or the embedded database
  --tenant NAME             OUTPOST_TENANT otherwise
Needs ${environmentNames.sellerName}, ${environmentNames.sellerAddress} and ${environmentNames.sellerTaxId}.`

type Environment = Readonly<Record<string, string | undefined>>

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

/** Gives the exit code: 0 done, 1 not understood, 2 refused. */
export async function invoices(args: readonly string[], env: Environment): Promise<number> {
  const line = read(args)
  if (line === undefined) {
    complain(usage)
    return 1
  }
  const db = openDatabase(databaseAddress(line.url, env, { asAdmin: false }), { connections: 1 })
  try {
    const seller = sellerOf(env)
    const books: InvoiceBooks = {
      ...{ db, clock: systemClock, random: systemRandom },
      config: {
        tenant: operatorId(line.tenant ?? env[environmentNames.tenant] ?? 'outpost'),
        currency: currencyCode(env[environmentNames.currency] ?? 'EUR'),
        origin: new URL(env[environmentNames.origin] ?? 'http://localhost:3000').origin,
        ...(seller === undefined ? {} : { seller }),
      },
    }
    return await (line.month === undefined ? tellOpen(books) : make(books, line.month)).catch(plainly)
  } finally {
    await db.destroy()
  }
}

function sellerOf(env: Environment): ReturnType<typeof readSeller> {
  try {
    return readSeller(env)
  } catch (error) {
    throw error instanceof Error ? new PlainFailure(error.message) : error
  }
}

interface Line {
  /** Undefined: say who waits. */
  readonly month: string | undefined
  readonly url: string | undefined
  readonly tenant: string | undefined
}

function read(args: readonly string[]): Line | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'database-url': { type: 'string' }, tenant: { type: 'string' } },
      allowPositionals: true,
    })
    const [command, month, ...rest] = positionals
    const isMake = command === 'make' && month !== undefined && monthPattern.test(month)
    const isOpen = command === 'open' && month === undefined
    if (rest.length > 0 || !(isMake || isOpen)) return undefined
    return { month, url: values['database-url'], tenant: values.tenant }
  } catch {
    return undefined
  }
}

async function make(books: InvoiceBooks, month: string): Promise<number> {
  if (books.config.seller === undefined) {
    complain(`No invoice was made: ${environmentNames.sellerName} and what belongs to it are not set.`)
    return 2
  }
  const present = await inTenant(books.db, books.config.tenant, presentMonth)
  if (month >= present) {
    complain(`${month} is not over; months are UTC, and an hour longer.`)
    return 2
  }
  const { numbers, faults } = await makeDueInvoices(books, month)
  for (const number of numbers) print(number)
  print(`${numbers.length} made.`)
  for (const fault of faults) complain(`Not made: ${fault}`)
  await tellOpen(books)
  return faults.length === 0 ? 0 : 2
}

async function tellOpen(books: InvoiceBooks): Promise<number> {
  const waiting = await fleetsWithoutAddress(books)
  for (const { fleetId, name } of waiting) print(`${fleetId}  ${name}  has no billing address.`)
  if (waiting.length === 0) print('Every fleet has a billing address.')
  return 0
}
