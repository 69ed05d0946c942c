/**
 * Power cuts by the thousand: the real controller with the product's own store on a disk that loses and tears what was
 * not synced (`torn-disk.ts`), and drivers who charge, stop and unplug meanwhile. The power fails in the middle of a
 * write, between two steps, while starting again, and again before that. Afterwards every watt-hour of the charger's
 * register must stand in exactly one receipt, and every receipt must bill what it measured. A seed repeats a run.
 */

import { TestWallet, KioskWorld } from '@/tests/fixtures/kiosk-world'
import { receiptsOf } from '@/tests/fixtures/kiosk-receipts'
import { settled } from '@/simulator/charger/manual-time'
import { fractionFrom, seededRandom } from '@/simulator/replay/seeded-random'
import type { Random } from '@/lib/core/clock'
import { judgeReceipts, type Losses } from './losses'
import { TornDisk } from './torn-disk'

interface SimulatedCuts extends Losses {
  readonly runs: number
}

/** Shorter lives of a disk than a month, many of them: a checkpoint of its log falls into each. */
const cutsPerDisk = 50
const holdMinor = 1_500
const startWh = 10_000
/** Longer than a controller waits for a charger that is away, so that both ways of going on are taken. */
const awayMaxS = 150
const stepsMax = 400
const peaceStepsMax = 100

/** @param keepsPromises false is a drive that lies about syncing, which must show as a loss */
export async function simulateCuts(
  runs: number,
  seed: string,
  onProgress: (done: number) => void = () => undefined,
  keepsPromises = true,
): Promise<SimulatedCuts> {
  let sum: SimulatedCuts = { runs: 0, sessions: 0, lostWh: 0, lostMinor: 0 }
  for (let disk = 0; sum.runs < runs; disk += 1) {
    const count = Math.min(cutsPerDisk, runs - sum.runs)
    const { sessions, lostWh, lostMinor } = await oneDisk(`${seed}/${disk}`, count, keepsPromises)
    sum = {
      runs: sum.runs + count,
      sessions: sum.sessions + sessions,
      lostWh: sum.lostWh + lostWh,
      lostMinor: sum.lostMinor + lostMinor,
    }
    onProgress(sum.runs)
  }
  return sum
}

async function oneDisk(seed: string, cuts: number, keepsPromises: boolean): Promise<Losses> {
  const life = new Life(seededRandom(seed), seed, keepsPromises)
  try {
    await life.open()
    for (let done = 0; done < cuts; done += 1) await life.untilCut()
    await life.endInPeace()
    return judgeReceipts(receiptsOf(life.world), startWh, life.world.charger.registerWh, holdMinor)
  } finally {
    life.end()
  }
}

class Life {
  readonly #random: Random
  readonly #seed: string
  readonly #disk: TornDisk
  #opened: KioskWorld | undefined
  #isCut = false
  #drivers = 0

  constructor(random: Random, seed: string, keepsPromises: boolean) {
    this.#random = random
    this.#seed = seed
    this.#disk = new TornDisk(random, () => this.#die(), keepsPromises)
  }

  get world(): KioskWorld {
    if (this.#opened === undefined) throw new Error('No controller was started yet')
    return this.#opened
  }

  async open(): Promise<void> {
    this.#opened = await KioskWorld.create({ medium: this.#disk })
  }

  end(): void {
    this.#opened?.time.die()
    this.#disk.remove()
  }

  /** Lives until the power fails once, and comes back to life. */
  async untilCut(): Promise<void> {
    this.#isCut = false
    this.#disk.cutAfter(this.#below(12))
    const idleSteps = this.#below(stepsMax)
    for (let step = 0; !this.#isCut; step += 1) {
      if (step > idleSteps || this.#chance(0.02)) {
        // Somewhere in the middle of what is under way, between two writes.
        const acting = this.#act(false)
        for (let turn = this.#below(4); turn > 0; turn -= 1) await settled()
        if (!this.#isCut) this.#disk.cutNow()
        await acting
      } else await this.#act(false)
    }
    await this.#away()
    await this.#wake()
  }

  /** What still runs is brought to its end, without another cut. */
  async endInPeace(): Promise<void> {
    for (let step = 0; this.world.phase.kind !== 'available'; step += 1) {
      if (step > peaceStepsMax)
        throw new Error(`${this.#seed}: the last session stays ${this.world.phase.kind}`)
      await this.#act(true)
      await this.world.pass(10)
    }
  }

  #die(): void {
    this.#isCut = true
    this.#opened?.time.die()
    this.#opened?.charger.orphan()
  }

  /** The vehicle goes on drawing, or its driver leaves, while nobody looks. */
  async #away(): Promise<void> {
    await this.world.settle()
    const { charger, time } = this.world
    const awayS = this.#chance(0.7) ? this.#below(20) : this.#below(awayMaxS)
    await time.advance(awayS * 1_000)
    if (charger.transaction !== undefined) charger.registerWh += Math.round((charger.powerW * awayS) / 3_600)
    if (this.#chance(0.1)) await charger.unplug()
  }

  /** Starts again; one time in five the power fails before that is done. */
  async #wake(): Promise<void> {
    for (;;) {
      this.#isCut = false
      if (this.#chance(0.2)) this.#disk.cutAfter(this.#below(5))
      try {
        await this.world.restart()
        await this.world.charger.connect(this.world.controller.handlers)
        await this.world.settle()
      } catch (error) {
        if (!this.#isCut) throw error
      }
      this.#disk.spare()
      if (!this.#isCut) return
      await this.world.settle()
    }
  }

  async #act(isLast: boolean): Promise<void> {
    const { world } = this
    const { phase } = world
    switch (phase.kind) {
      case 'available':
        await world.charger.plug()
        break
      case 'offering': {
        if (isLast) return void (await world.charger.unplug())
        this.#drivers += 1
        const wallet = await TestWallet.create(`${this.#seed}/${this.#drivers}`)
        const held = await wallet.authorize(world.offer(), holdMinor)
        if (!this.#isCut) await world.controller.handleScan(1, held.text)
        break
      }
      case 'charging':
        await this.#charging(phase.stopCode, isLast)
        break
      case 'finished':
      // A vehicle draws of which no controller knows any more: nobody sells until it has left.
      case 'unavailable':
        await world.charger.unplug()
        break
      default:
        await world.pass(5)
    }
    await world.settle()
  }

  async #charging(stopCode: string | null, isLast: boolean): Promise<void> {
    const { world } = this
    const roll = this.#below(12)
    if (isLast || roll === 0) return world.charger.unplug()
    if (roll === 1 && stopCode !== null) return void (await world.controller.handleStop(1, stopCode))
    await world.pass(10)
    if (world.charger.transaction !== undefined) await world.charger.deliver(30 + this.#below(70))
  }

  #below(limit: number): number {
    return Math.floor(fractionFrom(this.#random) * limit)
  }

  #chance(share: number): boolean {
    return fractionFrom(this.#random) < share
  }
}
