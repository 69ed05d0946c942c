import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import { memoryRoad, type MemoryRoad, type Mishap } from '@/lib/roads/memory-road'
import { uploadOnce } from '@/lib/roads/upload'
import { MemoryReceiver, trust } from '../fixtures/issuer'
import { countingRandom, testDevice } from '../contracts/journal'

const signer = nodeSigner(new Uint8Array(32).fill(3))
const fraction = fc.double({ min: 0, max: 0.999, noNaN: true })

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'upload'; readonly mishap: Mishap }
  | { readonly kind: 'power-cut' | 'back-up' | 'put-back' | 'receiver-loses' }

const mishaps: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ kind: fc.constantFrom('none', 'drop', 'drop-answer', 'duplicate', 'delay') }),
  fc.record({ kind: fc.constantFrom('truncate', 'flip', 'flip-answer'), at: fraction }),
)
const steps = (...rare: ('back-up' | 'put-back' | 'receiver-loses')[]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('append'), count: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('upload'), mishap: mishaps }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('power-cut', ...rare) }) },
    ) as fc.Arbitrary<Step>,
    { maxLength: 40 },
  )

/** One device and one receiver; every appended event has a name of its own, as random ids give it in life. */
class World {
  #disk = new MemoryDisk()
  readonly #random = countingRandom()
  readonly receiver = new MemoryReceiver(signer.publicKey)
  readonly #road: MemoryRoad
  #mishap: Mishap = { kind: 'none' }
  #backup: ReturnType<MemoryDisk['backUp']>
  #count = 0
  #from: number | undefined
  journal: Journal

  constructor() {
    this.journal = this.#open()
    this.#road = memoryRoad(this.receiver.receive, () => this.#mishap)
  }

  async run(step: Step): Promise<void> {
    switch (step.kind) {
      case 'append':
        this.append(step.count)
        return
      case 'upload':
        this.#mishap = step.mishap
        await this.#upload()
        return
      case 'power-cut':
        this.journal = this.#open()
        return
      case 'back-up':
        this.#backup = this.#disk.backUp()
        return
      case 'put-back':
        // The whole disk, without the anchor that would give it away at once: only the receiver can tell.
        this.#disk = new MemoryDisk()
        this.#disk.restore(this.#backup)
        this.journal = this.#open()
        return
      case 'receiver-loses':
        this.receiver.held.clear()
        return
    }
  }

  append(count: number): void {
    const names = Array.from({ length: count }, () => `event ${(this.#count += 1)}`)
    expectOk(this.journal.append(names.map((name) => ({ kind: 'test', payload: utf8(name) }))), 'append')
  }

  /** The faults are over: late bundles arrive and the device keeps trying. Returns how often it had to. */
  async heal(): Promise<number> {
    this.#mishap = { kind: 'none' }
    await this.#road.arriveAll()
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const isDone = await this.#upload()
      if (isDone && this.journal.acknowledgedSize === this.journal.size && this.#from === undefined)
        return attempt
    }
    throw new Error('The device and the receiver did not converge')
  }

  async #upload(): Promise<boolean> {
    const from = Math.min(this.#from ?? this.journal.acknowledgedSize, this.journal.size)
    const { road, journal } = { road: this.#road, journal: this.journal }
    const certificate = Uint8Array.of(0xa0)
    const parts = { journal, signer, certificate, road, verify: verifyWithNode }
    const uploaded = await uploadOnce(parts, trust, from, epochSeconds(1_700_000_000))
    this.#from = undefined
    if (!uploaded.ok && uploaded.error.outcome?.kind !== 'epoch-started')
      this.#from = uploaded.error.heldByReceiver
    return uploaded.ok
  }

  #open(): Journal {
    return expectOk(openMemoryJournal(this.#disk, { device: testDevice, random: this.#random }), 'open')
  }

  inJournal(): Uint8Array[] {
    return expectOk(this.journal.read(0, this.journal.size), 'read').map(({ payload }) => payload)
  }
}

test('whatever the road does, the receiver ends with exactly the device’s log, each event once', async () => {
  await fc.assert(
    fc.asyncProperty(steps(), async (script) => {
      const world = new World()
      for (const step of script) await world.run(step)
      await world.heal()
      expect(world.journal.epoch).toBe(1)
      expect(world.receiver.eventsOf(1)).toEqual(world.inJournal())
      expect(world.receiver.refused.filter((code) => code === 'device.fork')).toEqual([])
    }),
    { numRuns: 150 },
  )
})

test('an acknowledgement never runs ahead of what the receiver holds', async () => {
  await fc.assert(
    fc.asyncProperty(steps(), async (script) => {
      const world = new World()
      for (const step of script) {
        await world.run(step)
        expect(world.journal.acknowledgedSize).toBeLessThanOrEqual(world.receiver.eventsOf(1).length)
      }
    }),
    { numRuns: 100 },
  )
})

test('a device put back from a backup loses nothing that its disk still holds, and the receiver keeps the rest', async () => {
  await fc.assert(
    fc.asyncProperty(steps('back-up', 'put-back'), async (script) => {
      const world = new World()
      const heldBefore = new Set<string>()
      for (const step of script) {
        await world.run(step)
        for (const { events } of world.receiver.held.values())
          events.forEach((event) => heldBefore.add(String(event)))
      }
      world.append(1)
      await world.heal()
      const held = [...world.receiver.held.values()].flatMap(({ events }) => events.map(String))
      for (const event of world.inJournal()) expect(held).toContain(String(event))
      for (const event of heldBefore) expect(held).toContain(event)
      expect(world.receiver.eventsOf(world.journal.epoch)).toEqual(world.inJournal())
    }),
    { numRuns: 150 },
  )
})

test('a receiver that lost its data is given everything again', async () => {
  await fc.assert(
    fc.asyncProperty(steps('receiver-loses'), async (script) => {
      const world = new World()
      for (const step of script) await world.run(step)
      await world.run({ kind: 'receiver-loses' })
      await world.heal()
      expect(world.receiver.eventsOf(1)).toEqual(world.inJournal())
    }),
    { numRuns: 100 },
  )
})
