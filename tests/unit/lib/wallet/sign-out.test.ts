import { expect, test } from 'vitest'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { AccountPort } from '@/lib/wallet/account-port'
import { signOut, signOutFacts } from '@/lib/wallet/sign-out'
import type { Wallet } from '@/lib/wallet/wallet'
import { storyTimeS } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import { approveOffer, grantTo, newPhone } from '../../../fixtures/wallet-world'

async function signedIn() {
  const wallet = await newPhone().open()
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'account-1',
        balanceMinor: minorUnits(0),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        asOfS: storyTimeS,
        signedIn: true,
      },
    }),
  )
  await grantTo(wallet)
  return wallet
}

/** Takes back what it hears of, or is not there. */
function account(isThere = true): AccountPort & { readonly heard: string[] } {
  const heard: string[] = []
  const absent = () => Promise.resolve(err(refusal('api.unreachable')))
  return {
    heard,
    history: absent,
    sites: absent,
    raise: absent,
    receiptProof: absent,
    giveBack(close) {
      heard.push(close)
      return isThere ? Promise.resolve(ok({ releasedMinor: 10_000, balanceMinor: 10_000 })) : absent()
    },
  }
}

const isSignedIn = (wallet: Wallet) => wallet.snapshot().account?.signedIn
const closings = (wallet: Wallet) => wallet.snapshot().chains.map(({ closing }) => closing?.outcome)

test('before, the driver hears what is on the phone, what is open, and what was not sent', async () => {
  const wallet = await signedIn()
  expect(signOutFacts(wallet.snapshot(), wallet.nowS())).toMatchObject({
    leftMinor: 10_000,
    openCount: 0,
    heldMinor: 0,
    unreportedCount: 0,
  })
  expectOk(await approveOffer(wallet, 1_000), 'approved')
  expect(signOutFacts(wallet.snapshot(), wallet.nowS())).toMatchObject({
    leftMinor: 9_000,
    openCount: 1,
    heldMinor: 1_000,
    unreportedCount: 1,
  })
})

test('credit goes back, then the sign-in ends', async () => {
  const wallet = await signedIn()
  const port = account()
  expect((await signOut(wallet, twinCloud(), port, true)).ok).toBe(true)
  expect(port.heard.length).toBe(1)
  expect(closings(wallet)).toEqual(['returned'])
  expect(isSignedIn(wallet)).toBe(false)
})

test('whoever keeps the credit can spend it until its date', async () => {
  const wallet = await signedIn()
  const port = account()
  expect((await signOut(wallet, twinCloud(), port, false)).ok).toBe(true)
  expect(port.heard).toEqual([])
  expect(closings(wallet)).toEqual([undefined])
  expectOk(await approveOffer(wallet, 1_000), 'approved')
})

test('what cannot go back is no reason to stay signed in', async () => {
  const wallet = await signedIn()
  expect((await signOut(wallet, twinCloud(), account(false), true)).ok).toBe(true)
  expect(isSignedIn(wallet)).toBe(false)
})

test('where the operator did not hear of it, the phone stays signed in', async () => {
  const wallet = await signedIn()
  const cloud = { ...twinCloud(), signOut: () => Promise.resolve(err(refusal('api.unreachable'))) }
  expect(await signOut(wallet, cloud, account(), false)).toMatchObject({ error: { code: 'api.unreachable' } })
  expect(isSignedIn(wallet)).toBe(true)
})
