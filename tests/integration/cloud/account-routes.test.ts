import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { hashSecret } from '@/lib/cloud/secrets'
import { SoftwareAuthenticator } from '../../fixtures/software-authenticator'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { freshSigner, payIn } from './world'

let database: TestDatabase
let folder: string
let cloud: Cloud
const origin = 'http://localhost:3000'
const apiFolder = fileURLToPath(new URL('../../../app/api/v1', import.meta.url))

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-account-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  process.env[environmentNames.worker] = '0'
  cloud = await runningCloud()
})
afterAll(async () => {
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the answers of these routes hold; each test reads what its route gives. */
interface Json {
  readonly error?: { readonly code: string }
  readonly accountId: string
  readonly challengeId: string
  readonly options: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON
  readonly codes: readonly string[]
  readonly grant: string
  readonly reference: string
  readonly transfers: readonly unknown[]
}
type Route = (request: Request) => Promise<Response>

/** One browser: it keeps its cookie, as the server sets it. */
class Browser {
  private cookie = ''
  constructor(readonly authenticator = new SoftwareAuthenticator(origin)) {}

  async call(path: string, body?: unknown, method: 'GET' | 'POST' = 'POST') {
    const routes = (await import(/* @vite-ignore */ join(apiFolder, path, 'route.ts'))) as Record<
      string,
      Route
    >
    const type = 'application/json'
    const headers = new Headers({ host: 'localhost:3000', origin, cookie: this.cookie, 'content-type': type })
    const response = await routes[method]!(
      new Request(`${origin}/api/v1/${path}`, {
        method,
        headers,
        ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      }),
    )
    const set = response.headers.get('set-cookie')?.split(';')[0]
    if (set !== undefined) this.cookie = set
    const text = await response.text()
    const json = (text === '' ? {} : JSON.parse(text)) as Json
    return { status: response.status, json, code: json.error?.code }
  }

  get token(): string {
    return this.cookie.split('=')[1] ?? ''
  }

  async signUp(): Promise<string> {
    const { json } = await this.call('account/register/options')
    const response = this.authenticator.register(json.options)
    return (await this.call('account/register/verify', { challengeId: json.challengeId, response })).json[
      'accountId'
    ]
  }

  async signIn(authenticator = this.authenticator) {
    const { json } = await this.call('account/sign-in/options')
    const response = authenticator.signIn(json.options)
    return this.call('account/sign-in/verify', { challengeId: json.challengeId, response })
  }

  async addPasskey(name: string, authenticator = new SoftwareAuthenticator(origin)) {
    const begun = await this.call('account/passkeys/options')
    if (begun.status !== 200) return begun
    const response = authenticator.register(begun.json.options)
    return this.call('account/passkeys/verify', { challengeId: begun.json.challengeId, response, name })
  }

  async recover(code: string, authenticator = new SoftwareAuthenticator(origin)) {
    const begun = await this.call('account/recover/options', { code })
    if (begun.status !== 200) return begun
    const response = authenticator.register(begun.json.options)
    return this.call('account/recover/verify', {
      challengeId: begun.json.challengeId,
      response,
      name: 'New',
    })
  }

  devices = async () => (await this.call('account/devices', undefined, 'GET')).json as unknown as Devices

  async takeAlong(deviceKey = freshSigner().publicKey) {
    const taken = await this.call('wallet/grants', { devicePublicKey: deviceKey, keyProtection: 'platform' })
    if (taken.status !== 200) return { ...taken, deviceKey, grant: undefined }
    const bytes = fromBase64Url(taken.json.grant)!
    return { ...taken, deviceKey, grant: expectOk(parseMessage(grantMessage, bytes), 'grant').payload }
  }
}

interface Devices {
  readonly passkeys: readonly { credentialId: string; name: string; isThis: boolean }[]
  readonly recoveryCodesLeft: number
  readonly coolOffUntilS: number | null
  readonly otherSignIns: number
  readonly phones: readonly {
    phoneId: string
    name: string
    isThis: boolean
    lostAtS: number | null
    grants: readonly { state: string; reservedMinor: number; notAfterS: number; releaseAfterS: number }[]
  }[]
}

/** As if the passkey had been shown twenty minutes ago. */
const forgetProof = (browser: Browser) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .updateTable('sign_ins')
      .set({ proved_at_s: cloud.clock.nowS() - 1_200 })
      .where('token_hash', '=', hashSecret(browser.token))
      .execute(),
  )

test('a second passkey opens the account, has a name, and can be taken away again', async () => {
  const browser = new Browser()
  const accountId = await browser.signUp()
  const tablet = new SoftwareAuthenticator(origin)
  expect((await browser.addPasskey('Tablet', tablet)).status).toBe(204)
  expect((await new Browser(tablet).signIn()).json.accountId).toBe(accountId)
  // Keys of one second stand in any order.
  const { passkeys } = await browser.devices()
  const other = passkeys.find(({ isThis }) => !isThis)
  expect(other).toMatchObject({ name: 'Tablet' })
  expect(passkeys.find(({ isThis }) => isThis)).toMatchObject({ name: '' })
  const rename = { credentialId: other!.credentialId, name: 'Old tablet' }
  expect((await browser.call('account/passkeys/rename', rename)).status).toBe(204)
  expect((await browser.devices()).passkeys.map(({ name }) => name).sort()).toEqual(['', 'Old tablet'])
  expect((await browser.devices()).otherSignIns).toBe(1)
  expect((await browser.call('account/passkeys/remove', rename)).status).toBe(204)
  expect((await new Browser(tablet).signIn()).code).toBe('account.passkey')
  // What was signed in with it is signed out.
  expect((await browser.devices()).otherSignIns).toBe(0)
})

test('the last passkey stays unless recovery codes could bring its owner back', async () => {
  const browser = new Browser()
  await browser.signUp()
  const [only] = (await browser.devices()).passkeys
  expect((await browser.call('account/passkeys/remove', only)).code).toBe('account.last-key')
  expect((await browser.call('account/recovery-codes')).status).toBe(200)
  expect((await browser.call('account/passkeys/remove', only)).status).toBe(204)
})

test('of two passkeys that are taken away at once one stays', async () => {
  const browser = new Browser()
  await browser.signUp()
  await browser.addPasskey('Other')
  const { passkeys } = await browser.devices()
  const answers = await Promise.all(
    passkeys.map((passkey) => browser.call('account/passkeys/remove', passkey)),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
})

test('acts on keys ask for the passkey once more after a while, and only one of the same account will do', async () => {
  const browser = new Browser()
  await browser.signUp()
  await forgetProof(browser)
  for (const path of ['passkeys/options', 'passkeys/remove', 'recovery-codes', 'delete'])
    expect((await browser.call(`account/${path}`)).code, path).toBe('account.prove-again')
  const stranger = new Browser()
  await stranger.signUp()
  for (const [authenticator, status] of [
    [stranger.authenticator, 401],
    [browser.authenticator, 204],
  ] as const) {
    const { json } = await browser.call('account/prove/options')
    const response = authenticator.signIn(json.options)
    const proved = await browser.call('account/prove/verify', { challengeId: json.challengeId, response })
    expect(proved.status).toBe(status)
  }
  expect((await browser.call('account/recovery-codes')).status).toBe(200)
})

test('a recovery code lets its owner enrol a passkey once, signs everything else out, and rests the account', async () => {
  const browser = new Browser()
  const accountId = await browser.signUp()
  await payIn(cloud, accountId, 9_000)
  const codes = (await browser.call('account/recovery-codes')).json.codes
  expect(new Set(codes).size).toBe(10)
  const [code = '', second = ''] = codes
  const phone = new Browser()
  expect((await phone.recover('0000-0000-0000-0000')).code).toBe('account.recovery-code')
  // As people type it.
  const recovered = await phone.recover(` ${code.toLowerCase().replaceAll('-', ' ')} `)
  expect(recovered.json.accountId).toBe(accountId)
  expect((await browser.call('account', undefined, 'GET')).code).toBe('api.unauthenticated')
  expect((await new Browser().recover(code)).code).toBe('account.recovery-code')
  const devices = await phone.devices()
  expect(devices.recoveryCodesLeft).toBe(9)
  // Two keys of one second stand in no order.
  expect(devices.passkeys).toHaveLength(2)
  expect(devices.passkeys.find(({ isThis }) => isThis)).toMatchObject({ name: 'New' })
  const untilS = devices.coolOffUntilS ?? 0
  expect(untilS - cloud.clock.nowS()).toBeGreaterThan(86_000)
  // No more than a charger gives a stranger, on however many phones, and short.
  const little = await phone.takeAlong()
  expect(little.grant).toMatchObject({ capMinor: 1_500, sessionCapMinor: 1_500, notAfterS: untilS + 21_600 })
  expect((await phone.takeAlong()).code).toBe('account.cooling-off')
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .updateTable('accounts')
      .set({ recovered_at_s: cloud.clock.nowS() - 86_401 })
      .where('account_id', '=', accountId)
      .execute(),
  )
  expect((await phone.takeAlong()).grant?.capMinor).toBe(7_500)
  // A new set ends the old one.
  await phone.call('account/recovery-codes')
  expect((await new Browser().recover(second)).code).toBe('account.recovery-code')
})

test('of two phones that use one recovery code at once one gets in', async () => {
  const browser = new Browser()
  await browser.signUp()
  const [code = ''] = (await browser.call('account/recovery-codes')).json.codes
  const answers = await Promise.all([new Browser().recover(code), new Browser().recover(code)])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401])
})

test('a closed sheet costs no recovery code, and the database holds none in the clear', async () => {
  const browser = new Browser()
  await browser.signUp()
  const codes = (await browser.call('account/recovery-codes')).json.codes
  const [code = ''] = codes
  const phone = new Browser()
  expect((await phone.call('account/recover/options', { code })).status).toBe(200)
  expect((await phone.recover(code)).status).toBe(200)
  const rows = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('recovery_codes').select('code_hash').execute(),
  )
  const unkeyed = new Set(codes.flatMap((each) => [hashSecret(each), hashSecret(each.replaceAll('-', ''))]))
  expect(rows.some((row) => unkeyed.has(row.code_hash))).toBe(false)
})

const phoneId = (digit: string): string => digit.repeat(32)

test('a lost phone is blocked and signed out; its credit comes back on the date that is told', async () => {
  const lost = new Browser()
  const accountId = await lost.signUp()
  await payIn(cloud, accountId, 15_000)
  const { deviceKey, grant } = await lost.takeAlong()
  const news = { phoneId: phoneId('a'), name: 'Safari on iPhone', deviceKeys: [deviceKey] }
  expect((await lost.call('account/phones/announce', news)).status).toBe(204)
  const other = new Browser(lost.authenticator)
  await other.signIn()
  await other.call('account/phones/announce', {
    ...news,
    phoneId: phoneId('b'),
    name: 'Chrome',
    deviceKeys: [],
  })
  const before = await other.devices()
  expect(before.phones.find(({ isThis }) => isThis)?.phoneId).toBe(phoneId('b'))
  const releaseAfterS = grant!.notAfterS + 30 * 86_400
  expect(before.phones.find(({ isThis }) => !isThis)).toMatchObject({
    name: 'Safari on iPhone',
    grants: [{ state: 'live', reservedMinor: 10_000, releaseAfterS }],
  })
  const told = await other.call('account/phones/lost', { phoneId: phoneId('a') })
  const after = (told.json as unknown as Devices).phones.find(({ isThis }) => !isThis)
  expect(after).toMatchObject({ grants: [{ state: 'revoked', reservedMinor: 10_000, releaseAfterS }] })
  expect(after?.lostAtS).not.toBeNull()
  expect((await lost.call('account', undefined, 'GET')).code).toBe('api.unauthenticated')
  // What is left of the account goes on.
  expect((await other.takeAlong()).grant?.capMinor).toBe(5_000)
  // Found again: whoever signs in on it takes the mark away; the revoked grant stays revoked.
  await lost.signIn()
  await lost.call('account/phones/announce', { ...news, name: 'ignored' })
  const found = (await lost.devices()).phones.find(({ isThis }) => isThis)
  expect(found).toMatchObject({ name: 'Safari on iPhone', lostAtS: null, grants: [{ state: 'revoked' }] })
})

test('a grant of a key that no phone has told of can be blocked, too', async () => {
  const browser = new Browser()
  const accountId = await browser.signUp()
  await payIn(cloud, accountId, 5_000)
  const { deviceKey } = await browser.takeAlong()
  const [unnamed] = (await browser.devices()).phones
  expect(unnamed).toMatchObject({ phoneId: `key-${deviceKey}`, name: '', grants: [{ state: 'live' }] })
  expect((await browser.call('account/phones/lost', unnamed)).status).toBe(200)
  expect((await browser.devices()).phones[0]?.grants[0]?.state).toBe('revoked')
})

test('nobody reaches the phones and passkeys of another account', async () => {
  const owner = new Browser()
  const accountId = await owner.signUp()
  await payIn(cloud, accountId, 5_000)
  const { deviceKey } = await owner.takeAlong()
  await owner.call('account/phones/announce', {
    phoneId: phoneId('c'),
    name: 'Mine',
    deviceKeys: [deviceKey],
  })
  const thief = new Browser()
  await thief.signUp()
  for (const id of [phoneId('c'), `key-${deviceKey}`])
    await thief.call('account/phones/lost', { phoneId: id })
  const rename = { phoneId: phoneId('c'), name: 'Gone' }
  expect((await thief.call('account/phones/rename', rename)).code).toBe('api.not-found')
  // A key that somebody claims to hold says nothing about another account's grants.
  await thief.call('account/phones/announce', {
    phoneId: phoneId('d'),
    name: 'Theirs',
    deviceKeys: [deviceKey],
  })
  expect((await thief.devices()).phones).toMatchObject([{ grants: [] }])
  const [passkey] = (await owner.devices()).passkeys
  expect((await thief.call('account/passkeys/remove', passkey)).code).toBe('api.not-found')
  expect((await owner.devices()).phones).toMatchObject([{ name: 'Mine', grants: [{ state: 'live' }] }])
  expect((await new Browser().call('account/devices', undefined, 'GET')).code).toBe('api.unauthenticated')
})

test('signing the others out leaves this one in', async () => {
  const browser = new Browser()
  await browser.signUp()
  const other = new Browser(browser.authenticator)
  await other.signIn()
  expect((await browser.call('account/sign-out-others')).status).toBe(204)
  expect((await other.call('account', undefined, 'GET')).code).toBe('api.unauthenticated')
  expect((await browser.call('account', undefined, 'GET')).status).toBe(200)
})

test('the export holds what the account has and no secret', async () => {
  const browser = new Browser()
  const accountId = await browser.signUp()
  await payIn(cloud, accountId, 5_000)
  const { deviceKey } = await browser.takeAlong()
  await browser.call('account/phones/announce', {
    phoneId: phoneId('e'),
    name: 'Phone',
    deviceKeys: [deviceKey],
  })
  await browser.call('account/recovery-codes')
  const exported = await browser.call('account/export', undefined, 'GET')
  expect(exported.json).toMatchObject({
    format: 'outpost-account/1',
    accountId,
    passkeys: [{ name: '' }],
    phones: [{ name: 'Phone' }],
    grants: [{ device_key: deviceKey, cap_minor: 5_000 }],
    payments: [{ amount_minor: 5_000, state: 'paid' }],
  })
  expect(exported.json.transfers.length).toBe(2)
  const text = JSON.stringify(exported.json)
  expect(text).not.toContain(hashSecret(browser.token))
  expect(text).not.toMatch(/code_hash|token_hash|cose_key/)
})

test('a deleted account opens no more, its grants are blocked, and what it had is a case with a reference', async () => {
  const browser = new Browser()
  const accountId = await browser.signUp()
  await payIn(cloud, accountId, 15_000)
  const { grant } = await browser.takeAlong()
  const closed = await browser.call('account/delete')
  expect(closed.json).toMatchObject({
    balanceMinor: 5_000,
    reservedMinor: 10_000,
    releaseAfterS: grant!.notAfterS + 30 * 86_400,
    currency: 'EUR',
  })
  expect((await browser.call('account', undefined, 'GET')).code).toBe('api.unauthenticated')
  expect((await new Browser(browser.authenticator).signIn()).code).toBe('account.passkey')
  const { refund, revoked, books } = await inTenant(cloud.db, cloud.config.tenant, async (tx) => ({
    refund: await tx
      .selectFrom('cases')
      .select(['kind', 'facts', 'state'])
      .where('case_id', '=', closed.json.reference)
      .executeTakeFirst(),
    revoked: await tx
      .selectFrom('revoked_grants')
      .select('reason')
      .where('serial', '=', grant!.serial)
      .executeTakeFirst(),
    books: await tx
      .selectFrom('ledger_accounts')
      .select('posted_credits')
      .where('account', '=', `wallet:${accountId}`)
      .executeTakeFirst(),
  }))
  expect(refund).toMatchObject({
    kind: 'account-refund',
    state: 'open',
    facts: { accountId, balanceMinor: 5_000 },
  })
  expect(revoked).toEqual({ reason: 'account-closed' })
  expect(books?.posted_credits).toBe(15_000)
})

test('an account without credit goes without a case', async () => {
  const browser = new Browser()
  await browser.signUp()
  expect((await browser.call('account/delete')).json).toMatchObject({ reference: null, balanceMinor: 0 })
})
