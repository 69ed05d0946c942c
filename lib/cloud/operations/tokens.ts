/** Tokens: what a fleet lets a driver's phone spend, by which rules, and who still can after they were withdrawn. */

import { z } from 'zod'
import { tokenLimits } from '../fleet/token-limits'
import { operation } from './operation'

const tokenId = z.string().regex(/^[0-9a-f]{32}$/)
const amountMost = 100_000_000
const amount = z.int().min(1).max(amountMost).describe('Minor units of the operator’s currency.')
const limit = z.int().min(0).max(amountMost).describe('Minor units; 0: no limit.')
const timeS = z.int().describe('Seconds since 1970, UTC.')
const site = z.string().regex(/^[a-z0-9][a-z0-9-]{0,7}$/)
const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,64}$/)
  .describe('The same key does it once.')
const personId = z.string().regex(/^[0-9a-f]{8,64}$/)
const minute = z.int().min(0).max(tokenLimits.minuteMost)
const states = z.enum(['unclaimed', 'live', 'expired', 'revoked'])
const days = z.int().min(1).max(10_000)
const name = z
  .string()
  .trim()
  .min(1)
  .max(tokenLimits.nameCharsMax)
  .regex(/^[^\p{C}]+$/u)

const holders = {
  driver: z.strictObject({ driverId: z.string(), name: z.string() }).nullable(),
  vehicle: z.strictObject({ vehicleId: z.string(), plate: z.string() }).nullable(),
}

const ruleOrder = {
  sessionCapMinor: amount.describe('The most that one session may hold.'),
  dailyLimitMinor: limit.describe('Of a UTC day; chargers keep it, each by what it knows. 0: none.'),
  monthLimitMinor: limit
    .optional()
    .describe('Of a calendar month in UTC; kept when a grant is signed. 0: none.'),
  sites: z.array(site).max(8).optional().describe('Absent or empty: every site of the operator.'),
  fromMinute: minute
    .optional()
    .describe('Of the UTC day. The same as `toMinute`: all day. Later: past midnight.'),
  toMinute: minute.optional(),
  connectorPowerMaxW: z
    .int()
    .min(1)
    .max(4_000_000)
    .nullish()
    .describe('Bays that may deliver more, or do not say, are refused.'),
  vehicleClass: z
    .int()
    .min(0)
    .max(tokenLimits.vehicleClassMost)
    .optional()
    .describe('Of the operator’s policy.'),
  driverId: personId.nullish().describe('Of the fleet’s drivers, not removed.'),
  vehicleId: personId.nullish().describe('Of the fleet’s vehicles, not removed.'),
}

const token = z.strictObject({
  tokenId,
  driverName: z.string().describe('As it stands on the token.'),
  ...holders,
  state: states,
  capMinor: z.int(),
  spentMinor: z.int().describe('Settled, over its whole life.'),
  heldMinor: z.int().describe('Open holds: spent out of sight, receipts still to come.'),
  monthMinor: z.int().describe('Spent and held in this calendar month.'),
  issuedAtS: timeS,
  expiresAtS: timeS,
  claimedAtS: timeS.nullable(),
  revokedAtS: timeS.nullable(),
  rulesWait: z.boolean().describe('Its phone still carries a grant by earlier rules.'),
  rules: z.strictObject({
    sessionCapMinor: z.int(),
    dailyLimitMinor: z.int(),
    monthLimitMinor: z.int(),
    sites: z.array(z.string()).readonly(),
    fromMinute: z.int(),
    toMinute: z.int(),
    connectorPowerMaxW: z.int().nullable(),
    vehicleClass: z.int(),
    driverId: z.string().nullable(),
    vehicleId: z.string().nullable(),
  }),
})

export const listTokens = operation({
  id: 'listTokens',
  method: 'GET',
  path: '/fleet/tokens',
  act: 'token.read',
  summary: 'The fleet’s tokens, newest first, a page at a time.',
  query: z.strictObject({
    state: states.optional(),
    driver: personId.optional(),
    vehicle: personId.optional(),
    search: z
      .string()
      .trim()
      .max(60)
      .optional()
      .describe('Part of the name on it, of its driver’s name or of its vehicle’s plate.'),
    after: z.string().max(120).optional().describe('`next` of the page before; absent for the newest.'),
    limit: z.coerce.number().int().min(1).max(200).optional(),
  }),
  answer: z.strictObject({ tokens: z.array(token).readonly(), next: z.string().nullable() }),
})

export const readToken = operation({
  id: 'readToken',
  method: 'GET',
  path: '/fleet/tokens/{tokenId}',
  act: 'token.read',
  summary: 'One token.',
  params: z.strictObject({ tokenId }),
  answer: token,
})

export const readTokenTerms = operation({
  id: 'readTokenTerms',
  method: 'GET',
  path: '/fleet/token-terms',
  act: 'token.read',
  summary: 'What a new token can be made of: the credit that is free, and the operator’s sites.',
  answer: z.strictObject({
    freeMinor: z.int(),
    capMostMinor: z.int(),
    daysMost: z.int(),
    sites: z.array(z.strictObject({ siteId: z.string(), label: z.string() })).readonly(),
  }),
})

export const giveOutToken = operation({
  id: 'giveOutToken',
  method: 'POST',
  path: '/fleet/tokens',
  act: 'token.issue',
  summary: 'Sets credit aside for a driver. The claim code is told this once.',
  body: z.strictObject({ driverName: name, capMinor: amount, days, ...ruleOrder, idempotencyKey }),
  answer: z.strictObject({ tokenId, claimCode: z.string(), claimUrl: z.string() }),
})

export const changeTokenRules = operation({
  id: 'changeTokenRules',
  method: 'POST',
  path: '/fleet/tokens/{tokenId}/rules',
  act: 'token.issue',
  summary: 'Replaces its rules. They hold from the next grant on: at the claim, or when the phone renews.',
  params: z.strictObject({ tokenId }),
  body: z.strictObject(ruleOrder),
  answer: z.strictObject({ holdFrom: z.enum(['claim', 'renewal']) }),
})

export const renewTokenNow = operation({
  id: 'renewToken',
  method: 'POST',
  path: '/fleet/tokens/{tokenId}/renew',
  act: 'token.issue',
  summary:
    'Lets a token go on: longer, with more credit, and at once by its newest rules where that is wanted.',
  params: z.strictObject({ tokenId }),
  body: z.strictObject({
    days,
    addMinor: limit.describe('Set aside on top; 0: nothing.'),
    atOnce: z
      .boolean()
      .describe('Blocks the phone’s present grant, so that it fetches the next one as soon as it is online.'),
    idempotencyKey,
  }),
  answer: z.strictObject({ expiresAtS: timeS, capMinor: z.int() }),
})

export const withdrawToken = operation({
  id: 'withdrawToken',
  method: 'POST',
  path: '/fleet/tokens/{tokenId}/revoke',
  act: 'token.revoke',
  summary: 'Withdraws a token. Chargers refuse it as soon as they hear.',
  params: z.strictObject({ tokenId }),
  body: z.strictObject({ confirmation: name.describe('The name on it, as typed by whoever decides.') }),
  answer: z.strictObject({ revocationEpoch: z.int() }),
})

export const readTokenReach = operation({
  id: 'readTokenReach',
  method: 'GET',
  path: '/fleet/tokens/{tokenId}/reach',
  act: 'token.read',
  summary:
    'Who can still spend, how much and where, until every charger has heard that the token was withdrawn.',
  params: z.strictObject({ tokenId }),
  answer: z.strictObject({
    holder: z.enum(['nobody', 'phone', 'over']).describe('Who has a grant that has not ended by itself.'),
    revokedAtS: timeS.nullable(),
    leftMinor: z.int().describe('Of the grant on the phone, as far as anybody has heard.'),
    heldMinor: z.int().describe('In sessions whose receipts are still to come.'),
    sessionCapMinor: z.int(),
    strangerCapMinor: z
      .int()
      .nullable()
      .describe(
        'The most that one charger lends a grant that it cannot ask about; null: as much as there is.',
      ),
    mostMinor: z
      .int()
      .describe('The most that can still be spent, all chargers that have not heard together.'),
    endsAtS: timeS.nullable().describe('When every charger refuses it by itself.'),
    chargers: z.int(),
    heard: z.int(),
    sites: z
      .array(
        z.strictObject({
          siteId: z.string(),
          label: z.string(),
          chargers: z.int(),
          heard: z.int(),
          lastInTouchAtS: timeS
            .nullable()
            .describe('Of the charger there that was silent longest; null: never.'),
        }),
      )
      .readonly(),
    unheard: z
      .array(
        z.strictObject({
          chargerId: z.string(),
          siteLabel: z.string(),
          bayLabel: z.string(),
          inTouchAtS: timeS.nullable(),
          mostMinor: z.int(),
        }),
      )
      .readonly()
      .describe('Silent longest first, at most 100.'),
  }),
})
