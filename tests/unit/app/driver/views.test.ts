import { expect, test } from 'vitest'
import { accountView } from '@/app/(driver)/_views/account-view'
import { approveView, sessionView, showCodeView } from '@/app/(driver)/_views/ceremony-views'
import { homeView, isFirstRun } from '@/app/(driver)/_views/home-view'
import { receiptListView, receiptProofText, receiptView } from '@/app/(driver)/_views/receipt-views'
import { fromBase64Url } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { checkReceiptProof, openReceiptProof } from '@/lib/policy/receipt-proof'
import { decodeEnvelope } from '@/lib/protocol/envelope'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  receiptFor,
  receiptText,
  statusText,
  story,
} from '../../../fixtures/wallet-world'

const surroundings = { online: false, storageKept: null, locale: 'en', theme: 'auto' } as const

async function walletAtCharger() {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  return { wallet, id }
}

test('a phone on which nothing was ever done begins with the welcome', async () => {
  const wallet = await newPhone().open()
  expect(isFirstRun(wallet.snapshot())).toBe(true)
  expect(homeView(wallet.snapshot(), wallet.nowS(), { online: false, app: 'kept' }).readiness).toEqual({
    kind: 'empty',
    balanceMinor: 0,
    currency: 'EUR',
  })
  await grantTo(wallet)
  expect(isFirstRun(wallet.snapshot())).toBe(false)
})

test('home shows what is left beside the running session, and what waits to be sent', async () => {
  const { wallet, id } = await walletAtCharger()
  expect(homeView(wallet.snapshot(), wallet.nowS(), { online: true, app: 'kept' })).toMatchObject({
    online: true,
    readiness: { kind: 'ready', spendableMinor: 8_500, newChargerMinor: 1_500, fleetName: null },
    session: { sessionId: id, step: 'shown', heldMinor: 1_500, siteLabel: 'Kinross Services' },
    unsyncedCount: 1,
  })
  await wallet.scan(await answerText(id, 'accepted'))
  expect(homeView(wallet.snapshot(), wallet.nowS(), { online: true, app: 'kept' }).session?.step).toBe(
    'charging',
  )
})

test('the decision shows the charger’s price, the words and the chosen hold', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  await wallet.scan((await makeOffer()).text)
  const view = approveView(wallet.snapshot(), wallet.nowS(), 'deciding', null)
  if (view === undefined) throw new Error('something is being decided')
  expect(expectOk(view, 'a proposal')).toMatchObject({
    siteLabel: 'Kinross Services',
    bayLabel: 'A1',
    operatorName: 'Outpost',
    tariff: { energyPerKwh: 4_900 },
    // 20.000 kWh × 0.49 = 9.80, by hand.
    estimate: { energyWh: 20_000, totalMinor: 980 },
    chosenHoldMinor: 1_500,
    limitedBy: 'new-charger',
  })
})

test('the code carries the text that the wallet signed, and the words of its offer', async () => {
  const { wallet, id } = await walletAtCharger()
  const view = expectOk(showCodeView(wallet.snapshot(), id, wallet.nowS()), 'a code')
  expect(view.text).toMatch(/^OP1:/)
  expect(view).toMatchObject({ part: null, bayLabel: 'A1', heldMinor: 1_500, currency: 'EUR' })
  expect(view.words).toEqual(sessionView(wallet.snapshot(), id, wallet.nowS())?.words)
})

test('the session waits for the charger’s yes, then shows its last signed figure', async () => {
  const { wallet, id } = await walletAtCharger()
  expect(sessionView(wallet.snapshot(), id, wallet.nowS())).toMatchObject({ answer: 'waiting', status: null })
  await wallet.scan(await statusText(id, 780, 7_250))
  expect(sessionView(wallet.snapshot(), id, wallet.nowS())).toMatchObject({
    answer: 'accepted',
    status: { energyWh: 7_250, costMinor: 355 },
  })
})

test('a driver who saw the charger’s yes is believed until something signed is here', async () => {
  const { wallet, id } = await walletAtCharger()
  const state = wallet.snapshot()
  expect(state.ceremony?.kind).toBe('session')
  if (state.ceremony?.kind !== 'session') return
  const told = { ...state, ceremony: { ...state.ceremony, view: 'charging' as const } }
  expect(sessionView(told, id, wallet.nowS())?.answer).toBe('told')
})

test('a receipt shows its lines, the released hold and what this phone reckons itself', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(receiptView(wallet.snapshot(), id)).toMatchObject({
    state: 'saved',
    totalMinor: 902,
    recomputedMinor: 902,
    lines: [{ kind: 'energy', amountMinor: 902 }],
    heldMinor: 1_500,
    releasedMinor: 598,
    energyWh: 18_400,
    signature: 'valid',
  })
  expect(receiptListView(wallet.snapshot(), wallet.nowS()).receipts).toHaveLength(1)
})

test('a wrong amount is shown beside the right one, under a signature that holds', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400, { totalMinor: minorUnits(1_100) })))
  expect(receiptView(wallet.snapshot(), id)).toMatchObject({
    state: 'case',
    totalMinor: 1_100,
    recomputedMinor: 902,
    signature: 'valid',
  })
})

test('a shared receipt can be checked by anybody who trusts the operator', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  const bytes = fromBase64Url(receiptProofText(wallet.snapshot(), id) ?? '')
  const envelope = expectOk(decodeEnvelope(bytes ?? new Uint8Array()), 'an envelope')
  const proof = expectOk(openReceiptProof(envelope), 'a proof')
  expect(checkReceiptProof(proof, story.trustList.payload, verifyWithNode).verdict).toEqual({
    kind: 'genuine',
  })
})

test('the account lists what is on this phone, newest first, without what ended long ago', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet, {}, 'Glen Haulage')
  expect(accountView(wallet.snapshot(), wallet.nowS(), surroundings)).toMatchObject({
    account: null,
    signedIn: false,
    grants: [{ fleetName: 'Glen Haulage', leftMinor: 10_000, state: 'live' }],
  })
  phone.clock.timeS += 10 * 86_400
  expect(accountView(wallet.snapshot(), wallet.nowS(), surroundings).grants[0]?.state).toBe('expired')
  phone.clock.timeS += 40 * 86_400
  expect(accountView(wallet.snapshot(), wallet.nowS(), surroundings).grants).toEqual([])
})
