/** What a phone’s wallet asks of its operator. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { SessionNews, SessionState } from './account'
import type { TrustResponse } from './devices'
import type { SignedText } from './shared'

// POST /api/v1/wallet/grants
export interface GrantRequest {
  readonly devicePublicKey: string
  readonly capMinor?: number
  /** Default `platform`; `sealed` where the phone wraps the key by PIN or passkey. */
  readonly keyProtection?: 'platform' | 'sealed'
  /** Which of the account's passkeys steps up; the newest when absent. */
  readonly passkeyCredentialId?: string
  /** Good at these sites only, for more and longer; absent: everywhere. */
  readonly sites?: readonly string[]
}

export interface GrantResponse extends TrustResponse {
  readonly grant: SignedText
}

// POST /api/v1/wallet/renew → GrantResponse · signed in, but for a fleet's grant
export interface RenewRequest extends GrantRequest {
  /** The signed end of the grant that goes; the same close gives the same next grant. */
  readonly close: SignedText
}

// POST /api/v1/wallet/raise
export interface RaiseRequest {
  readonly serial: string
  readonly chargerId: string
  /** Open holds and unconfirmed bills at that charger may reach this; less is given where the grant has less. */
  readonly maximumMinor: number
}

export interface RaiseResponse {
  /** For the phone to show to the charger, which also gets it with its next news. */
  readonly permit: SignedText
}

// POST /api/v1/time · nobody needs to sign in
export interface TimeRequest {
  /** Of the charger's offer, hex. */
  readonly nonce: string
}

export interface TimeResponse {
  readonly time: SignedText
}

// POST /api/v1/wallet/claim
export interface ClaimRequest {
  readonly code: string
  readonly devicePublicKey: string
  readonly keyProtection?: 'platform' | 'sealed'
}

export interface ClaimResponse extends GrantResponse {
  readonly fleetName: string
}

// POST /api/v1/wallet/report · no cookie needed
export interface ReportRequest {
  readonly chains: readonly ReportedChain[]
}

export interface ReportedChain {
  readonly grant: SignedText
  /** The whole chain, in order. */
  readonly authorizations: readonly SignedText[]
  readonly answers: readonly ReportedAnswer[]
  readonly receipts: readonly ReportedReceipt[]
  /** Of authorizations that nobody has answered, so that their holds can come back early. */
  readonly offers?: readonly ReportedOffer[]
  /** What the driver says about sessions of this chain. */
  readonly disputes?: readonly {
    readonly sessionId: string
    readonly reason: string
    /** The driver's own words, at most 500 characters. */
    readonly note?: string
    /** What the phone computes from registers and price. */
    readonly recomputedMinor?: number
  }[]
}

export interface ReportedOffer {
  readonly certificate: SignedText
  readonly offer: SignedText
}

/** Like a receipt, an answer counts only beside the offer and the certificate of the charger that gave both. */
export interface ReportedAnswer {
  readonly answer: SignedText
  readonly certificate: SignedText
  readonly offer: SignedText
}

export interface ReportedReceipt {
  readonly receipt: SignedText
  readonly certificate: SignedText
  readonly offer: SignedText
}

// GET /api/v1/wallet/receipts/{sessionId}
export interface ReceiptProofResponse {
  /** A `receipt-proof` envelope, as base64url: what `/verify#…` reads. */
  readonly proof: SignedText
}

export interface ReportResponse {
  /** One for each chain that was taken in, signed after the commit. */
  readonly acknowledgements: readonly SignedText[]
  readonly sessions: readonly {
    readonly sessionId: string
    readonly state: SessionState
    readonly totalMinor: number | null
  }[]
  /** What people made of these sessions, where there is something to tell. */
  readonly news?: readonly SessionNews[]
  /** What chargers have told about these sessions and the report lacked: a receipt that was never scanned. */
  readonly answers?: readonly ReportedAnswer[]
  readonly receipts?: readonly ReportedReceipt[]
  /** Evidence that proved nothing; kept aside with its reason. */
  readonly refused: readonly { readonly what: string; readonly code: ReasonCode }[]
  readonly revocations: SignedText
  readonly revocationDeltas?: readonly SignedText[]
  /** About these grants and the sessions under them. */
  readonly permits?: readonly SignedText[]
}
