import { describe, expect, test } from 'vitest'
import { approveView } from '@/app/(driver)/_views/ceremony-views'
import { homeNotice } from '@/app/(driver)/_views/home-notices'
import {
  firstChoice,
  tripConfirmView,
  tripSitesView,
  tripView,
  withToggled,
  withWay,
} from '@/app/(driver)/_views/trip-views'
import { purseChosen, walletView } from '@/app/(driver)/_views/wallet-view'
import { currencyCode, grantSerial, siteId } from '@/lib/core/ids'
import { expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { withPreferences } from '@/lib/wallet/wallet-state'
import { syncOnce } from '@/lib/wallet/sync'
import type { Wallet } from '@/lib/wallet/wallet'
import { storyTimeS } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import {
  answerText,
  approveOffer,
  grantTo,
  makeOffer,
  newPhone,
  receiptFor,
  receiptText,
} from '../../../fixtures/wallet-world'

const serial = (digit: string) => grantSerial(digit.repeat(16))

async function phoneWith(balanceMinor: number, reservedMinor = 0) {
  const phone = newPhone()
  const wallet = await phone.open()
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'account-1',
        balanceMinor: minorUnits(balanceMinor),
        reservedMinor: minorUnits(reservedMinor),
        currency: 'EUR',
        asOfS: storyTimeS,
        signedIn: true,
      },
    }),
  )
  return { phone, wallet }
}

const idle = { online: true, historyState: 'idle', busy: null, refusal: null } as const
const show = (wallet: Wallet) => walletView(wallet.snapshot(), wallet.nowS(), idle)

describe('credit', () => {
  test('is told apart by where it lies: account, this phone, other phones, waiting', async () => {
    const { wallet } = await phoneWith(2_000, 12_000)
    await grantTo(wallet, { capMinor: minorUnits(8_000) })
    expectOk(await approveOffer(wallet, 1_500), 'approved')
    expect(show(wallet).credits).toEqual([
      {
        currency: 'EUR',
        account: { balanceMinor: 2_000, elsewhereMinor: 4_000, asOfS: storyTimeS },
        hereMinor: 6_500,
        waitingMinor: 1_500,
      },
    ])
  })

  test('of several currencies is never added up', async () => {
    const { wallet } = await phoneWith(2_000)
    await grantTo(wallet, { serial: serial('1') })
    await grantTo(
      wallet,
      { serial: serial('2'), currency: currencyCode('JPY'), capMinor: minorUnits(900) },
      'Fleet',
    )
    expect(show(wallet).credits.map(({ currency, hereMinor }) => [currency, hereMinor])).toEqual([
      ['EUR', 10_000],
      ['JPY', 900],
    ])
  })

  test('lists what pays next first, and lets the driver choose between purses', async () => {
    const { wallet } = await phoneWith(0)
    await grantTo(wallet, { serial: serial('1') })
    await grantTo(wallet, { serial: serial('2'), sites: [siteId('far')] })
    const before = show(wallet)
    expect(before.grants.map(({ kind, paysNext }) => [kind, paysNext])).toEqual([
      ['roaming', true],
      ['sites', false],
    ])
    expect(before.payChoice?.options.map(({ value }) => value)).toEqual(['auto', 'roaming', 'sites'])
    await wallet.apply((state) => ok(withPreferences(state, { payFrom: purseChosen(state, 'sites') })))
    expect(show(wallet).payChoice?.value).toBe('sites')
    expect(purseChosen(wallet.snapshot(), 'auto')).toBeNull()
  })

  test('shows each state of a grant and what can be done about it', async () => {
    const { phone, wallet } = await phoneWith(0)
    await grantTo(wallet, { serial: serial('1'), notAfterS: epochSeconds(storyTimeS + 40_000) })
    await grantTo(wallet, { serial: serial('2'), capMinor: minorUnits(1_000), sites: [siteId('far')] })
    const states = () => show(wallet).grants.map(({ state, act }) => [state, act])
    expect(states()).toEqual([
      ['expiring', 'renew'],
      ['live', 'give-back'],
    ])
    phone.clock.timeS += 50_000
    expect(states()).toContainEqual(['expired', 'renew'])
    expectOk(await wallet.closeGrant(serial('2'), 'return'), 'closed')
    expect(states()).toContainEqual(['closing', 'give-back'])
  })
})

describe('history', () => {
  test('says what a session released, and calls one grant that follows another a renewal', async () => {
    const { wallet } = await phoneWith(0)
    const about = { currency: 'EUR', accountId: 'a' }
    await wallet.apply((state) =>
      ok({
        ...state,
        history: {
          accountId: 'account-1',
          asOfS: storyTimeS,
          before: null,
          lines: [
            { id: 's', kind: 'session', atS: 9, amountMinor: -980, heldMinor: 1_500, ...about },
            { id: 'o', kind: 'taken-along', atS: 5, amountMinor: 4_000, ...about },
            { id: 'b', kind: 'given-back', atS: 5, amountMinor: 3_000, ...about },
            { id: 'g', kind: 'given-back', atS: 4, amountMinor: 200, ...about },
          ],
        },
      }),
    )
    const lines = show(wallet).history?.lines ?? []
    expect(lines.map(({ kind }) => kind)).toEqual(['session', 'renewed', 'given-back'])
    expect(lines[0]?.releasedMinor).toBe(520)
  })
})

describe('what Home reminds of', () => {
  const notice = (wallet: Wallet) => homeNotice(wallet.snapshot(), wallet.nowS())

  test('a code that nobody answered, and a session that is surely over', async () => {
    const { phone, wallet } = await phoneWith(90_000)
    await grantTo(wallet)
    const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
    expect(notice(wallet)).toBeNull()
    phone.clock.timeS += 1_000
    expect(notice(wallet)).toMatchObject({ kind: 'no-answer', sessionId: id })
    expectOk(await wallet.scan(await answerText(id, 'accepted')), 'accepted')
    expect(notice(wallet)).toBeNull()
    phone.clock.timeS += 4 * 3_600
    expect(notice(wallet)).toMatchObject({ kind: 'missing-receipt', sessionId: id })
  })

  test('receipts that were settled, until the driver has seen it', async () => {
    const { wallet } = await phoneWith(90_000)
    await grantTo(wallet)
    const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
    const receipt = await receiptFor(id, 1_500, 5_000)
    expectOk(await wallet.scan(receiptText(receipt)), 'finished')
    const cloud = twinCloud()
    cloud.standing = 'settled'
    cloud.balanceMinor = 90_000
    expectOk(await syncOnce(wallet, cloud), 'a round')
    expect(notice(wallet)).toMatchObject({
      kind: 'settled',
      count: 1,
      sums: [{ currency: 'EUR', amountMinor: receipt.payload.totalMinor }],
    })
    await wallet.apply((state, { nowS }) => ok(withPreferences(state, { settledSeenS: nowS })))
    expect(notice(wallet)).toBeNull()
  })

  test('credit that gets low, put away until there is less', async () => {
    const { wallet } = await phoneWith(300)
    await grantTo(wallet, { capMinor: minorUnits(500) })
    expect(notice(wallet)).toEqual({ kind: 'low', leftMinor: 800, usualMinor: null, currency: 'EUR' })
    await wallet.apply((state) => ok(withPreferences(state, { lowCreditDismissedMinor: minorUnits(800) })))
    expect(notice(wallet)).toBeNull()
    expectOk(await approveOffer(wallet, 100), 'approved')
    expect(notice(wallet)).toMatchObject({ kind: 'low', leftMinor: 700 })
  })
})

describe('a trip', () => {
  const site = (id: string, label: string, latitudeE5: number, keepsReserve = false) => ({
    siteId: id,
    label,
    position: { latitudeE5, longitudeE5: -340_000 },
    chargers: 1,
    keepsReserve,
  })
  const sites = [
    site('north', 'North', 5_660_000),
    site('kinross', 'Kinross', 5_620_000, true),
    site('south', 'South', 5_600_000),
  ]

  async function readyForTrip() {
    const { phone, wallet } = await phoneWith(20_000)
    await grantTo(wallet)
    await wallet.apply((state) =>
      ok({
        ...state,
        siteBook: { sites, asOfS: storyTimeS },
        passkey: { credentialId: 'a', algorithm: 'ES256', publicKey: new Uint8Array(33) },
      }),
    )
    return { phone, wallet }
  }

  test('along a way chooses what lies between both ends', async () => {
    const { wallet } = await readyForTrip()
    const state = wallet.snapshot()
    const onWay = { ...firstChoice, mode: 'way' as const }
    const choice = withWay(state, onWay, { fromId: 'north', toId: 'south', widthKm: 5 })
    expect(choice.siteIds).toEqual(['north', 'kinross', 'south'])
    const less = withToggled(choice, 'kinross')
    expect(tripSitesView(state, wallet.nowS(), less, true).sites.map(({ chosen }) => chosen)).toEqual([
      true,
      false,
      true,
    ])
  })

  test('never names more sites than a grant can', () => {
    const choice = Array.from({ length: 12 }, (_, at) => `s${at}`).reduce(withToggled, firstChoice)
    expect(choice.siteIds).toHaveLength(8)
  })

  test('says before anything is reserved what each kind of charger takes', async () => {
    const { wallet } = await readyForTrip()
    const confirm = tripConfirmView(wallet.snapshot(), wallet.nowS(), ['kinross', 'south'], 10_000, {
      online: true,
      packing: false,
      refusal: null,
    })
    expect(confirm).toMatchObject({
      capMinor: 10_000,
      siteLabels: ['Kinross', 'South'],
      figures: [
        { kind: 'own-book', siteLabels: ['Kinross'], plainMinor: 3_000, passkeyMinor: 6_000 },
        { kind: 'new-charger', siteLabels: ['South'], plainMinor: 1_500, passkeyMinor: 3_000 },
      ],
    })
  })

  test('that was taken along is listed with what is left, without signal', async () => {
    const { wallet } = await readyForTrip()
    await grantTo(wallet, { serial: serial('2'), sites: [siteId('kinross')], capMinor: minorUnits(10_000) })
    const view = tripView(wallet.snapshot(), wallet.nowS(), { online: false, busy: null, refusal: null })
    expect(view.taken).toMatchObject([{ siteLabels: ['Kinross'], leftMinor: 10_000, state: 'live' }])
    expect(view.price?.estimate.totalMinor).toBeGreaterThan(0)
  })
})

test('a stranger’s limit can be raised by the operator, as far as credit and charger go', async () => {
  const { wallet } = await phoneWith(0)
  await grantTo(wallet, { capMinor: minorUnits(4_000) })
  expectOk(await wallet.scan((await makeOffer()).text), 'an offer')
  const view = approveView(wallet.snapshot(), wallet.nowS(), 'deciding', null)
  expect(view).toMatchObject({
    value: { limitedBy: 'new-charger', moreMinor: 4_000, payer: { kind: 'roaming', fleetName: null } },
  })
})
