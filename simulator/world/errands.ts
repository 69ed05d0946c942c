/**
 * One thing that a world tries again and again beside all others, so that every fifty seeds meet everything that they
 * are there for, wherever chance takes the rest. Some worlds have none: there, honest people may be all there is.
 */

import { crookActs } from './crooks'
import type { Act } from './everyday'
import { closesFalsely } from './false-closes'
import { spendsForAnother } from './another-permit'
import { spendsRevoked } from './issuer-acts'
import { billsTwice } from './rogues'
import { cardCrookActs } from './printed-cards'
import { inventsCardSession } from './card-rogues'
import type { WorldPlan } from './plan'
import { tapsAtReader } from './reader-cards'
import { forgesStepUp } from './step-up-tricks'
import { trickActs } from './tricks'

export interface Errand {
  readonly act: Act
  /** Without which there would be no chance of it. */
  readonly needs?: Partial<WorldPlan>
}

/** Two sites with one charger each, whose books take cards, and credit to print them from. */
const twoBooks: Partial<WorldPlan> = { chargerCount: 2, sites: ['kinross', 'perth'], fleetMinor: 20_000 }

const acts: readonly Act[] = [
  ...crookActs.map(([, act]) => act),
  ...trickActs.map(([, act]) => act),
  forgesStepUp,
  closesFalsely,
  spendsRevoked,
  spendsForAnother,
  billsTwice,
  inventsCardSession,
]

const errands: readonly Errand[] = [
  ...acts.map((act) => ({ act })),
  ...cardCrookActs.map(([, act]) => ({ act, needs: twoBooks })),
]

/** One charger, whose book takes cards, a fleet, and no fault of the charger: what a list says is what counts here. */
const reader: Errand = {
  act: tapsAtReader,
  needs: {
    chargerCount: 1,
    sites: ['kinross'],
    fleetMinor: 30_000,
    faults: new Set(['roads', 'phone', 'cloud']),
    mishapShare: 0.1,
  },
}

/** How much of what begins is the errand. */
export const errandShare = 0.2

/** By the seed alone, so that any row of seeds has all of them. */
export function errandOf(seed: number): Errand | undefined {
  if (seed % 9 === 0) return reader
  return seed % 3 === 0 ? undefined : errands[(seed - Math.floor(seed / 3)) % errands.length]
}
