/** A fleet's credit: where it stands, how it comes in, when to warn; and the operator's side of it. */

import { z } from 'zod'
import { openReasons } from '../credit/bank-rows'
import { bankColumns, rowFaults } from '../credit/bank-statement'
import { statementLines } from '../credit/statement'
import { operation } from './operation'

const amountMost = 100_000_000_00
const money = z.int().describe('Minor units of the operator’s currency.')
const timeS = z.int().describe('Seconds since 1970, UTC.')
const fleetId = z.string().regex(/^[a-z0-9-]{1,64}$/)
const rowKey = z.string().regex(/^[0-9a-f]{32,64}$/)

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

export const setFleetCreditLine = operation({
  id: 'setFleetCreditLine',
  method: 'POST',
  path: '/operator/fleets/{fleetId}/credit-line',
  act: 'fleet.credit-line',
  overFleets: true,
  summary: 'How much a fleet may set aside beyond its own credit.',
  params: z.strictObject({ fleetId }),
  body: z.strictObject({ limitMinor: z.int().min(0).max(amountMost) }),
  answer: z.strictObject({ limitMinor: money }),
})

export const importBankStatement = operation({
  id: 'importBankStatement',
  method: 'POST',
  path: '/operator/bank-statements',
  act: 'payment.import',
  overFleets: true,
  summary: 'Takes a bank’s statement as CSV. Each transfer counts once, however often it is sent.',
  body: z.strictObject({
    csv: z.string().max(60_000).describe('Longer statements in pieces, each with its heads.'),
  }),
  answer: z.strictObject({
    missing: z.array(z.enum(bankColumns)).readonly().describe('Without these columns nothing was read.'),
    posted: z.int(),
    open: z.int().describe('Whose they are is for somebody to say.'),
    known: z.int().describe('Taken before.'),
    refused: z.array(z.strictObject({ line: z.int(), fault: z.enum(rowFaults) })).readonly(),
  }),
})

export const listBankRows = operation({
  id: 'listBankRows',
  method: 'GET',
  path: '/operator/bank-rows',
  act: 'payment.read',
  overFleets: true,
  summary: 'Transfers that no reference told apart, oldest first, at most 200.',
  answer: z.strictObject({
    rows: z
      .array(
        z.strictObject({
          rowKey,
          bookedOn: z.string(),
          amountMinor: money,
          currency: z.string(),
          text: z.string(),
          counterparty: z.string(),
          reason: z.enum(openReasons),
          importedAtS: timeS,
        }),
      )
      .readonly(),
  }),
})

export const assignBankRow = operation({
  id: 'assignBankRow',
  method: 'POST',
  path: '/operator/bank-rows/{rowKey}/assign',
  act: 'payment.import',
  overFleets: true,
  summary: 'Says whose a transfer is, once.',
  params: z.strictObject({ rowKey }),
  body: z.strictObject({
    fleetNumber: z.int().min(1).max(99_999_999).nullable().describe('Null: no fleet’s; nothing is posted.'),
  }),
  answer: z.strictObject({ state: z.enum(['open', 'posted', 'left']) }),
})
