/** Prepaid cards that a fleet prints: batches, their sheets, and what is void. */

import { z } from 'zod'
import { voucherLimits } from '../issuance/vouchers'
import { cardStates } from '../printed-cards/card-rule'
import { operation } from './operation'

const batchId = z.string().regex(/^[0-9a-f]{32}$/)
const cardId = z.string().regex(/^[0-9a-f]{16}$/)
const amount = z.int().min(1).max(1_000_000).describe('Minor units of the operator’s currency.')
const site = z.string().regex(/^[a-z0-9][a-z0-9-]{0,7}$/)
const timeS = z.int().describe('Seconds since 1970, UTC.')
const name = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]+$/u)
const sites = z.array(z.strictObject({ siteId: z.string(), label: z.string() })).readonly()
const after = z.string().max(120).optional().describe('`next` of the page before; absent for the newest.')
const locale = z.enum(['en', 'de'])

const batch = z.strictObject({
  batchId,
  name: z.string(),
  count: z.int(),
  capMinor: z.int().describe('Of each card.'),
  sites,
  issuedAtS: timeS,
  notAfterS: timeS,
  worthMinor: z.int(),
  spentMinor: z.int().describe('Settled and held.'),
  leftMinor: z.int().describe('What cards that still count can pay.'),
  returningMinor: z.int().describe('Of void and expired cards: on its way back to the free credit.'),
  returnedMinor: z.int(),
  liveCount: z.int(),
  usedCount: z.int(),
  voidCount: z.int(),
})

const unheard = z
  .array(
    z.strictObject({
      chargerId: z.string(),
      siteLabel: z.string(),
      bayLabel: z.string(),
      inTouchAtS: timeS.nullable(),
      cards: z.int().describe('Void cards that it would still take.'),
    }),
  )
  .readonly()
  .describe('Chargers that have not said that they know, silent longest first, at most 100.')

export const listCardBatches = operation({
  id: 'listCardBatches',
  method: 'GET',
  path: '/fleet/card-batches',
  act: 'card.read',
  summary: 'The fleet’s batches of printed cards, newest first, a page at a time.',
  query: z.strictObject({ after, limit: z.coerce.number().int().min(1).max(50).optional() }),
  answer: z.strictObject({ batches: z.array(batch).readonly(), next: z.string().nullable() }),
})

export const readCardBatchTerms = operation({
  id: 'readCardBatchTerms',
  method: 'GET',
  path: '/fleet/card-batches/terms',
  act: 'card.read',
  summary: 'What the next batch can be made of: the credit that is free, and the operator’s sites.',
  answer: z.strictObject({
    freeMinor: z.int(),
    capMostMinor: z.int(),
    countMost: z.int(),
    daysMost: z.int(),
    sites: z
      .array(
        z.strictObject({
          siteId: z.string(),
          label: z.string(),
          takesCards: z
            .boolean()
            .describe(
              'Whether cards are taken there now: by one controller alone, however many bays it has.',
            ),
        }),
      )
      .readonly(),
  }),
})

export const makeCardBatch = operation({
  id: 'makeCardBatch',
  method: 'POST',
  path: '/fleet/card-batches',
  act: 'card.issue',
  summary: 'Makes printed cards: what all of them are worth is set aside at once. All or none.',
  body: z.strictObject({
    name,
    count: z.int().min(1).max(voucherLimits.countMost),
    capMinor: amount.describe('Of each card: at most 15 in whole units.'),
    sites: z.array(site).min(1).max(8),
    days: z.int().min(1).max(voucherLimits.daysMost),
    idempotencyKey: z
      .string()
      .regex(/^[\x21-\x7e]{8,64}$/)
      .describe('The same key makes them once.'),
  }),
  answer: z.strictObject({ batchId }),
})

export const readCardBatch = operation({
  id: 'readCardBatch',
  method: 'GET',
  path: '/fleet/card-batches/{batchId}',
  act: 'card.read',
  summary: 'One batch with its cards, and which chargers do not know yet what of it is void.',
  params: z.strictObject({ batchId }),
  answer: z.strictObject({
    batch,
    cards: z
      .array(
        z.strictObject({
          cardId,
          number: z.int(),
          state: z.enum(cardStates),
          spentMinor: z.int(),
          leftMinor: z.int(),
          returnedMinor: z.int(),
          returnsAtS: timeS.nullable().describe('When what is left returns; null: nothing will.'),
          voidSinceS: timeS.nullable(),
          voidEpoch: z
            .int()
            .nullable()
            .describe('Chargers that hold this epoch of the revocations or a later one refuse it.'),
          news: z
            .strictObject({ chargers: z.int(), heard: z.int() })
            .nullable()
            .describe('Of a void card: how many chargers of its sites know.'),
        }),
      )
      .readonly(),
    unheard,
  }),
})

export const printCardSheet = operation({
  id: 'printCardSheet',
  method: 'POST',
  path: '/fleet/card-batches/{batchId}/sheet',
  act: 'card.issue',
  summary:
    'The cards that still count as a PDF, ten on a page. The answer is the file; it is money. It stands in the audit log.',
  params: z.strictObject({ batchId }),
  body: z.strictObject({ locale: locale.optional() }),
  answer: z.string(),
})

export const voidCardBatch = operation({
  id: 'voidCardBatch',
  method: 'POST',
  path: '/fleet/card-batches/{batchId}/void',
  act: 'card.revoke',
  summary:
    'Voids all cards of a batch that still count. Chargers refuse them as soon as they hear; the rest returns in three weeks.',
  params: z.strictObject({ batchId }),
  body: z.strictObject({ confirmation: name.describe('The batch’s name, as typed by whoever decides.') }),
  answer: z.strictObject({ count: z.int(), revocationEpoch: z.int() }),
})

export const voidPrintedCard = operation({
  id: 'voidPrintedCard',
  method: 'POST',
  path: '/fleet/card-batches/{batchId}/cards/{cardId}/void',
  act: 'card.revoke',
  summary: 'Voids one card of a batch.',
  params: z.strictObject({ batchId, cardId }),
  body: z.strictObject({
    confirmation: name.describe('The first eight digits of its serial, as they are printed on it.'),
  }),
  answer: z.strictObject({ count: z.int(), revocationEpoch: z.int() }),
})

export const listVoidCards = operation({
  id: 'listVoidCards',
  method: 'GET',
  path: '/fleet/void-cards',
  act: 'card.read',
  summary: 'All void printed cards of the fleet, newest first: since when, and which chargers know.',
  query: z.strictObject({ after, limit: z.coerce.number().int().min(1).max(200).optional() }),
  answer: z.strictObject({
    cards: z
      .array(
        z.strictObject({
          cardId,
          batchId,
          batchName: z.string(),
          number: z.int(),
          capMinor: z.int(),
          sites: z.array(z.string()).readonly(),
          notAfterS: timeS,
          sinceS: timeS,
          epoch: z.int(),
          chargers: z.int(),
          heard: z.int(),
        }),
      )
      .readonly(),
    next: z.string().nullable(),
    unheard,
  }),
})

export const exportVoidCards = operation({
  id: 'exportVoidCards',
  method: 'GET',
  path: '/fleet/void-cards/export',
  act: 'card.read',
  summary: 'The void list as CSV (RFC 4180, UTF-8), at most the newest 6,000. The answer is the file.',
  query: z.strictObject({ locale: locale.optional() }),
  answer: z.string(),
})
