/** Bank transfers of fleets: a statement brought in, what each transfer became, and decisions about those that wait. */

import { z } from 'zod'
import { limits } from '@/lib/core/limits'
import { bankRowStates } from '../credit/bank-list'
import { openReasons } from '../credit/bank-rows'
import { bankColumns, rowFaults, statementLimits } from '../credit/bank-statement'
import { operation } from './operation'

const money = z.int().describe('Minor units of the operator’s currency.')
const timeS = z.int().describe('Seconds since 1970, UTC.')
const rowKey = z.string().regex(/^[0-9a-f]{32,64}$/)
const state = z
  .enum(bankRowStates)
  .describe('open: waits. posted: raised a fleet’s credit. left: no fleet’s, to be sent back.')

/** As text, and as what JSON makes of it. */
const csvCharsMost = 1_000_000
const bodyBytesMax = limits.bundleBytesMax

export const importBankStatement = operation({
  id: 'importBankStatement',
  method: 'POST',
  path: '/operator/bank-statements',
  act: 'payment.import',
  overFleets: true,
  bodyBytesMax,
  summary:
    'Takes a bank’s statement as CSV, five hundred transfers at a time. Each counts once, however often it is sent.',
  body: z.strictObject({
    csv: z
      .string()
      .max(csvCharsMost)
      .describe('Whole: equal rows without an id of the bank are told apart by their order.'),
    from: z.int().min(0).max(statementLimits.rowsMax).default(0).describe('`next` of the request before.'),
  }),
  answer: z.strictObject({
    missing: z.array(z.enum(bankColumns)).readonly().describe('Without these columns nothing was read.'),
    posted: z.int(),
    open: z.int().describe('Whose they are is for somebody to say.'),
    known: z.int().describe('Taken before.'),
    refused: z.array(z.strictObject({ line: z.int(), fault: z.enum(rowFaults) })).readonly(),
    entries: z.int().describe('All transfers of the file.'),
    next: z.int().nullable().describe('Send the same file again from there; null: all are taken.'),
  }),
})

export const listBankRows = operation({
  id: 'listBankRows',
  method: 'GET',
  path: '/operator/bank-rows',
  act: 'payment.read',
  overFleets: true,
  summary: 'Bank transfers, a page at a time: those that wait oldest first, the others newest first.',
  query: z.strictObject({
    state: state.default('open'),
    after: z.string().max(120).optional().describe('`next` of the page before.'),
  }),
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
          state,
          reason: z.enum(openReasons).nullable().describe('Why it raised nobody’s credit by itself.'),
          fleetNumber: z.int().nullable(),
          fleetName: z.string().nullable(),
          importedAtS: timeS,
          decidedAtS: timeS.nullable(),
        }),
      )
      .readonly(),
    next: z.string().nullable(),
    waiting: z.strictObject({ count: z.int(), amountMinor: money }).describe('All that wait.'),
    currency: z.string(),
    asOfS: timeS,
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
  answer: z.strictObject({ state }),
})

export const reopenBankRow = operation({
  id: 'reopenBankRow',
  method: 'POST',
  path: '/operator/bank-rows/{rowKey}/reopen',
  act: 'payment.import',
  overFleets: true,
  summary: 'A transfer that was no fleet’s waits again; one that raised a fleet’s credit does not.',
  params: z.strictObject({ rowKey }),
  answer: z.strictObject({ state }),
})
