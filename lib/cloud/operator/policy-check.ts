/**
 * What an operator may put in force after the policy that is. Chargers and phones take whatever is signed, so what
 * could sell nothing, sell at nobody's price or lift a protection by a slip is stopped here. Pure.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { Policy } from '@/lib/protocol/messages/policy'

const dayS = 86_400
/** A policy is renewed this long before its end; a shorter one would be renewed at once and lose its start. */
const policyLifeMinS = 61 * dayS
const policyLifeMaxS = 3_660 * dayS
/** Chargers without a link hear of a change by phones, which takes its time; more than a year ahead is a slip. */
const announcedMostS = 366 * dayS
const offerLifeMinS = 30

/** One plain sentence, or undefined when `next` may follow `current`. */
export function policyFault(current: Policy, next: Policy, nowS: EpochSeconds): string | undefined {
  const life = next.notAfterS - next.notBeforeS
  const isAnnounced = next.notBeforeS > nowS
  const rules: readonly (readonly [boolean, string])[] = [
    [next.operator === current.operator, 'A policy belongs to one operator.'],
    [next.sequence > current.sequence, 'The sequence of policies only rises.'],
    [
      life >= policyLifeMinS && life <= policyLifeMaxS,
      `A policy lives from ${policyLifeMinS / dayS} to ${policyLifeMaxS / dayS} days.`,
    ],
    [next.notAfterS > nowS + policyLifeMinS, 'The policy would have run out before it is renewed.'],
    [next.notBeforeS <= nowS + announcedMostS, 'The start lies more than a year ahead.'],
    [
      !isAnnounced || next.notBeforeS < current.notAfterS,
      'No policy would be in force until that one starts.',
    ],
    [
      next.offerTimeToLiveS >= offerLifeMinS,
      `An offer must live for ${offerLifeMinS} seconds, to be scanned and approved.`,
    ],
    [
      next.tariff.currency === current.tariff.currency,
      'The books are kept in one currency; it cannot change.',
    ],
    [
      !isAnnounced || differsInRatesAlone(current.tariff, next.tariff),
      'An announced change may change the rates per kWh, minute and idle minute alone: nothing else can change within a session.',
    ],
    [next.maximumHoldMinor > 0, 'Without a hold nothing can be sold.'],
    [
      next.firstSeenCapMinor <= next.firstSeenYoungCapMinor &&
        next.firstSeenYoungCapMinor <= next.firstSeenStepUpCapMinor,
      'The caps on strangers must rise: without the passkey, young with it, with it.',
    ],
    [next.firstSeenCapMinor <= next.exposureCapMinor, 'A single stranger may not exceed what all may.'],
    [next.sessionDurationMaxS > 0 && next.sessionEnergyMaxWh > 0, 'A session needs time and energy.'],
  ]
  return rules.find(([holds]) => !holds)?.[1]
}

/** What an offer can announce as its one timed change of price (PROTOCOL.md, rules of money 8). */
function differsInRatesAlone(before: CompactTariff, after: CompactTariff): boolean {
  return (
    before.perSession === after.perSession &&
    before.idleGraceMinutes === after.idleGraceMinutes &&
    before.taxBasisPoints === after.taxBasisPoints
  )
}
