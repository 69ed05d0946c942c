/** Sessions of a fleet: pages, what they add up to, the table of them, the evidence of one, and disputes about it. */

import { z } from 'zod'
import { disputeReasons, noteCharsMax } from '../cases/case-reasons'
import { caseStates } from '../cases/case-machine'
import { fieldKinds } from '../sessions/piece-fields'
import { pieceNames } from '../sessions/signed-pieces'
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
    .describe('Part of the name on a token or card, of a driver’s name or a plate, or how the id begins.'),
}

const session = z.strictObject({
  sessionId,
  state: states,
  driverName: z.string().describe('On its token or card; empty where that is not known.'),
  driver: z
    .strictObject({ driverId: z.string(), name: z.string() })
    .nullable()
    .describe('Whom its token is for now, of the fleet’s drivers, removed ones too.'),
  vehicle: z.strictObject({ vehicleId: z.string(), plate: z.string() }).nullable(),
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

const outcome = z.enum(['passed', 'failed', 'open'])
const base64Url = z.string().regex(/^[A-Za-z0-9_-]*$/)

export const readSessionEvidence = operation({
  id: 'readSessionEvidence',
  method: 'GET',
  path: '/fleet/sessions/{sessionId}',
  act: 'session.read',
  summary:
    'All that is known of one session: the signed messages, each checked anew, the meter, the log, the books.',
  params: z.strictObject({ sessionId }),
  answer: z.strictObject({
    session,
    isForgotten: z.boolean().describe('The signed messages were deleted after their time.'),
    pieces: z
      .array(
        z.strictObject({
          name: z.enum(pieceNames),
          hash: z.string(),
          bytes: base64Url.describe('COSE_Sign1, exactly as signed.'),
          signer: z.enum(['issuer', 'phone', 'charger']),
          isRight: z.boolean(),
          fields: z
            .array(
              z.strictObject({
                name: z.string(),
                kind: z.enum(fieldKinds),
                value: z.union([z.string(), z.number()]),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
    checks: z
      .array(
        z.strictObject({
          name: z.enum(['root', 'signatures', 'one-session', 'hold', 'amount', 'meter', 'log', 'books']),
          outcome,
        }),
      )
      .readonly(),
    rootKey: z.string(),
    reports: z.strictObject({
      phone: z.strictObject({ came: z.boolean(), atS: timeS.nullable() }),
      charger: z.strictObject({ came: z.boolean(), atS: timeS.nullable() }),
      first: z.enum(['phone', 'charger']).nullable(),
    }),
    meter: z.strictObject({
      startWh: z.int().nullable(),
      stopWh: z.int().nullable(),
      readings: z
        .array(z.strictObject({ atS: timeS, registerWh: z.int(), what: z.enum(['started', 'metered']) }))
        .readonly(),
      records: z
        .array(
          z.strictObject({
            bytes: base64Url.describe('As the meter signed it.'),
            meter: z.string().nullable(),
            fault: z.string().nullable(),
            isVouched: z.boolean(),
            readings: z
              .array(
                z.strictObject({
                  atS: timeS,
                  reason: z.string().nullable(),
                  energyWh: z.string().nullable(),
                }),
              )
              .readonly(),
          }),
        )
        .readonly(),
    }),
    log: z
      .array(
        z.strictObject({
          device: z.string(),
          epoch: z.int(),
          seq: z.int(),
          size: z.int(),
          root: z.string(),
          checkpointAtS: timeS,
          siblings: z.array(z.string()).readonly(),
          inclusion: outcome,
          checkpointIsRight: z.boolean(),
        }),
      )
      .readonly(),
    transfers: z
      .array(
        z.strictObject({
          kind: z.string(),
          from: z.string().describe('The class of the account.'),
          to: z.string(),
          amountMinor: z.int(),
          isPending: z.boolean(),
          atS: timeS,
        }),
      )
      .readonly(),
    cases: z
      .array(
        z.strictObject({
          caseId: z.string(),
          kind: z.string(),
          state: z.enum(caseStates),
          verdict: z.string().nullable(),
          openedAtS: timeS,
          steps: z
            .array(
              z.strictObject({
                step: z.string(),
                atS: timeS,
                reason: z.string(),
                amountMinor: z.int().nullable(),
                note: z.string().nullable().describe('The fleet’s own words.'),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
    timeline: z
      .array(z.strictObject({ atS: timeS, what: z.string(), by: z.enum(['phone', 'charger', 'operator']) }))
      .readonly(),
  }),
})

export const openDispute = operation({
  id: 'openDispute',
  method: 'POST',
  path: '/fleet/sessions/{sessionId}/dispute',
  act: 'case.open',
  summary: 'Says that the bill is wrong: people of the operator look at it. The same again is the same case.',
  params: z.strictObject({ sessionId }),
  body: z.strictObject({ reason: z.enum(disputeReasons), note: z.string().trim().max(noteCharsMax) }),
  answer: z.strictObject({ caseId: z.string() }),
})
