import { describe, expect, test } from 'vitest'
import { siteId, grantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import type { AccountPort } from '@/lib/wallet/account-port'
import { giveBack } from '@/lib/wallet/give-back'
import { renewalDue } from '@/lib/wallet/renewal'
import { syncOnce } from '@/lib/wallet/sync'
import { takeTrip } from '@/lib/wallet/take-trip'
import { isPacking, orderOf, planTrip } from '@/lib/wallet/trip-order'
import type { Wallet } from '@/lib/wallet/wallet'
import { storyTimeS } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import { approveOffer, grantTo, newPhone } from '../../../fixtures/wallet-world'

async function signedIn(balanceMinor: number) {
  const phone = newPhone()
  const wallet = await phone.open()
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'account-1',
        balanceMinor: minorUnits(balanceMinor),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        asOfS: storyTimeS,
        signedIn: true,
      },
    }),
  )
  return { phone, wallet }
}

/** Takes grants back as the operator does, or fails as told. */
function accountTwin() {
  const closes: string[] = []
  const twin = { fault: null as Refusal | null, closes }
  const port: AccountPort = {
    history: () => Promise.resolve(ok({ lines: [], before: null })),
    sites: () => Promise.resolve(ok([])),
    giveBack(close) {
      closes.push(close)
      return Promise.resolve(
        twin.fault === null ? ok({ releasedMinor: 1, balanceMinor: 1 }) : err(twin.fault),
      )
    },
    raise: () => Promise.resolve(err(refusal('api.not-found'))),
    receiptProof: () => Promise.resolve(err(refusal('api.not-found'))),
  }
  return { ...port, twin }
}

const plan = (wallet: Wallet, wanted: number | null = null) =>
  planTrip(wallet.snapshot(), wanted === null ? null : minorUnits(wanted), wallet.nowS())

describe('a plan for a trip', () => {
  test('divides what is there, and never takes more than there is or than 300', async () => {
    const { wallet } = await signedIn(50_000)
    expect(plan(wallet, 99_900)).toMatchObject({
      fundsMinor: 50_000,
      capMinor: 30_000,
      balanceAfterMinor: 20_000,
      needsExchange: false,
    })
    expect(plan(wallet)?.choicesMinor).toEqual([2_500, 5_000, 10_000, 15_000, 20_000, 30_000])
  })

  test('takes from the grant for everywhere what the balance lacks, and leaves it the rest', async () => {
    const { wallet } = await signedIn(1_000)
    await grantTo(wallet, { capMinor: minorUnits(8_000) })
    expect(plan(wallet, 5_000)).toMatchObject({
      fundsMinor: 9_000,
      capMinor: 5_000,
      roamingBeforeMinor: 8_000,
      roamingAfterMinor: 4_000,
      balanceAfterMinor: 0,
      needsExchange: true,
    })
    expect(plan(wallet, 900)?.needsExchange).toBe(true)
  })

  test('leaves the grant for everywhere alone where the balance is enough', async () => {
    const { wallet } = await signedIn(6_000)
    await grantTo(wallet, { capMinor: minorUnits(8_000) })
    const planned = plan(wallet, 5_000)
    expect(planned).toMatchObject({
      roamingAfterMinor: 8_000,
      balanceAfterMinor: 1_000,
      needsExchange: false,
    })
  })

  test('there is none without money or without an account', async () => {
    const { wallet } = await signedIn(0)
    expect(plan(wallet)).toBeUndefined()
    expect(plan(await newPhone().open())).toBeUndefined()
  })

  test.each([
    ['JPY', 1, 300],
    ['KWD', 1_000, 300_000],
  ])('counts in the minor units of %s', async (currency, unit, most) => {
    const { wallet } = await signedIn(0)
    await wallet.apply((state) =>
      ok({
        ...state,
        account: { ...state.account!, currency, balanceMinor: minorUnits(unit * 500) },
      }),
    )
    expect(plan(wallet, unit * 500)).toMatchObject({ capMinor: most, currency })
  })
})

describe('packing for a trip', () => {
  test('exchanges the grant for everywhere for a smaller one first, then asks for the sites', async () => {
    const { wallet } = await signedIn(0)
    await grantTo(wallet, { capMinor: minorUnits(8_000) })
    const cloud = twinCloud()
    cloud.balanceMinor = 8_000
    const account = accountTwin()
    const order = orderOf(plan(wallet, 5_000)!, ['kinross'], wallet.nowS())
    expectOk(await takeTrip(wallet, cloud, account, order), 'packed')
    expect(cloud.calls).toEqual(['renew', 'grant', 'account'])
    expect(wallet.snapshot().tripOrder).toBeNull()
    expect(wallet.snapshot().chains.filter(({ closing }) => closing === null)).toHaveLength(2)
  })

  test('gives the grant for everywhere back where nothing would be left in it', async () => {
    const { wallet } = await signedIn(0)
    await grantTo(wallet, { capMinor: minorUnits(5_000) })
    const account = accountTwin()
    const order = orderOf(plan(wallet, 5_000)!, ['kinross'], wallet.nowS())
    expect(order.roamingMinor).toBe(0)
    expectOk(await takeTrip(wallet, twinCloud(), account, order), 'packed')
    expect(account.twin.closes).toHaveLength(1)
    expect(wallet.snapshot().chains[0]?.closing).toMatchObject({ outcome: 'returned', renewalKey: null })
  })

  test('keeps other exchanges away from the credit until it is over or was left for long', async () => {
    const { phone, wallet } = await signedIn(9_000)
    await grantTo(wallet, { capMinor: minorUnits(500) })
    const due = () => renewalDue(wallet.snapshot(), wallet.nowS())?.kind
    expect(due()).toBe('exchange')
    const order = orderOf(plan(wallet, 5_000)!, ['kinross'], wallet.nowS())
    await wallet.apply((state) => ok({ ...state, tripOrder: order }))
    expect([due(), isPacking(wallet.snapshot(), wallet.nowS())]).toEqual([undefined, true])
    phone.clock.timeS += 601
    expect(due()).toBe('exchange')
  })

  test('that fails leaves no order behind', async () => {
    const { wallet } = await signedIn(9_000)
    const cloud = twinCloud()
    cloud.fault = refusal('api.unreachable')
    const order = orderOf(plan(wallet, 5_000)!, ['kinross'], wallet.nowS())
    expect(await takeTrip(wallet, cloud, accountTwin(), order)).toEqual(err(refusal('api.unreachable')))
    expect(wallet.snapshot().tripOrder).toBeNull()
  })
})

describe('what was taken along for a trip', () => {
  const bound = { sites: [siteId('kinross')], serial: grantSerial('2'.repeat(16)) }

  test('does not keep the grant for everywhere from being renewed', async () => {
    const { wallet } = await signedIn(9_000)
    await grantTo(wallet, {
      notAfterS: epochSeconds(storyTimeS + 3_600),
      serial: grantSerial('1'.repeat(16)),
    })
    await grantTo(wallet, { ...bound, notAfterS: epochSeconds(storyTimeS + 40 * 86_400) })
    expect(renewalDue(wallet.snapshot(), wallet.nowS())).toEqual({
      kind: 'exchange',
      serial: '1'.repeat(16),
    })
  })

  test('goes back to the account by itself once it has expired', async () => {
    const { phone, wallet } = await signedIn(9_000)
    await grantTo(wallet, bound)
    phone.clock.timeS += 5 * 86_400
    const account = accountTwin()
    const cloud = twinCloud()
    cloud.balanceMinor = 9_000
    expectOk(await syncOnce(wallet, cloud, account), 'a round')
    expect(account.twin.closes).toHaveLength(1)
    expectOk(await syncOnce(wallet, cloud, account), 'another round')
    expect(account.twin.closes).toHaveLength(1)
  })

  test('given back with a lost answer is given back with the very same close', async () => {
    const { wallet } = await signedIn(0)
    await grantTo(wallet, bound)
    const account = accountTwin()
    account.twin.fault = refusal('api.unreachable')
    const lost = await giveBack(wallet, twinCloud(), account, bound.serial)
    expect(lost).toEqual(err(refusal('api.unreachable')))
    expect(renewalDue(wallet.snapshot(), wallet.nowS())).toEqual({ kind: 'give-back', serial: bound.serial })
    account.twin.fault = null
    expectOk(await giveBack(wallet, twinCloud(), account, bound.serial), 'given back')
    expect(new Set(account.twin.closes).size).toBe(1)
    expect(await approveOffer(wallet, 500)).toMatchObject({ ok: false })
  })

  test('that somebody else closed is left to people', async () => {
    const { wallet } = await signedIn(0)
    await grantTo(wallet, bound)
    const account = accountTwin()
    account.twin.fault = refusal('close.contradicted')
    await giveBack(wallet, twinCloud(), account, bound.serial)
    expect(wallet.snapshot().chains[0]?.closing?.outcome).toBe('contradicted')
    expect(renewalDue(wallet.snapshot(), wallet.nowS())?.kind).not.toBe('give-back')
  })
})
