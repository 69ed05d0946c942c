/**
 * The port to the operator's HTTP API, as the phone needs it. Expected failures are refusals: `api.unreachable` when
 * nothing answered, else the operator's own code. What comes back is parsed, but signed messages are still only text:
 * the wallet believes them after it has verified them.
 */

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import type { Nonce } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { caseSteps, ComplaintReason } from './chain'
import type { KeyProtection } from './key-vault'
import type { TrustNews } from './trust-state'

export interface ReportedOffer {
  readonly certificate: string
  readonly offer: string
}
export interface ReportedAnswer extends ReportedOffer {
  readonly answer: string
}
export interface ReportedReceipt extends ReportedOffer {
  readonly receipt: string
}

/** With what this phone computes, so that people see at once which figures disagree. */
export interface ReportedComplaint {
  readonly sessionId: string
  readonly reason: ComplaintReason
  readonly note?: string
  readonly recomputedMinor?: number
}

/** What came of a session after it was settled or put in question. */
export interface SessionNews {
  readonly sessionId: string
  readonly case: {
    readonly state: (typeof caseSteps)[number]
    readonly openedAtS: number
    readonly changedAtS: number
  } | null
  readonly refunds: readonly { readonly amountMinor: number; readonly atS: number }[]
  readonly costMinor: number | null
  readonly byCharger: boolean
}

export interface ReportedChain {
  readonly grant: string
  readonly authorizations: readonly string[]
  readonly answers: readonly ReportedAnswer[]
  readonly receipts: readonly ReportedReceipt[]
  /** Of authorizations that nobody has answered yet, so that their holds can come back early (PROTOCOL.md, rule 6). */
  readonly offers: readonly ReportedOffer[]
  /** What the driver says about sessions. */
  readonly disputes: readonly ReportedComplaint[]
}

export interface ReportReply {
  readonly acknowledgements: readonly string[]
  readonly sessions: readonly { readonly sessionId: string; readonly state: 'seen' | 'settled' | 'case' }[]
  readonly news?: readonly SessionNews[]
  readonly revocations: string
  /** What reached the operator by the charger's road and may be missing here. */
  readonly answers?: readonly ReportedAnswer[]
  readonly receipts?: readonly ReportedReceipt[]
  /** Vetoes of sessions that no charger took up, and raised caps of these grants. */
  readonly permits?: readonly string[]
  /** Steps beyond the whole list of revocations. */
  readonly revocationDeltas?: readonly string[]
}

export interface AccountNews {
  readonly accountId: string
  readonly balanceMinor: number
  readonly reservedMinor: number
  readonly currency: string
}

export interface PasskeyNews {
  readonly credentialId: string
  readonly algorithm: 'ES256' | 'EdDSA'
  /** Hex. */
  readonly publicKey: string
}

export interface SignedIn {
  readonly accountId: string
  readonly passkey: PasskeyNews
}

export interface GrantNews {
  readonly grant: string
  readonly trust: TrustNews
}

export interface GrantOrder {
  readonly devicePublicKey: string
  readonly keyProtection: KeyProtection
  readonly capMinor?: number
  /** Good at these sites only; absent: everywhere. */
  readonly sites?: readonly string[]
  readonly passkeyCredentialId?: string
}

export interface RenewOrder extends GrantOrder {
  /** The signed end of the grant that this one follows. */
  readonly close: string
}

export interface ClaimOrder {
  readonly code: string
  readonly devicePublicKey: string
  readonly keyProtection: KeyProtection
}

export interface TopUpOrder {
  readonly amountMinor: number
  readonly currency: string
  readonly cardNumber: string
  /** The same key never charges the card twice. */
  readonly idempotencyKey: string
}

export type Reply<T> = Promise<Result<T, Refusal>>

export interface CloudPort {
  trust(): Reply<TrustNews>
  report(chains: readonly ReportedChain[]): Reply<ReportReply>
  account(): Reply<AccountNews>
  requestGrant(order: GrantOrder): Reply<GrantNews>
  /** The same close always gives the same grant. */
  renew(order: RenewOrder): Reply<GrantNews>
  /** The issuer's time for an offer's nonce, signed; given up soon, because a person stands at the charger. */
  time(nonce: Nonce): Reply<string>
  claim(order: ClaimOrder): Reply<GrantNews & { readonly fleetName: string }>
  topUp(order: TopUpOrder): Reply<{ readonly balanceMinor: number }>
  registerOptions(): Reply<{
    readonly challengeId: string
    readonly options: PublicKeyCredentialCreationOptionsJSON
  }>
  registerVerify(challengeId: string, response: RegistrationResponseJSON): Reply<SignedIn>
  signInOptions(): Reply<{
    readonly challengeId: string
    readonly options: PublicKeyCredentialRequestOptionsJSON
  }>
  signInVerify(challengeId: string, response: AuthenticationResponseJSON): Reply<SignedIn>
  signOut(): Reply<void>
}
