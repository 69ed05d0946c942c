/** What this build knows about itself. */

import { epochSeconds } from '@/lib/core/units'

export const version = '0.1.0'
/** No clock can be right before the program was written. */
export const buildTimeS = epochSeconds(1_793_000_000)
