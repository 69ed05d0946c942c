/** How much of what proved nothing is kept. */

import type { QuarantineSource } from './store'

/** Pieces a day from each kind of source. Strangers need no proof of anything, so they may fill little. */
const piecesPerDayMax = { charger: 100_000, phone: 20_000, stranger: 500 } as const
const piecesPerItemMax = 400
export const quarantineWindowS = 86_400

/** How many more pieces of one item may be kept, when `count` came from this source within the window. */
export const quarantineRoom = (source: QuarantineSource, count: number): number =>
  Math.max(0, Math.min(piecesPerItemMax, piecesPerDayMax[source] - count))
