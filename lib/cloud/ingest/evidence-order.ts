/** Evidence sorted into sessions, so that nothing depends on the order in which it came. */

import type { SessionId } from '@/lib/core/ids'
import { pieceName, type Evidence } from './evidence'

/** Each piece once, however often it came, in an order that depends on nothing but the pieces. */
export function evidenceBySession(pieces: readonly Evidence[]): ReadonlyMap<SessionId, readonly Evidence[]> {
  const sessions = new Map<SessionId, Evidence[]>()
  for (const piece of pieces) {
    const ofSession = sessions.get(piece.sessionId)
    if (ofSession === undefined) sessions.set(piece.sessionId, [piece])
    else ofSession.push(piece)
  }
  const inOrder = [...sessions].sort(byFirst)
  return new Map(inOrder.map(([id, ofSession]) => [id, eachOnce(ofSession)]))
}

/** Of two that are the same the later one. Of one session, no kind being the beginning of another. */
function eachOnce(pieces: Evidence[]): readonly Evidence[] {
  if (pieces.length === 1) return pieces
  pieces.sort(byKindAndName)
  return pieces.filter((piece, index) => {
    const next = pieces[index + 1]
    return next === undefined || byKindAndName(piece, next) !== 0
  })
}

function byKindAndName(left: Evidence, right: Evidence): number {
  if (left.kind !== right.kind) return left.kind < right.kind ? -1 : 1
  const [leftName, rightName] = [pieceName(left), pieceName(right)]
  return leftName === rightName ? 0 : leftName < rightName ? -1 : 1
}

const byFirst = (left: readonly [string, unknown], right: readonly [string, unknown]): number =>
  left[0] < right[0] ? -1 : 1
