/** What opens an account, its phones, and its end. */

import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'

export interface PasskeyLine {
  readonly credentialId: string
  /** Empty where its owner gave none. */
  readonly name: string
  readonly createdAtS: number
  /** Null until it has signed in again. */
  readonly lastUsedAtS: number | null
  /** The one that this sign-in was made with. */
  readonly isThis: boolean
}

export interface PhoneGrantInfo {
  readonly serial: string
  readonly state: 'live' | 'expired' | 'revoked'
  /** Still set aside for it. */
  readonly reservedMinor: number
  /** Of that, held by sessions that are known and not settled. */
  readonly heldMinor: number
  readonly notAfterS: number
  /** When the rest comes back into the balance, whatever happens. */
  readonly releaseAfterS: number
}

export interface PhoneInfo {
  readonly phoneId: string
  /** Empty for keys that no phone has told the account of. */
  readonly name: string
  readonly lastSeenAtS: number | null
  readonly lostAtS: number | null
  readonly isThis: boolean
  readonly grants: readonly PhoneGrantInfo[]
}

// GET /api/v1/account/devices
export interface DevicesResponse {
  readonly passkeys: readonly PasskeyLine[]
  readonly recoveryCodesLeft: number
  /** When a recovery code last let somebody in. */
  readonly recoveredAtS: number | null
  /** Until then little can be taken along. */
  readonly coolOffUntilS: number | null
  readonly otherSignIns: number
  readonly currency: string
  readonly phones: readonly PhoneInfo[]
}

// POST /api/v1/account/phones/announce · { phoneId, name, deviceKeys } → 204
// POST /api/v1/account/phones/rename · { phoneId, name } → 204
// POST /api/v1/account/phones/lost · { phoneId } → DevicesResponse
// POST /api/v1/account/passkeys/options · no body → as for registering
// POST /api/v1/account/passkeys/verify · { challengeId, response, name } → 204
// POST /api/v1/account/passkeys/rename · { credentialId, name } → 204
// POST /api/v1/account/passkeys/remove · { credentialId } → 204
// POST /api/v1/account/prove/options, /verify · as for signing in → 204
// POST /api/v1/account/sign-out-others · no body → 204

// POST /api/v1/account/recovery-codes · no body
export interface RecoveryCodesResponse {
  /** Shown once and never again. */
  readonly codes: readonly string[]
}

// POST /api/v1/account/recover/options
export interface RecoverOptionsRequest {
  readonly code: string
}
export interface RecoverOptionsResponse {
  readonly challengeId: string
  readonly options: PublicKeyCredentialCreationOptionsJSON
}

// POST /api/v1/account/recover/verify → SignedInResponse, with the session cookie
export interface RecoverVerifyRequest {
  readonly challengeId: string
  readonly response: RegistrationResponseJSON
  readonly name: string
}

// POST /api/v1/account/delete · no body; forgets the cookie
export interface AccountClosedResponse {
  /** By which the refund is asked after; null where there is nothing to pay back. */
  readonly reference: string | null
  readonly balanceMinor: number
  /** Set aside for grants that were taken along. */
  readonly reservedMinor: number
  /** When the last of that is free. */
  readonly releaseAfterS: number | null
  readonly currency: string
}
