/**
 * The chain of one grant: every authorization that this phone gave under it, in order, with what came of it. Holds go
 * out, releases come back; the two sums that an authorization carries are drawn from here and never fall (PROTOCOL.md,
 * rule 3), because entries are only ever added and an entry that released something stays as it is.
 */

import type { Bytes } from '@/lib/core/bytes'
import { sessionId, type GrantSerial, type MessageHash, type SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { hashOfPayload } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { Close } from '@/lib/protocol/messages/close'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { Offer } from '@/lib/protocol/messages/offer'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import type { Status } from '@/lib/protocol/messages/status'
import type { Stop } from '@/lib/protocol/messages/stop'
import type { DeviceKey } from './key-vault'
import type { KeptMessage } from './kept-message'

/** An offer whose certificate and signature were verified. */
export interface CheckedOffer {
  readonly offer: KeptMessage<Offer>
  readonly certificate: KeptMessage<ChargerCertificate>
}

/** Why somebody should look at a session. */
export type Dispute = 'amount' | 'exceeds-hold' | 'second-receipt' | 'contradiction'

export type EntryState =
  /** Written down, perhaps signed, never shown. */
  | { readonly kind: 'prepared' }
  /** Signed and shown; no answer read yet. */
  | { readonly kind: 'open' }
  | { readonly kind: 'accepted'; readonly atS: EpochSeconds }
  | { readonly kind: 'declined'; readonly reason: ReasonCode; readonly atS: EpochSeconds }
  | {
      readonly kind: 'finished'
      readonly receipt: KeptMessage<Receipt>
      readonly atS: EpochSeconds
      /** What this phone computes from registers and tariff, or null where the registers make no sense. */
      readonly recomputedMinor: MinorUnits | null
    }
  /** No charger took it up, and the issuer's veto says that none will: the hold is back. */
  | { readonly kind: 'unused'; readonly atS: EpochSeconds }

/** How far the operator is: nothing, has the evidence, has posted it, or looks at it. */
export type Standing = 'saved' | 'seen' | 'settled' | 'case'

/** What a driver can say about a finished session, in words that are fixed. */
export const complaintReasons = [
  'amount',
  'no-energy',
  'stopped-early',
  'double-charge',
  'not-charged',
  'other',
] as const
export type ComplaintReason = (typeof complaintReasons)[number]

export interface Complaint {
  readonly reason: ComplaintReason
  /** In the driver's own words; often empty. */
  readonly note: string
  readonly atS: EpochSeconds
}

/** What people at the operator's side do with a session that is in question. */
export const caseSteps = ['open', 'in-review', 'waiting-for-evidence', 'decided'] as const

/** The operator's word about what came after: told, not signed, so it informs and nothing is reckoned from it. */
export interface FollowUp {
  readonly case: {
    readonly state: (typeof caseSteps)[number]
    readonly openedAtS: EpochSeconds
    readonly changedAtS: EpochSeconds
  } | null
  /** Credit given back, oldest first. */
  readonly refunds: readonly { readonly amountMinor: MinorUnits; readonly atS: EpochSeconds }[]
  /** What the session costs after all that; null before the first final. */
  readonly costMinor: MinorUnits | null
  /** The charger's own log has reached the operator too. */
  readonly byCharger: boolean
}

/** Something that this phone signs once: written down first, so that the same bytes come out whatever happens. */
export interface WrittenDown<T> {
  readonly payload: T
  /** Null until it is signed. */
  readonly signed: Bytes | null
}

export interface ChainEntry extends CheckedOffer {
  readonly payload: Authorization
  readonly sessionId: SessionId
  readonly state: EntryState
  /** The signed bytes; null only while `prepared`. */
  readonly signed: Bytes | null
  readonly passkeyAssertion: Bytes | null
  /** The newest that was read; information only. */
  readonly status: Status | null
  /** Everything that chargers signed about it, contradictions included. */
  readonly answers: readonly Bytes[]
  readonly receipts: readonly Bytes[]
  readonly disputes: readonly Dispute[]
  /** What the driver says about it, beside what this phone found. */
  readonly complaint: Complaint | null
  /** Null until the operator has told. */
  readonly followUp: FollowUp | null
  /** The driver asked the charger to end the session. */
  readonly stop: WrittenDown<Stop> | null
  readonly standing: Standing
  readonly standingAtS: EpochSeconds
  /** When the operator's word first said so, as far as this phone was told. */
  readonly standings?: Partial<Readonly<Record<Standing, EpochSeconds>>>
  /** How many of its signed pieces the operator has confirmed. */
  readonly reportedPieces: number
  /** Where the charger's key was rotated while the session ran. */
  readonly later?: LaterCertificate
  /** Bytes of news that were shown to the charger beside it. */
  readonly newsBytes?: number
}

/** The grant is given back, for another one or for good. Once this is written down, nothing new is signed under it. */
export interface Closing extends WrittenDown<Close> {
  /**
   * Which key the next grant is for; the same at every try, so that a lost response costs nothing. Null where none
   * follows and the credit returns to the account.
   */
  readonly renewalKey: DeviceKey | null
  /** `contradicted`: the operator knows of a later authorization, as after a restored backup. People look at it. */
  readonly outcome: 'asked' | 'renewed' | 'returned' | 'contradicted'
}

/** What the charger signed under a certificate other than the offer's: its key was rotated in between. */
export interface LaterCertificate {
  readonly certificate: KeptMessage<ChargerCertificate>
  readonly pieces: readonly Bytes[]
}

export interface Chain {
  readonly serial: GrantSerial
  readonly grant: KeptMessage<Grant>
  /** Null for the driver's own credit. */
  readonly fleetName: string | null
  readonly entries: readonly ChainEntry[]
  /** The last seq that the issuer's acknowledgement covers. */
  readonly acknowledgedSeq: number
  /** Null while the grant may be spent from. Its open holds stay under it and still get their receipts afterwards. */
  readonly closing: Closing | null
}

/** What each state of an entry means; the one table that money, screens and tests read. */
export const entryRules = {
  prepared: { isHeld: true, canBeShown: false, isOver: false },
  open: { isHeld: true, canBeShown: true, isOver: false },
  accepted: { isHeld: true, canBeShown: true, isOver: false },
  declined: { isHeld: false, canBeShown: true, isOver: true },
  finished: { isHeld: false, canBeShown: true, isOver: true },
  unused: { isHeld: false, canBeShown: false, isOver: true },
} as const satisfies Record<
  EntryState['kind'],
  {
    /** The whole hold is at stake. */
    readonly isHeld: boolean
    /** Its bytes may stand on the screen. */
    readonly canBeShown: boolean
    /** A charger's final word is here. */
    readonly isOver: boolean
  }
>

export const openChain = (grant: KeptMessage<Grant>, fleetName: string | null): Chain => ({
  serial: grant.payload.serial,
  grant,
  fleetName,
  entries: [],
  acknowledgedSeq: 0,
  closing: null,
})

/** What a charger's signature, or the issuer's veto, gave back of the hold. */
export function releasedOf(entry: ChainEntry): MinorUnits {
  switch (entry.state.kind) {
    case 'prepared':
    case 'open':
    case 'accepted':
      return minorUnits(0)
    case 'declined':
    case 'unused':
      return entry.payload.holdMinor
    case 'finished':
      return minorUnits(Math.max(0, entry.payload.holdMinor - entry.state.receipt.payload.totalMinor))
  }
}

/** What the entry takes from the grant now: an open hold, or what was billed of it. */
export const takenBy = (entry: ChainEntry): MinorUnits =>
  minorUnits(entry.payload.holdMinor - releasedOf(entry))

export const grossOf = (chain: Chain): MinorUnits => chain.entries.at(-1)?.payload.grossMinor ?? minorUnits(0)

export const releasedOfChain = (chain: Chain): MinorUnits =>
  minorUnits(chain.entries.reduce((sum, entry) => sum + releasedOf(entry), 0))

/** What the grant has left for a further hold. */
export const roomOf = (chain: Chain): MinorUnits =>
  minorUnits(Math.max(0, chain.grant.payload.capMinor - grossOf(chain) + releasedOfChain(chain)))

export const headOf = (chain: Chain): MessageHash => chain.entries.at(-1)?.sessionId ?? chain.grant.hash

export interface Consent {
  readonly offerHash: MessageHash
  readonly holdMinor: MinorUnits
  readonly nowS: EpochSeconds
  readonly revocationEpoch: number
}

/** The next authorization of the chain, or why the grant does not carry it. */
export function nextAuthorization(chain: Chain, consent: Consent): Result<Authorization, Refusal> {
  const { payload: grant, hash: grantHash } = chain.grant
  const seq = chain.entries.length + 1
  if (chain.closing !== null) return err(refusal('grant.closed'))
  if (consent.holdMinor <= 0) return err(refusal('hold.zero'))
  if (seq > grant.spendsMax) return err(refusal('wallet.spends', { limit: grant.spendsMax }))
  if (consent.holdMinor > grant.sessionCapMinor) {
    return err(refusal('hold.session-cap', { limit: grant.sessionCapMinor, asked: consent.holdMinor }))
  }
  const room = roomOf(chain)
  if (consent.holdMinor > room) return err(refusal('wallet.cap', { limit: room, asked: consent.holdMinor }))
  return ok({
    offerHash: consent.offerHash,
    holdMinor: consent.holdMinor,
    seq,
    previous: headOf(chain),
    grossMinor: minorUnits(grossOf(chain) + consent.holdMinor),
    releasedMinor: releasedOfChain(chain),
    timeS: consent.nowS,
    revocationEpoch: consent.revocationEpoch,
    grantHash,
  })
}

/** Writes the authorization into the chain, before anybody signs it. */
export function prepareEntry(
  chain: Chain,
  payload: Authorization,
  { offer, certificate }: CheckedOffer,
  passkeyAssertion: Bytes | null,
): Chain {
  const entry: ChainEntry = {
    offer,
    certificate,
    payload,
    sessionId: sessionId(hashOfPayload(authorization, payload)),
    state: { kind: 'prepared' },
    signed: null,
    passkeyAssertion,
    status: null,
    answers: [],
    receipts: [],
    disputes: [],
    complaint: null,
    followUp: null,
    stop: null,
    standing: 'saved',
    standingAtS: payload.timeS,
    reportedPieces: 0,
  }
  return { ...chain, entries: [...chain.entries, entry] }
}

/** The signed bytes are here: from now on the same bytes are shown for this entry, whatever happens. */
export const openEntry = (chain: Chain, id: SessionId, signed: Bytes): Chain =>
  replaceEntry(chain, id, (entry) =>
    entry.state.kind === 'prepared' ? { ...entry, signed, state: { kind: 'open' } } : entry,
  )

export const replaceEntry = (
  chain: Chain,
  id: SessionId,
  change: (entry: ChainEntry) => ChainEntry,
): Chain => ({
  ...chain,
  entries: chain.entries.map((entry) => (entry.sessionId === id ? change(entry) : entry)),
})

/** Pieces of an entry that the operator should have: what was signed about it, and what the driver says. */
export const piecesOf = (entry: ChainEntry): number =>
  (entry.signed === null ? 0 : 1) +
  entry.answers.length +
  entry.receipts.length +
  (entry.complaint === null ? 0 : 1)
