/** Evidence sorted into sessions, so that nothing depends on the order in which it came. */

import type { SessionId } from '@/lib/core/ids'
import { evidenceKey, type Evidence } from './evidence'

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

function eachOnce(pieces: readonly Evidence[]): readonly Evidence[] {
  if (pieces.length === 1) return pieces
  const byKey = new Map(pieces.map((piece) => [evidenceKey(piece), piece]))
  return [...byKey].sort(byFirst).map(([, piece]) => piece)
}

const byFirst = (left: readonly [string, unknown], right: readonly [string, unknown]): number =>
  left[0] < right[0] ? -1 : 1
