/**
 * One world from its seed to its verdict, in two phases. First anything may fail, and what must always hold is checked
 * after every step. Then everything heals, and the oracle holds the books against the truth. Start reading here.
 */

import * as everyday from './everyday'
import type { Act } from './everyday'
import * as faults from './faults'
import { chargerCloned, chargerKeyRotated, diskRots } from './charger-keys'
import { cloneActs } from './clones'
import { crookActs } from './crooks'
import { closesFalsely } from './false-closes'
import { claimFromFleet, payAsGuest, takeToSite } from './takings'
import { errandOf, errandShare } from './errands'
import { forgesStepUp } from './step-up-tricks'
import { inventsCardSession } from './card-rogues'
import { buysCard, cardCrookActs, cardVisit, someCard } from './printed-cards'
import { rogueActs } from './rogues'
import { trickActs } from './tricks'
import { permitActs, spendsRevoked } from './issuer-acts'
import { heal } from './heal'
import { skewActs } from './version-skew'
import { judgeBooks } from './oracle'
import type { LivedCounts } from './lived'
import type { FaultGroup } from './plan'
import { leave, visit, type Script } from './visit'
import { World, type OpenWorldCloud } from './world'
import { CloudCrash } from './world-cloud'
import { Trace, type Violation } from './trace'
import type { WorldCharger } from './world-charger'
import type { WorldPhone } from './world-phone'

export interface WorldOutcome {
  readonly seed: number
  readonly steps: number
  readonly traceHash: string
  readonly violations: readonly Violation[]
  readonly story: readonly string[]
  /** How often it met what worlds are there for. */
  readonly lived: LivedCounts
}

const everydayActs: readonly (readonly [weight: number, act: Act])[] = [
  [5, everyday.reachCloud],
  [1, everyday.loseLink],
  [2, everyday.passCourier],
  [5, everyday.comeHome],
  [2, everyday.takeAlong],
  [0.8, takeToSite],
  [1.6, claimFromFleet],
  [1.4, payAsGuest],
  [1.8, buysCard],
  [3, everyday.parcelArrives],
  [2, everyday.timePasses],
  [1, everyday.seasonPasses],
  [1, everyday.cloudWorks],
]

const faultActs: Readonly<Record<FaultGroup, readonly (readonly [weight: number, act: Act])[]>> = {
  roads: [],
  'charger-disk': [
    [3, faults.diskFails],
    [1, faults.diskBackedUp],
    [0.4, faults.diskRolledBack],
    [0.5, faults.diskImageOutlived],
  ],
  'charger-power': [
    [2, faults.powerCut],
    [2, faults.chargerMisbehaves],
    [0.8, faults.chargerDestroyed],
  ],
  phone: [
    [3, faults.phoneFails],
    [1, faults.phoneOffAndOn],
    [0.5, faults.phoneBackedUp],
    [0.3, faults.phoneRestored],
    [0.4, faults.phoneCloned],
    [0.3, faults.phoneDestroyed],
  ],
  clock: [[1.5, faults.clockJumps]],
  cloud: [[3, faults.cloudCrashes]],
  issuer: [
    [0.7, faults.grantRevoked],
    [0.6, spendsRevoked],
    [0.9, faults.issuerRotated],
    [0.7, faults.tariffChanged],
    [0.5, faults.currencyChanged],
  ],
  permits: permitActs,
  machines: [
    [1.6, chargerKeyRotated],
    [0.6, chargerCloned],
    [0.6, diskRots],
  ],
  versions: skewActs,
  crooks: [...crookActs, ...trickActs, ...cardCrookActs, [3, forgesStepUp], [2, closesFalsely]],
  rogues: [...rogueActs, ...cloneActs, [0.6, inventsCardSession]],
}

/** What is dark must be able to come back in every world. */
const always: readonly (readonly [weight: number, act: Act])[] = [[2.5, faults.powerReturns]]

interface Running {
  readonly script: Script
  /** Undefined where somebody shows a printed card. */
  readonly phone: WorldPhone | undefined
  readonly charger: WorldCharger
}

export async function runWorld(seed: number, openCloud: OpenWorldCloud): Promise<WorldOutcome> {
  const trace = new Trace()
  const errand = errandOf(seed)
  const world = await World.open(String(seed), openCloud, trace, errand?.needs)
  try {
    await faultPhase(world, errand?.act)
    if (trace.violations.length === 0) {
      await heal(world)
      await judgeBooks(world)
    }
  } catch (error) {
    // Whatever breaks is a violation with a seed, not the end of all other worlds.
    trace.violate('nothing breaks', error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await world.cloud.close()
  }
  return {
    seed,
    steps: trace.steps,
    traceHash: trace.digest(),
    violations: trace.violations,
    story: trace.lines,
    lived: world.lived.counts(),
  }
}

async function faultPhase(world: World, errand: Act | undefined): Promise<void> {
  const { dice, plan, trace } = world
  const acts = [...everydayActs, ...always, ...[...plan.faults].flatMap((group) => faultActs[group])]
  const running: Running[] = []
  for (let step = 0; step < plan.steps && trace.violations.length === 0; step += 1) {
    const goesOn = running.length > 0 && dice.chance(0.6)
    const text = goesOn ? await goOn(world, running) : await begin(world, acts, errand, running)
    if (text !== undefined) trace.step(text)
    await world.settle()
    await world.look()
    const spanS = dice.pick([0, 0, 1, 2, 4])
    // Where no time passes, nothing happens, and there is nothing new to look at.
    if (spanS === 0) continue
    await world.pass(spanS)
    await world.look()
  }
  for (const { charger } of running) await leave(world, charger)
}

/** The next act of one of the visits that are under way. */
async function goOn(world: World, running: Running[]): Promise<string | undefined> {
  const one = world.dice.pick(running)
  const next = await one.script.next()
  if (next.done !== true) return next.value
  running.splice(running.indexOf(one), 1)
  return undefined
}

async function begin(
  world: World,
  acts: readonly (readonly [number, Act])[],
  errand: Act | undefined,
  running: Running[],
): Promise<string | undefined> {
  const { dice } = world
  const phones = world.phones.filter(
    (phone) => phone.wallet !== undefined && !running.some((one) => one.phone === phone),
  )
  const chargers = world.chargers.filter(
    (charger) =>
      !charger.isDestroyed &&
      charger.twin.status === 'Available' &&
      !running.some((one) => one.charger === charger),
  )
  const card = someCard(world)
  if (card !== undefined && chargers.length > 0 && dice.chance(0.15)) {
    const charger = dice.pick(chargers)
    running.push({ script: cardVisit(world, card, charger), phone: undefined, charger })
    return goOn(world, running.slice(-1))
  }
  if (phones.length > 0 && chargers.length > 0 && dice.chance(0.35)) {
    const phone = dice.pick(phones)
    const charger = dice.pick(chargers)
    running.push({ script: visit(world, phone, charger), phone, charger })
    return goOn(world, running.slice(-1))
  }
  const isErrand = errand !== undefined && dice.chance(errandShare)
  const act = isErrand ? errand : weighted(dice.fraction(), acts)
  try {
    return await act(world)
  } catch (error) {
    if (!(error instanceof CloudCrash)) throw error
    return 'the cloud crashes'
  }
}

function weighted(fraction: number, acts: readonly (readonly [number, Act])[]): Act {
  let left = fraction * acts.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, act] of acts) {
    left -= weight
    if (left < 0) return act
  }
  return everyday.timePasses
}
