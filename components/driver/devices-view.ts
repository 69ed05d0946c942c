/** What opens the account and which phones hold what of its credit, as the screens show it. */

import type { Refusal } from '@/lib/core/reason'

export interface PasskeyView {
  readonly credentialId: string
  /** Empty where its owner gave none. */
  readonly name: string
  readonly createdAtS: number
  readonly lastUsedAtS: number | null
  /** The one that this phone is signed in with. */
  readonly isThis: boolean
}

export interface PhoneView {
  readonly phoneId: string
  /** Empty for keys that no phone has told the account of. */
  readonly name: string
  readonly lastSeenAtS: number | null
  readonly lostAtS: number | null
  readonly isThis: boolean
  readonly grants: readonly {
    readonly serial: string
    readonly state: 'live' | 'expired' | 'revoked'
    readonly reservedMinor: number
    readonly heldMinor: number
    readonly notAfterS: number
    readonly releaseAfterS: number
  }[]
}

export interface DevicesData {
  readonly passkeys: readonly PasskeyView[]
  readonly recoveryCodesLeft: number
  readonly recoveredAtS: number | null
  readonly coolOffUntilS: number | null
  readonly otherSignIns: number
  readonly currency: string
  readonly phones: readonly PhoneView[]
}

export interface DevicesView {
  /** Null until it has been read. */
  readonly data: DevicesData | null
  readonly online: boolean
  readonly signedIn: boolean
  /** What locks the key on this phone; null where the browser keeps it by itself. */
  readonly lock: 'pin' | 'passkey' | null
  /** Something was asked of the operator or the passkey. */
  readonly isBusy: boolean
  readonly refusal: Refusal | null
  readonly nowS: number
}

export interface PhoneCredit {
  readonly reservedMinor: number
  /** When the last of it is back, whatever happens; null where there is none. */
  readonly releaseAfterS: number | null
  readonly isLive: boolean
}

/** What a phone holds, all its grants together. */
export const creditOn = ({ grants }: PhoneView): PhoneCredit => ({
  reservedMinor: grants.reduce((sum, { reservedMinor }) => sum + reservedMinor, 0),
  releaseAfterS: grants.length === 0 ? null : Math.max(...grants.map(({ releaseAfterS }) => releaseAfterS)),
  isLive: grants.some(({ state }) => state === 'live'),
})
