/** What the page of tokens is drawn from. Money in minor units of one currency, times in epoch seconds. */

import type { Progress } from '../progress'

export const tokenStates = ['live', 'unclaimed', 'expired', 'revoked'] as const
export type TokenState = (typeof tokenStates)[number]

export interface TokenRules {
  readonly sessionCapMinor: number
  /** 0: none. */
  readonly dailyLimitMinor: number
  readonly monthLimitMinor: number
  /** Empty: everywhere. */
  readonly sites: readonly string[]
  /** Of the UTC day; from = to: all day. */
  readonly fromMinute: number
  readonly toMinute: number
  readonly connectorPowerMaxW: number | null
  readonly vehicleClass: number
  readonly driverId: string | null
  readonly vehicleId: string | null
}

export interface Token {
  readonly tokenId: string
  readonly driverName: string
  readonly state: TokenState
  readonly capMinor: number
  readonly spentMinor: number
  readonly heldMinor: number
  readonly monthMinor: number
  readonly issuedAtS: number
  readonly expiresAtS: number
  readonly claimedAtS: number | null
  readonly revokedAtS: number | null
  /** Its phone carries a grant by earlier rules. */
  readonly rulesWait: boolean
  readonly rules: TokenRules
  /** Of the fleet's lists; null: it names none. */
  readonly driver: Holder | null
  readonly vehicle: Holder | null
}

/** Whom it is for, beyond the name that stands on it. */
export const holderNote = ({
  driver,
  vehicle,
  driverName,
}: Pick<Token, 'driver' | 'vehicle' | 'driverName'>): string =>
  [driver?.label === driverName ? undefined : driver?.label, vehicle?.label]
    .filter((part) => part !== undefined)
    .join(' · ')

/** Who can still spend, until every charger has heard. */
export interface TokenReach {
  readonly holder: 'nobody' | 'phone' | 'over'
  readonly revokedAtS: number | null
  readonly leftMinor: number
  readonly heldMinor: number
  readonly sessionCapMinor: number
  /** What one charger lends a grant that it cannot ask about; null: as much as there is. */
  readonly strangerCapMinor: number | null
  readonly mostMinor: number
  readonly endsAtS: number | null
  readonly chargers: number
  readonly heard: number
  readonly sites: readonly {
    readonly siteId: string
    readonly label: string
    readonly chargers: number
    readonly heard: number
    readonly lastInTouchAtS: number | null
  }[]
  readonly unheard: readonly {
    readonly chargerId: string
    readonly siteLabel: string
    readonly bayLabel: string
    readonly inTouchAtS: number | null
    readonly mostMinor: number
  }[]
}

/** What a new token can be made of. */
export interface TokenTerms {
  readonly freeMinor: number
  readonly capMostMinor: number
  readonly daysMost: number
  readonly sites: readonly { readonly siteId: string; readonly label: string }[]
}

export const holderKinds = ['drivers', 'vehicles'] as const
export type HolderKind = (typeof holderKinds)[number]

/** A driver or a vehicle of the fleet's lists. */
export interface Holder {
  readonly id: string
  /** A driver's name, a vehicle's plate. */
  readonly label: string
  /** What tells it from others: a personnel number, what a vehicle is called. */
  readonly note?: string | undefined
  /** Of a vehicle: what a new token for it begins with. */
  readonly vehicleClass?: number | undefined
}

/** What was found for what is typed; null while nothing was asked or nobody has answered. */
export type Holders = Readonly<Record<HolderKind, readonly Holder[] | null>>

export interface TokenFilter {
  readonly state: TokenState | 'all'
  readonly search: string
  /** Ids of the fleet's lists; empty: everybody. */
  readonly driver: string
  readonly vehicle: string
}

export interface TokenOrder extends TokenRules {
  readonly driverName: string
  readonly capMinor: number
  readonly days: number
}

export interface RenewalOrder {
  readonly days: number
  readonly addMinor: number
  readonly atOnce: boolean
}

export interface MayDo {
  readonly issue: boolean
  readonly revoke: boolean
}

/** The one question that may stand before the page. */
export type TokensDialog =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'issue'
      /** Whom the row was about that led here. */
      readonly driver: Holder | null
      readonly vehicle: Holder | null
      readonly progress: Progress
    }
  | {
      readonly kind: 'issued'
      readonly driverName: string
      readonly claimUrl: string
      readonly claimCode: string
    }
  | { readonly kind: 'rules'; readonly token: Token; readonly progress: Progress }
  | { readonly kind: 'renew'; readonly token: Token; readonly progress: Progress }
  | {
      readonly kind: 'withdraw'
      readonly token: Token
      readonly reach: TokenReach | null
      readonly progress: Progress
    }

export interface TokensView {
  readonly tokens: readonly Token[]
  readonly hasMore: boolean
  readonly filter: TokenFilter
  readonly currency: string
  /** Null until they are read. */
  readonly terms: TokenTerms | null
  readonly holders: Holders
  readonly may: MayDo
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
  readonly dialog: TokensDialog
}

export interface TokenView {
  readonly token: Token
  /** Null until it is read. */
  readonly reach: TokenReach | null
  readonly siteNames: ReadonlyMap<string, string>
  readonly currency: string
  readonly may: MayDo
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
}

export interface TokenActs {
  onFilter(filter: TokenFilter): void
  onMore(): void
  onOpen(tokenId: string): void
  onBack(): void
  onFind(kind: HolderKind, text: string): void
  onOpenIssue(): void
  onOpenRules(token: Token): void
  onOpenRenew(token: Token): void
  onOpenWithdraw(token: Token): void
  onCloseDialog(): void
  onIssue(order: TokenOrder): void
  onChangeRules(tokenId: string, rules: TokenRules): void
  onRenew(tokenId: string, order: RenewalOrder): void
  onWithdraw(tokenId: string, confirmation: string): void
  onCopy(text: string): void
}
