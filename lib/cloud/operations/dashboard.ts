/** The fleet at a glance. */

import { z } from 'zod'
import { operation } from './operation'

const timeS = z.int().describe('Seconds since 1970, UTC.')
const minor = z.int().describe('Minor units of the operator’s currency.')
const count = z.int()
const sums = { sessions: count, energyWh: z.int(), costMinor: minor }
const held = {
  sinceS: timeS.describe('When its oldest session with an open hold began.'),
  sessions: count,
  heldMinor: minor,
}
const spender = z.strictObject({
  id: z.string().describe('Of the driver or vehicle; of a driver without one, the token’s.'),
  name: z.string().describe('The driver’s name, or that on the token; the vehicle’s plate.'),
  tokenId: z.string().nullable(),
  ...sums,
})

export const readDashboard = operation({
  id: 'readDashboard',
  method: 'GET',
  path: '/fleet/dashboard',
  act: 'session.read',
  summary: 'What is at risk, what is free, and what was spent; with the age of each part.',
  answer: z.strictObject({
    currency: z.string(),
    asOfS: timeS.describe('When holds, cases, refunds and balances were read.'),
    lastNewsAtS: timeS.nullable().describe('When a charger or phone last told anything about any session.'),
    countedAtS: timeS
      .nullable()
      .describe(
        'When the sums of days, months, drivers and vehicles were brought up to date; null: not yet.',
      ),
    money: z.strictObject({ freeMinor: minor, setAsideMinor: minor, owedMinor: minor }),
    risk: z
      .strictObject({ heldMinor: minor, sessions: count, oldestAtS: timeS.nullable() })
      .describe('Open holds: the most that sessions out of sight can cost.'),
    unsyncedCharger: z
      .strictObject({
        ...{ chargerId: z.string(), siteLabel: z.string().nullable(), bayLabel: z.string().nullable() },
        ...held,
        lastHeardAtS: timeS.nullable().describe('When its log came last; null: never.'),
      })
      .nullable()
      .describe('The charger that has kept an open hold waiting longest.'),
    unsyncedPhone: z
      .strictObject({ tokenId: z.string(), driverName: z.string(), ...held })
      .nullable()
      .describe('The phone that has not told of an open hold for longest.'),
    doubts: z.strictObject({
      cases: count,
      doubleSpends: count.describe('Of the cases: the same credit may have been spent twice.'),
      disputedMinor: minor,
      oldestAtS: timeS.nullable(),
    }),
    refunds: z
      .strictObject({ count, amountMinor: minor, oldestAtS: timeS.nullable() })
      .describe('To cards, not confirmed by the provider yet.'),
    month: z.strictObject({
      monthS: timeS,
      usedMinor: minor.describe('Settled since the month began, and open holds.'),
      tokensWithBudget: count,
      budgetMinor: minor,
      usedOfBudgetMinor: minor,
      nearest: z
        .array(
          z.strictObject({
            tokenId: z.string(),
            driverName: z.string(),
            usedMinor: minor,
            limitMinor: minor,
          }),
        )
        .readonly()
        .describe('Live tokens that have used the largest share of their month.'),
    }),
    firstTry: z
      .strictObject({
        days: count,
        answered: count.describe('Authorizations that a charger answered.'),
        atFirst: count.describe('Accepted, and none of the same grant declined within ten minutes before.'),
        declined: count,
      })
      .describe('Of what was signed. A code that no camera could read leaves no evidence.'),
    days: z
      .array(z.strictObject({ dayS: timeS, ...sums }))
      .readonly()
      .describe('Of the last 90 UTC days those with sessions, oldest first.'),
    months: z
      .array(z.strictObject({ monthS: timeS, ...sums }))
      .readonly()
      .describe('The last twelve with sessions.'),
    drivers: z.array(spender).readonly().describe('Costliest of this month first, at most ten.'),
    vehicles: z.array(spender).readonly().describe('Likewise; tokens that name no vehicle are left out.'),
  }),
})
