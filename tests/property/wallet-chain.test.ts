import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SessionId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { grossOf, releasedOfChain, roomOf, type Chain } from '@/lib/wallet/chain'
import { PowerCut, type PlannedFault } from '@/lib/wallet/memory-store'
import type { Wallet } from '@/lib/wallet/wallet'
import { entriesOf, findEntry } from '@/lib/wallet/wallet-state'
import {
  answerText,
  grantTo,
  makeOffer,
  newPhone,
  readAuthorization,
  receiptFor,
  receiptText,
  shownCode,
  type Phone,
} from '../fixtures/wallet-world'

type Act =
  | { readonly kind: 'approve'; readonly holdMinor: number }
  | { readonly kind: 'accept' | 'decline' | 'replay' | 'reload'; readonly which: number }
  | {
      readonly kind: 'receipt'
      readonly which: number
      readonly energyWh: number
      readonly extraMinor: number
    }

const which = fc.nat(20)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('approve' as const),
      holdMinor: fc.integer({ min: 1, max: 3_000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('accept', 'decline', 'replay', 'reload'), which }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('receipt' as const),
      which,
      energyWh: fc.nat(60_000),
      extraMinor: fc.constantFrom(0, 0, 0, 1, 700),
    }),
  },
)

const chainOf = (wallet: Wallet): Chain => {
  const [chain] = wallet.snapshot().chains
  if (chain === undefined) throw new Error('no chain')
  return chain
}

/** Carries out acts against one phone and remembers everything that ever stood on its screen. */
class World {
  readonly phone: Phone
  wallet: Wallet
  readonly shown = new Map<SessionId, string>()
  readonly texts: string[] = []

  constructor(phone: Phone, wallet: Wallet) {
    this.phone = phone
    this.wallet = wallet
  }

  static async start(): Promise<World> {
    const phone = newPhone()
    const wallet = await phone.open()
    await grantTo(wallet, { spendsMax: 12, capMinor: minorUnits(10_000) })
    return new World(phone, wallet)
  }

  pick(index: number): { id: SessionId; holdMinor: number } | undefined {
    const entries = entriesOf(this.wallet.snapshot())
    const entry = entries.length === 0 ? undefined : entries[index % entries.length]
    return entry === undefined ? undefined : { id: entry.sessionId, holdMinor: entry.payload.holdMinor }
  }

  async carryOut(step: Act): Promise<void> {
    if (step.kind === 'approve') {
      const made = await makeOffer()
      this.texts.push(made.text)
      await this.wallet.scan(made.text)
      await this.wallet.approve(minorUnits(step.holdMinor))
    } else if (step.kind === 'reload') {
      this.wallet = await this.phone.open()
    } else if (step.kind === 'replay') {
      const text = this.texts[step.which % Math.max(1, this.texts.length)]
      if (text !== undefined) await this.wallet.scan(text)
    } else {
      await this.chargerSpeaks(step)
    }
    this.look()
  }

  async chargerSpeaks(step: Extract<Act, { which: number }>): Promise<void> {
    const target = this.pick(step.which)
    if (target === undefined) return
    const text =
      step.kind === 'receipt'
        ? await this.receipt(target, step)
        : await answerText(target.id, step.kind === 'accept' ? 'accepted' : 'charger.busy')
    this.texts.push(text)
    await this.wallet.scan(text)
  }

  async receipt(
    { id, holdMinor }: { id: SessionId; holdMinor: number },
    { energyWh, extraMinor }: Extract<Act, { kind: 'receipt' }>,
  ): Promise<string> {
    const right = await receiptFor(id, holdMinor, energyWh)
    return extraMinor === 0
      ? receiptText(right)
      : receiptText(
          await receiptFor(id, holdMinor, energyWh, {
            totalMinor: minorUnits(right.payload.totalMinor + extraMinor),
          }),
        )
  }

  /** What anybody could have seen on the screen: it must never change for a session. */
  look(): void {
    for (const { sessionId } of entriesOf(this.wallet.snapshot())) {
      const code = shownCode(this.wallet, sessionId)
      if (code === undefined) continue
      expect(this.shown.get(sessionId) ?? code).toBe(code)
      this.shown.set(sessionId, code)
    }
  }

  authorizations() {
    return [...this.shown.values()].map((text) => readAuthorization(text))
  }
}

function expectSoundChain(world: World): void {
  const chain = chainOf(world.wallet)
  const { capMinor } = chain.grant.payload
  let gross = 0
  let released = 0
  let previous: string = chain.grant.hash
  for (const [index, { payload, sessionId }] of chain.entries.entries()) {
    expect(payload.seq).toBe(index + 1)
    expect(payload.previous).toBe(previous)
    expect(payload.grossMinor).toBe(gross + payload.holdMinor)
    expect(payload.releasedMinor).toBeGreaterThanOrEqual(released)
    expect(payload.grossMinor - payload.releasedMinor).toBeLessThanOrEqual(capMinor)
    gross = payload.grossMinor
    released = payload.releasedMinor
    previous = sessionId
  }
  expect(releasedOfChain(chain)).toBeGreaterThanOrEqual(released)
  expect(grossOf(chain)).toBe(gross)
  expect(roomOf(chain)).toBe(Math.max(0, capMinor - gross + releasedOfChain(chain)))
  expect(new Set(world.authorizations().map(({ payload }) => payload.seq)).size).toBe(world.shown.size)
}

test('whatever drivers and chargers do, sums never fall, the cap holds and no seq is signed twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 24 }), async (acts) => {
      const world = await World.start()
      for (const step of acts) {
        await world.carryOut(step)
        expectSoundChain(world)
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('reading everything again, in any order, changes no figure once it was read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 16 }), fc.infiniteStream(fc.nat(40)), async (acts, picks) => {
      const world = await World.start()
      for (const step of acts) await world.carryOut(step)
      for (const text of world.texts) await world.wallet.scan(text)
      const settled = chainOf(world.wallet)
      for (let count = 0; count < world.texts.length * 2; count += 1) {
        const text = world.texts[picks.next().value % world.texts.length]
        if (text !== undefined) await world.wallet.scan(text)
      }
      expect(chainOf(world.wallet).entries).toEqual(settled.entries)
    }),
    { numRuns: 40 },
  )
}, 60_000)

const faults: PlannedFault[] = [1, 2, 3, 4].flatMap((commit) =>
  (['cut-before', 'cut-after', 'full'] as const).map((kind) => ({ commit, kind })),
)

test.each(faults)(
  'power lost at commit $commit ($kind): the same bytes afterwards, one payload a seq',
  async (fault) => {
    const phone = newPhone()
    await grantTo(await phone.open())
    const made = await makeOffer()
    const everShown = new Map<number, string>()
    const look = (wallet: Wallet): void => {
      for (const { sessionId, payload } of entriesOf(wallet.snapshot())) {
        const code = shownCode(wallet, sessionId)
        if (code === undefined) continue
        expect(everShown.get(payload.seq) ?? code).toBe(code)
        everShown.set(payload.seq, code)
      }
    }
    const struck = await phone.open({ fault })
    try {
      await struck.scan(made.text)
      await struck.approve(minorUnits(1_000))
    } catch (error) {
      expect(error).toBeInstanceOf(PowerCut)
    }
    look(struck)
    const wallet = await phone.open()
    look(wallet)
    const again = expectOk(await wallet.scan(made.text), 'the offer still stands')
    if (again.kind === 'offer') expectOk(await wallet.approve(minorUnits(1_000)), 'approved')
    look(wallet)
    expect(entriesOf(wallet.snapshot())).toHaveLength(1)
    expect([...everShown.keys()]).toEqual([1])
  },
)

test('power lost while the key signs: the payload that was written down is signed at the next start', async () => {
  const phone = newPhone()
  await grantTo(await phone.open())
  const made = await makeOffer()
  const struck = await phone.open({
    wrapSigner: (signer) => ({ ...signer, sign: () => Promise.reject(new Error('gone')) }),
  })
  await struck.scan(made.text)
  expect(await struck.approve(minorUnits(1_000))).toMatchObject({ ok: false, error: { code: 'phone.key' } })
  const [written] = entriesOf(struck.snapshot())
  expect(written?.state.kind).toBe('prepared')
  const wallet = await phone.open()
  const [entry] = entriesOf(wallet.snapshot())
  expect(entry?.payload).toEqual(written?.payload)
  expect(entry?.state.kind).toBe('open')
})

test('a receipt or an answer that is wrong in any byte changes nothing', async () => {
  const phone = newPhone()
  const wallet = await phone.open()
  await grantTo(wallet)
  const made = await makeOffer()
  await wallet.scan(made.text)
  const id = expectOk(await wallet.approve(minorUnits(1_500)), 'approved')
  const before = wallet.snapshot()
  const { bytes } = await receiptFor(id, 1_500, 18_400)
  const { envelopeToText } = await import('@/lib/protocol/envelope')
  for (let index = 0; index < bytes.length; index += 1) {
    const tampered = bytes.slice()
    tampered[index]! ^= 1 << (index % 8)
    const outcome = await wallet.scan(envelopeToText({ kind: 'receipt', parts: [tampered] }))
    expect(outcome.ok).toBe(false)
  }
  expect(wallet.snapshot()).toBe(before)
  expect(findEntry(wallet.snapshot(), id)?.entry.state.kind).toBe('open')
})
