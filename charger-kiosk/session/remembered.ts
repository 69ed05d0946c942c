/**
 * How long a charger remembers what it did with a grant or a card: as long as holds outlive it. Who has forgotten may
 * have said yes and billed, so it says no in writing only while it remembers (PROTOCOL.md, rules of money 9: of two
 * last words the lower one stands).
 */

import type { EpochSeconds } from '@/lib/core/units'
import { riskDefaults } from '@/lib/policy/defaults'

const outlivesS = riskDefaults.holdOutlivesGrantDays * 86_400

/** @param endsS of the grant, card or permit. @param nowS for forgetting: a time that no reboot goes back behind. */
export const isRemembered = (endsS: number, nowS: EpochSeconds): boolean => endsS + outlivesS >= nowS
