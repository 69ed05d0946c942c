import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { passkeyHashOf } from '@/lib/protocol/passkey-assertion'
import {
  beginRegistration,
  beginSignIn,
  finishRegistration,
  finishSignIn,
  forgetExpired,
} from '@/lib/cloud/accounts/commands'
import { signOut } from '@/lib/cloud/accounts/sign-ins'
import { accountOverview } from '@/lib/cloud/accounts/queries'
import { accountOfToken } from '@/lib/cloud/accounts/sign-ins'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { cardClearingAccount, reserveAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { topUp } from '@/lib/cloud/topup/commands'
import { SoftwareAuthenticator } from '../../fixtures/software-authenticator'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import {
  availableMinor,
  balanceMinor,
  Charger,
  freshSigner,
  openAccount,
  openWorld,
  payIn,
  Phone,
  proof,
} from './world'
import { receiveReport } from '@/lib/cloud/ingest/commands'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const origin = 'http://localhost:3000'

async function register(cloud: Cloud, authenticator: SoftwareAuthenticator) {
  const { challengeId, options } = await beginRegistration(cloud)
  return finishRegistration(cloud, challengeId, authenticator.register(options))
}

test('a passkey makes an account, signs in again and out', async () => {
  const { cloud } = await openWorld(database)
  const authenticator = new SoftwareAuthenticator(origin)
  const registered = expectOk(await register(cloud, authenticator), 'registration')
  expect(await accountOfToken(cloud, registered.token)).toBe(registered.accountId)
  await signOut(cloud, registered.token)
  expect(await accountOfToken(cloud, registered.token)).toBeUndefined()
  const { challengeId, options } = await beginSignIn(cloud)
  const signedIn = expectOk(await finishSignIn(cloud, challengeId, authenticator.signIn(options)), 'sign-in')
  expect(signedIn.accountId).toBe(registered.accountId)
  expect(await accountOverview(cloud, signedIn.accountId)).toMatchObject({
    balanceMinor: 0,
    reservedMinor: 0,
    owedMinor: 0,
    sessions: [],
    passkeys: [registered.passkey],
  })
})

test('a challenge serves once, and only for its purpose', async () => {
  const { cloud } = await openWorld(database)
  const authenticator = new SoftwareAuthenticator(origin)
  expectOk(await register(cloud, authenticator), 'registration')
  const { challengeId, options } = await beginSignIn(cloud)
  const response = authenticator.signIn(options)
  expect((await finishSignIn(cloud, challengeId, response)).ok).toBe(true)
  expect(await finishSignIn(cloud, challengeId, response)).toMatchObject({
    error: { code: 'account.passkey' },
  })
  const registration = await beginRegistration(cloud)
  const wrongPurpose = await finishSignIn(cloud, registration.challengeId, authenticator.signIn(options))
  expect(wrongPurpose.ok).toBe(false)
})

test('a challenge that is five minutes old is too old, and is forgotten', async () => {
  const { cloud, pass } = await openWorld(database)
  const authenticator = new SoftwareAuthenticator(origin)
  const { challengeId, options } = await beginRegistration(cloud)
  pass(301)
  const late = await finishRegistration(cloud, challengeId, authenticator.register(options))
  expect(late).toMatchObject({ error: { code: 'account.passkey' } })
  await beginSignIn(cloud)
  pass(301)
  await forgetExpired(cloud)
  const left = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('challenges').selectAll().execute(),
  )
  expect(left).toEqual([])
})

test('a passkey of another origin, a stranger’s passkey and rubbish are refused alike', async () => {
  const { cloud } = await openWorld(database)
  const elsewhere = await register(cloud, new SoftwareAuthenticator('http://evil.example'))
  expect(elsewhere).toMatchObject({ error: { code: 'account.passkey' } })
  const { challengeId, options } = await beginSignIn(cloud)
  const stranger = new SoftwareAuthenticator(origin).signIn(options)
  expect(await finishSignIn(cloud, challengeId, stranger)).toMatchObject({
    error: { code: 'account.passkey' },
  })
  const again = await beginRegistration(cloud)
  const rubbish = { id: 'x', response: { clientDataJSON: '%%%', attestationObject: '' } } as never
  expect(await finishRegistration(cloud, again.challengeId, rubbish)).toMatchObject({
    error: { code: 'account.passkey' },
  })
})

test('a sign-in ends after thirty days', async () => {
  const { cloud, pass } = await openWorld(database)
  const { token } = expectOk(await register(cloud, new SoftwareAuthenticator(origin)), 'registration')
  pass(30 * 86_400 + 1)
  expect(await accountOfToken(cloud, token)).toBeUndefined()
})

test('a grant commits to the passkey that may step up', async () => {
  const { cloud } = await openWorld(database)
  const { accountId, passkey } = expectOk(
    await register(cloud, new SoftwareAuthenticator(origin)),
    'registration',
  )
  await payIn(cloud, accountId, 5_000)
  const phone = await Phone.withGrant(cloud, accountId)
  expect(phone.grant.payload.passkeyHash).toBe(passkeyHashOf(passkey.algorithm, fromHex(passkey.publicKey)))
})

const card = (cloud: Cloud, accountId: string, key: string, cardNumber: string, amountMinor = 2_000) =>
  topUp(cloud, {
    owner: walletAccount(accountId),
    amountMinor,
    currency: EUR,
    cardNumber,
    idempotencyKey: key,
    author: accountId,
  })

test('a top-up that is repeated, also at once, charges and credits once', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 0)
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => card(cloud, accountId, 'the-same-key', '4242 4242 4242 4242')),
  )
  const first = outcomes[0]
  expect(first).toMatchObject({ ok: true, value: { state: 'paid', balanceMinor: 2_000 } })
  expect(outcomes).toEqual(outcomes.map(() => first))
  expect(await balanceMinor(cloud, cardClearingAccount)).toBe(-2_000)
  const other = await card(cloud, accountId, 'the-same-key', '4242 4242 4242 4242', 3_000)
  expect(other).toMatchObject({ error: { code: 'api.conflict' } })
})

test('a declined card says so and credits nothing', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 0)
  const declined = { ok: false, error: { code: 'account.card-declined' } }
  expect(await card(cloud, accountId, 'declined-key', '4000 0000 0000 0002')).toEqual(declined)
  expect(await card(cloud, accountId, 'declined-key', '4242 4242 4242 4242')).toEqual(declined)
  expect(await balanceMinor(cloud, walletAccount(accountId))).toBe(0)
  expect(await card(cloud, accountId, 'too-little', '4242 4242 4242 4242', 100)).toMatchObject({
    error: { code: 'account.amount', facts: { minimumMinor: 500, maximumMinor: 50_000 } },
  })
})

test('a grant moves its cap into the reserve and is given again while it has room', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 15_000)
  const device = freshSigner()
  const ask = (deviceKey = device.publicKey) =>
    issueDriverGrant(cloud, { accountId, deviceKey, keyProtection: 'platform' })
  const [first, second] = await Promise.all([ask(), ask()])
  expect(second).toEqual(first)
  expect(await balanceMinor(cloud, walletAccount(accountId))).toBe(5_000)
  const { payload } = expectOk(parseMessage(grant, expectOk(first, 'grant')), 'grant')
  expect(payload).toMatchObject({ capMinor: 10_000, sessionCapMinor: 6_000, spendsMax: 8, sites: [] })
  expect(payload.notAfterS - cloud.clock.nowS()).toBe(7 * 86_400)
  const otherDevice = expectOk(
    parseMessage(grant, expectOk(await ask(freshSigner().publicKey), 'grant')),
    'grant',
  )
  expect(otherDevice.payload.capMinor).toBe(5_000)
  expect(await ask(freshSigner().publicKey)).toMatchObject({ error: { code: 'account.insufficient-funds' } })
})

test('a grant with too little room left is followed by another from the balance', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 7_000)
  const signer = freshSigner()
  const ask = (capMinor: number) =>
    issueDriverGrant(cloud, { accountId, deviceKey: signer.publicKey, keyProtection: 'platform', capMinor })
  const phone = Phone.holding(expectOk(await ask(4_000), 'grant'), signer)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 60_000)
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  const next = expectOk(parseMessage(grant, expectOk(await ask(4_000), 'grant')), 'grant').payload
  expect(next.serial).not.toBe(phone.serial)
  expect(next.capMinor).toBe(3_000)
  expect(await availableMinor(cloud, reserveAccount(next.serial))).toBe(3_000)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a key on which anybody could sign gets no grant', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 5_000)
  for (const deviceKey of [`01${'0'.repeat(62)}`, 'zz', 'FF'.repeat(32)]) {
    const refused = await issueDriverGrant(cloud, { accountId, deviceKey, keyProtection: 'platform' })
    expect(refused).toMatchObject({ error: { code: 'phone.key' } })
  }
})
