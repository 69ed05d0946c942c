/** The driver’s account. */

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'

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

/** What came of a session after the fact: people looked at it, credit was given back. */
export interface SessionNews {
  readonly sessionId: string
  readonly case: {
    readonly state: 'open' | 'in-review' | 'waiting-for-evidence' | 'decided'
    readonly openedAtS: number
    readonly changedAtS: number
  } | null
  /** Oldest first. */
  readonly refunds: readonly { readonly amountMinor: number; readonly atS: number }[]
  /** After all that; null before the first final. */
  readonly costMinor: number | null
  /** The charger's own log told of it too. */
  readonly byCharger: boolean
}

// GET /api/v1/account/disputes · of the newest 200 sessions with a case
export interface DisputesResponse {
  readonly news: readonly SessionNews[]
}

// POST /api/v1/account/disputes → { caseId }
export interface DisputeRequest {
  readonly sessionId: string
  readonly reason: string
  /** The driver's own words, at most 500 characters. */
  readonly note?: string
}

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
