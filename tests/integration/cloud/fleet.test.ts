import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import type { Cloud } from '@/lib/cloud/context'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { revokeToken } from '@/lib/cloud/fleet/withdraw-token'
import { fleetOverview } from '@/lib/cloud/fleet/queries'
import { receiveBundle, releaseDueReserves } from '@/lib/cloud/ingest/commands'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { membershipsOf } from '@/lib/cloud/organisations/queries'
import { registerCharger } from '@/lib/cloud/operator/commands'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, Charger, freshSigner, openWorld, Phone, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId } = demo
const fleet = fleetAccount(fleetId)

async function demoFleet() {
  const world = await openWorld(database)
  await seedDemo(world.cloud)
  return world
}

const issue = (cloud: Cloud, driverName = 'Ailsa Reid', idempotencyKey = `key-${driverName}`) =>
  issueToken(cloud, {
    fleetId,
    driverName,
    capMinor: 20_000,
    sessionCapMinor: 8_000,
    dailyLimitMinor: 10_000,
    days: 30,
    idempotencyKey,
    author: managerId,
  })

const claim = (cloud: Cloud, code: string, signer = freshSigner()) =>
  claimToken(cloud, { code, deviceKey: signer.publicKey, keyProtection: 'platform' })

test('the demonstration can be seeded again and again', async () => {
  const { cloud } = await demoFleet()
  const again = await seedDemo(cloud)
  expect(again.fleetId).toBe(fleetId)
  expect(await balanceMinor(cloud, fleet)).toBe(50_000)
  expect(await membershipsOf(cloud, managerId)).toMatchObject([{ organisationId: fleetId, role: 'owner' }])
})

test('a token sets its cap aside; the driver’s phone claims it once, and a session is the fleet’s to pay', async () => {
  const { cloud } = await demoFleet()
  const token = expectOk(await issue(cloud), 'token')
  expect(await balanceMinor(cloud, fleet)).toBe(30_000)
  const signer = freshSigner()
  const claimed = expectOk(
    await claim(cloud, token.claimCode.toLowerCase().replaceAll('-', ' '), signer),
    'claim',
  )
  expect(claimed.fleetName).toBe('Glen Haulage')
  expect(await claim(cloud, token.claimCode, signer)).toEqual({ ok: true, value: claimed })
  expect(await claim(cloud, token.claimCode)).toMatchObject({ error: { code: 'account.claim-code' } })
  const { payload } = expectOk(parseMessage(grant, claimed.grant), 'grant')
  expect(payload).toMatchObject({ capMinor: 20_000, fleetRules: { fleet: 1, dailyLimitMinor: 10_000 } })
  const phone = Phone.holding(claimed.grant, signer)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 6_000, 40_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const overview = expectOk(await fleetOverview(cloud, fleetId), 'overview')
  expect(overview).toMatchObject({
    balanceMinor: 30_000,
    reservedMinor: 20_000 - 1_960,
    atRiskMinor: 0,
    openCases: 0,
  })
  expect(overview.tokens).toMatchObject([
    { tokenId: token.tokenId, state: 'live', spentMinor: 1_960, heldMinor: 0 },
  ])
  expect(overview.sessions).toMatchObject([
    {
      sessionId: session.id,
      state: 'settled',
      totalMinor: 1_960,
      driverName: 'Ailsa Reid',
      siteLabel: 'Kinross Services',
    },
  ])
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('the same request gives the same token, and no token is issued beyond the credit', async () => {
  const { cloud } = await demoFleet()
  const [first, second] = await Promise.all([issue(cloud), issue(cloud)])
  const token = expectOk(first, 'first')
  expect(expectOk(second, 'second')).toEqual(token)
  expect(expectOk(await issue(cloud), 'again')).toEqual(token)
  expect(await balanceMinor(cloud, fleet)).toBe(30_000)
  expectOk(await issue(cloud, 'Ben'), 'second token')
  expect(await issue(cloud, 'Cara')).toMatchObject({ error: { code: 'account.insufficient-funds' } })
})

test('a token that nobody claimed is withdrawn with all its credit', async () => {
  const { cloud } = await demoFleet()
  const token = expectOk(await issue(cloud), 'token')
  const revoke = (confirmation: string) =>
    revokeToken(cloud, { fleetId, tokenId: token.tokenId, confirmation, author: managerId })
  expect(await revoke('Ben')).toMatchObject({ error: { code: 'api.conflict' } })
  expect(await revoke(' ailsa reid ')).toEqual({ ok: true, value: { revocationEpoch: 1 } })
  expect(await revoke('Ailsa Reid')).toEqual({ ok: true, value: { revocationEpoch: 1 } })
  expect(await balanceMinor(cloud, fleet)).toBe(50_000)
  expect(await claim(cloud, token.claimCode)).toMatchObject({ error: { code: 'account.claim-code' } })
})

test('the credit of a claimed token stays set aside after it is withdrawn, until its time is over', async () => {
  const { cloud, pass } = await demoFleet()
  const token = expectOk(await issue(cloud), 'token')
  expectOk(await claim(cloud, token.claimCode), 'claim')
  const revoked = await revokeToken(cloud, {
    fleetId,
    tokenId: token.tokenId,
    confirmation: 'Ailsa Reid',
    author: managerId,
  })
  expect(revoked).toEqual({ ok: true, value: { revocationEpoch: 1 } })
  pass(59 * 86_400)
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, fleet)).toBe(30_000)
  pass(2 * 86_400)
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, fleet)).toBe(50_000)
})

test('a token that ran out unclaimed gives its credit back at once', async () => {
  const { cloud, pass } = await demoFleet()
  const token = expectOk(await issue(cloud), 'token')
  pass(30 * 86_400 + 1)
  expect(await claim(cloud, token.claimCode)).toMatchObject({ error: { code: 'account.claim-code' } })
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, fleet)).toBe(50_000)
})

test('a charger’s enrolment code serves one key, which may ask again', async () => {
  const { cloud, pass } = await openWorld(database)
  const setup = { chargerId: 'KIN-9', siteId: 'kinross', siteLabel: 'Kinross Services', bayLabel: 'Bay 9' }
  const { enrolmentCode: code } = await registerCharger(cloud, setup)
  const key = freshSigner().publicKey
  const enrol = (publicKey: string, chargerId = 'KIN-9') =>
    enrolCharger(cloud, { code, chargerId, publicKey })
  const first = expectOk(await enrol(key), 'enrolment')
  expect(expectOk(await enrol(key), 'again')).toEqual(first)
  const refused = { error: { code: 'device.enrolment-code' } }
  expect(await enrol(freshSigner().publicKey)).toMatchObject(refused)
  expect(await enrol(key, 'KIN-8')).toMatchObject(refused)
  const late = await registerCharger(cloud, setup)
  pass(8 * 86_400)
  expect(
    await enrolCharger(cloud, {
      code: late.enrolmentCode,
      chargerId: 'KIN-9',
      publicKey: freshSigner().publicKey,
    }),
  ).toMatchObject(refused)
})
