/** Balance, what is on this phone and until when, language, light, and the way out. */

import type { Locale } from '@/lib/format/locale'

export interface AccountGrant {
  readonly serial: string
  /** Null for one's own credit. */
  readonly fleetName: string | null
  /** Null for roaming grants. */
  readonly siteLabels: readonly string[] | null
  readonly capMinor: number
  readonly leftMinor: number
  readonly currency: string
  readonly expiresAtS: number
  readonly state: 'live' | 'expired' | 'revoked' | 'closing'
}

export interface AccountView {
  /** Null until the account has been read once. */
  readonly account: {
    readonly balanceMinor: number
    /** On this and other phones. */
    readonly reservedMinor: number
    readonly currency: string
    /** When the operator last said so. */
    readonly asOfS: number
  } | null
  readonly signedIn: boolean
  readonly online: boolean
  readonly grants: readonly AccountGrant[]
  /** Whether the browser promised to keep the storage; null when it was not asked. */
  readonly storageKept: boolean | null
  readonly locale: Locale
  readonly theme: 'day' | 'night' | 'auto'
  readonly nowS: number
}

export interface AccountProps {
  view: AccountView
  onAddFunds(): void
  onRenew(): void
  onJoinFleet(): void
  onSignIn(): void
  onSignOut(): void
  onLocale(locale: Locale): void
  onTheme(theme: AccountView['theme']): void
  onBack(): void
}
