/** What kind of world a seed gives: how many take part, what may go wrong, how long it lasts. */

import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { worldCurrency, type WorldSite } from './place'
import type { Dice } from './dice'

/** Groups of faults; a world throws some of them, so that each also meets worlds without the others. */
export const faultGroups = [
  'roads',
  'charger-disk',
  'charger-power',
  'phone',
  'clock',
  'cloud',
  'issuer',
  'permits',
  'machines',
  'versions',
  'crooks',
  'rogues',
] as const
export type FaultGroup = (typeof faultGroups)[number]

export interface WorldPlan {
  readonly chargerCount: number
  readonly phoneCount: number
  /** Where each charger stands. */
  readonly sites: readonly WorldSite[]
  /** What the fleet has to give out, in minor units; 0: there is none. */
  readonly fleetMinor: number
  /** What each account pays in, in minor units. */
  readonly creditsMinor: readonly number[]
  /** The passkey of each account, where it has one. */
  readonly passkeys: readonly (PasskeyInfo['algorithm'] | 'none')[]
  readonly steps: number
  readonly faults: ReadonlySet<FaultGroup>
  readonly tariff: CompactTariff
  readonly mishapShare: number
}

export function drawPlan(dice: Dice): WorldPlan {
  const chargerCount = dice.pick([1, 1, 2, 2, 3])
  const phoneCount = dice.pick([1, 1, 2, 2, 3])
  const faults = new Set(faultGroups.filter(() => dice.chance(0.45)))
  return {
    chargerCount,
    phoneCount,
    sites: drawSites(dice, chargerCount),
    fleetMinor: dice.chance(0.6) ? dice.between(20, 200) * 100 : 0,
    creditsMinor: Array.from({ length: phoneCount }, () => dice.between(8, 160) * 100),
    passkeys: Array.from({ length: phoneCount }, () => dice.pick(['none', 'ES256', 'EdDSA'] as const)),
    steps: dice.between(40, 110),
    faults,
    tariff: drawTariff(dice),
    mishapShare: faults.has('roads') ? dice.pick([0.1, 0.3, 0.6]) : 0,
  }
}

/** Two chargers mostly stand apart, so that each is its site's only one. */
function drawSites(dice: Dice, chargerCount: number): readonly WorldSite[] {
  const first = dice.pick(['kinross', 'kinross', 'perth'] as const)
  const other = first === 'kinross' ? 'perth' : 'kinross'
  return Array.from({ length: chargerCount }, (_, index) =>
    index === 0 ? first : dice.pick([other, other, first]),
  )
}

/** Dear enough that holds of 5 to 15 are reached in minutes. */
function drawTariff(dice: Dice): CompactTariff {
  const isPlain = dice.chance(0.5)
  return {
    currency: worldCurrency,
    energyPerKwh: dice.between(8_000, 60_000),
    timePerMinute: isPlain ? 0 : dice.between(100, 3_000),
    perSession: isPlain ? 0 : dice.between(0, 10_000),
    idlePerMinute: isPlain ? 0 : 2_000,
    idleGraceMinutes: dice.pick([0, 1, 15]),
    taxBasisPoints: dice.pick([0, 700, 1_900]),
  }
}
