import { mkdtempSync, rmSync } from 'node:fs'
import { copyFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chargerId, siteId, type ChargerId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import type { Bytes } from '@/lib/core/bytes'
import { toBytes } from '@/lib/core/bytes'
import { verifyWithNode } from '@/lib/crypto/node'
import type { NewsItem } from '@/lib/protocol/news-item'
import { newsFromWire, newsToWire, type SiteCall, type SiteReply } from '@/lib/roads/gateway-site-messages'
import type { SpendProof } from '@/lib/sync/spend-proof'
import { BookDesk } from '@/site-gateway/book/book-desk'
import { openBookStore, type BookStore } from '@/site-gateway/book/book-store'
import { TrustBook } from '@/lib/roads/door/trust-book'
import { ManualTime } from '@/simulator/charger/manual-time'
import { countingRandom } from '@/tests/fixtures/counting-random'
import { delta } from '@/tests/fixtures/kiosk-issuer'
import { rootSigner, storyGrant } from '@/tests/fixtures/messages'
import { SiteWallet, siteTrustList } from '@/tests/fixtures/site-spends'

const [one, other] = [chargerId('KIN-01'), chargerId('KIN-02')]
let folder: string
let trustList: Bytes
let anna: SiteWallet
let runs = 0

beforeAll(async () => {
  trustList = (await siteTrustList()).bytes
  anna = await SiteWallet.create('anna')
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-book-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Opened {
  readonly desk: BookDesk
  readonly store: BookStore
  readonly time: ManualTime
  readonly lines: string[]
}

/** A gateway's run on what lies in the folder. */
function opened(chargers: number | undefined = 2): Opened {
  const store = openBookStore(join(folder, 'book.db'))
  const facts = new Map<string, Bytes>()
  const trust = new TrustBook(
    rootSigner.publicKey,
    { fact: (name) => facts.get(name), setFact: (name, value) => void facts.set(name, toBytes(value)) },
    verifyWithNode,
  )
  trust.learn(trustList)
  const time = new ManualTime()
  const lines: string[] = []
  runs += 1
  const desk = new BookDesk({
    ...{ site: siteId('kinross'), store, trust, verify: verifyWithNode, timers: time, chargers },
    random: countingRandom(`run ${runs}`),
    log: (what) => lines.push(what),
  })
  return { desk, store, time, lines }
}

const nothing: SiteCall = { spends: [], news: [], isAll: false }

/** Reads everything, as a charger does that comes for the first time, and says that it has told all. */
async function teach(
  desk: BookDesk,
  charger: ChargerId,
  spends: readonly SpendProof[] = [],
): Promise<SiteReply> {
  const first = await desk.site(charger, { ...nothing, since: 0 })
  await desk.site(charger, { ...nothing, run: first.run, spends, isAll: true })
  return first
}

test('holds a reserve when all chargers have told what they know, and not before', async () => {
  const { desk } = opened()
  const { proof } = await anna.spend()
  expect(desk.reserve(proof)).toEqual({ standing: 'absent', cause: 'chargers' })
  await teach(desk, one)
  expect(desk.reserve(proof)).toEqual({ standing: 'absent', cause: 'chargers' })
  await teach(desk, other)
  expect(desk.reserve(proof)).toEqual({ standing: 'held' })
  expect(desk.reserve(proof)).toEqual({ standing: 'held' })
  expect(desk.view).toMatchObject({ grants: 1, spends: 1, frozen: [], isWhole: true })
})

test('holds none where nobody has said how many chargers there are, and freezes all the same', async () => {
  const { desk, lines } = opened(undefined)
  await teach(desk, one)
  const first = await anna.spend()
  const second = await anna.next(first, 2_000)
  const copy = await anna.next(first, 3_000)
  expect(desk.reserve(second.proof)).toEqual({ standing: 'absent', cause: 'chargers' })
  expect(desk.reserve(copy.proof)).toEqual({ standing: 'frozen' })
  expect(desk.view.frozen).toEqual([anna.grant.payload.serial])
  expect(lines).toContain('grant-frozen')
})

test('of two chargers that reserve one seq at once, one is held and the other hears that it is frozen', async () => {
  const { desk } = opened()
  await teach(desk, one)
  await teach(desk, other)
  const left = await anna.spend()
  const right = await anna.spend({ holdMinor: minorUnits(900), grossMinor: minorUnits(900) })
  const standings = [left, right].map(({ proof }) => desk.reserve(proof).standing)
  expect(standings).toEqual(['held', 'frozen'])
  // Also the first is frozen from now on, and both chargers hear why.
  expect(desk.reserve(left.proof).standing).toBe('frozen')
  expect((await desk.site(one, { ...nothing, since: 0 })).spends).toHaveLength(2)
})

test('does not hold what a wallet claims to have got back before the charger says so', async () => {
  const { desk } = opened()
  await teach(desk, one)
  await teach(desk, other)
  const first = await anna.spend()
  const next = await anna.next(first, 2_000, { releasedMinor: minorUnits(1_000) })
  expect(desk.reserve(first.proof).standing).toBe('held')
  expect(desk.reserve(next.proof)).toEqual({ standing: 'absent', cause: 'claim' })
  await desk.site(one, { ...nothing, spends: [await first.declined()] })
  expect(desk.reserve(next.proof).standing).toBe('held')
})

test('knows roaming grants and freezes them, and holds a reserve for those of its own site alone', async () => {
  const { desk } = opened(1)
  await teach(desk, one)
  const roaming = await SiteWallet.create('roaming', { sites: [] })
  const elsewhere = await SiteWallet.create('elsewhere', { sites: [siteId('cupar')] })
  for (const wallet of [roaming, elsewhere])
    expect(desk.reserve((await wallet.spend()).proof)).toEqual({ standing: 'absent', cause: 'site' })
  const copy = await roaming.spend({ holdMinor: minorUnits(5), grossMinor: minorUnits(5) })
  expect(desk.reserve(copy.proof).standing).toBe('frozen')
})

test('believes no proof that was touched', async () => {
  const { desk } = opened(1)
  await teach(desk, one)
  const { proof } = await anna.spend()
  const authorization = toBytes(proof.authorization)
  authorization[authorization.length - 1] = (authorization.at(-1) ?? 0) ^ 1
  expect(desk.reserve({ ...proof, authorization })).toEqual({ standing: 'absent', cause: 'proof' })
  await desk.site(one, { ...nothing, spends: [{ ...proof, authorization }] })
  expect(desk.view.spends).toBe(0)
  expect(desk.counts.refusedProofs).toBe(2)
})

test('what was held is there after SIGKILL, and holds nothing until the chargers have told everything again', async () => {
  const before = opened()
  await teach(before.desk, one)
  await teach(before.desk, other)
  const first = await anna.spend()
  expect(before.desk.reserve(first.proof).standing).toBe('held')
  // No close: the process is gone.
  const after = opened()
  expect(after.desk.view).toMatchObject({ spends: 1, isWhole: false })
  const copy = await anna.spend({ holdMinor: minorUnits(900), grossMinor: minorUnits(900) })
  expect(after.desk.reserve(first.proof)).toEqual({ standing: 'absent', cause: 'chargers' })
  expect(after.desk.reserve(copy.proof).standing).toBe('frozen')
})

test('a disk that was put back gives no seq twice: the chargers know it, and say so before anything is held', async () => {
  const before = opened()
  await teach(before.desk, one)
  await teach(before.desk, other)
  before.store.close()
  const file = join(folder, 'book.db')
  copyFileSync(file, `${file}.backup`)
  const again = opened()
  await teach(again.desk, one)
  await teach(again.desk, other)
  const first = await anna.spend()
  expect(again.desk.reserve(first.proof).standing).toBe('held')
  again.store.close()
  copyFileSync(`${file}.backup`, file)
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })

  const { desk } = opened()
  expect(desk.view.spends).toBe(0)
  const copy = await anna.spend({ holdMinor: minorUnits(900), grossMinor: minorUnits(900) })
  expect(desk.reserve(copy.proof)).toEqual({ standing: 'absent', cause: 'chargers' })
  await teach(desk, other)
  await teach(desk, one, [first.proof])
  expect(desk.view.isWhole).toBe(true)
  expect(desk.reserve(copy.proof).standing).toBe('frozen')
})

test('wakes a watch with what another charger has just brought, and keeps it across a restart', async () => {
  const { desk, store } = opened()
  const item: NewsItem = { kind: 'revocation-delta', message: await delta(0, 1, [storyGrant.serial]) }
  const start = await desk.site(other, { ...nothing, since: 0 })
  expect(newsFromWire(start.news).map(({ kind }) => kind)).toEqual(['trust-list'])
  const { run, upTo } = start
  const watching = desk.site(other, { ...nothing, run, since: upTo, waitMs: 20_000 })
  await desk.site(one, { ...nothing, news: newsToWire([item]) })
  const heard = await watching
  expect(newsFromWire(heard.news)).toEqual([item])
  expect(heard.upTo).toBeGreaterThan(upTo)
  store.close()
  const again = await opened().desk.site(other, { ...nothing, run, since: heard.upTo, waitMs: 20_000 })
  // Of another run: everything from the beginning, at once.
  expect(again.run).not.toBe(run)
  expect(newsFromWire(again.news).map(({ kind }) => kind)).toEqual(['trust-list', 'revocation-delta'])
})

test('a watch ends by itself, and with the gateway', async () => {
  const { desk, time } = opened()
  const { run, upTo } = await desk.site(one, { ...nothing, since: 0 })
  const watching = desk.site(one, { ...nothing, run, since: upTo, waitMs: 20_000 })
  await time.advance(20_000)
  expect(await watching).toMatchObject({ upTo, spends: [], news: [], isMore: false })
  const another = desk.site(one, { ...nothing, run, since: upTo, waitMs: 20_000 })
  desk.stop()
  expect(await another).toMatchObject({ upTo })
})

test('tells a long book in pieces that fit, each spend once, and what is over in place of what was held', async () => {
  const { desk } = opened()
  const wallets = await Promise.all(Array.from({ length: 70 }, (_, index) => SiteWallet.create(`w${index}`)))
  const spends = await Promise.all(wallets.map((wallet) => wallet.spend()))
  for (const { proof } of spends) desk.reserve(proof)
  const [first] = spends
  if (first === undefined) throw new Error('There are spends')
  await desk.site(one, { ...nothing, spends: [await first.declined()] })
  let call: SiteCall = { ...nothing, since: 0 }
  let count = 0
  const sizes: number[] = []
  for (let round = 0; round < 10; round += 1) {
    const reply = await desk.site(other, call)
    sizes.push(reply.spends.length)
    count += reply.spends.length
    call = { ...nothing, run: reply.run, since: reply.upTo }
    if (!reply.isMore) break
  }
  expect(count).toBe(70)
  expect(sizes.length).toBeGreaterThan(1)
})
