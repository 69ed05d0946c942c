import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { expectOk, ok } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { grossOf, headOf, releasedOfChain, roomOf, type Chain } from '@/lib/wallet/chain'
import { currentProposal } from '@/lib/wallet/ceremony'
import { takeAlong } from '@/lib/wallet/obtain-grant'
import { syncOnce } from '@/lib/wallet/sync'
import { stopCodeOf, type Wallet } from '@/lib/wallet/wallet'
import { entriesOf, findEntry } from '@/lib/wallet/wallet-state'
import { news, newsCode, permitted } from '../fixtures/kiosk-issuer'
import { KioskWorld } from '../fixtures/kiosk-world'
import { storyTimeS } from '../fixtures/messages'
import { twinCloud, type TwinCloud } from '../fixtures/twin-cloud'
import { grantTo, newPhone, shownCode, type Phone } from '../fixtures/wallet-world'

interface Visit {
  /** Which of the proposed holds, from the smallest to the largest that needs no passkey. */
  readonly choice: number
  readonly chargeS: number
  /** The driver reads the charger's yes before charging. */
  readonly readsAnswer: boolean
  /** Never read, read at the screen, or read after showing the code again later. */
  readonly receipt: 'never' | 'at-once' | 'shown-again'
  /** The driver pulls the cable, or holds a signed stop to the charger. */
  readonly endsBy: 'unplugging' | 'phone'
  /** The cable comes out between approving and showing. */
  readonly unplugsFirst: boolean
  /** The code never reaches the charger. Later it is vetoed by the issuer, shown all the same, or forgotten. */
  readonly lost: 'no' | 'vetoed' | 'shown-late' | 'forgotten'
  /** On the way there the driver exchanges the grant for the next one, and the answer may get lost a few times. */
  readonly renews: { readonly lostAnswers: number } | null
  readonly phoneRestarts: boolean
  readonly kioskRestarts: boolean
}

const visit: fc.Arbitrary<Visit> = fc.record({
  choice: fc.nat(9),
  chargeS: fc.integer({ min: 0, max: 400 }),
  readsAnswer: fc.boolean(),
  receipt: fc.constantFrom('never', 'at-once', 'shown-again'),
  endsBy: fc.constantFrom('unplugging', 'phone'),
  unplugsFirst: fc.boolean(),
  lost: fc.constantFrom('no', 'no', 'no', 'vetoed', 'shown-late', 'forgotten'),
  renews: fc.constantFrom(null, null, null, { lostAnswers: 0 }, { lostAnswers: 2 }),
  phoneRestarts: fc.boolean(),
  kioskRestarts: fc.boolean(),
})

interface Trip {
  readonly world: KioskWorld
  readonly phone: Phone
  readonly cloud: TwinCloud
  wallet: Wallet
}

interface Billed {
  readonly id: SessionId
  readonly billedMinor: number
}

async function start(): Promise<Trip> {
  const world = await KioskWorld.create()
  const phone = newPhone('roundtrip')
  const clock = phone.clock as { nowS: () => ReturnType<KioskWorld['time']['nowS']> }
  clock.nowS = () => world.time.nowS()
  const wallet = await phone.open()
  await grantTo(wallet, { spendsMax: 12 })
  const account = { accountId: 'account-1', currency: 'EUR', asOfS: storyTimeS, signedIn: true }
  const nothing = { balanceMinor: minorUnits(0), reservedMinor: minorUnits(0) }
  await wallet.apply((state) => ok({ ...state, account: { ...account, ...nothing } }))
  return { world, phone, wallet, cloud: twinCloud() }
}

async function plugIn({ world }: Trip): Promise<void> {
  await world.charger.plug()
  await world.settle()
}

async function unplug({ world }: Trip): Promise<void> {
  await world.charger.unplug()
  await world.settle()
}

/** The grant is closed and the next one taken, however often the operator's answer gets lost on the way. */
async function renew(at: Trip, lostAnswers: number): Promise<void> {
  at.cloud.balanceMinor = 10_000
  at.cloud.lostRenewals = lostAnswers
  for (let attempt = 0; attempt <= lostAnswers; attempt += 1) {
    const outcome = await takeAlong(at.wallet, at.cloud)
    expect(outcome.ok).toBe(attempt === lostAnswers)
    if (!outcome.ok) at.wallet = await at.phone.open()
  }
}

/** Reads the offer on the screen and approves one of the holds that need no passkey. */
async function approve(at: Trip, plan: Visit): Promise<SessionId | undefined> {
  const { offerCode } = at.world.phaseOf('offering')
  const scanned = await at.wallet.scan(offerCode)
  if (!scanned.ok) {
    // The phone knows by itself that this charger would refuse: the grant is spent, or its spends are.
    expect(['wallet.spends', 'wallet.cap', 'hold.first-seen']).toContain(scanned.error.code)
    return undefined
  }
  const proposal = expectOk(currentProposal(at.wallet.snapshot(), at.world.time.nowS())!, 'a proposal')
  const plain = proposal.choices.filter(({ stepUp }) => !stepUp)
  const { holdMinor } = plain[plan.choice % plain.length]!
  const id = expectOk(await at.wallet.approve(holdMinor), 'approved')
  if (plan.phoneRestarts) at.wallet = await at.phone.open()
  return id
}

const answerText = (bytes: Uint8Array<ArrayBuffer>): string =>
  envelopeToText({ kind: 'answer', parts: [bytes] })

/** The charger refuses the code, and where it pins its no the phone gets the hold back by it. */
async function showInVain(at: Trip, id: SessionId, code: string): Promise<void> {
  const outcome = await at.world.controller.handleScan(1, code)
  await at.world.settle()
  expect(outcome.kind).toBe('refused')
  const pinned = outcome.kind === 'refused' ? outcome.answer : undefined
  if (pinned === undefined) return
  expect(expectOk(await at.wallet.scan(answerText(pinned)), 'read')).toMatchObject({ kind: 'declined' })
  expect(entryOf(at.wallet, id).state.kind).toMatch(/declined|unused/)
}

/** What becomes of a code that never reached the charger. The car is unplugged meanwhile, so its offer is void. */
async function loseScan(at: Trip, id: SessionId, lost: Visit['lost']): Promise<void> {
  const code = shownCode(at.wallet, id) ?? ''
  await unplug(at)
  if (lost === 'vetoed') {
    const veto = await permitted({ verdict: 'veto', sessionId: id })
    at.cloud.brings = { permits: [toBase64Url(veto)] }
    expectOk(await syncOnce(at.wallet, at.cloud), 'reported')
    at.cloud.brings = {}
    expect(entryOf(at.wallet, id).state.kind).toBe('unused')
    expect(shownCode(at.wallet, id)).toBeUndefined()
    await plugIn(at)
    await at.world.controller.handleScan(1, newsCode(news('permit', veto)))
    // Somebody who photographed the code before gets nothing by it.
    await showInVain(at, id, code)
    await unplug(at)
  } else if (lost === 'shown-late') {
    await plugIn(at)
    expect(shownCode(at.wallet, id)).toBe(code)
    await showInVain(at, id, code)
    expect(entryOf(at.wallet, id).state.kind).toBe('declined')
    await unplug(at)
  }
}

const entryOf = (wallet: Wallet, id: SessionId) => findEntry(wallet.snapshot(), id)!.entry

/** One stop at the charger by the rules of the property; gives what the charger billed, or undefined. */
async function stopBy(at: Trip, plan: Visit): Promise<Billed | undefined> {
  const { world } = at
  if (plan.renews !== null) await renew(at, plan.renews.lostAnswers)
  await plugIn(at)
  const id = await approve(at, plan)
  if (id === undefined) {
    await unplug(at)
    return undefined
  }
  if (plan.lost !== 'no') {
    await loseScan(at, id, plan.lost)
    return undefined
  }
  const code = shownCode(at.wallet, id) ?? ''
  if (plan.unplugsFirst) {
    await unplug(at)
    await showInVain(at, id, code)
    return undefined
  }
  const outcome = await world.controller.handleScan(1, code)
  await world.settle()
  expect(outcome.kind).toBe('accepted')
  if (plan.readsAnswer) {
    const { phase } = world
    const answer = 'answerCode' in phase ? phase.answerCode : null
    if (typeof answer === 'string') expect((await at.wallet.scan(answer)).ok).toBe(true)
  }
  if (plan.kioskRestarts) await world.powerCut()
  await world.charge(plan.chargeS, 36_000)
  await end(at, id, plan)
  const { receiptCode, totalMinor } = world.phaseOf('finished')
  if (plan.receipt === 'at-once') expectOk(await at.wallet.scan(receiptCode), 'the receipt')
  if (plan.receipt === 'shown-again') await readAgain(at, code)
  await world.controller.dismiss(1)
  await world.settle()
  if (plan.endsBy === 'phone') await unplug(at)
  return { id, billedMinor: totalMinor }
}

/** By the cable, or by the phone's signed stop, which may come when the charger has ended by itself. */
async function end(at: Trip, id: SessionId, { endsBy }: Visit): Promise<void> {
  if (endsBy === 'unplugging') return unplug(at)
  expectOk(await at.wallet.stop(id), 'the stop is signed')
  const shown = stopCodeOf(entryOf(at.wallet, id)) ?? ''
  const outcome = await at.world.controller.handleScan(1, shown)
  expect(['stopping', 'known']).toContain(outcome.kind)
  await at.world.settle()
  return undefined
}

/** The same bytes bring the receipt once the session is over. */
async function readAgain(at: Trip, code: string): Promise<void> {
  const again = await at.world.controller.handleScan(1, code)
  if (again.kind !== 'known') throw new Error(`Not known again: ${again.kind}`)
  const text = envelopeToText({ kind: again.known.what, parts: [again.known.bytes] })
  expectOk(await at.wallet.scan(text), 'the receipt')
}

/** The rules of money that hold whatever happened, for each grant that was ever on this phone. */
function expectSound(chain: Chain): void {
  const { capMinor } = chain.grant.payload
  let gross = 0
  let released = 0
  for (const [index, { payload }] of chain.entries.entries()) {
    gross += payload.holdMinor
    expect([payload.seq, payload.grossMinor]).toEqual([index + 1, gross])
    expect(payload.releasedMinor).toBeGreaterThanOrEqual(released)
    expect(payload.grossMinor - payload.releasedMinor).toBeLessThanOrEqual(capMinor)
    released = payload.releasedMinor
  }
  expect(grossOf(chain)).toBe(gross)
  expect(roomOf(chain)).toBe(minorUnits(capMinor - gross + releasedOfChain(chain)))
  if (chain.closing !== null) {
    const { lastSeq, head } = chain.closing.payload
    expect([lastSeq, head]).toEqual([chain.entries.length, headOf(chain)])
  }
}

test('whatever the phone proposes the charger accepts, and both know the same money afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 6 }), async (visits) => {
      const at = await start()
      for (const plan of visits) {
        const session = await stopBy(at, plan)
        for (const chain of at.wallet.snapshot().chains) expectSound(chain)
        if (session === undefined || plan.receipt === 'never') continue
        const entry = entriesOf(at.wallet.snapshot()).find(({ sessionId }) => sessionId === session.id)
        expect(entry?.state).toMatchObject({ kind: 'finished', recomputedMinor: session.billedMinor })
        expect(entry?.disputes).toEqual([])
      }
      const { chains } = at.wallet.snapshot()
      // Of all grants at most one can still be spent from: each renewal ended the one before.
      expect(chains.filter(({ closing }) => closing === null).length).toBeLessThanOrEqual(1)
      expect(new Set(entriesOf(at.wallet.snapshot()).map(({ sessionId }) => sessionId)).size).toBe(
        chains.reduce((sum, chain) => sum + chain.entries.length, 0),
      )
    }),
    { numRuns: 25 },
  )
}, 120_000)
