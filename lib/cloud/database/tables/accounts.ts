/** Drivers and how they sign in. */

export interface AccountRow {
  tenant: string
  account_id: string
  created_at_s: number
}

export interface PasskeyRow {
  tenant: string
  credential_id: string
  account_id: string
  algorithm: 'ES256' | 'EdDSA'
  step_up_key: string
  cose_key: Buffer
  sign_count: number
  transports: string[]
  created_at_s: number
}

export interface ChallengeRow {
  tenant: string
  challenge_id: string
  purpose: 'register' | 'sign-in'
  challenge: string
  expires_at_s: number
}

export interface SignInRow {
  tenant: string
  token_hash: string
  account_id: string
  expires_at_s: number
}

export interface AccountsTables {
  accounts: AccountRow
  passkeys: PasskeyRow
  challenges: ChallengeRow
  sign_ins: SignInRow
}
