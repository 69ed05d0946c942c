import { expect, test } from 'vitest'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { roomOf } from '@/lib/wallet/chain'
import { withComplaint } from '@/lib/wallet/complaint'
import { withSessionNews } from '@/lib/wallet/session-news'
import { reportsDue, unreportedCount } from '@/lib/wallet/report'
import { syncOnce } from '@/lib/wallet/sync'
import { findEntry } from '@/lib/wallet/wallet-state'
import { twinCloud } from '../../../fixtures/twin-cloud'
import { approveOffer, grantTo, newPhone, receiptFor, receiptText } from '../../../fixtures/wallet-world'

async function settledSession() {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400)))
  const cloud = twinCloud()
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'settled')
  return { wallet, cloud, id }
}

test('what a driver says about a session goes to the operator once more, even when it was settled', async () => {
  const { wallet, cloud, id } = await settledSession()
  expect(reportsDue(wallet.snapshot())).toEqual([])
  expectOk(
    await wallet.apply((state, { nowS }) =>
      withComplaint(state, id, { reason: 'stopped-early', note: '' }, nowS),
    ),
    'said',
  )
  expect(unreportedCount(wallet.snapshot())).toBe(1)
  expect(findEntry(wallet.snapshot(), id)?.entry.standing).toBe('case')
  cloud.standing = 'case'
  expectOk(await syncOnce(wallet, cloud), 'reported')
  expect(cloud.reports.at(-1)?.[0]?.disputes).toEqual([
    { sessionId: id, reason: 'stopped-early', recomputedMinor: 902 },
  ])
  expect(unreportedCount(wallet.snapshot())).toBe(0)
  cloud.standing = 'settled'
  expectOk(await syncOnce(wallet, cloud), 'decided')
  expect(findEntry(wallet.snapshot(), id)?.entry.standing).toBe('settled')
})

test('it moves no money: the receipt stays, and what it released too', async () => {
  const { wallet, id } = await settledSession()
  const room = roomOf(wallet.snapshot().chains[0]!)
  expectOk(
    await wallet.apply((state, { nowS }) => withComplaint(state, id, { reason: 'amount', note: '' }, nowS)),
    'said',
  )
  expect(roomOf(wallet.snapshot().chains[0]!)).toBe(room)
  expect(findEntry(wallet.snapshot(), id)?.entry.state.kind).toBe('finished')
})

test('it is said once: a second reason does not replace the first', async () => {
  const { wallet, id } = await settledSession()
  expectOk(
    await wallet.apply((state, { nowS }) => withComplaint(state, id, { reason: 'amount', note: '' }, nowS)),
    'said',
  )
  expectOk(
    await wallet.apply((state, { nowS }) => withComplaint(state, id, { reason: 'other', note: '' }, nowS)),
    'said again',
  )
  expect(findEntry(wallet.snapshot(), id)?.entry.complaint?.reason).toBe('amount')
})

test('a session without a receipt cannot be disputed yet', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  expect(
    await wallet.apply((state, { nowS }) => withComplaint(state, id, { reason: 'other', note: '' }, nowS)),
  ).toEqual(err(refusal('receipt.session')))
})

test('a bill that is wrong by registers and price is a case without being asked, and needs nobody’s word', async () => {
  const wallet = await newPhone().open()
  await grantTo(wallet)
  const id = expectOk(await approveOffer(wallet, 1_500), 'approved')
  await wallet.scan(receiptText(await receiptFor(id, 1_500, 18_400, { totalMinor: minorUnits(1_100) })))
  expect(findEntry(wallet.snapshot(), id)?.entry).toMatchObject({ standing: 'case', complaint: null })
  expect(reportsDue(wallet.snapshot())[0]?.chains[0]).toMatchObject({ disputes: [], receipts: [{}] })
})

test('words of one’s own go along on one line, cut at the bound', async () => {
  const { wallet, cloud, id } = await settledSession()
  const note = `  The cable\n\tnever locked. ${'x'.repeat(600)}`
  expectOk(
    await wallet.apply((state, { nowS }) => withComplaint(state, id, { reason: 'other', note }, nowS)),
    'said',
  )
  expectOk(await syncOnce(wallet, cloud), 'reported')
  const said = cloud.reports.at(-1)?.[0]?.disputes[0]?.note ?? ''
  expect(said).toMatch(/^The cable never locked\. x+$/)
  expect(said).toHaveLength(500)
})

test('what people made of it is kept with its dates, moves no credit here, and is no change when told again', async () => {
  const { wallet, id } = await settledSession()
  const room = roomOf(wallet.snapshot().chains[0]!)
  const news = [
    {
      sessionId: id,
      case: { state: 'decided' as const, openedAtS: 1_800_000_000, changedAtS: 1_800_000_600 },
      refunds: [
        { amountMinor: 120, atS: 1_800_000_500 },
        { amountMinor: -5, atS: 1_800_000_500 },
      ],
      costMinor: 782,
      byCharger: true,
    },
    { sessionId: 'somebody else’s', case: null, refunds: [], costMinor: null, byCharger: false },
  ]
  expectOk(await wallet.apply((state) => ok(withSessionNews(state, news))), 'told')
  const { followUp } = findEntry(wallet.snapshot(), id)!.entry
  expect(followUp).toMatchObject({
    case: { state: 'decided' },
    refunds: [{ amountMinor: 120, atS: 1_800_000_500 }],
    costMinor: 782,
  })
  expect(roomOf(wallet.snapshot().chains[0]!)).toBe(room)
  const state = wallet.snapshot()
  expect(withSessionNews(state, news)).toBe(state)
})
