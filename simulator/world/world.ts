/**
 * A world: chargers, phones, roads and a cloud under one time and one chance. It knows how to let time pass, and looks
 * at everybody after every step.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import { livedByAccept } from './accept-lives'
import { authenticatorNamed } from './authenticator'
import { drawPlan, type WorldPlan } from './plan'
import { Dice } from './dice'
import { GrantedCredit } from './granted-credit'
import { Links } from './links'
import { Lived } from './lived'
import { Safety } from './safety'
import { worldFleet, type WorldSite } from './place'
import { Timeline } from './timeline'
import { short, type Trace } from './trace'
import { Truth } from './truth'
import { UnderWay } from './turns'
import { honestEpochsMax } from './place'
import type { WorldCloud } from './world-cloud'
import { WorldCharger } from './world-charger'
import { WorldPhone } from './world-phone'

/** What power the vehicles draw. */
const powerW = 90_000
const sliceS = 10

/** Makes the cloud of a world; its clock is the true time. */
export type OpenWorldCloud = (parts: {
  readonly seed: string
  readonly clock: Clock
  readonly dice: Dice
}) => Promise<WorldCloud>

export class World {
  readonly plan: WorldPlan
  readonly dice: Dice
  readonly timeline: Timeline
  readonly trace: Trace
  readonly truth: Truth
  readonly safety: Safety
  readonly links: Links
  readonly lived = new Lived()
  readonly credit: GrantedCredit
  readonly cloud: WorldCloud
  readonly chargers: WorldCharger[] = []
  readonly phones: WorldPhone[] = []
  readonly #underWay: UnderWay
  /** What each charger's acknowledgement has reached, by charger and epoch. */
  readonly #acknowledged = new Map<string, number>()
  #rogueEpochs = 0
  /** Credit went back to owners while evidence was still under way. */
  hasReleased = false

  private constructor(parts: Pick<World, 'plan' | 'dice' | 'timeline' | 'trace' | 'truth' | 'cloud'>) {
    this.#underWay = new UnderWay()
    this.plan = parts.plan
    this.dice = parts.dice
    this.timeline = parts.timeline
    this.trace = parts.trace
    this.truth = parts.truth
    this.cloud = this.#underWay.watch(parts.cloud)
    this.safety = new Safety(parts.cloud.operator, parts.trace, parts.truth, parts.timeline)
    const check = parts.truth.onAccept
    parts.truth.onAccept = (accept, charger) => {
      check(accept, charger)
      const consent = parts.truth.consents.get(accept.sessionId)
      if (consent === undefined) return
      for (const thing of livedByAccept(accept, consent, parts.truth)) this.lived.count(thing)
    }
    this.safety.isConfirmed = ({ chargerId, epoch, seq }) =>
      seq < (this.#acknowledged.get(`${chargerId} ${epoch}`) ?? 0)
    this.links = new Links(this.cloud, parts.dice.fork('links'), parts.trace, 0)
    this.credit = new GrantedCredit(parts.trace, parts.truth)
    this.links.onGrant = (owner, grant, closed) => this.#granted(owner, grant, closed)
  }

  /** @param needs what its errand asks of a plan that is drawn otherwise. */
  static async open(
    seed: string,
    openCloud: OpenWorldCloud,
    trace: Trace,
    needs: Partial<WorldPlan> = {},
  ): Promise<World> {
    const dice = new Dice(seed)
    const plan = { ...drawPlan(dice.fork('plan')), ...needs }
    const timeline = new Timeline()
    const clock = { nowS: () => timeline.nowS, monotonicMs: () => timeline.nowMs } as Clock
    const cloud = await openCloud({ seed, clock, dice: dice.fork('cloud') })
    const truth = new Truth(trace)
    const world = new World({ plan, dice: dice.fork('steps'), timeline, trace, truth, cloud })
    await world.#settleIn()
    world.links.mishapShare = plan.mishapShare
    return world
  }

  /** Everybody is enrolled, has credit, and takes some along. */
  async #settleIn(): Promise<void> {
    const { plan, cloud, timeline } = this
    await cloud.changePolicy({ tariff: plan.tariff })
    if (plan.fleetMinor > 0) await cloud.openFleet(plan.fleetMinor)
    this.truth.paidIn.set(`fleet:${worldFleet}`, plan.fleetMinor)
    for (const [index, site] of plan.sites.entries()) {
      const charger = this.#makeCharger(index, site)
      charger.enrol(await cloud.enrol(charger.id, charger.signer.publicKey, site))
      this.chargers.push(charger)
      await charger.powerOn()
    }
    for (const [index, creditMinor] of plan.creditsMinor.entries()) {
      const accountId = `driver-${index}`
      const algorithm = plan.passkeys[index] ?? 'none'
      const passkey = algorithm === 'none' ? undefined : authenticatorNamed(accountId, algorithm)
      await cloud.openAccount(accountId, creditMinor, passkey)
      this.truth.paidIn.set(`wallet:${accountId}`, creditMinor)
      const phone = await WorldPhone.open({
        name: `phone-${index}`,
        accountId,
        timeline,
        passkey,
        onConfirmed: (hash) => this.truth.confirmed.add(hash),
        cloud: ({ name }) => this.links.portOf(name, accountId),
      })
      this.phones.push(phone)
      await phone.signIn()
      await phone.takeAlong()
      await phone.report()
    }
    await this.settle()
    this.trace.step(
      `${plan.chargerCount} chargers, ${plan.phoneCount} phones, faults: ${[...plan.faults].join(', ')}`,
    )
  }

  #makeCharger(index: number, site: WorldSite, copyOf?: WorldCharger): WorldCharger {
    const charger = new WorldCharger({
      index,
      site,
      timeline: this.timeline,
      dice: this.dice.fork(`charger ${index}${copyOf === undefined ? '' : ' copy'}`),
      witness: this.safety,
      road: ({ id }) => this.links.roadOf(id),
      ...(copyOf === undefined ? {} : { copyOf }),
    })
    charger.twin.powerW = powerW
    return charger
  }

  /** Another machine with the same disk and keys. */
  async copyCharger(original: WorldCharger): Promise<WorldCharger> {
    const copy = this.#makeCharger(original.index, original.site, original)
    await copy.powerOn()
    await this.settle()
    return copy
  }

  /** @param asker who pays for what is new; what follows another grant belongs to the same owner. */
  #granted(asker: string, grant: Bytes, closed: string | undefined): void {
    const owner = closed === undefined ? asker : (this.truth.owners.get(closed) ?? asker)
    const openMinor = closed === undefined ? 0 : this.credit.closed(closed)
    const isHonest = this.phones.every((phone) => !phone.owns(owner) || phone.isHonest)
    const serial = this.credit.granted(grant, owner, isHonest && !this.hasReleased)
    if (serial === undefined || closed === undefined) return
    this.trace.note(`${short(serial)} follows ${short(closed)}`)
    this.lived.count('renewals')
    if (openMinor > 0) this.lived.count('renewals-with-open-holds')
  }

  /** An epoch that no honest log of this world reaches. */
  rogueEpoch(): number {
    this.#rogueEpochs += 1
    return honestEpochsMax + this.#rogueEpochs
  }

  isRogueEpoch = (epoch: number): boolean => epoch > honestEpochsMax

  /** The cloud has said that it holds so much of a log. */
  acknowledged(device: string, epoch: number, size: number): void {
    const key = `${device} ${epoch}`
    this.#acknowledged.set(key, Math.max(size, this.#acknowledged.get(key) ?? 0))
  }

  settle = (): Promise<void> => this.#underWay.settle(() => this.chargers.every(({ isIdle }) => isIdle))

  /** Time passes, and power flows where a transaction runs. */
  async pass(spanS: number): Promise<void> {
    for (let left = spanS; left > 0; left -= sliceS) {
      const slice = Math.min(sliceS, left)
      await this.timeline.advance(slice * 1_000, this.settle)
      for (const { twin } of this.chargers) {
        if (twin.transaction !== undefined) await twin.deliver(Math.floor((twin.powerW * slice) / 3_600))
      }
      await this.settle()
    }
  }

  /** Reads what everybody has got for good, and holds it against the truth. */
  async look(): Promise<void> {
    for (const phone of this.phones) this.truth.lookAtPhone(phone)
    for (const charger of this.chargers) {
      const { phase } = charger
      this.truth.lookAtCharger(charger)
      if (phase === undefined || phase.kind === 'unavailable' || phase.kind === 'available')
        this.safety.offersVoid(charger)
      this.safety.words.look(charger)
      this.safety.seen(charger)
      await this.#lookAtAcknowledgement(charger)
    }
  }

  /** What was acknowledged is durable: the cloud holds it although it may have crashed since. */
  async #lookAtAcknowledgement({ id, disk }: WorldCharger): Promise<void> {
    const { head } = disk
    if (head === undefined) return
    if (head.purgedSize > head.acknowledgedSize)
      this.trace.violate('nothing is purged above the acknowledged index', id)
    const key = `${id} ${head.epoch}`
    if (head.acknowledgedSize <= (this.#acknowledged.get(key) ?? 0)) return
    this.acknowledged(id, head.epoch, head.acknowledgedSize)
    const held = await this.cloud.heldSize(id, head.epoch)
    if (held < head.acknowledgedSize)
      this.trace.violate(
        'acknowledged means durable',
        `${id} has ${head.acknowledgedSize}, the cloud ${held}`,
      )
  }
}
