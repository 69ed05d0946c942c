/** All fleets, as the operator's people see them: what each may spend, what is out of sight, and how far it is trusted. */

import { z } from 'zod'
import { freezeReasonMax } from '../credit/freeze'
import { fleetStates } from '../operator/fleet-list'
import { operation } from './operation'

const amountMost = 100_000_000_00
const money = z.int().describe('Minor units of the operator’s currency.')
const timeS = z.int().describe('Seconds since 1970, UTC.')
const params = z.strictObject({ fleetId: z.string().regex(/^[a-z0-9-]{1,64}$/) })

export const listFleets = operation({
  id: 'listFleets',
  method: 'GET',
  path: '/operator/fleets',
  act: 'fleet.read',
  overFleets: true,
  summary:
    'The operator’s fleets, the most at risk first, a page at a time, with what all of them add up to.',
  query: z.strictObject({
    search: z.string().trim().max(60).optional().describe('Part of the name, or the number.'),
    state: z.enum(fleetStates).optional().describe('risk: holds are open. indebted: drew or owes. frozen.'),
    after: z.string().max(120).optional().describe('`next` of the page before.'),
  }),
  answer: z.strictObject({
    fleets: z
      .array(
        z.strictObject({
          ...{ fleetId: z.string(), fleetNumber: z.int(), name: z.string() },
          freeMinor: money.describe(
            'Can still be set aside: own credit and what is left of the credit line.',
          ),
          limitMinor: money.describe('The credit line.'),
          drawnMinor: money.describe('Drawn from it.'),
          owedMinor: money.describe('Spent beyond the credit.'),
          heldMinor: money.describe('Open holds: sessions cost at most this, nobody knows yet how much.'),
          openSessions: z.int(),
          oldestAtS: timeS.nullable().describe('When the oldest of them began.'),
          frozenAtS: timeS.nullable(),
          frozenBecause: z.string().nullable(),
        }),
      )
      .readonly(),
    next: z.string().nullable(),
    totals: z.strictObject({
      ...{ fleets: z.int(), frozen: z.int(), heldMinor: money, openSessions: z.int() },
      ...{ oldestAtS: timeS.nullable(), drawnMinor: money, owedMinor: money },
    }),
    currency: z.string(),
    asOfS: timeS,
  }),
})

export const setFleetCreditLine = operation({
  id: 'setFleetCreditLine',
  method: 'POST',
  path: '/operator/fleets/{fleetId}/credit-line',
  act: 'fleet.credit-line',
  overFleets: true,
  summary: 'How much a fleet may set aside beyond its own credit.',
  params,
  body: z.strictObject({ limitMinor: z.int().min(0).max(amountMost) }),
  answer: z.strictObject({ limitMinor: money }),
})

export const freezeFleet = operation({
  id: 'freezeFleet',
  method: 'POST',
  path: '/operator/fleets/{fleetId}/freeze',
  act: 'fleet.freeze',
  overFleets: true,
  summary:
    'Nothing more is set aside of the fleet’s credit: no new tokens and cards, none renewed or raised. What is out can be spent.',
  params,
  body: z.strictObject({
    because: z.string().trim().min(1).max(freezeReasonMax).describe('Told to the fleet.'),
  }),
  answer: z.strictObject({ frozenAtS: timeS }),
})

export const thawFleet = operation({
  id: 'thawFleet',
  method: 'POST',
  path: '/operator/fleets/{fleetId}/thaw',
  act: 'fleet.freeze',
  overFleets: true,
  summary: 'The fleet’s credit may be set aside again.',
  params,
  answer: z.strictObject({ frozenAtS: z.null() }),
})
