import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { chargerId, operatorId, type SessionId } from '@/lib/core/ids'
import { expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { roomOf } from '@/lib/wallet/chain'
import type { ReportedOffer } from '@/lib/wallet/cloud-port'
import { reportsDue, unreportedCount } from '@/lib/wallet/report'
import { syncOnce } from '@/lib/wallet/sync'
import type { Wallet } from '@/lib/wallet/wallet'
import { findEntry } from '@/lib/wallet/wallet-state'
import { issuerSigner, storyOperator, storyTimeS, testSigner } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  readAuthorization,
  receiptFor,
  receiptText,
  shownCode,
  story,
} from '../../../fixtures/wallet-world'

async function unanswered() {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const made = await makeOffer()
  const id = expectOk(await approveOffer(wallet, 1_500, made), 'approved')
  return { phone, wallet, id, made }
}

const veto = async (id: SessionId, changes: Partial<Permit> = {}, signer = issuerSigner): Promise<string> => {
  const payload: Permit = {
    operator: storyOperator,
    verdict: 'veto',
    sessionId: id,
    timeS: storyTimeS,
    notAfterS: epochSeconds(storyTimeS + 3_600),
    ...changes,
  }
  return toBase64Url((await signMessage(permit, payload, signer)).bytes)
}

const stateOf = (wallet: Wallet, id: SessionId) => findEntry(wallet.snapshot(), id)?.entry.state.kind
const room = (wallet: Wallet): number =>
  wallet.snapshot().chains.reduce((sum, chain) => sum + roomOf(chain), 0)
const proof: ReportedOffer = { offer: '', certificate: toBase64Url(story.certificate.bytes) }

test('an offer that ran out leads back to what was approved in time, and the same bytes are shown', async () => {
  const { phone, wallet, id, made } = await unanswered()
  const shown = shownCode(wallet, id)
  phone.clock.timeS += 3_600
  expect(await wallet.scan(made.text)).toEqual(ok({ kind: 'known-offer', sessionId: id }))
  expect(shownCode(wallet, id)).toBe(shown)
})

test('an authorization that nobody answered is reported with its offer and certificate, an answered one without', async () => {
  const { wallet, id, made } = await unanswered()
  expect(reportsDue(wallet.snapshot())[0]?.chains[0]?.offers).toEqual([
    { offer: toBase64Url(made.message.bytes), certificate: toBase64Url(story.certificate.bytes) },
  ])
  await wallet.scan(await answerText(id, 'accepted'))
  expect(reportsDue(wallet.snapshot())[0]?.chains[0]?.offers).toEqual([])
})

test('a veto of the session gives its hold back, for good and with the next authorization', async () => {
  const { wallet, id } = await unanswered()
  const cloud = twinCloud()
  cloud.brings = { permits: [await veto(id)] }
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(stateOf(wallet, id)).toBe('unused')
  expect(room(wallet)).toBe(10_000)
  expect(shownCode(wallet, id)).toBeUndefined()
  expect(reportsDue(wallet.snapshot())).toEqual([])
  const next = expectOk(await approveOffer(wallet, 1_000), 'approved')
  expect(readAuthorization(shownCode(wallet, next) ?? '').payload).toMatchObject({
    seq: 2,
    previous: id,
    grossMinor: 2_500,
    releasedMinor: 1_500,
  })
})

test.each([
  ['somebody else signed', { signer: testSigner('carrier') }],
  ['names another charger', { changes: { chargerId: chargerId('OTHER-9') } }],
  ['comes from another operator', { changes: { operator: operatorId('other') } }],
] as const)(
  'a veto that %s changes nothing',
  async (_name, { signer, changes }: { signer?: typeof issuerSigner; changes?: Partial<Permit> }) => {
    const { wallet, id } = await unanswered()
    const cloud = twinCloud()
    cloud.brings = { permits: [await veto(id, changes, signer), 'damaged'] }
    expectOk(await syncOnce(wallet, cloud), 'in touch')
    expect(stateOf(wallet, id)).toBe('open')
  },
)

test('a veto never takes back what a charger accepted', async () => {
  const { wallet, id } = await unanswered()
  await wallet.scan(await answerText(id, 'accepted'))
  const cloud = twinCloud()
  cloud.brings = { permits: [await veto(id)] }
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(stateOf(wallet, id)).toBe('accepted')
})

test('what a charger signs after the veto is kept for people to look at, and takes nothing', async () => {
  const { wallet, id } = await unanswered()
  const cloud = twinCloud()
  cloud.brings = { permits: [await veto(id)] }
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  const late = await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(late).toMatchObject({ ok: true, value: { kind: 'declined', refusal: { code: 'permit.vetoed' } } })
  expect(findEntry(wallet.snapshot(), id)?.entry).toMatchObject({
    standing: 'case',
    disputes: ['contradiction'],
  })
  expect(room(wallet)).toBe(10_000)
})

test('a receipt that the operator has and this phone missed is taken in as if it had been scanned', async () => {
  const { wallet, id } = await unanswered()
  const cloud = twinCloud()
  const message = await receiptFor(id, 1_500, 18_400)
  cloud.brings = { receipts: [{ ...proof, receipt: toBase64Url(message.bytes) }] }
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(findEntry(wallet.snapshot(), id)?.entry).toMatchObject({
    state: { kind: 'finished', recomputedMinor: 902 },
    standing: 'seen',
  })
  expect(room(wallet)).toBe(10_000 - 902)
  cloud.brings = {}
  expectOk(await syncOnce(wallet, cloud), 'again')
  expect(unreportedCount(wallet.snapshot())).toBe(0)
})

test('a decline that the operator has burns the seq and gives the hold back', async () => {
  const { wallet, id } = await unanswered()
  const { parts } = expectOk(envelopeFromText(await answerText(id, 'offer.expired')), 'an answer')
  const cloud = twinCloud()
  cloud.brings = { answers: [{ ...proof, answer: toBase64Url(parts[0] ?? new Uint8Array()) }] }
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(stateOf(wallet, id)).toBe('declined')
  expect(room(wallet)).toBe(10_000)
})

test('a receipt from the operator that the charger did not sign changes nothing', async () => {
  const { wallet, id } = await unanswered()
  const forged = await receiptFor(id, 1_500, 18_400, { totalMinor: minorUnits(1) }, issuerSigner)
  const cloud = twinCloud()
  cloud.brings = { receipts: [{ ...proof, receipt: toBase64Url(forged.bytes) }] }
  expectOk(await syncOnce(wallet, cloud), 'in touch')
  expect(stateOf(wallet, id)).toBe('open')
})
