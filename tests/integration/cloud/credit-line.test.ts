/** A credit line: how far a fleet may go beyond its own credit, and when it is warned. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import type { Refusal } from '@/lib/core/reason'
import { expectOk, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { setCreditLine } from '@/lib/cloud/credit/credit-line'
import { setAlert, watchCredit } from '@/lib/cloud/credit/low-credit'
import { creditOf } from '@/lib/cloud/credit/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant, transact } from '@/lib/cloud/database/connection'
import { issueToken } from '@/lib/cloud/fleet/commands'
import { tokenTerms } from '@/lib/cloud/fleet/token-list'
import { freshSerial, reserveCredit } from '@/lib/cloud/issuance/grant-books'
import { creditLineAccount, fleetAccount } from '@/lib/cloud/ledger/accounts'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { topUp } from '@/lib/cloud/topup/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, openWorld, proof, startS } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId: author } = demo
const fleet = fleetAccount(fleetId)

async function openFleet() {
  const { cloud, pass } = await openWorld(database)
  await seedDemo(cloud)
  return { cloud, pass, own: await balanceMinor(cloud, fleet) }
}

const creditNow = async (cloud: Cloud) => expectOk(await creditOf(cloud, fleetId), 'credit')

const aside = (cloud: Cloud, capMinor: number) =>
  transact(cloud.db, cloud.config.tenant, async (tx) =>
    reserveCredit(cloud, tx, {
      serial: await freshSerial(cloud, tx),
      owner: fleet,
      capMinor: minorUnits(capMinor),
      releaseAfterS: startS + 86_400,
      author,
    }),
  )

let payments = 0
const payIn = async (cloud: Cloud, amountMinor: number): Promise<void> => {
  payments += 1
  const order = { owner: fleet, amountMinor, currency: cloud.config.currency, author }
  const paid = await topUp(cloud, {
    ...{ ...order, cardNumber: '4242424242424242', idempotencyKey: `pay-in-${payments}` },
  })
  expectOk(paid, 'top-up')
}

const whyNot = (answer: Result<unknown, Refusal>): string => (answer.ok ? 'allowed' : answer.error.code)

test('a fleet sets aside down to its line and not a cent further', async () => {
  const { cloud, own } = await openFleet()
  expectOk(await setCreditLine(cloud, { fleetId, limitMinor: 5_000, author }), 'line')
  expect(await creditNow(cloud)).toMatchObject({ freeMinor: own + 5_000, drawnMinor: 0 })
  expect(whyNot(await aside(cloud, own + 5_001))).toBe('account.insufficient-funds')
  expectOk(await aside(cloud, own + 5_000), 'all')
  expect(await creditNow(cloud)).toMatchObject({ freeMinor: 0, ownMinor: 0, drawnMinor: 5_000 })
  expect(whyNot(await aside(cloud, 1))).toBe('account.insufficient-funds')
  expect((await proof(cloud)).isProved).toBe(true)
})

test('a token draws from the line as well, and the same order draws once', async () => {
  const { cloud, own } = await openFleet()
  expectOk(await setCreditLine(cloud, { fleetId, limitMinor: 5_000, author }), 'line')
  expectOk(await aside(cloud, own), 'own credit')
  expect(expectOk(await tokenTerms(cloud, fleetId), 'terms').freeMinor).toBe(5_000)
  const order = {
    ...{ fleetId, author, driverName: 'Isla', capMinor: 2_000, days: 30, idempotencyKey: 'token-1' },
    ...{ sessionCapMinor: 2_000, dailyLimitMinor: 0 },
  }
  expectOk(await issueToken(cloud, order), 'token')
  expectOk(await issueToken(cloud, order), 'again')
  expect(await balanceMinor(cloud, creditLineAccount(fleetId))).toBe(-2_000)
})

test('what comes in gives back what was drawn, and a line that was lowered lends nothing more', async () => {
  const { cloud, own } = await openFleet()
  expectOk(await setCreditLine(cloud, { fleetId, limitMinor: 5_000, author }), 'line')
  expectOk(await aside(cloud, own + 4_000), 'drawn')
  expectOk(await setCreditLine(cloud, { fleetId, limitMinor: 1_000, author }), 'lowered')
  expect(await creditNow(cloud)).toMatchObject({ freeMinor: 0, drawnMinor: 4_000, limitMinor: 1_000 })
  // 2,000 came in: still further in debt than the new line allows.
  await payIn(cloud, 2_000)
  expect(whyNot(await aside(cloud, 1))).toBe('account.insufficient-funds')
  await payIn(cloud, 2_500)
  await watchCredit(cloud)
  expect(await creditNow(cloud)).toMatchObject({ freeMinor: 1_500, ownMinor: 500, drawnMinor: 0 })
  expect((await proof(cloud)).isProved).toBe(true)
})

test('whatever is asked for at once and in whatever order, the fleet never goes beyond its line', async () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('aside' as const), by: fc.integer({ min: 1, max: 4_000 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('in' as const), by: fc.integer({ min: 500, max: 3_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('watch' as const), by: fc.constant(0) }) },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 8_000 }),
      fc.array(fc.array(step, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
      async (limitMinor, rounds) => {
        const { cloud, own } = await openFleet()
        expectOk(await setCreditLine(cloud, { fleetId, limitMinor, author }), 'line')
        expectOk(await aside(cloud, own), 'own credit')
        let [paidIn, taken] = [0, 0]
        for (const round of rounds) {
          const done = await Promise.all(
            round.map(async ({ kind, by }) => {
              if (kind === 'watch') await watchCredit(cloud)
              else if (kind === 'in') await payIn(cloud, by)
              else if ((await aside(cloud, by)).ok) return by
              if (kind === 'in') paidIn += by
              return 0
            }),
          )
          taken += done.reduce((sum, by) => sum + by, 0)
          const { ownMinor, drawnMinor } = await creditNow(cloud)
          expect(drawnMinor).toBeLessThanOrEqual(limitMinor)
          expect(taken).toBeLessThanOrEqual(limitMinor + paidIn)
          expect(ownMinor - drawnMinor).toBe(paidIn - taken)
        }
        expect((await proof(cloud)).isProved).toBe(true)
      },
    ),
    { numRuns: 6 },
  )
})

test('a fleet is warned once when little is left, and again only after it has risen', async () => {
  const { cloud, own, pass } = await openFleet()
  const mails = () =>
    inTenant(cloud.db, cloud.config.tenant, (tx) =>
      tx.selectFrom('mails').select(['recipient', 'subject', 'body']).orderBy('mail_key').execute(),
    )
  expectOk(await setAlert(cloud, { fleetId, belowMinor: 1_000, author }), 'alert')
  expect(await watchCredit(cloud)).toBe(0)
  expectOk(await aside(cloud, own - 500), 'little left')
  expect(await watchCredit(cloud)).toBe(1)
  expect(await watchCredit(cloud)).toBe(0)
  expect(await creditNow(cloud)).toMatchObject({ isLow: true, freeMinor: 500 })
  const [first] = await mails()
  expect(first?.subject).toContain('€5.00')
  expect(first?.body).toContain('5,00\u00a0€')
  expect(first?.body).toContain('http://localhost:3000/fleet/credit')
  const count = (await mails()).length
  await payIn(cloud, 1_000)
  expect(await watchCredit(cloud)).toBe(0)
  pass(60)
  expectOk(await aside(cloud, 1_000), 'fallen again')
  expect(await watchCredit(cloud)).toBe(1)
  expect(await mails()).toHaveLength(2 * count)
})
