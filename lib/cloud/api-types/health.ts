/** How the cloud is, and the demo’s view of its books. */

// GET /api/v1/health
export interface HealthResponse {
  readonly status: 'ok' | 'starting'
  readonly database: 'ok' | 'unreachable'
  readonly inboxWaiting: number
  /** How long the oldest of them has waited, or 0. */
  readonly inboxOldestS: number
  /** Uploads that were worked through in the last minute. */
  readonly inboxDonePerMinute: number
  /** Revocations that still count and do not fit into any answer yet: above 0 somebody must act. */
  readonly revocationsWaiting: number
  /** Who checks signatures: without libsodium each costs twice as much, with the same verdict. */
  readonly verifier: 'libsodium' | 'openssl'
}

// GET /api/v1/demo/ledger · demo only
export interface DemoLedgerResponse {
  readonly currency: string
  readonly transfers: number
  /** Without signs, over all currencies; 0 in sound books. */
  readonly imbalanceMinor: number
  readonly driversMinor: number
  readonly fleetsMinor: number
  readonly reservedMinor: number
  readonly heldMinor: number
  readonly revenueMinor: number
  readonly taxMinor: number
  readonly receivableMinor: number
  readonly sessions: { readonly seen: number; readonly settled: number; readonly case: number }
  readonly openCases: number
  readonly asOfS: number
}
