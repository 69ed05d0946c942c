/** Cards that a fleet gives out for the chargers' own readers. */

import { z } from 'zod'
import { tokenTypes } from '@/lib/protocol/messages/local-list'
import { operation } from './operation'

const cardId = z.string().regex(/^[0-9a-f]{16}$/)
const amount = z.int().min(1).max(1_000_000).describe('Minor units of the operator’s currency.')
const site = z.string().regex(/^[a-z0-9][a-z0-9-]{0,7}$/)
const timeS = z.int().describe('Seconds since 1970, UTC.')

export const listCards = operation({
  id: 'listCards',
  method: 'GET',
  path: '/fleet/cards',
  act: 'card.read',
  summary: 'The fleet’s cards, newest first. Of a number only its end is told.',
  answer: z.strictObject({
    cards: z
      .array(
        z.strictObject({
          cardId,
          label: z.string(),
          type: z.string(),
          tokenEnd: z.string(),
          state: z.enum(['live', 'spent', 'expired', 'revoked']),
          capMinor: z.int(),
          leftMinor: z.int(),
          sites: z.array(z.strictObject({ siteId: z.string(), label: z.string() })).readonly(),
          issuedAtS: timeS,
          notAfterS: timeS,
          returnsAtS: timeS.nullable().describe('What is left on a withdrawn card returns then.'),
          news: z
            .strictObject({ chargers: z.int(), heard: z.int() })
            .nullable()
            .describe('Chargers of its sites, and those that know what counts for it now.'),
        }),
      )
      .readonly(),
  }),
})

export const giveOutCard = operation({
  id: 'giveOutCard',
  method: 'POST',
  path: '/fleet/cards',
  act: 'card.issue',
  summary: 'Gives out a card: its cap is set aside, and the chargers of its sites learn its number.',
  body: z.strictObject({
    label: z.string().trim().min(1).max(60),
    type: z.enum(tokenTypes),
    token: z.string().trim().min(4).max(36),
    capMinor: amount,
    sessionCapMinor: amount.optional(),
    sites: z.array(site).min(1).max(8),
    days: z.int().min(1).max(730),
    group: z
      .string()
      .regex(/^[A-Za-z0-9*=:+|@._-]{1,20}$/)
      .optional(),
    contracts: z
      .array(z.string().regex(/^[0-9a-f]{32}$/))
      .min(1)
      .max(4)
      .optional(),
    idempotencyKey: z.string().regex(/^[\x21-\x7e]{8,64}$/),
  }),
  answer: z.strictObject({ cardId }),
})

export const withdrawCard = operation({
  id: 'withdrawCard',
  method: 'POST',
  path: '/fleet/cards/{cardId}/revoke',
  act: 'card.revoke',
  summary:
    'Withdraws a card. Chargers refuse it as soon as they hear; what it has left returns in three weeks.',
  params: z.strictObject({ cardId }),
  answer: z.strictObject({ revocationEpoch: z.int() }),
})
