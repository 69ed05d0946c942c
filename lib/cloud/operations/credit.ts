/** A fleet's credit: where it stands, how it comes in, when to warn. */

import { z } from 'zod'
import { statementLines } from '../credit/statement'
import { operation } from './operation'

const amountMost = 100_000_000_00
const money = z.int().describe('Minor units of the operator’s currency.')
const timeS = z.int().describe('Seconds since 1970, UTC.')

export const readCredit = operation({
  id: 'readCredit',
  method: 'GET',
  path: '/fleet/credit',
  act: 'credit.read',
  summary: 'Where the fleet’s credit stands, its credit line, and where to transfer to.',
  answer: z.strictObject({
    name: z.string(),
    currency: z.string(),
    freeMinor: money.describe('Can still be set aside: own credit and what is left of the credit line.'),
    ownMinor: money,
    reservedMinor: money.describe('Set aside in tokens and cards.'),
    heldMinor: money.describe('Open holds among it.'),
    owedMinor: money.describe('Spent beyond the credit; what comes in pays it first.'),
    limitMinor: money.describe('The credit line.'),
    drawnMinor: money.describe('Drawn from it.'),
    alertBelowMinor: money.nullable(),
    isLow: z.boolean(),
    frozen: z
      .strictObject({ atS: timeS, because: z.string() })
      .nullable()
      .describe('The operator lets nothing more be set aside.'),
    bank: z
      .strictObject({
        holder: z.string(),
        iban: z.string(),
        bic: z.string().nullable(),
        reference: z.string().describe('ISO 11649; the fleet’s own, for every transfer.'),
      })
      .nullable()
      .describe('Null: the operator takes no bank transfers.'),
    asOfS: timeS,
  }),
})

const month = z.string().regex(/^20\d\d-(?:0[1-9]|1[0-2])$/)

export const readCreditStatement = operation({
  id: 'readCreditStatement',
  method: 'GET',
  path: '/fleet/credit/statement',
  act: 'credit.read',
  summary:
    'A calendar month (UTC) added up from the books: opening balance and lines make the closing balance.',
  query: z.strictObject({ month: month.optional().describe('Absent: the present one.') }),
  answer: z.strictObject({
    month,
    currency: z.string(),
    openingMinor: money.describe('Own credit and what is set aside, less what was drawn and is owed.'),
    lines: z
      .array(
        z.strictObject({
          line: z.enum(statementLines),
          amountMinor: money.describe('Positive into the fleet’s credit.'),
          transfers: z.int(),
        }),
      )
      .readonly(),
    closingMinor: money,
    setAsideMinor: money.describe('Moved into tokens and cards; within the balance.'),
    releasedMinor: money.describe('Moved back from them; within the balance.'),
    isOpen: z.boolean().describe('The month is not over.'),
    firstMonth: month,
  }),
})

export const setCreditAlert = operation({
  id: 'setCreditAlert',
  method: 'POST',
  path: '/fleet/credit/alert',
  act: 'credit.top-up',
  summary: 'When to warn owners and managers that little credit is left.',
  body: z.strictObject({ belowMinor: z.int().min(1).max(amountMost).nullable().describe('Null: never.') }),
  answer: z.strictObject({ alertBelowMinor: money.nullable() }),
})
