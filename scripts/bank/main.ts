/** `npm run bank`: bank statements and credit lines of fleets at the terminal, by the commands that the API calls. */

import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { minorUnitExponent } from '@/lib/core/currency'
import { currencyCode, operatorId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { environmentNames } from '@/lib/cloud/config'
import { bankRowsOf } from '@/lib/cloud/credit/bank-list'
import { assignRow } from '@/lib/cloud/credit/bank-rows'
import { readAmount } from '@/lib/cloud/credit/bank-statement'
import type { CreditBooks } from '@/lib/cloud/credit/books'
import { setCreditLine } from '@/lib/cloud/credit/credit-line'
import { importStatement } from '@/lib/cloud/credit/import-statement'
import { openDatabase } from '@/lib/cloud/database/connection'
import { systemClock, systemRandom } from '@/lib/cloud/system'
import { formatMoney } from '@/lib/format/money'
import { databaseAddress, plainly } from '../db/database-address'
import { PlainFailure } from '../setup/plain-failure.mjs'

const usage = `npm run bank -- COMMAND --author NAME [options]
  import FILE               takes a bank's statement (CSV, UTF-8); a transfer counts once, however often it comes
  open                      transfers that no reference told apart
  assign KEY FLEETNUMBER    says whose such a transfer is, once
  leave KEY                 it is no fleet's
  credit-line FLEET AMOUNT  how much a fleet may set aside beyond its own credit
  --database-url URL        instead of DATABASE_URL or the embedded database
  --tenant NAME             OUTPOST_TENANT otherwise`

/** A year of a busy account. */
const fileBytesMax = 4_000_000

const listedMax = 200

type Environment = Readonly<Record<string, string | undefined>>

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

/** Gives the exit code: 0 done, 1 not understood, 2 refused. */
export async function bank(args: readonly string[], env: Environment): Promise<number> {
  const line = read(args)
  if (line === undefined) {
    complain(usage)
    return 1
  }
  const db = openDatabase(databaseAddress(line.url, env, { asAdmin: false }), { connections: 1 })
  const books: CreditBooks = {
    db,
    clock: systemClock,
    random: systemRandom,
    config: {
      tenant: operatorId(line.tenant ?? env[environmentNames.tenant] ?? 'outpost'),
      currency: currencyCode(env[environmentNames.currency] ?? 'EUR'),
    },
  }
  try {
    return await run(books, line).catch(plainly)
  } finally {
    await db.destroy()
  }
}

interface Line {
  readonly words: readonly string[]
  readonly author: string | undefined
  readonly url: string | undefined
  readonly tenant: string | undefined
}

const wordsOf: Readonly<Record<string, number>> = {
  import: 2,
  open: 1,
  assign: 3,
  leave: 2,
  'credit-line': 3,
}

function read(args: readonly string[]): Line | undefined {
  try {
    const { values, positionals: words } = parseArgs({
      args: [...args],
      options: {
        ...{ author: { type: 'string' }, 'database-url': { type: 'string' }, tenant: { type: 'string' } },
      },
      allowPositionals: true,
    })
    const { author, 'database-url': url, tenant } = values
    const isWhole = words.length === wordsOf[words[0] ?? '']
    const isSigned = words[0] === 'open' || (author !== undefined && /^[\w.@-]{1,64}$/.test(author))
    return isWhole && isSigned ? { words, author, url, tenant } : undefined
  } catch {
    return undefined
  }
}

function run(books: CreditBooks, { words, author = '' }: Line): Promise<number> {
  const [command, first = '', second = ''] = words
  switch (command) {
    case 'import':
      return bringStatement(books, first, author)
    case 'assign':
      return assignRow(books, { rowKey: first, fleetNumber: wholeNumber(second), author }).then(tell)
    case 'leave':
      return assignRow(books, { rowKey: first, fleetNumber: null, author }).then(tell)
    case 'credit-line':
      return setCreditLine(books, { fleetId: first, limitMinor: amountOf(books, second), author }).then(tell)
    default:
      return listOpen(books)
  }
}

async function bringStatement(books: CreditBooks, file: string, author: string): Promise<number> {
  const done = await importStatement(books, { csv: textOf(file), author })
  if (!done.ok) return tell(done)
  const { missing, posted, open, known, refused } = done.value
  if (missing.length > 0) {
    complain(`Nothing was read: the file has no column for ${missing.join(', ')}.`)
    return 2
  }
  print(`${posted} posted, ${open} wait for somebody to say whose they are, ${known} were known.`)
  for (const { line, fault } of refused) print(`Line ${line} refused: ${fault}`)
  return 0
}

async function listOpen(books: CreditBooks): Promise<number> {
  const listed = await bankRowsOf(books, { state: 'open', limit: listedMax })
  if (!listed.ok) return tell(listed)
  if (listed.value.rows.length === 0) print('No transfer waits.')
  for (const row of listed.value.rows)
    print(
      `${row.rowKey}  ${row.bookedOn}  ${formatMoney('en', row.amountMinor, row.currency)}  ${row.reason}  ${row.counterparty}  ${row.text}`,
    )
  return 0
}

function textOf(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new PlainFailure(`There is no file ${file}.`)
  if (size > fileBytesMax) throw new PlainFailure(`${file} has more than ${fileBytesMax} bytes.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch {
    throw new PlainFailure(`${file} is not UTF-8; save it as UTF-8 first.`)
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new PlainFailure(`${text} is no number of a fleet.`)
  return Number(text)
}

function amountOf({ config: { currency } }: CreditBooks, text: string): number {
  const amountMinor = readAmount(text, minorUnitExponent(currency) ?? 2)
  if (amountMinor === undefined || amountMinor < 0) throw new PlainFailure(`${text} is no amount.`)
  return amountMinor
}

function tell(done: Result<unknown, Refusal>): number {
  if (done.ok) print(JSON.stringify(done.value))
  else complain(`Refused: ${done.error.code}`)
  return done.ok ? 0 : 2
}
