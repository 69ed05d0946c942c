/** Whether a grant may be used here and now: validity, site, the bay's power, hours and the fleet's daily limit. */

import type { SiteId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import {
  coversPower,
  coversSite,
  isWithinHours,
  type FleetRules,
  type Grant,
} from '@/lib/protocol/messages/grant'
import type { TrustedTime } from './clock-floor'

const daySeconds = 86_400

export const utcDay = (timeS: number): number => Math.floor(timeS / daySeconds)

export interface ScopeQuestion {
  readonly grant: Grant
  readonly siteId: SiteId
  /** Of the bay, as configured; 0 where nothing is. */
  readonly bayPowerW: number
  readonly time: TrustedTime
  readonly holdMinor: number
  /** What this grant held or spent here on the present UTC day. */
  readonly usedTodayMinor: number
}

/** A phone that is a little ahead of a right clock is not turned away. */
const startToleranceS = 300

export function scopeFault(question: ScopeQuestion): Refusal | undefined {
  const { grant, siteId, bayPowerW, time } = question
  if (time.nowS > grant.notAfterS) return refusal('grant.expired', { until: grant.notAfterS })
  // A clock that is not synchronised may well be behind: the issuer's signature shows that the grant exists already.
  if (time.quality === 'synchronised' && time.nowS + startToleranceS < grant.notBeforeS) {
    return refusal('grant.not-yet-valid', { from: grant.notBeforeS })
  }
  if (!coversSite(grant, siteId)) return refusal('grant.site')
  if (!coversPower(grant, bayPowerW))
    return refusal('grant.power', { limit: grant.connectorPowerMaxW ?? 0, bay: bayPowerW })
  return grant.fleetRules === undefined ? undefined : fleetFault(grant.fleetRules, question)
}

function fleetFault(rules: FleetRules, question: ScopeQuestion): Refusal | undefined {
  const { time, holdMinor, usedTodayMinor } = question
  const hasHours = rules.fromMinute !== rules.toMinute
  const hasDailyLimit = rules.dailyLimitMinor > 0
  // Rules of time cannot be kept without the time (rules of money 4).
  if (time.quality === 'unknown' && (hasHours || hasDailyLimit)) return refusal('grant.hours')
  if (!isWithinHours(rules, time.nowS)) return refusal('grant.hours')
  return hasDailyLimit && usedTodayMinor + holdMinor > rules.dailyLimitMinor
    ? refusal('wallet.daily-limit', {
        limit: rules.dailyLimitMinor,
        left: Math.max(0, rules.dailyLimitMinor - usedTodayMinor),
      })
    : undefined
}
