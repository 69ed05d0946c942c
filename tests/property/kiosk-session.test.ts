/** Anything that drivers, chargers and power lines do to a kiosk, in any order: the books stay true. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { receipt } from '@/lib/protocol/messages/receipt'
import { permits } from '@/charger-kiosk/session/connector-state'
import { rows } from '@/charger-kiosk/session/records'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'

type Act =
  | {
      readonly act:
        'plug' | 'unplug' | 'show-again' | 'stop' | 'wrong-code' | 'link-down' | 'link-up' | 'power-cut'
    }
  | {
      readonly act:
        'charger-stops' | 'meter-reset' | 'wild-reading' | 'suspend' | 'resume' | 'dismiss' | 'reboot'
    }
  | { readonly act: 'pass'; readonly seconds: number }
  | { readonly act: 'deliver'; readonly energyWh: number }
  | { readonly act: 'authorize'; readonly driver: number; readonly holdMinor: number }
  | { readonly act: 'charger-mode'; readonly mode: 'obey' | 'forget' | 'rejected' | 'timeout' }

const plain = fc.constantFrom<Act>(
  ...(
    ['plug', 'unplug', 'show-again', 'stop', 'wrong-code', 'link-down', 'link-up', 'power-cut'] as const
  ).map((act) => ({ act })),
  ...(
    ['charger-stops', 'meter-reset', 'wild-reading', 'suspend', 'resume', 'dismiss', 'reboot'] as const
  ).map((act) => ({ act })),
)
const acts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 3, arbitrary: fc.record({ act: fc.constant('deliver' as const), energyWh: fc.nat(2_000) }) },
    {
      weight: 3,
      arbitrary: fc.record({ act: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        act: fc.constant('authorize' as const),
        driver: fc.nat(2),
        holdMinor: fc.integer({ min: 0, max: 2_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        act: fc.constant('charger-mode' as const),
        mode: fc.constantFrom('obey', 'forget', 'rejected', 'timeout'),
      }),
    },
  ),
  { minLength: 8, maxLength: 40, size: 'max' },
)

/** A wallet whose sums are kept by what the charger answered, as a phone would. */
class Driver {
  readonly wallet: TestWallet
  readonly #held = new Map<string, number>()

  constructor(wallet: TestWallet) {
    this.wallet = wallet
  }

  hold(hash: string, minor: number): void {
    this.#held.set(hash, minor)
  }

  /** A signed decline or receipt came: what it frees is released, once. */
  settle(hash: string, chargedMinor: number): void {
    const held = this.#held.get(hash)
    if (held === undefined) return
    this.#held.delete(hash)
    this.wallet.release(held - chargedMinor)
  }
}

class Run {
  readonly shown: {
    readonly text: string
    readonly hash: string
    answer: Uint8Array | undefined
    isReceipt: boolean
  }[] = []
  highestRegisterWh = 0

  constructor(
    readonly world: KioskWorld,
    readonly drivers: readonly Driver[],
  ) {}

  async take(one: Act): Promise<void> {
    const { world } = this
    const { charger, controller } = world
    switch (one.act) {
      case 'plug':
        return charger.status === 'Available' ? charger.plug() : undefined
      case 'unplug':
        return charger.unplug()
      case 'deliver':
        return charger.transaction !== undefined && charger.status === 'Charging'
          ? charger.deliver(one.energyWh)
          : undefined
      case 'pass':
        return world.pass(one.seconds)
      case 'authorize':
        return this.#authorize(one.driver, one.holdMinor)
      case 'show-again':
        return this.#showAgain()
      case 'stop':
      case 'wrong-code': {
        const { phase } = world
        const code = phase.kind === 'starting' || phase.kind === 'charging' ? (phase.stopCode ?? '') : ''
        await controller.handleStop(1, one.act === 'stop' ? code : '999999')
        return
      }
      case 'link-down':
        return charger.isUp ? charger.disconnect() : undefined
      case 'link-up':
        return charger.isUp ? undefined : charger.connect()
      case 'power-cut':
        return world.powerCut()
      case 'charger-stops':
        return charger.transaction === undefined ? undefined : charger.stopTransaction('Local')
      case 'meter-reset':
        charger.registerWh = 0
        return
      case 'wild-reading':
        return charger.sample({ registerWh: 50_000_000 as never })
      case 'suspend':
        return charger.status === 'Charging' ? charger.setStatus('SuspendedEV') : undefined
      case 'resume':
        return charger.status === 'SuspendedEV' ? charger.setStatus('Charging') : undefined
      case 'dismiss':
        return controller.dismiss(1)
      case 'reboot':
        return charger.reboot()
      case 'charger-mode':
        charger.onRemoteStart = one.mode
    }
  }

  async #authorize(index: number, holdMinor: number): Promise<void> {
    const { world } = this
    const driver = this.drivers[index]!
    await this.#comeForward()
    if (world.phase.kind !== 'offering') return
    const held = await driver.wallet.authorize(world.offer(), holdMinor)
    const { hash } = held.authorization
    driver.hold(hash, holdMinor)
    const outcome = await world.controller.handleScan(1, held.text)
    const answer =
      outcome.kind === 'known' ? outcome.known.bytes : 'answer' in outcome ? outcome.answer : undefined
    this.shown.push({ text: held.text, hash, answer, isReceipt: false })
    if (outcome.kind === 'refused' && outcome.answer !== undefined) driver.settle(hash, 0)
  }

  /** Whoever wants to charge sees to it that the charger can: a working link, a free bay, the cable in. */
  async #comeForward(): Promise<void> {
    const { world } = this
    if (!world.charger.isUp) await world.charger.connect()
    if (world.charger.transaction === undefined && world.charger.status === 'Finishing')
      await world.charger.unplug()
    if (world.charger.status === 'Available') await world.charger.plug()
    await world.settle()
  }

  /** The same bytes: the same answer for ever, and the receipt once there is one. */
  async #showAgain(): Promise<void> {
    const ended = new Set(
      this.world.events().flatMap((event) => (event.kind === 'ended' ? [event.sessionId as string] : [])),
    )
    for (const shown of this.shown) {
      if (shown.answer === undefined) continue
      const outcome = await this.world.controller.handleScan(1, shown.text)
      if (outcome.kind !== 'known') throw new Error(`Answered before, and now ${outcome.kind}`)
      const { what, bytes } = outcome.known
      expect(what).toBe(ended.has(shown.hash) ? 'receipt' : 'answer')
      if (what === 'receipt' && !shown.isReceipt) {
        shown.isReceipt = true
        shown.answer = bytes
        const { totalMinor } = expectOk(parseMessage(receipt, bytes), 'a receipt').payload
        for (const driver of this.drivers) driver.settle(shown.hash, totalMinor)
      }
      expect(equalBytes(bytes, shown.answer)).toBe(true)
    }
  }

  check(): void {
    const { world } = this
    this.highestRegisterWh = Math.max(this.highestRegisterWh, world.charger.registerWh)
    const { phase } = world
    if (phase.kind === 'offering')
      expect([world.charger.isUp, world.charger.status]).toEqual([true, 'Preparing'])
    const open = expectOk(world.journal.get('open', '1'), 'the row can be read')
    const isOpen = { starting: true, charging: true, stopping: true }[phase.kind as 'starting'] === true
    expect(open !== undefined).toBe(isOpen)
    this.checkReceipts()
  }

  checkReceipts(): void {
    const holds = new Map<string, number>()
    const ended = new Set<string>()
    let counter = 0
    let previous = '0'.repeat(32)
    for (const event of this.world.events()) {
      if (event.kind === 'accepted') {
        const consent = expectOk(parseMessage(authorization, event.authorization), 'a consent')
        expect(holds.has(consent.hash)).toBe(false)
        holds.set(consent.hash, consent.payload.holdMinor)
      }
      if (event.kind !== 'ended') continue
      const { payload, hash } = expectOk(parseMessage(receipt, event.receipt), 'a receipt')
      expect(ended.has(payload.sessionId)).toBe(false)
      ended.add(payload.sessionId)
      counter += 1
      expect([payload.counter, payload.previous]).toEqual([counter, previous])
      previous = hash
      expect(payload.totalMinor).toBeLessThanOrEqual(holds.get(payload.sessionId) ?? -1)
      // Never more than the meter truly showed, whatever it claimed in between.
      expect(payload.meterStopWh).toBeLessThanOrEqual(this.highestRegisterWh)
      const { energyMinor, timeMinor, sessionMinor, idleMinor } = payload.lines
      expect(energyMinor + timeMinor + sessionMinor + idleMinor).toBe(payload.totalMinor)
    }
    this.checkUnsettled(holds)
  }

  /** Nothing was acknowledged here, so everything that was held or billed is at stake. */
  checkUnsettled(holds: ReadonlyMap<string, number>): void {
    const billed = new Map(
      this.world.events().flatMap((event) => {
        if (event.kind !== 'ended') return []
        const { sessionId, totalMinor } = expectOk(parseMessage(receipt, event.receipt), 'a receipt').payload
        return [[sessionId as string, totalMinor as number] as const]
      }),
    )
    const listed = expectOk(this.world.journal.list('unsettled'), 'rows')
    const stored = listed.map(
      ({ key, value }) =>
        [key, expectOk(rows.unsettled.decode(value), 'a row').amountMinor as number] as const,
    )
    const expected = [...holds].map(([hash, hold]) => [hash, billed.get(hash) ?? hold] as const)
    expect(new Map(stored)).toEqual(new Map(expected))
  }
}

test('whatever happens, every session ends once, no bill passes its hold or the meter, and the same code gets the same answer', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.constantFrom(1_500, 10_000), async (sequence, firstSeenCapMinor) => {
      const world = await KioskWorld.create({ policy: { firstSeenCapMinor: minorUnits(firstSeenCapMinor) } })
      const names = ['anna', 'berta', 'cem']
      const drivers = await Promise.all(names.map(async (name) => new Driver(await TestWallet.create(name))))
      const run = new Run(world, drivers)
      for (const one of sequence) {
        await run.take(one)
        await world.settle()
        run.check()
      }
      // Everybody goes home: what was open comes to its end by itself.
      if (!world.charger.isUp) await world.charger.connect()
      await world.charger.unplug()
      await world.pass(400)
      run.check()
      expect(permits[world.phase.kind === 'finished' ? 'finished' : 'available'].open).toBe(false)
      const kinds = world.kinds()
      const count = (kind: string): number => kinds.filter((one) => one === kind).length
      expect(count('ended')).toBe(count('accepted'))
    }),
    { numRuns: 40 },
  )
}, 60_000)
