import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { permit } from '@/lib/protocol/messages/permit'
import { policy } from '@/lib/protocol/messages/policy'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { balanceMinor, freshSigner, openAccount, Phone } from '../../cloud/world'
import { openOperatorPlace, type OperatorPlace } from '../operator-place'
import { runScript } from '../run-script'

let place: OperatorPlace
let phone: Phone

beforeAll(async () => {
  place = await openOperatorPlace()
  const { cloud } = place.opened
  await seedDemo(cloud)
  phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
})
afterAll(() => place.close())

const issue = (...args: readonly string[]) => place.run('issue', ...args)
const permitIn = (json: string) => {
  const { permit: text } = JSON.parse(json) as { permit: string }
  return expectOk(parseMessage(permit, fromBase64Url(text)!), 'permit').payload
}

test('a cap is raised at a charger, and a grant stopped everywhere', async () => {
  const at = ['--charger', demo.chargerId]
  const raised = await issue(
    'permit',
    'raise',
    phone.serial,
    ...at,
    '--amount',
    '40',
    '--hours',
    '2',
    '--json',
  )
  expect(raised).toMatchObject({ code: 0, complaints: '' })
  expect(permitIn(raised.out)).toMatchObject({
    verdict: 'raise',
    maximumMinor: 4_000,
    chargerId: demo.chargerId,
  })
  const tooMuch = await issue('permit', 'raise', phone.serial, ...at, '--amount', '40.01')
  expect(tooMuch).toMatchObject({ code: 2, out: '' })
  const vetoed = await runScript('issue', ['permit', 'veto', phone.serial, '--json'], place.environment)
  expect(permitIn(vetoed.out)).toMatchObject({ verdict: 'veto', serial: phone.serial })
})

test('cards are printed, printed again, and taken back', async () => {
  const owner = fleetAccount(demo.fleetId)
  const before = await balanceMinor(place.opened.cloud, owner)
  const order = ['voucher', 'new', 'visitors', '--owner', owner, '--site', demo.siteId, '--amount', '12.50']
  const made = await issue(...order, '--count', '2', '--json')
  expect(made).toMatchObject({ code: 0, complaints: '' })
  const cards = JSON.parse(made.out) as { serial: string; code: string }[]
  expect(cards).toHaveLength(2)
  expect(expectOk(envelopeFromText(cards[0]!.code), 'code').kind).toBe('voucher')
  expect(await balanceMinor(place.opened.cloud, owner)).toBe(before - 2_500)
  const again = await issue('voucher', 'show', 'visitors')
  expect(again.out).toContain(cards[1]!.code)
  expect(await issue('revoke', cards[0]!.serial, '--json')).toMatchObject({
    code: 0,
    out: expect.stringContaining('"waiting":0') as string,
  })
  expect(await issue('voucher', 'refund', cards[1]!.serial, '--json')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\{"returns":"\d{4}-\d\d-\d\d"\}/) as string,
  })
  expect((await issue('voucher', 'show', 'nobody')).code).toBe(2)
})

test('a charger is made known, and disowned', async () => {
  const made = await issue(
    'charger',
    'new',
    'MULL-7',
    '--site',
    'mull',
    '--label',
    'Mull ferry',
    '--bay',
    '7',
    '--json',
  )
  expect(made).toMatchObject({
    code: 0,
    out: expect.stringMatching(/"enrolmentCode":"[0-9A-Z-]{16,}"/) as string,
  })
  expect(
    await issue('charger', 'new', 'MULL-8', '--site', 'Mull!', '--label', 'Mull', '--bay', '8'),
  ).toMatchObject({
    code: 1,
    complaints: expect.stringContaining('--site') as string,
  })
  expect((await issue('charger', 'revoke', 'MULL-7')).complaints).toContain('[D-140]')
  const { enrolmentCode: code } = JSON.parse(made.out) as { enrolmentCode: string }
  const { publicKey } = freshSigner()
  expectOk(await enrolCharger(place.opened.cloud, { code, chargerId: 'MULL-7', publicKey }), 'enrolled')
  expect(await issue('charger', 'revoke', 'MULL-7', '--json')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/"revocationEpoch":\d+/) as string,
  })
})

test('a change of price is announced, and one that cannot be is refused with a sentence', async () => {
  const from = new Date(Date.now() + 3 * 86_400_000).toISOString()
  const changed = await issue('policy', 'change', '--energy', '0.59', '--from', from, '--json')
  expect(changed).toMatchObject({ code: 0, out: '{"sequence":2}\n' })
  const shown = JSON.parse((await issue('policy', 'show', '--json')).out) as Record<
    'inForce' | 'next',
    { tariff: { energyPerKwh: number } }
  >
  expect([shown.inForce, shown.next].map(({ tariff }) => tariff.energyPerKwh)).toEqual([4_900, 5_900])
  const late = await issue('policy', 'change', '--from', '2099-01-01T00:00:00Z')
  expect(late).toMatchObject({ code: 2, complaints: expect.stringMatching(/year/) as string })
})

test('a policy of prices by the hour, classes and rules is put in force by its file, and a broken one is refused', async () => {
  const applied = await issue('policy', 'apply', 'docs/policy.sample.json', '--json')
  expect(applied).toMatchObject({ code: 0, complaints: '' })
  const { policy: text } = await currentTrust(place.opened.cloud)
  const inForce = expectOk(parseMessage(policy, fromBase64Url(text) ?? new Uint8Array()), 'a policy').payload
  expect(inForce).toMatchObject({
    localTime: { zone: 'Europe/London' },
    periods: [{ energyPerKwh: 2_900 }, { energyPerKwh: 3_900 }],
    rules: [{ name: 'strangers-at-night' }, { name: 'last-bay-for-buses' }, { name: 'alone-too-long' }],
  })
  const broken = await issue('policy', 'apply', 'package.json')
  expect(broken).toMatchObject({
    code: 2,
    complaints: expect.stringContaining('[policy.document]') as string,
  })
})

test.each([
  [['dance']],
  [['permit', 'veto']],
  [['policy', 'show', 'all']],
  [['revoke', 'x', '--author', 'Nobody Known']],
  [['policy', 'show', '--quick']],
])('%j is answered with how to ask', async (args) => {
  const { code, out, complaints } = await issue(...args)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(complaints).toContain('npm run issue -- <command>')
})
