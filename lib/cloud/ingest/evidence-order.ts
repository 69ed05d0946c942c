/** Evidence sorted into sessions, so that nothing depends on the order in which it came. */

import type { SessionId } from '@/lib/core/ids'
import { evidenceKey, type Evidence } from './evidence'

/** Each piece once, however often it came, in an order that depends on nothing but the pieces. */
export function evidenceBySession(pieces: readonly Evidence[]): ReadonlyMap<SessionId, readonly Evidence[]> {
  const byKey = new Map(pieces.map((piece) => [evidenceKey(piece), piece]))
  const sessions = new Map<SessionId, Evidence[]>()
  for (const key of [...byKey.keys()].sort()) {
    const piece = byKey.get(key)
    if (piece === undefined) continue
    const ofSession = sessions.get(piece.sessionId)
    if (ofSession === undefined) sessions.set(piece.sessionId, [piece])
    else ofSession.push(piece)
  }
  return sessions
}
