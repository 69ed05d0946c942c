/** What a driver can prepare for before a journey. */

// GET /api/v1/trips/sites · nobody needs to sign in
export interface TripSite {
  readonly siteId: string
  readonly label: string
  /** In 10⁻⁵ degrees; null where the operator has not said. */
  readonly position: { readonly latitudeE5: number; readonly longitudeE5: number } | null
  readonly chargers: number
  /** Its charger keeps the site's own book of what was spent, so that a grant for it counts there at once. */
  readonly keepsReserve: boolean
}

export interface TripSitesResponse {
  /** In the operator's order, then by name. */
  readonly sites: readonly TripSite[]
  readonly nowS: number
}

// POST /api/v1/wallet/close · signed in
export interface CloseRequest {
  /** The signed end of a grant that none follows. */
  readonly close: string
}

export interface CloseResponse {
  /** What went back to the account now; more follows when open sessions end with less than they held. */
  readonly releasedMinor: number
  readonly balanceMinor: number
}

// GET /api/v1/wallet/history?before=<cursor> · signed in
export type HistoryKind =
  | 'top-up'
  | 'session'
  | 'hold-released'
  | 'refund'
  | 'goodwill'
  | 'correction'
  | 'card-refund'
  | 'chargeback'
  | 'owed-paid'
  | 'taken-along'
  | 'given-back'

export interface HistoryLine {
  /** The same line has the same id for ever. */
  readonly id: string
  readonly kind: HistoryKind
  readonly atS: number
  readonly currency: string
  /** What the account gained, below zero where it paid; for moves between account and phone, how much moved. */
  readonly amountMinor: number
  /** Of a session. */
  readonly sessionId?: string
  readonly siteLabel?: string
  readonly heldMinor?: number
}

export interface HistoryResponse {
  /** Newest first. */
  readonly lines: readonly HistoryLine[]
  /** For the page before; null at the beginning of the account. */
  readonly before: string | null
}
