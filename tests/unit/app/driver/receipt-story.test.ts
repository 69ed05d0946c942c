import { expect, test } from 'vitest'
import { receiptView } from '@/app/(driver)/_views/receipt-views'
import { expectOk, ok } from '@/lib/core/result'
import { messageHash } from '@/lib/core/ids'
import { withComplaint } from '@/lib/wallet/complaint'
import { withSessionNews } from '@/lib/wallet/session-news'
import { syncOnce } from '@/lib/wallet/sync'
import { twinCloud } from '../../../fixtures/twin-cloud'
import { approveOffer, grantTo, newPhone, receiptFor, receiptText } from '../../../fixtures/wallet-world'

async function charged() {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 500), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, 500, 8_000)))
  const view = () => {
    const found = receiptView(wallet.snapshot(), id)
    if (found === undefined) throw new Error('a receipt')
    return found
  }
  return { phone, wallet, id, view, kinds: () => view().story.map(({ kind }) => kind) }
}

test('a receipt’s story begins with the approval, and says what comes next by itself', async () => {
  const { view, kinds } = await charged()
  expect(kinds()).toEqual(['approved', 'ended', 'released'])
  expect(view().story).toMatchObject([{ amountMinor: 500 }, {}, { amountMinor: 108 }])
  expect(view().next).toBe('toSee')
})

test('each word of the operator gets its own date, and the last is final', async () => {
  const { phone, wallet, view, kinds } = await charged()
  const cloud = twinCloud()
  phone.clock.timeS += 60
  expectOk(await syncOnce(wallet, cloud), 'seen')
  expect(view()).toMatchObject({ next: 'toSettle', isConfirmed: true })
  phone.clock.timeS += 60
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'settled')
  expect(kinds()).toEqual(['approved', 'ended', 'released', 'seen', 'settled'])
  const [seen, settled] = view().story.slice(-2)
  expect(settled).toMatchObject({ amountMinor: 392 })
  expect((settled?.atS ?? 0) - (seen?.atS ?? 0)).toBe(60)
  expect(view().next).toBe('none')
})

test('a complaint, its decision and what was given back stand in the order of time', async () => {
  const { phone, wallet, id, view, kinds } = await charged()
  const cloud = twinCloud()
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'settled')
  phone.clock.timeS += 100
  const atS = wallet.nowS()
  const complaint = { reason: 'amount', note: '' } as const
  await wallet.apply((state, { nowS }) => withComplaint(state, id, complaint, nowS))
  expect(view().next).toBe('toSee')
  cloud.standing = 'case'
  expectOk(await syncOnce(wallet, cloud), 'reported')
  expect(view().next).toBe('toDecide')
  const news = {
    sessionId: id,
    case: { state: 'decided', openedAtS: atS + 5, changedAtS: atS + 60 },
    refunds: [{ amountMinor: 92, atS: atS + 50 }],
    costMinor: 300,
    byCharger: true,
  } as const
  await wallet.apply((state) => ok(withSessionNews(state, [news])))
  expect(kinds().slice(-4)).toEqual(['said', 'reported', 'refund', 'case-decided'])
  expect(view().story.at(-1)).toMatchObject({ amountMinor: 300 })
  expect(view()).toMatchObject({ refundedMinor: 92, byCharger: true })
})

/** Two receipts of one charger in one wallet; `previous` of the second as given. */
async function twoReceipts(previous: 'right' | 'wrong', counter: number) {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const one = expectOk(await approveOffer(wallet, 400), 'approved')
  const first = await receiptFor(one, 400, 5_000, { counter: 41 })
  await wallet.scan(receiptText(first))
  const two = expectOk(await approveOffer(wallet, 400), 'approved')
  const linked = previous === 'right' ? first.hash : messageHash('ab'.repeat(16))
  const second = await receiptFor(two, 400, 5_000, { counter, previous: linked })
  await wallet.scan(receiptText(second))
  return { first: receiptView(wallet.snapshot(), one)?.log, second: receiptView(wallet.snapshot(), two)?.log }
}

test('receipts of one charger that touch must be chained; those that do not touch say nothing', async () => {
  expect(await twoReceipts('right', 42)).toEqual({
    first: { kind: 'alone' },
    second: { kind: 'follows', number: 41 },
  })
  expect(await twoReceipts('wrong', 42)).toEqual({ first: { kind: 'broken' }, second: { kind: 'broken' } })
  expect(await twoReceipts('wrong', 50)).toEqual({ first: { kind: 'alone' }, second: { kind: 'alone' } })
})

test('two sessions under one number prove that the charger keeps two books', async () => {
  expect(await twoReceipts('right', 41)).toEqual({ first: { kind: 'broken' }, second: { kind: 'broken' } })
})
