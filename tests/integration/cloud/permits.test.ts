import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { chargerId, grantSerial, publicKey, type GrantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { permit } from '@/lib/protocol/messages/permit'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { answerBundle, answerReport } from '@/lib/cloud/device-replies'
import { receiveReport } from '@/lib/cloud/ingest/commands'
import { issueDriverGrant, raiseGrantCap, revokeGrant, signTime } from '@/lib/cloud/issuance/commands'
import { permitsOfChargerMax } from '@/lib/cloud/issuance/permits'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { raiseAtCharger, registerCharger, veto } from '@/lib/cloud/operator/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { driver } from './closing'
import { Charger, freshSigner, openAccount, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const hourS = 3_600
const read = (bytes: Bytes | undefined) =>
  expectOk(parseMessage(permit, bytes ?? new Uint8Array(0)), 'permit').payload
const readAll = (texts: readonly string[] = []) => texts.map((text) => read(fromBase64Url(text)))

const raise = (cloud: Cloud, accountId: string, serial: GrantSerial, at: string, maximumMinor: number) =>
  raiseGrantCap(cloud, { accountId, serial, chargerId: chargerId(at), maximumMinor })

test('the charger hears of a veto with its bundle, the phone with its report, and others do not', async () => {
  const { cloud, phone, charger } = await driver(database)
  const stranger = await Charger.enrolled(cloud)
  const running = await charger.charge(phone, 3_000, null)
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  const given = expectOk(
    await veto(cloud, { id: running.id, chargerId: charger.id, author: 'operator' }),
    'veto',
  )
  expect(read(given)).toMatchObject({ verdict: 'veto', sessionId: running.id, chargerId: charger.id })
  const told = expectOk(await answerBundle(cloud, await charger.bundle()), 'bundle')
  expect(readAll(told.permits)).toEqual([read(given)])
  expect(readAll(expectOk(await answerReport(cloud, phone.report()), 'report').permits)).toEqual([
    read(given),
  ])
  stranger.log({ kind: 'ended', timeS: cloud.clock.nowS(), sessionId: running.id, receipt: given })
  expect(expectOk(await answerBundle(cloud, await stranger.bundle()), 'bundle').permits).toEqual([])
})

test('a veto of a grant goes to every charger, and the issuer signed it', async () => {
  const { cloud, phone, charger } = await driver(database)
  const given = expectOk(await veto(cloud, { id: phone.serial, author: 'operator' }), 'veto')
  const { root, trustList } = await currentTrust(cloud)
  const trust = openTrustList(fromBase64Url(trustList)!, publicKey(root), cloud.verify)!.payload
  expect(openIssued(permit, given, trust, cloud.clock.nowS(), cloud.verify)?.payload.serial).toBe(
    phone.serial,
  )
  await charger.charge(phone, 3_000, null)
  const told = expectOk(await answerBundle(cloud, await charger.bundle()), 'bundle')
  expect(readAll(told.permits)).toMatchObject([{ verdict: 'veto', serial: phone.serial }])
  expect(await veto(cloud, { id: 'nonsense', author: 'operator' })).toMatchObject({
    error: { code: 'api.malformed' },
  })
})

test('nobody is told of a permit that has run out', async () => {
  const { cloud, pass, accountId, phone, charger } = await driver(database)
  expectOk(await raise(cloud, accountId, phone.serial, charger.id, 3_000), 'raise')
  await charger.charge(phone, 1_000, 0)
  const bundle = await charger.bundle()
  expect(expectOk(await answerBundle(cloud, bundle), 'bundle').permits).toHaveLength(1)
  pass(2 * hourS)
  expect(expectOk(await answerBundle(cloud, bundle), 'bundle').permits).toEqual([])
})

test('a phone that is online lifts its cap to what its grant still has, and no further', async () => {
  const { cloud, accountId, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, null)
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  const asked = (at: string, maximumMinor: number) => raise(cloud, accountId, phone.serial, at, maximumMinor)
  const elsewhere = await Charger.enrolled(cloud)
  expect(read(expectOk(await asked(elsewhere.id, 9_000), 'raise')).maximumMinor).toBe(1_000)
  // What it holds here is part of what it may hold here; what was promised elsewhere is not.
  expect(read(expectOk(await asked(charger.id, 9_000), 'raise')).maximumMinor).toBe(3_000)
  expect(await asked((await Charger.enrolled(cloud)).id, 500)).toMatchObject({
    error: { code: 'account.insufficient-funds' },
  })
})

test('asking again gives the same permit, and asking at many chargers at once promises nothing twice', async () => {
  const { cloud, accountId, phone, charger } = await driver(database)
  const ask = (at: string) => raise(cloud, accountId, phone.serial, at, 2_500)
  const first = expectOk(await ask(charger.id), 'raise')
  expect(expectOk(await ask(charger.id), 'again')).toEqual(first)
  const others = await Promise.all([1, 2, 3].map(() => Charger.enrolled(cloud)))
  const answers = await Promise.all(others.map(({ id }) => ask(id)))
  const promised = answers.map((one) => (one.ok ? (read(one.value).maximumMinor ?? 0) : 0))
  expect(promised.reduce((sum, one) => sum + one, 2_500)).toBe(4_000)
})

test('a cap is raised only for one’s own live grant, under a key that no PIN alone guards, at a charger that is there', async () => {
  const { cloud, accountId, phone, charger } = await driver(database)
  const other = await openAccount(cloud, 5_000)
  const refusedAs = async (account: string, serial: GrantSerial, at = charger.id) => {
    const answer = await raise(cloud, account, serial, at, 1_000)
    return answer.ok ? 'raised' : answer.error.code
  }
  expect(await refusedAs(other, phone.serial)).toBe('api.forbidden')
  expect(await refusedAs(accountId, grantSerial('00'.repeat(8)))).toBe('grant.missing')
  expect(await refusedAs(accountId, phone.serial, 'NOBODY-1')).toBe('device.unknown')
  const order = { accountId: other, deviceKey: freshSigner().publicKey, keyProtection: 'sealed' as const }
  const sealed = expectOk(await issueDriverGrant(cloud, order), 'grant')
  const { serial } = expectOk(parseMessage(grant, sealed), 'grant').payload
  expect(await refusedAs(other, serial)).toBe('hold.first-seen')
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    revokeGrant(cloud, tx, phone.serial, phone.grant.payload.notAfterS, 'operator'),
  )
  expect(await refusedAs(accountId, phone.serial)).toBe('grant.revoked')
})

test('a grant for other sites is raised nowhere else', async () => {
  const { cloud } = await openWorld(database)
  await Charger.enrolled(cloud)
  await registerCharger(cloud, { chargerId: 'OBAN-1', siteId: 'oban', siteLabel: 'Oban Pier', bayLabel: '1' })
  const accountId = await openAccount(cloud, 5_000)
  const order = { accountId, deviceKey: freshSigner().publicKey, keyProtection: 'platform' as const }
  const issued = expectOk(await issueDriverGrant(cloud, { ...order, sites: ['kinross'] }), 'grant')
  const { serial } = expectOk(parseMessage(grant, issued), 'grant').payload
  expect(await raise(cloud, accountId, serial, 'OBAN-1', 1_000)).toMatchObject({
    error: { code: 'grant.site' },
  })
})

test('the operator raises a cap up to the grant’s, and one permit too many is refused, not left out', async () => {
  const { cloud, phone, charger } = await driver(database)
  const order = { serial: phone.serial, chargerId: chargerId(charger.id), hours: 24, author: 'operator' }
  const tooMuch = await raiseAtCharger(cloud, { ...order, maximumMinor: minorUnits(4_001) })
  expect(tooMuch).toMatchObject({ error: { code: 'account.amount', facts: { maximumMinor: 4_000 } } })
  for (let given = 0; given < permitsOfChargerMax; given += 1) {
    const raised = await raiseAtCharger(cloud, { ...order, maximumMinor: minorUnits(1_000 + given) })
    expect(read(expectOk(raised, 'raise')).maximumMinor).toBe(1_000 + given)
  }
  const oneMore = await raiseAtCharger(cloud, { ...order, maximumMinor: minorUnits(3_000) })
  expect(oneMore).toMatchObject({ error: { code: 'news.full' } })
  await charger.charge(phone, 1_000, 0)
  const told = expectOk(await answerBundle(cloud, await charger.bundle()), 'bundle')
  expect(told.permits).toHaveLength(permitsOfChargerMax)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('anybody gets the time for a nonce, signed', async () => {
  const { cloud } = await openWorld(database)
  const signed = expectOk(await signTime(cloud, '0123456789abcdef'), 'time')
  expect(expectOk(parseMessage(signedTime, signed), 'time').payload).toEqual({
    operator: cloud.config.tenant,
    nonce: '0123456789abcdef',
    timeS: cloud.clock.nowS(),
  })
  expect(await signTime(cloud, 'no nonce')).toMatchObject({ error: { code: 'api.malformed' } })
})
