/** Cases in memory: opened once, filled with what is new, ended when what they were about has gone. */

import { toHex } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { CaseKind } from '../cases/case-kinds'
import type { UndoableMap } from '../ledger/undoable'
import type { KeptCase } from './memory-tables'
import type { NewCase } from './store'

type Cases = UndoableMap<string, KeptCase>

/** One that has ended by itself begins anew when its figures are others. */
export function openIn(cases: Cases, opened: readonly NewCase[], nowS: number): void {
  for (const item of opened) {
    const caseId = caseIdOf(item)
    const known = cases.get(caseId)
    const isSame = JSON.stringify(known?.facts ?? {}) === JSON.stringify(item.facts ?? {})
    if (known?.resolvedAtS !== undefined && isSame) continue
    const { openedAtS, evidence } = known ?? { openedAtS: nowS, evidence: [] }
    const pieces = [...evidence, ...item.evidence]
    const unique = new Map(pieces.map((piece) => [`${piece.label} ${toHex(piece.bytes)}`, piece]))
    const kept = [...unique.values()].slice(0, limits.caseEvidencePiecesMax)
    cases.set(caseId, { ...item, evidence: kept, caseId, openedAtS })
  }
}

export function resolveIn(cases: Cases, kind: CaseKind, chargerIds: readonly string[], nowS: number): void {
  for (const [caseId, found] of [...cases.list()]) {
    const isAbout = found.kind === kind && chargerIds.includes(found.chargerId ?? '')
    if (isAbout && found.resolvedAtS === undefined) cases.set(caseId, { ...found, resolvedAtS: nowS })
  }
}

/** A case is named by what it is about: all that a reserve could not pay is one case, and so is a driver's complaint. */
function caseIdOf({ kind, sessionId = '', serial = '', chargerId = '' }: NewCase): string {
  if (kind === 'beyond-reserve' || kind === 'double-spend') return `${kind} ${serial}`
  return kind === 'dispute' ? `${kind} ${sessionId}` : `${kind} ${sessionId} ${serial} ${chargerId}`
}
