import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SessionId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { releasedOfChain, roomOf } from '@/lib/wallet/chain'
import { currentProposal } from '@/lib/wallet/ceremony'
import { entriesOf } from '@/lib/wallet/wallet-state'
import { KioskWorld } from '../fixtures/kiosk-world'
import { grantTo, newPhone, shownCode } from '../fixtures/wallet-world'

interface Visit {
  /** Which of the proposed holds, from the smallest to the largest that needs no passkey. */
  readonly choice: number
  readonly chargeS: number
  /** The driver reads the charger's yes before charging. */
  readonly readsAnswer: boolean
  /** Never read, read at the screen, or read after showing the code again later. */
  readonly receipt: 'never' | 'at-once' | 'shown-again'
  /** The cable comes out between approving and showing. */
  readonly unplugsFirst: boolean
  readonly phoneRestarts: boolean
  readonly kioskRestarts: boolean
}

const visit: fc.Arbitrary<Visit> = fc.record({
  choice: fc.nat(9),
  chargeS: fc.integer({ min: 0, max: 400 }),
  readsAnswer: fc.boolean(),
  receipt: fc.constantFrom('never', 'at-once', 'shown-again'),
  unplugsFirst: fc.boolean(),
  phoneRestarts: fc.boolean(),
  kioskRestarts: fc.boolean(),
})

async function start() {
  const world = await KioskWorld.create()
  const phone = newPhone('roundtrip')
  const clock = phone.clock as { nowS: () => ReturnType<KioskWorld['time']['nowS']> }
  clock.nowS = () => world.time.nowS()
  const wallet = await phone.open()
  await grantTo(wallet, { spendsMax: 12 })
  return { world, phone, wallet }
}

/** One stop at the charger by the rules of the property; gives what the charger billed, or undefined. */
async function stopBy(
  at: Awaited<ReturnType<typeof start>>,
  plan: Visit,
): Promise<{ id: SessionId; billedMinor: number; held: number } | undefined> {
  const { world, phone } = at
  await world.charger.plug()
  await world.settle()
  const { offerCode } = world.phaseOf('offering')
  const scanned = await at.wallet.scan(offerCode)
  if (!scanned.ok) {
    // The phone knows by itself that this charger would refuse: the grant is spent, or its spends are.
    expect(['wallet.spends', 'wallet.cap', 'hold.first-seen']).toContain(scanned.error.code)
    await world.charger.unplug()
    await world.settle()
    return undefined
  }
  const proposal = expectOk(currentProposal(at.wallet.snapshot(), world.time.nowS())!, 'a proposal')
  const plain = proposal.choices.filter(({ stepUp }) => !stepUp)
  const { holdMinor } = plain[plan.choice % plain.length]!
  const id = expectOk(await at.wallet.approve(holdMinor), 'approved')
  if (plan.phoneRestarts) at.wallet = await phone.open()
  const code = shownCode(at.wallet, id) ?? ''
  if (plan.unplugsFirst) {
    await world.charger.unplug()
    await world.settle()
  }
  const outcome = await world.controller.handleScan(1, code)
  await world.settle()
  if (plan.unplugsFirst) {
    expect(outcome.kind).toBe('refused')
    const pinned = outcome.kind === 'refused' ? outcome.answer : undefined
    if (pinned !== undefined) {
      const text = envelopeToText({ kind: 'answer', parts: [pinned] })
      expect(expectOk(await at.wallet.scan(text), 'read')).toMatchObject({ kind: 'declined' })
    }
    return undefined
  }
  expect(outcome.kind).toBe('accepted')
  if (plan.readsAnswer) {
    const { phase } = world
    const answer = 'answerCode' in phase ? phase.answerCode : null
    if (typeof answer === 'string') expect((await at.wallet.scan(answer)).ok).toBe(true)
  }
  if (plan.kioskRestarts) await world.powerCut()
  await world.charge(plan.chargeS, 36_000)
  await world.charger.unplug()
  await world.settle()
  const { receiptCode, totalMinor } = world.phaseOf('finished')
  if (plan.receipt === 'at-once') expectOk(await at.wallet.scan(receiptCode), 'the receipt')
  if (plan.receipt === 'shown-again') {
    const again = await world.controller.handleScan(1, code)
    if (again.kind !== 'known') throw new Error(`Not known again: ${again.kind}`)
    expectOk(
      await at.wallet.scan(envelopeToText({ kind: again.known.what, parts: [again.known.bytes] })),
      'the receipt',
    )
  }
  await world.controller.dismiss(1)
  await world.settle()
  return { id, billedMinor: totalMinor, held: holdMinor }
}

test('whatever the phone proposes the charger accepts, and both know the same money afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 6 }), async (visits) => {
      const at = await start()
      for (const plan of visits) {
        const session = await stopBy(at, plan)
        if (session === undefined || plan.receipt === 'never') continue
        const entry = entriesOf(at.wallet.snapshot()).find(({ sessionId }) => sessionId === session.id)
        expect(entry?.state).toMatchObject({ kind: 'finished', recomputedMinor: session.billedMinor })
        expect(entry?.disputes).toEqual([])
      }
      const [chain] = at.wallet.snapshot().chains
      const gross = chain!.entries.reduce((sum, { payload }) => sum + payload.holdMinor, 0)
      expect(roomOf(chain!)).toBe(minorUnits(10_000 - gross + releasedOfChain(chain!)))
    }),
    { numRuns: 25 },
  )
}, 120_000)
