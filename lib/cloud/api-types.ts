/**
 * Requests and responses of the HTTP API, version 1, as JSON. Signed messages are base64url text, keys lower-case hex,
 * amounts integer minor units, times epoch seconds. A refusal is `ApiError` with a fitting HTTP status.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'

/** Bytes of a signed message as base64url without padding. */
export type SignedText = string

export interface ApiError {
  readonly error: {
    readonly code: ReasonCode
    readonly facts?: Readonly<Record<string, string | number>>
  }
  /** Only from `/sync`, beside `device.gap` and `device.fork`: what is held of the device's log, and who signs so. */
  readonly acknowledgement?: SignedText
  readonly trustList?: SignedText
}

// POST /api/v1/account/register/options · no body
export interface RegisterOptionsResponse {
  readonly challengeId: string
  readonly options: PublicKeyCredentialCreationOptionsJSON
}
// POST /api/v1/account/register/verify
export interface RegisterVerifyRequest {
  readonly challengeId: string
  readonly response: RegistrationResponseJSON
}
// POST /api/v1/account/sign-in/options · no body
export interface SignInOptionsResponse {
  readonly challengeId: string
  readonly options: PublicKeyCredentialRequestOptionsJSON
}
// POST /api/v1/account/sign-in/verify
export interface SignInVerifyRequest {
  readonly challengeId: string
  readonly response: AuthenticationResponseJSON
}
/** Answer of both verify calls, which also set the session cookie. */
export interface SignedInResponse {
  readonly accountId: string
  readonly passkey: PasskeyInfo
}
// POST /api/v1/account/sign-out · no body → 204

/** The passkey that may step up, as the wallet needs it to build a passkey assertion. */
export interface PasskeyInfo {
  readonly credentialId: string
  readonly algorithm: 'ES256' | 'EdDSA'
  /** Hex: 33-byte compressed point for ES256, 32 bytes for EdDSA. Its hash goes into grants. */
  readonly publicKey: string
}

/** `seen`: evidence is here, money is still held. `settled`: posted. `case`: posted as far as sure, people look at it. */
export type SessionState = 'seen' | 'settled' | 'case'

export interface SessionSummary {
  readonly sessionId: string
  readonly state: SessionState
  readonly holdMinor: number
  /** What was charged, tax included; null while nothing is final. */
  readonly totalMinor: number | null
  readonly currency: string
  readonly energyWh: number | null
  readonly siteLabel: string | null
  readonly bayLabel: string | null
  /** When the driver authorized it, by the phone's clock. */
  readonly authorizedAtS: number
  /** When the cloud last learnt something about it. */
  readonly updatedAtS: number
  /** Who reported it so far. */
  readonly reportedBy: readonly ('phone' | 'charger')[]
}

// GET /api/v1/account
export interface AccountResponse {
  readonly accountId: string
  readonly balanceMinor: number
  /** Credit set aside in grants that are not released yet. */
  readonly reservedMinor: number
  /** Owed beyond the credit, or 0. */
  readonly owedMinor: number
  readonly currency: string
  readonly passkeys: readonly PasskeyInfo[]
  readonly sessions: readonly SessionSummary[]
}

// POST /api/v1/account/top-up
export interface TopUpRequest {
  readonly amountMinor: number
  readonly currency: string
  /** Only where `/payments` asks for it. Sandbox: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined. */
  readonly cardNumber?: string
  /** 8 to 64 characters; the same key never charges the card twice. */
  readonly idempotencyKey: string
}
/** Also from GET /api/v1/account/top-up/<topUpId>. Credit is there when, and only when, it says `paid`. */
export type TopUpResponse = { readonly topUpId: string; readonly amountMinor: number } & (
  | { readonly state: 'paid'; readonly balanceMinor: number }
  /** The payer goes to this page of the card provider, and comes back to ours. */
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'waiting' | 'failed' | 'cancelled' }
)

// GET /api/v1/payments
export interface PaymentsResponse {
  readonly currency: string
  /** Whether our page asks for a card number; else the card provider's does. */
  readonly asksForCardNumber: boolean
  /** What a guest may set aside. */
  readonly guest: { readonly minimumMinor: number; readonly maximumMinor: number }
}

// POST /api/v1/payments/webhook · the card provider's event, signed in a header of the provider's

// POST and GET /api/v1/guest/grants · header `authorization: Bearer <token>`, 43 characters that the phone drew
export interface GuestGrantRequest {
  readonly amountMinor: number
  readonly currency: string
  readonly cardNumber?: string
  readonly devicePublicKey: string
  readonly keyProtection?: 'platform' | 'sealed'
}
export type GuestGrantResponse =
  | ({ readonly state: 'ready' } & GrantResponse)
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'waiting' | 'failed' | 'cancelled' }

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
  readonly disputes?: readonly { readonly sessionId: string; readonly reason: string }[]
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
export interface ReportResponse {
  /** One for each chain that was taken in, signed after the commit. */
  readonly acknowledgements: readonly SignedText[]
  readonly sessions: readonly {
    readonly sessionId: string
    readonly state: SessionState
    readonly totalMinor: number | null
  }[]
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

// GET /api/v1/trust
export interface TrustResponse {
  /** Public key of the offline root, hex. */
  readonly root: string
  readonly trustList: SignedText
  /** All that count, up to the epoch that it names; `revocationDeltas` carry on from there. */
  readonly revocations: SignedText
  /** Steps between epochs, shortest first: small ones for codes, and whatever the list has no room for. */
  readonly revocationDeltas?: readonly SignedText[]
  /** In force now. */
  readonly policy: SignedText
  /** Announced: it begins later. */
  readonly nextPolicy?: SignedText
  /** About the grants and sessions of whoever asks. */
  readonly permits?: readonly SignedText[]
}

// POST /api/v1/chargers/renew → EnrolResponse
export interface RenewCertificateRequest {
  /** `certificate-renewal` signed by the key of the present certificate. */
  readonly renewal: SignedText
  /** The same, signed by the key that is to be certified. */
  readonly proof: SignedText
}

// POST /api/v1/chargers/enrol
export interface EnrolRequest {
  readonly code: string
  readonly chargerId: string
  readonly publicKey: string
}
export interface EnrolResponse extends TrustResponse {
  readonly certificate: SignedText
}

// POST /api/v1/sync · request: application/cbor, one bundle
export interface SyncResponse {
  readonly acknowledgement: SignedText
  readonly trustList: SignedText
  readonly revocations: SignedText
  readonly revocationDeltas?: readonly SignedText[]
  readonly policy: SignedText
  readonly nextPolicy?: SignedText
  /** Vetoes and raised caps for this charger that still count. */
  readonly permits?: readonly SignedText[]
  /** Where the charger showed another one than it should have. */
  readonly certificate?: SignedText
}

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
