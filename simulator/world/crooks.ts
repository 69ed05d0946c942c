/** People who try to get energy or money that is not theirs. */

import type { Act } from './everyday'

export const crookActs: readonly (readonly [weight: number, act: Act])[] = []
