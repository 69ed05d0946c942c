/** The fleet console. */

import type { SessionSummary } from './account'

// GET /api/v1/fleet
export interface FleetResponse {
  readonly fleetId: string
  readonly name: string
  readonly currency: string
  readonly balanceMinor: number
  readonly reservedMinor: number
  /** Open holds of its sessions: money at risk until receipts arrive. */
  readonly atRiskMinor: number
  readonly owedMinor: number
  readonly openCases: number
  readonly tokens: readonly FleetToken[]
  readonly sessions: readonly FleetSession[]
  /** When these figures were read. */
  readonly asOfS: number
}

export interface FleetToken {
  readonly tokenId: string
  readonly driverName: string
  readonly state: 'unclaimed' | 'live' | 'expired' | 'revoked'
  readonly capMinor: number
  readonly spentMinor: number
  readonly heldMinor: number
  readonly issuedAtS: number
  readonly expiresAtS: number
  readonly claimedAtS: number | null
  readonly revokedAtS: number | null
}

export interface FleetSession extends SessionSummary {
  readonly driverName: string
  readonly tokenId: string
}

// POST /api/v1/fleet/top-up · TopUpRequest → TopUpResponse; GET /api/v1/fleet/top-up/<topUpId>
// POST /api/v1/fleet/tokens
export interface IssueTokenRequest {
  readonly driverName: string
  readonly capMinor: number
  readonly sessionCapMinor: number
  /** 0: no daily limit of its own. */
  readonly dailyLimitMinor: number
  readonly days: number
  /** Good at these sites only; absent: everywhere. */
  readonly sites?: readonly string[]
  /** The same key never issues a second token. */
  readonly idempotencyKey: string
}

export interface IssueTokenResponse {
  readonly tokenId: string
  /** Shown once; only its hash is kept. */
  readonly claimCode: string
  readonly claimUrl: string
}

// POST /api/v1/fleet/tokens/<tokenId>/revoke
export interface RevokeTokenRequest {
  /** The driver's name, typed by the manager. */
  readonly confirmation: string
}

export interface RevokeTokenResponse {
  readonly revocationEpoch: number
}
