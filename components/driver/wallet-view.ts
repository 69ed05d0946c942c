/** What the wallet's screen shows: credit by currency, grants side by side, who pays, the account's history. */

import type { Refusal } from '@/lib/core/reason'

/** `used`: nothing more can be spent from it. `closing`: given back, and the answer is not here yet. */
export type WalletGrantState = 'live' | 'expiring' | 'used' | 'expired' | 'revoked' | 'closing' | 'doubted'

export interface WalletGrant {
  readonly serial: string
  readonly purse: string
  readonly kind: 'roaming' | 'sites' | 'fleet'
  readonly fleetName: string | null
  /** Null: good everywhere. */
  readonly siteLabels: readonly string[] | null
  readonly capMinor: number
  readonly leftMinor: number
  /** What a fleet still gives today, or null without such a limit. */
  readonly todayMinor: number | null
  readonly currency: string
  readonly untilS: number
  readonly spendsLeft: number
  readonly state: WalletGrantState
  /** It pays next, wherever nothing else is known. */
  readonly paysNext: boolean
  readonly act: 'renew' | 'give-back' | null
}

export interface WalletCredit {
  readonly currency: string
  /** Null where the operator was never asked. */
  readonly account: {
    readonly balanceMinor: number
    readonly elsewhereMinor: number
    readonly asOfS: number
  } | null
  readonly hereMinor: number
  /** Open sessions, and bills that are not settled. */
  readonly waitingMinor: number
}

export interface PayChoice {
  readonly value: string
  /** `auto` first; one for each purse that is on this phone. */
  readonly options: readonly {
    readonly value: string
    readonly kind: 'auto' | 'roaming' | 'sites' | 'fleet'
    readonly fleetName: string | null
  }[]
}

export type WalletLineKind =
  | 'top-up'
  | 'session'
  | 'hold-released'
  | 'refund'
  | 'goodwill'
  | 'correction'
  | 'card-refund'
  | 'chargeback'
  | 'owed-paid'
  | 'taken-along'
  | 'given-back'
  | 'renewed'

export interface WalletLine {
  readonly id: string
  readonly kind: WalletLineKind
  readonly atS: number
  readonly currency: string
  readonly amountMinor: number
  readonly siteLabel: string | null
  /** Of a session's hold, what was not used. */
  readonly releasedMinor: number | null
}

export interface WalletHistory {
  readonly lines: readonly WalletLine[]
  readonly asOfS: number
  readonly hasOlder: boolean
}

export interface WalletView {
  /** One for each currency; never added up. */
  readonly credits: readonly WalletCredit[]
  readonly signedIn: boolean
  readonly online: boolean
  readonly grants: readonly WalletGrant[]
  /** Null while there is nothing to choose between. */
  readonly payChoice: PayChoice | null
  readonly history: WalletHistory | null
  readonly historyState: 'idle' | 'reading'
  /** Which grant, or what else, an answer is awaited for. */
  readonly busy: string | null
  readonly refusal: Refusal | null
  readonly nowS: number
}

export interface WalletProps {
  view: WalletView
  onAddFunds(): void
  onRenew(serial: string | null): void
  onGiveBack(serial: string): void
  onPrepareTrip(): void
  onJoinFleet(): void
  onPayFrom(purse: string): void
  onOlder(): void
  onOpenSession(lineId: string): void
  onBack(): void
}
