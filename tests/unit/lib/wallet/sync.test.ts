import { expect, test } from 'vitest'
import type { CancelTimer, Timers } from '@/lib/core/clock'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { limits } from '@/lib/core/limits'
import { followUpsDue, reportsDue, unreportedCount } from '@/lib/wallet/report'
import { adoptAccount, startSync, syncOnce } from '@/lib/wallet/sync'
import type { Wallet } from '@/lib/wallet/wallet'
import { entriesOf } from '@/lib/wallet/wallet-state'
import { storyTimeS, testSigner } from '../../../fixtures/messages'
import { twinCloud } from '../../../fixtures/twin-cloud'
import {
  answerText,
  approveOffer,
  grantTo,
  newPhone,
  receiptFor,
  receiptText,
} from '../../../fixtures/wallet-world'

async function walletWithReceipt(): Promise<Wallet> {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(await answerText(id, 'accepted'))
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  return wallet
}

const onlyEntry = (wallet: Wallet) => {
  const [entry] = entriesOf(wallet.snapshot())
  if (entry === undefined) throw new Error('no entry')
  return entry
}

test('a report carries the whole chain with answers and receipts, each with certificate and offer', async () => {
  const wallet = await walletWithReceipt()
  const [report] = reportsDue(wallet.snapshot())
  const [chain] = report?.chains ?? []
  expect(chain?.authorizations).toHaveLength(1)
  expect(chain?.answers).toHaveLength(1)
  expect(chain?.receipts).toHaveLength(1)
  expect(Object.keys(chain?.receipts[0] ?? {})).toEqual(['receipt', 'certificate', 'offer'])
})

test('what the operator acknowledged counts as reported, and is asked about until it is settled', async () => {
  const wallet = await walletWithReceipt()
  const cloud = twinCloud()
  expect(unreportedCount(wallet.snapshot())).toBe(1)
  expect(await syncOnce(wallet, cloud)).toEqual(ok(undefined))
  expect(unreportedCount(wallet.snapshot())).toBe(0)
  expect(onlyEntry(wallet).standing).toBe('seen')
  cloud.standing = 'settled'
  await syncOnce(wallet, cloud)
  expect(onlyEntry(wallet).standing).toBe('settled')
  expect(reportsDue(wallet.snapshot())).toEqual([])
  await syncOnce(wallet, cloud)
  expect(cloud.reports).toHaveLength(2)
})

test('reporting the same again changes nothing on the phone', async () => {
  const wallet = await walletWithReceipt()
  const cloud = twinCloud()
  await syncOnce(wallet, cloud)
  const { chains } = wallet.snapshot()
  await syncOnce(wallet, cloud)
  expect(wallet.snapshot().chains).toBe(chains)
})

test('an acknowledgement that the issuer did not sign is not believed', async () => {
  const wallet = await walletWithReceipt()
  const cloud = twinCloud()
  cloud.acknowledger = testSigner('carrier')
  await syncOnce(wallet, cloud)
  expect(unreportedCount(wallet.snapshot())).toBe(1)
})

test('a settled session is not unseen by an older reply', async () => {
  const wallet = await walletWithReceipt()
  const cloud = twinCloud()
  cloud.standing = 'settled'
  await syncOnce(wallet, cloud)
  const late = await receiptFor(onlyEntry(wallet).sessionId, 1_500, 20_000)
  await wallet.scan(receiptText(late))
  cloud.standing = 'seen'
  await syncOnce(wallet, cloud)
  expect(onlyEntry(wallet).standing).toBe('case')
})

test('news of another root is refused, and the pinned one stays', async () => {
  const wallet = await walletWithReceipt()
  const before = wallet.snapshot().trust
  const cloud = twinCloud()
  const other = {
    ...cloud,
    trust: async () =>
      ok({
        ...(await cloud.trust().then((news) => expectOk(news, 'news'))),
        root: testSigner('evil').publicKey,
      }),
  }
  expect(await syncOnce(wallet, other)).toEqual(err(refusal('phone.trust', { part: 'other-root' })))
  expect(wallet.snapshot().trust).toBe(before)
})

test('a long chain goes out in slices that the API takes', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet, { spendsMax: 100 })
  for (let count = 0; count < limits.walletReportEntriesMax + 3; count += 1) {
    const id = expectOk(await approveOffer(wallet, 500), 'approved')
    await wallet.scan(await answerText(id, 'charger.busy'))
  }
  const cloud = twinCloud()
  await syncOnce(wallet, cloud)
  expect(cloud.reports.map((chains) => chains[0]?.authorizations.length)).toEqual([
    limits.walletReportEntriesMax,
    3,
  ])
  expect(unreportedCount(wallet.snapshot())).toBe(0)
})

test('credit that ran out is renewed by itself while the account has some, and never twice', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'account-1',
        balanceMinor: minorUnits(0),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        asOfS: wallet.nowS(),
        signedIn: true,
      },
    }),
  )
  const cloud = twinCloud()
  cloud.balanceMinor = 4_000
  await syncOnce(wallet, cloud)
  expect(cloud.calls).not.toContain('renew')
  phone.clock.timeS += 5 * 86_400
  await syncOnce(wallet, cloud)
  expect(cloud.calls.filter((call) => call === 'renew')).toHaveLength(1)
  await syncOnce(wallet, cloud)
  expect(cloud.calls.filter((call) => call === 'renew')).toHaveLength(1)
  expect(wallet.snapshot().spareKey).toBeNull()
})

test('a sign-in that has ended is said once, and the wallet goes on without it', async () => {
  const wallet = await walletWithReceipt()
  await wallet.apply((state) =>
    ok({
      ...state,
      account: {
        accountId: 'account-1',
        balanceMinor: minorUnits(4_000),
        reservedMinor: minorUnits(0),
        currency: 'EUR',
        asOfS: wallet.nowS(),
        signedIn: true,
      },
    }),
  )
  const cloud = twinCloud()
  const signedOut = { ...cloud, account: () => Promise.resolve(err(refusal('api.unauthenticated'))) }
  expect(await syncOnce(wallet, signedOut)).toEqual(ok(undefined))
  expect(wallet.snapshot().account).toMatchObject({ signedIn: false, balanceMinor: 4_000 })
})

/** Timers that fire when the test says so. */
function manualTimers(): Timers & { readonly waits: number[]; fire(): Promise<void> } {
  let due: (() => void) | undefined
  const waits: number[] = []
  return {
    waits,
    every: (): CancelTimer => () => undefined,
    after(delayMs, run) {
      waits.push(delayMs)
      due = run
      return () => {
        due = undefined
      }
    },
    async fire() {
      due?.()
      await idle()
    },
  }
}

/** Lets everything that is ready run: the in-memory ports answer within microtasks. */
const idle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

test('while nothing answers it tries again ever more rarely, and at once when the network is back', async () => {
  const wallet = await walletWithReceipt()
  const cloud = twinCloud()
  cloud.fault = refusal('api.unreachable')
  const timers = manualTimers()
  const sync = startSync(wallet, cloud, timers)
  await idle()
  for (let count = 0; count < 7; count += 1) await timers.fire()
  expect(timers.waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  cloud.fault = null
  cloud.standing = 'settled'
  sync.kick()
  await idle()
  await idle()
  expect(onlyEntry(wallet).standing).toBe('settled')
  sync.stop()
})

test('a receipt that was just read goes out without being asked', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const cloud = twinCloud()
  const sync = startSync(wallet, cloud, manualTimers())
  await idle()
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  for (let turn = 0; turn < 6; turn += 1) await idle()
  expect(cloud.reports.at(-1)?.[0]?.receipts).toHaveLength(1)
  expect(unreportedCount(wallet.snapshot())).toBe(0)
  sync.stop()
})

async function untilIdle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await idle()
}

const refundOf = (sessionId: string) => ({
  sessionId,
  case: null,
  refunds: [{ amountMinor: 300, atS: storyTimeS + 86_400 }],
  costMinor: 1_200,
  byCharger: false,
})

test('what was given back for a fleet’s or a guest’s session arrives when the app opens, and once an hour', async () => {
  for (const fleetName of ['Northern Vans', null]) {
    const phone = newPhone()
    const wallet = await phone.open()
    await grantTo(wallet, {}, fleetName)
    const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
    await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
    const cloud = twinCloud()
    cloud.standing = 'settled'
    await syncOnce(wallet, cloud)
    expect(onlyEntry(wallet).followUp).toBeNull()
    cloud.brings = { news: [refundOf(id)] }
    const before = cloud.reports.length
    const sync = startSync(wallet, cloud, manualTimers())
    await untilIdle()
    expect(onlyEntry(wallet).followUp?.refunds).toMatchObject([{ amountMinor: 300 }])
    expect(cloud.reports).toHaveLength(before + 1)
    sync.kick()
    await untilIdle()
    expect(cloud.reports).toHaveLength(before + 1)
    phone.clock.timeS += 3_600
    sync.kick()
    await untilIdle()
    expect(cloud.reports).toHaveLength(before + 2)
    sync.stop()
  }
})

test('what was settled long ago is not asked about for ever, nor what an account tells about', async () => {
  const wallet = await walletWithReceipt()
  const cloud = twinCloud()
  cloud.standing = 'settled'
  await syncOnce(wallet, cloud)
  const soon = epochSeconds(storyTimeS + 86_400)
  expect(followUpsDue(wallet.snapshot(), soon)).toHaveLength(1)
  expect(followUpsDue(wallet.snapshot(), epochSeconds(storyTimeS + 91 * 86_400))).toEqual([])
  await adoptAccount(wallet, {
    ...cloud,
    account: () =>
      Promise.resolve(ok({ accountId: 'a', balanceMinor: 0, reservedMinor: 0, currency: 'EUR' })),
  })
  expect(followUpsDue(wallet.snapshot(), soon)).toEqual([])
})
