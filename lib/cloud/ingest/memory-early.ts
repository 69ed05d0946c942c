/** Early pieces in memory: what `postgres-early.ts` does with rows. */

import { inTakingOrder, pieceKey, type EarlyPiece } from './early-pieces'
import { emptyLog } from './memory-rows'
import type { MemoryTables } from './memory-tables'
import { logName } from './store'

export const earlyPiecesIn = ({ early }: MemoryTables, device: string): readonly EarlyPiece[] =>
  [...early.values()].filter((piece) => piece.device === device).sort(inTakingOrder)

export function changeEarlyIn(
  { early, logs }: MemoryTables,
  added: readonly EarlyPiece[],
  dropped: readonly EarlyPiece[],
): void {
  for (const piece of dropped) early.delete(pieceKey(piece))
  for (const piece of added) if (early.get(pieceKey(piece)) === undefined) early.set(pieceKey(piece), piece)
  for (const name of new Set([...added, ...dropped].map(logName))) {
    const earlyCount = [...early.values()].filter((piece) => logName(piece) === name).length
    logs.set(name, { ...(logs.get(name) ?? emptyLog), earlyCount })
  }
}
