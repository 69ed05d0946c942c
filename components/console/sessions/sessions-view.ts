/** What the pages of sessions are drawn from. Money in minor units, times in epoch seconds. */

import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type {
  listSessions,
  openDispute,
  readSessionEvidence,
  totalSessions,
} from '@/lib/cloud/operations/sessions'
import type { z } from 'zod'
import type { Progress } from '../progress'

export type Session = AnswerOf<typeof listSessions>['sessions'][number]
export type SessionState = Session['state']
export type SessionTotals = AnswerOf<typeof totalSessions>
export type Evidence = AnswerOf<typeof readSessionEvidence>
export type DisputeOrder = z.output<(typeof openDispute)['body']>

export const sessionStates = ['phone', 'seen', 'settled', 'case'] as const satisfies readonly SessionState[]

/** As it stands in the address; empty where nothing narrows. */
export interface SessionFilter {
  readonly state: SessionState | ''
  readonly site: string
  /** Days in UTC, such as `2026-08-31`; both belong to the span. */
  readonly from: string
  readonly to: string
  readonly search: string
  readonly driver: string
  readonly vehicle: string
  readonly token: string
}

export interface SessionsView {
  readonly sessions: readonly Session[]
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly totals: SessionTotals | null
  readonly filter: SessionFilter
  readonly sites: readonly { readonly siteId: string; readonly label: string }[]
  readonly mayExport: boolean
  readonly exporting: Progress
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
  readonly currency: string
}

export interface SessionsActs {
  onFilter(filter: SessionFilter): void
  onMore(): void
  onExport(): void
  onOpen(sessionId: string): void
}

export interface EvidenceView {
  readonly evidence: Evidence
  readonly mayDispute: boolean
  readonly disputing: Progress
  readonly isAsking: boolean
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
}

export interface EvidenceActs {
  onBack(): void
  /** Base64url bytes under a name. */
  onSaveBytes(name: string, bytes: string): void
  onSaveAll(): void
  onAsk(isAsking: boolean): void
  onDispute(order: DisputeOrder): void
}

export const sessionAddress = (sessionId: string): string => `/fleet/sessions/view?id=${sessionId}`
