import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { chargerId, publicKey, type PublicKey } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import {
  certificateSerial,
  chargerCertificate,
  isAloneAtSite,
} from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { revocations } from '@/lib/protocol/messages/revocations'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import type { Cloud } from '@/lib/cloud/context'
import { answerBundle } from '@/lib/cloud/device-replies'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import { enrolCharger, renewCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { revenueAccount } from '@/lib/cloud/ledger/accounts'
import {
  establishOperator,
  importTrustList,
  registerCharger,
  requestTrustList,
  revokeCharger,
} from '@/lib/cloud/operator/commands'
import { signList } from '@/lib/cloud/operator/trust-lists'
import { TestCharger, type TestPhone } from '../../fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { driver, phoneOf } from './closing'
import { balanceMinor, Charger, freshSigner, openAccount, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400
const certificateIn = (bytes: Bytes) =>
  expectOk(parseMessage(chargerCertificate, bytes), 'certificate').payload

async function askFor(cloud: Cloud, id: string, present: Signer, next: Signer, proofBy = next) {
  const payload = {
    operator: cloud.config.tenant,
    chargerId: chargerId(id),
    key: next.publicKey,
    timeS: cloud.clock.nowS(),
  }
  const signed = async (signer: Signer) => (await signMessage(certificateRenewal, payload, signer)).bytes
  return renewCharger(cloud, { renewal: await signed(present), proof: await signed(proofBy) })
}

describe('a charger’s next key', () => {
  test('is certified on the word of the key before, and both stay good for what they signed', async () => {
    const { cloud, pass, phone, charger } = await driver(database)
    const running = await charger.charge(phone, 3_000, null)
    pass(dayS)
    const next = freshSigner()
    const bytes = expectOk(await askFor(cloud, charger.id, charger.signer, next), 'certificate')
    expect(certificateIn(bytes)).toMatchObject({ chargerId: charger.id, key: next.publicKey })
    // The session goes on under the key that it began with; the log's checkpoints are the new key's.
    charger.end(running.id, (await charger.receipt(running.id, running.offer, 3_000, 20_000)).bytes)
    const renewed = TestCharger.holding(charger.id, next, bytes, cloud.clock.nowS())
    renewed.events.push(...charger.events)
    const told = expectOk(await answerBundle(cloud, await renewed.bundle()), 'bundle')
    expect(told.certificate).toBeUndefined()
    expect(await balanceMinor(cloud, revenueAccount)).toBe(980 - 156)
    expectOk(await receiveReport(cloud, phone.report()), 'the old key’s answer from the phone')
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('takes along the meter’s key for which the operator vouched at the enrolment', async () => {
    const { cloud } = await openWorld(database)
    const site = { siteId: 'mull', siteLabel: 'Mull Pier', bayLabel: '1' }
    const { enrolmentCode: code } = await registerCharger(cloud, { chargerId: 'MULL-1', ...site })
    const [first, next] = [freshSigner(), freshSigner()]
    const meterKeyHash = 'ab'.repeat(16)
    const request = { code, chargerId: 'MULL-1', publicKey: first.publicKey, meterKeyHash }
    const bytes = expectOk(await enrolCharger(cloud, request), 'certificate')
    expect(certificateIn(bytes).meterKeyHash).toBe(meterKeyHash)
    const renewed = expectOk(await askFor(cloud, 'MULL-1', first, next), 'certificate')
    expect(certificateIn(renewed)).toMatchObject({ key: next.publicKey, meterKeyHash })
  })

  test('is asked for again after a lost answer without making another certificate', async () => {
    const { cloud, charger } = await driver(database)
    const next = freshSigner()
    const ask = () => askFor(cloud, charger.id, charger.signer, next)
    const answers = await Promise.all([ask(), ask()])
    expect(answers.map((one) => expectOk(one, 'certificate'))).toEqual(
      [answers[0], answers[0]].map((one) => expectOk(one, 'certificate')),
    )
  })

  test('needs both signatures, and the present key’s: one that was replaced certifies nobody', async () => {
    const { cloud, pass, charger } = await driver(database)
    const next = freshSigner()
    const refused = { error: { code: 'device.unknown' } }
    expect(await askFor(cloud, charger.id, freshSigner(), next)).toMatchObject(refused)
    expect(await askFor(cloud, charger.id, charger.signer, next, charger.signer)).toMatchObject(refused)
    expect(await askFor(cloud, 'NOBODY-1', charger.signer, next)).toMatchObject(refused)
    pass(60)
    expectOk(await askFor(cloud, charger.id, charger.signer, next), 'certificate')
    expect(await askFor(cloud, charger.id, charger.signer, freshSigner())).toMatchObject(refused)
  })

  test('cannot be changed all day long', async () => {
    const { cloud, charger } = await driver(database)
    let present = charger.signer
    const outcomes: string[] = []
    while (outcomes.length < 10 && !outcomes.includes('api.rate-limited')) {
      const next = freshSigner()
      const answer = await askFor(cloud, charger.id, present, next)
      outcomes.push(answer.ok ? 'certified' : answer.error.code)
      present = next
    }
    // With the first one at its enrolment there are four in a day.
    expect(outcomes).toEqual(['certified', 'certified', 'certified', 'api.rate-limited'])
  })
})

describe('a charger’s certificate comes by itself', () => {
  async function lone() {
    const { cloud, pass } = await openWorld(database)
    const accountId = await openAccount(cloud, 10_000)
    const charger = await Charger.enrolled(cloud)
    const { phone } = await phoneOf(cloud, accountId, 4_000)
    await charger.charge(phone, 1_000, 0)
    const sync = async (by: TestCharger = charger) =>
      expectOk(await answerBundle(cloud, await by.bundle()), 'bundle').certificate
    return { cloud, pass, charger, sync }
  }

  test('when less than 60 days are left, and again until the charger shows it', async () => {
    const { cloud, pass, charger, sync } = await lone()
    expect(await sync()).toBeUndefined()
    pass((2 * 365 - 62) * dayS)
    expect(await sync()).toBeUndefined()
    pass(3 * dayS)
    const renewed = await sync()
    expect(await sync()).toBe(renewed)
    const bytes = fromBase64Url(renewed ?? '')!
    expect(certificateIn(bytes).key).toBe(charger.signer.publicKey)
    const wiser = TestCharger.holding(charger.id, charger.signer, bytes, cloud.clock.nowS())
    wiser.events.push(...charger.events)
    expect(await sync(wiser)).toBeUndefined()
  })

  test('when a second charger came to its site, because it is alone there no more', async () => {
    const { cloud, pass, charger, sync } = await lone()
    expect(isAloneAtSite(certificateIn(charger.certificate))).toBe(true)
    const second = await Charger.enrolled(cloud)
    expect(isAloneAtSite(certificateIn(second.certificate))).toBe(false)
    pass(60)
    const renewed = certificateIn(fromBase64Url((await sync()) ?? '')!)
    expect(isAloneAtSite(renewed)).toBe(false)
    expect(renewed.notAfterS).toBeGreaterThan(certificateIn(charger.certificate).notAfterS)
  })
})

describe('an issuer’s next key', () => {
  async function rotated() {
    const { cloud, pass } = await openWorld(database)
    const root = freshSigner()
    const tenant = cloud.config.tenant
    // A world of its own root, so that the list can be signed here as it is where the root is kept.
    const own: Cloud = { ...cloud, config: { ...cloud.config, tenant: `${tenant}r` as typeof tenant } }
    await establishOperator(own, root, 'Rotating')
    const next = freshSigner()
    const requested = await requestTrustList(own, next.publicKey, 90)
    const list = fromBase64Url(await signList(requested, root))!
    const take = () => importTrustList(own, list)
    return { cloud: own, pass, root, next, requested, list, take, renewed: { ...own, issuer: next } }
  }
  const trustNow = async (cloud: Cloud) => {
    const { root, trustList } = await currentTrust(cloud)
    return openTrustList(fromBase64Url(trustList)!, publicKey(root), cloud.verify)!.payload
  }
  const accepts = async (cloud: Cloud, phone: TestPhone): Promise<boolean> =>
    openIssued(grant, phone.grant.bytes, await trustNow(cloud), cloud.clock.nowS(), cloud.verify) !==
    undefined

  test('overlaps with the one before: devices accept what either signed', async () => {
    const { cloud, take, renewed, next, pass } = await rotated()
    const before = (await phoneOf(cloud, await openAccount(cloud, 5_000))).phone
    expectOk(await take(), 'list')
    const keys: readonly PublicKey[] = (await trustNow(cloud)).issuers.map(({ key }) => key)
    expect(keys).toEqual([next.publicKey, cloud.issuer.publicKey])
    const after = (await phoneOf(renewed, await openAccount(cloud, 5_000))).phone
    expect([await accepts(cloud, before), await accepts(renewed, after)]).toEqual([true, true])
    pass(91 * dayS)
    expect([await accepts(renewed, before), await accepts(renewed, after)]).toEqual([false, true])
  })

  test('a session that began under the old one ends and settles under the new one', async () => {
    const { cloud, take, renewed } = await rotated()
    const { phone } = await phoneOf(cloud, await openAccount(cloud, 5_000))
    const charger = await Charger.enrolled(cloud)
    const running = await charger.charge(phone, 3_000, null)
    expectOk(await take(), 'list')
    charger.end(running.id, (await charger.receipt(running.id, running.offer, 3_000, 20_000)).bytes)
    expectOk(await receiveBundle(renewed, await charger.bundle()), 'bundle')
    const reply = expectOk(await receiveReport(renewed, phone.report()), 'report')
    expect(reply.sessions).toEqual([{ sessionId: running.id, state: 'settled', totalMinor: 980 }])
    expect(reply.refused).toEqual([])
  })

  test('a server starts with it without the root, and with a key that is not listed it says what to do', async () => {
    const { take, renewed } = await rotated()
    await expect(establishOperator(renewed, undefined, 'Rotating')).rejects.toThrow(/npm run keys -- request/)
    expectOk(await take(), 'list')
    await establishOperator(renewed, undefined, 'Rotating')
    expect((await trustNow(renewed)).sequence).toBe(2)
  })

  test('only the root’s next list that keeps the present key is taken, once', async () => {
    const { cloud, root, requested, take } = await rotated()
    const refused = async (list: typeof requested, by = root) => {
      const taken = await importTrustList(cloud, fromBase64Url(await signList(list, by))!)
      return taken.ok ? 'taken' : taken.error
    }
    expect(await refused(requested, freshSigner())).toMatch(/root/)
    expect(await refused({ ...requested, sequence: 3 })).toMatch(/sequence/)
    expect(await refused({ ...requested, operator: 'other' as typeof requested.operator })).toMatch(
      /operator/,
    )
    expect(await refused({ ...requested, issuers: requested.issuers.slice(0, 1) })).toMatch(/lacks the key/)
    expectOk(await take(), 'list')
    expect((await take()).ok).toBe(false)
  })
})

test('the same code and key give the newest certificate of that key again', async () => {
  const { cloud, pass } = await openWorld(database)
  const setup = { chargerId: 'KIN-9', siteId: 'kinross', siteLabel: 'Kinross', bayLabel: '9' }
  const { enrolmentCode } = await registerCharger(cloud, setup)
  const signer = freshSigner()
  const order = { code: enrolmentCode, chargerId: 'KIN-9', publicKey: signer.publicKey }
  const first = expectOk(await enrolCharger(cloud, order), 'certificate')
  pass(epochSeconds(60))
  expect(expectOk(await enrolCharger(cloud, order), 'again')).toEqual(first)
})

describe('a charger whose key is in other hands', () => {
  test('stands on the lists under every certificate it got, and is given none for any key that it had', async () => {
    const { cloud, pass, charger } = await driver(database)
    const first = expectOk(parseMessage(chargerCertificate, charger.certificate), 'certificate')
    pass(dayS)
    const next = freshSigner()
    const bytes = expectOk(await askFor(cloud, charger.id, charger.signer, next), 'certificate')
    const second = expectOk(parseMessage(chargerCertificate, bytes), 'certificate')
    const order = { chargerId: chargerId(charger.id), author: 'anna' }
    const revoked = expectOk(await revokeCharger(cloud, order), 'revoked')
    expect(expectOk(await revokeCharger(cloud, order), 'again')).toEqual(revoked)
    const { revocations: text } = await currentTrust(cloud)
    const { payload } = expectOk(parseMessage(revocations, fromBase64Url(text)!), 'list')
    const serials = [first, second].map(({ hash }) => certificateSerial(hash))
    expect(payload.serials).toEqual(expect.arrayContaining(serials))
    for (const signer of [charger.signer, next]) {
      const asked = await askFor(cloud, charger.id, signer, freshSigner())
      expect(asked).toMatchObject({ error: { code: 'charger.revoked' } })
    }
    const setup = { chargerId: charger.id, siteId: 'kinross', siteLabel: 'Kinross', bayLabel: '1' }
    const enrol = async (signer: Signer) => {
      const { enrolmentCode: code } = await registerCharger(cloud, setup)
      return enrolCharger(cloud, { code, chargerId: charger.id, publicKey: signer.publicKey })
    }
    expect(await enrol(next)).toMatchObject({ error: { code: 'charger.revoked' } })
    const fresh = freshSigner()
    expectOk(await enrol(fresh), 'enrolled anew')
    expectOk(await askFor(cloud, charger.id, fresh, freshSigner()), 'renewed again')
    const nobody = await revokeCharger(cloud, { ...order, chargerId: chargerId('NOBODY') })
    expect(nobody).toMatchObject({ error: { code: 'device.unknown' } })
  })
})
