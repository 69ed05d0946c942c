/**
 * The cloud as a world sees it: the commands of the real one, in memory or on PostgreSQL. It may crash at any write;
 * what it acknowledged is durable.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { OperatorId, PublicKey } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { Signer } from '@/lib/crypto/signature'
import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { RoadFault, RoadNews } from '@/lib/roads/road'
import type {
  AccountNews,
  ClaimOrder,
  GrantNews,
  GrantOrder,
  RenewOrder,
  ReportedChain,
  ReportReply,
} from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'
import type { WorldSite } from './place'
import type { WorldCards } from './world-cards'
import type { Enrolment } from '@/charger-kiosk/controller/knowledge'

/** Where a crash strikes: before anything of the transaction is durable, or after all of it is and nobody heard. */
export type CrashKind = 'before-commit' | 'after-commit'

export interface RaiseOrder {
  readonly serial: string
  readonly chargerId: string
  readonly maximumMinor: number
}

export interface TokenOrder {
  readonly capMinor: number
  readonly sessionCapMinor: number
  /** 0: as much on a day as there is. */
  readonly dailyLimitMinor: number
  readonly days: number
  readonly sites: readonly WorldSite[]
}

export interface CardOrder {
  /** Whose credit stands behind it, as an account in the books. */
  readonly owner: string
  readonly capMinor: number
  readonly sites: readonly WorldSite[]
  readonly days: number
  /** Printed unless something else is said. */
  readonly bearer?: 'printed' | 'rfid'
}

export interface GuestOrder {
  readonly paymentId: string
  /** From which the server draws the payment's id; only the phone knows it. */
  readonly token: string
  readonly devicePublicKey: string
  readonly amountMinor: number
  readonly isCardGood: boolean
}

export interface WorldCloud {
  readonly operator: OperatorId
  /** Registers a charger and certifies its key. */
  enrol(chargerId: string, key: PublicKey, site: WorldSite): Promise<Enrolment>
  /** Opens an account with so much credit, paid in by card. Its grants name the passkey. */
  openAccount(accountId: string, creditMinor: number, passkey: PasskeyInfo | undefined): Promise<void>
  receiveBundle(bytes: Bytes): Promise<Result<RoadNews, RoadFault>>
  /** How much of a log the cloud holds for good. */
  heldSize(device: string, epoch: number): Promise<number>
  receiveReport(chains: readonly ReportedChain[]): Promise<Result<ReportReply, Refusal>>
  trust(): Promise<TrustNews>
  account(accountId: string): Promise<AccountNews>
  requestGrant(accountId: string, order: GrantOrder): Promise<Result<GrantNews, Refusal>>
  /** The next grant for one that its holder closes; the same close gives the same grant. */
  renew(accountId: string | undefined, order: RenewOrder): Promise<Result<GrantNews, Refusal>>
  /** Opens the world's one fleet. */
  openFleet(creditMinor: number): Promise<void>
  /** Sets credit of the fleet aside for a driver; gives the code that claims it. */
  issueToken(order: TokenOrder): Promise<Result<string, Refusal>>
  claim(order: ClaimOrder): Promise<Result<GrantNews & { readonly fleetName: string }, Refusal>>
  /** A driver without an account sets so much aside on a card, for one session. */
  payAsGuest(order: GuestOrder): Promise<Result<GrantNews, Refusal>>
  /** Prints a card whose credit stands in a reserve. */
  issueCard(order: CardOrder): Promise<Result<{ readonly bytes: Bytes }, Refusal>>
  /** Its holder has lost it. */
  revokeCard(serial: string): Promise<void>
  /** Looks after guests' payments, and asks the provider for what is due. */
  workOnPayments(): Promise<number>
  /** What the card provider says that it has done. */
  readonly cards: WorldCards
  /** The time for an offer's nonce. */
  signTime(nonce: string): Promise<Result<string, Refusal>>
  /** The key that signs now. */
  issuer(): Signer
  /** Certifies a charger's next key: asked for by the present one, proved by the next. */
  renewCharger(renewal: Bytes, proof: Bytes): Promise<Result<Bytes, Refusal>>
  revoke(serial: string): Promise<void>
  /** No charger, or not this one, may accept this session or this grant from now on. */
  veto(id: string, chargerId: string | undefined): Promise<Result<Bytes, Refusal>>
  /** A charger may hold more for a grant than it would for a stranger. */
  raise(accountId: string, order: RaiseOrder): Promise<Result<Bytes, Refusal>>
  changePolicy(change: Partial<Omit<Policy, 'operator' | 'sequence'>>): Promise<void>
  /** Another issuer key signs from now on; the old one stays in the trust list. */
  rotateIssuer(): Promise<void>
  /** Works through what waits in the inbox. */
  work(): Promise<number>
  /** Gives back what grants left over whose time and grace have passed. */
  releaseDue(): Promise<number>
  /** Gives back what closed grants need no more, now that holds of theirs have ended. */
  giveBackRests(): Promise<number>
  /** The process dies at the access to its store after the next `after`, and another one starts. */
  planCrash(kind: CrashKind, after: number): void
  /** No crash is planned any more. */
  mend(): void
  books(): Promise<CloudBooks>
  close(): Promise<void>
}

export interface BookedTransfer {
  readonly reference: string
  readonly kind: string
  readonly effect: string
  readonly debit: string
  readonly credit: string
  readonly currency: string
  readonly amountMinor: number
  readonly resolves: string | null
}

export interface BookedSession {
  readonly sessionId: string
  readonly serial: string | null
  readonly owner: string | null
  readonly state: string
  readonly hold: string
  readonly holdMinor: number | null
  /** Null until a charger's last word is known. */
  readonly postedMinor: number | null
  readonly disputedMinor: number
}

export interface BookedCase {
  readonly kind: string
  readonly sessionId: string | null
  readonly serial: string | null
  readonly chargerId: string | null
}

/** Everything that the oracle compares, each list in a fixed order. */
export interface CloudBooks {
  readonly transfers: readonly BookedTransfer[]
  readonly accounts: readonly {
    readonly account: string
    readonly currency: string
    readonly postedMinor: number
    readonly pendingMinor: number
  }[]
  readonly sessions: readonly BookedSession[]
  readonly cases: readonly BookedCase[]
  readonly logs: readonly {
    readonly device: string
    readonly epoch: number
    readonly size: number
    readonly root: string
  }[]
  readonly revoked: readonly string[]
  readonly waiting: number
}

/** The cloud's process died in the middle of a request. */
export class CloudCrash extends Error {
  constructor() {
    super('The cloud crashed')
  }
}
