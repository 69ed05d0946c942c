/** Cases, the evidence in them and what people did. */

import type { Generated } from 'kysely'
import type { CaseState, CaseEnding } from '../../cases/case-machine'

export interface CaseRow {
  tenant: string
  case_id: string
  kind: string
  code: string
  session_id: string | null
  serial: string | null
  charger_id: string | null
  facts: unknown
  state: CaseState
  opened_at_s: number
  /** The first case about the same thing, and how many there were up to this one. */
  root_id: string
  round: Generated<number>
  /** Counts every step; equals the number of the latest event. */
  revision: Generated<number>
  taken_by: string | null
  verdict: CaseEnding | null
  updated_at_s: number
}

export interface CaseEventRow {
  tenant: string
  case_id: string
  seq: number
  step: string
  from_state: CaseState | null
  to_state: CaseState
  author: string
  reason: string
  note: string | null
  facts: unknown
  at_s: number
}

export interface CaseEvidenceRow {
  tenant: string
  case_id: string
  hash: string
  label: string
  bytes: Buffer
}

export interface CasesTables {
  cases: CaseRow
  case_events: CaseEventRow
  case_evidence: CaseEvidenceRow
}
