import { expect, test } from 'vitest'
import { accountView } from '@/app/(driver)/_views/account-view'
import {
  approveView,
  sessionEndedView,
  sessionRefusal,
  sessionView,
  showCodeView,
  stopCodeView,
} from '@/app/(driver)/_views/ceremony-views'
import { homeView, isFirstRun } from '@/app/(driver)/_views/home-view'
import { chargeRecords } from '@/app/(driver)/_views/charge-records'
import { receiptProofText, receiptView } from '@/app/(driver)/_views/receipt-views'
import { fromBase64Url } from '@/lib/core/bytes'
import { expectOk, ok } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { checkReceiptProof, openReceiptProof } from '@/lib/policy/receipt-proof'
import { decodeEnvelope } from '@/lib/protocol/envelope'
import { replaceEntry } from '@/lib/wallet/chain'
import { withComplaint } from '@/lib/wallet/complaint'
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
  expect(view).toMatchObject({ onlyInParts: false, bayLabel: 'A1', heldMinor: 1_500, currency: 'EUR' })
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

test('a stop is asked about first, then its code is shown, and it can be shown again', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(await answerText(id, 'accepted'))
  const view = (step: 'none' | 'confirming') =>
    sessionView(wallet.snapshot(), id, wallet.nowS(), { step, refusal: null })?.stop
  expect([view('none'), view('confirming')]).toEqual(['none', 'confirming'])
  expect(stopCodeView(wallet.snapshot(), id).ok).toBe(false)
  expectOk(await wallet.stop(id), 'signed')
  expect(view('none')).toBe('asked')
  expect(expectOk(stopCodeView(wallet.snapshot(), id), 'a code').text).toMatch(/^OP1:/)
})

test('news go before the code where the charger has older ones, and only there', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const fresh = expectOk(await approveOffer(wallet, 500), 'approved')
  const stale = expectOk(await approveOffer(wallet, 500, await makeOffer({ revocationEpoch: 3 })), 'approved')
  const newsOf = (id: typeof fresh) =>
    expectOk(showCodeView(wallet.snapshot(), id, wallet.nowS()), 'a code').news
  expect(newsOf(fresh)).toBeNull()
  expect(newsOf(stale)).toMatch(/^OP1:/)
})

test('a session that ended elsewhere says how, and a refusal says why', async () => {
  const { wallet, id } = await walletAtCharger()
  expect(sessionEndedView(wallet.snapshot(), id)).toBeUndefined()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(sessionEndedView(wallet.snapshot(), id)).toMatchObject({ kind: 'finished', releasedMinor: 598 })
  const declined = expectOk(await approveOffer(wallet, 500), 'approved')
  await wallet.scan(await answerText(declined, 'charger.busy'))
  expect(sessionRefusal(wallet.snapshot(), declined)).toEqual({ code: 'charger.busy' })
})

test('a code that was never used stands among the receipts, without an amount', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.apply((state) =>
    ok({
      ...state,
      chains: state.chains.map((chain) =>
        replaceEntry(chain, id, (entry) => ({ ...entry, state: { kind: 'unused', atS: wallet.nowS() } })),
      ),
    }),
  )
  expect(chargeRecords(wallet.snapshot())).toEqual([
    expect.objectContaining({ sessionId: id, state: 'unused', totalMinor: 0 }),
  ])
  expect(sessionEndedView(wallet.snapshot(), id)).toMatchObject({ kind: 'unused', releasedMinor: 1_500 })
  expect(homeView(wallet.snapshot(), wallet.nowS(), { online: true, app: 'kept' }).session).toBeNull()
})

test('what the driver says about a receipt stands on it, and whether the operator has heard it', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(receiptView(wallet.snapshot(), id)).toMatchObject({ complaint: null, figuresDisagree: false })
  await wallet.apply((state, { nowS }) => withComplaint(state, id, { reason: 'not-charged', note: '' }, nowS))
  expect(receiptView(wallet.snapshot(), id)).toMatchObject({
    state: 'case',
    complaint: { reason: 'not-charged', note: '' },
    isConfirmed: false,
    figuresDisagree: false,
  })
})

test('home waits for the app as well as for the credit', async () => {
  const { wallet } = await walletAtCharger()
  const view = homeView(wallet.snapshot(), wallet.nowS(), { online: false, app: 'keeping' })
  expect(view.readiness).toMatchObject({ kind: 'ready', app: 'keeping' })
})

test('a session that nobody ended stays within reach behind the newest one', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const lost = expectOk(await approveOffer(wallet, 500), 'approved')
  phone.clock.timeS += 60
  const newest = expectOk(await approveOffer(wallet, 500), 'approved')
  expect(homeView(wallet.snapshot(), wallet.nowS(), { online: true, app: 'kept' })).toMatchObject({
    session: { sessionId: newest },
    olderSessions: [{ sessionId: lost, step: 'shown' }],
  })
})

test('the announced change of price is part of what is decided, and of the estimate', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const tariffChange = { atS: wallet.nowS(), energyPerKwh: 9_800, timePerMinute: 0, idlePerMinute: 0 }
  await wallet.scan((await makeOffer({ tariffChange })).text)
  const view = approveView(wallet.snapshot(), wallet.nowS(), 'deciding', null)
  if (view === undefined) throw new Error('something is being decided')
  // 20.000 kWh × 0.98 = 19.60, by hand.
  expect(expectOk(view, 'a proposal')).toMatchObject({
    tariff: { energyPerKwh: 4_900 },
    change: { atS: wallet.nowS(), tariff: { energyPerKwh: 9_800, taxBasisPoints: 1_900 } },
    estimate: { totalMinor: 1_960 },
  })
})

test('a receipt shows its lines, the released hold and what this phone reckons itself', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  expect(receiptView(wallet.snapshot(), id)).toMatchObject({
    state: 'saved',
    facts: {
      totalMinor: 902,
      recomputedMinor: 902,
      lines: [{ kind: 'energy', amountMinor: 902 }],
      holdMinor: 1_500,
      energyWh: 18_400,
    },
    releasedMinor: 598,
    log: { kind: 'alone' },
    isConfirmed: false,
    next: 'toSee',
  })
  const outcomes = receiptView(wallet.snapshot(), id)?.checks.map(({ outcome }) => outcome)
  expect(new Set(outcomes)).toEqual(new Set(['passed']))
  expect(chargeRecords(wallet.snapshot())).toMatchObject([{ sessionId: id, payer: 'own', energyWh: 18_400 }])
})

test('a wrong amount is shown beside the right one, under a signature that holds', async () => {
  const { wallet, id } = await walletAtCharger()
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400, { totalMinor: minorUnits(1_100) })))
  const view = receiptView(wallet.snapshot(), id)
  expect(view).toMatchObject({ state: 'case', facts: { totalMinor: 1_100, recomputedMinor: 902 } })
  expect(view?.checks).toContainEqual({ name: 'receipt-signature', outcome: 'passed' })
  expect(view?.checks).toContainEqual({ name: 'amount', outcome: 'failed' })
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

test('the account says who is signed in and what signing out would leave behind', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const view = accountView(wallet.snapshot(), wallet.nowS(), { online: false, storageKept: null })
  expect(view).toMatchObject({ account: null, signedIn: false, signOut: { leftMinor: 10_000, openCount: 0 } })
})
