/** Sessions of a fleet: pages, what they add up to, the table of them, the evidence of one, and disputes about it. */

import { z } from 'zod'
import { fleetSessionStates } from '../sessions/session-filter'
import { operation } from './operation'

const sessionId = z.string().regex(/^[0-9a-f]{32}$/)
const personId = z.string().regex(/^[0-9a-f]{8,64}$/)
const timeS = z.int().describe('Seconds since 1970, UTC.')
const moment = z.coerce.number().int().min(0).max(99_999_999_999)
const states = z.enum(fleetSessionStates)

const filter = {
  state: states
    .optional()
    .describe(
      'phone: only the phone has reported it. seen: the charger too, no receipt yet. case: people look at it.',
    ),
  driver: personId.optional(),
  vehicle: personId.optional(),
  token: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  site: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,7}$/)
    .optional(),
  fromS: moment.optional().describe('Authorized at this second or later.'),
  toS: moment.optional().describe('Authorized before this second.'),
  search: z
    .string()
    .trim()
    .max(60)
    .optional()
    .describe('Part of the name on a token or card, or how the id begins.'),
}

const session = z.strictObject({
  sessionId,
  state: states,
  driverName: z.string().describe('On its token or card; empty where that is not known.'),
  tokenId: z.string().nullable(),
  isCard: z.boolean(),
  siteLabel: z.string().nullable(),
  bayLabel: z.string().nullable(),
  chargerId: z.string().nullable(),
  energyWh: z.int().nullable(),
  holdMinor: z.int(),
  totalMinor: z.int().nullable().describe('What it cost so far; null before the first receipt.'),
  taxMinor: z.int().nullable(),
  refundedMinor: z.int(),
  currency: z.string(),
  authorizedAtS: timeS,
  updatedAtS: timeS,
  byPhone: z.boolean(),
  byCharger: z.boolean(),
})

export const listSessions = operation({
  id: 'listSessions',
  method: 'GET',
  path: '/fleet/sessions',
  act: 'session.read',
  summary: 'The fleet’s sessions, newest first, a page at a time.',
  query: z.strictObject({
    ...filter,
    after: z.string().max(120).optional().describe('`next` of the page before; absent for the newest.'),
    limit: z.coerce.number().int().min(1).max(200).optional(),
  }),
  answer: z.strictObject({ sessions: z.array(session).readonly(), next: z.string().nullable() }),
})

export const totalSessions = operation({
  id: 'totalSessions',
  method: 'GET',
  path: '/fleet/sessions/totals',
  act: 'session.read',
  summary: 'What the sessions of a filter add up to: at most the newest 50,000.',
  query: z.strictObject(filter),
  answer: z.strictObject({
    sessions: z.int(),
    energyWh: z.int(),
    totalMinor: z.int(),
    heldMinor: z.int(),
    isWhole: z.boolean(),
  }),
})

export const exportSessionTable = operation({
  id: 'exportSessions',
  method: 'POST',
  path: '/fleet/sessions/export',
  act: 'session.export',
  summary:
    'All sessions of a filter as CSV (RFC 4180, UTF-8). The answer is the file. It stands in the audit log.',
  body: z.strictObject({ ...filter, locale: z.enum(['en', 'de']).optional() }),
  answer: z.string(),
})
