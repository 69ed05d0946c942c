/** Drivers, how they sign in, and on which phones. */

import type { Generated } from 'kysely'

export interface AccountRow {
  tenant: string
  account_id: string
  created_at_s: number
  /** When a recovery code last enrolled a passkey. */
  recovered_at_s: Generated<number | null>
  /** From then on only the books know the account, by its random id. */
  closed_at_s: Generated<number | null>
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
  /** What its owner calls it; empty where nothing was said. */
  name: Generated<string>
  last_used_at_s: Generated<number | null>
  created_at_s: number
}

export interface ChallengeRow {
  tenant: string
  challenge_id: string
  purpose: 'register' | 'sign-in' | 'prove' | 'add-passkey' | 'recover'
  challenge: string
  account_id: Generated<string | null>
  code_hash: Generated<string | null>
  expires_at_s: number
}

export interface SignInRow {
  tenant: string
  token_hash: string
  account_id: string
  credential_id: Generated<string | null>
  phone_id: Generated<string | null>
  /** When a passkey was last shown. */
  proved_at_s: Generated<number>
  /** When it was last used, to some minutes. */
  seen_at_s: Generated<number>
  /** When it was last used for a console, likewise; at first, when it began. */
  console_seen_at_s: Generated<number>
  expires_at_s: number
}

export interface RecoveryCodeRow {
  tenant: string
  code_hash: string
  account_id: string
  created_at_s: number
  used_at_s: number | null
}

export interface PhoneRow {
  tenant: string
  account_id: string
  phone_id: string
  name: string
  first_seen_at_s: number
  last_seen_at_s: number
  lost_at_s: number | null
}

export interface PhoneKeyRow {
  tenant: string
  account_id: string
  device_key: string
  phone_id: string
}

export interface AccountsTables {
  accounts: AccountRow
  passkeys: PasskeyRow
  challenges: ChallengeRow
  sign_ins: SignInRow
  recovery_codes: RecoveryCodeRow
  phones: PhoneRow
  phone_keys: PhoneKeyRow
}
