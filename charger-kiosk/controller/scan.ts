/** From an authorization to an answer that is signed and ready to be written. */

import type { Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { refusal, type Refusal } from '@/lib/core/reason'
import { seconds, wattHours } from '@/lib/core/units'
import type { MessageHash, SessionId } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import { classOf, classTerms, type ClassTerms } from '@/lib/policy/class-limits'
import type { Envelope } from '@/lib/protocol/envelope'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage } from '@/lib/protocol/message'
import { isSiteBound } from '@/lib/protocol/messages/grant'
import { answer } from '@/lib/protocol/messages/answer'
import { stopCodeFrom, stopDigest } from '@/lib/protocol/stop-code'
import {
  decide,
  presentedIn,
  type Accepted,
  type AcceptanceFacts,
  type Declined,
  type KnownAnswer,
} from '../session/acceptance'
import type { Now, Session } from '../session/connector-state'
import type { KnownOffer } from '../session/offer-book'
import { rows } from '../session/records'
import { ruleIncidents } from '../session/rule-check'
import type { Reserved, SiteReserve } from '../session/site-reserve'
import type { Books } from './books'
import type { NewsPiece } from './news-desk'
import type { Beside } from './work'

/** What a scan led to. `answer` is what the phone has to scan, where anything was signed. */
export type ScanOutcome =
  | {
      readonly kind: 'accepted'
      readonly sessionId: SessionId
      readonly answer: Bytes
      readonly stopCode: string
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly answer: Bytes | undefined }
  | { readonly kind: 'known'; readonly known: KnownAnswer }
  /** A wallet's stop: the session is on its way to its end. */
  | { readonly kind: 'stopping'; readonly sessionId: SessionId }
  /** News that a phone carried: what came of each piece. */
  | { readonly kind: 'news'; readonly pieces: readonly NewsPiece[] }

export interface ScanParts {
  /** Of the key that signed this offer; where the offer is forgotten, the one in use. */
  readonly signerFor: (offerHash: MessageHash) => Signer
  readonly reserve: SiteReserve
  readonly random: Random
  readonly books: Books
  /** Whether another decline may be pinned before the next acknowledgement. */
  readonly mayPin: boolean
  /** The connector at whose camera the code was shown. */
  readonly seenAt: number
}

export type Prepared =
  | { readonly kind: 'known'; readonly known: KnownAnswer }
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      readonly answer: Bytes | undefined
      readonly beside: Beside
    }
  | {
      readonly kind: 'accepted'
      readonly connectorId: number
      readonly session: Session
      readonly event: JournalEvent
      readonly beside: Beside
    }

/** Decides and signs; the caller writes and acts. Throws only when the key store does. */
export async function prepareScan(
  envelope: Envelope,
  facts: AcceptanceFacts,
  now: Now,
  parts: ScanParts,
): Promise<Prepared> {
  const presented = presentedIn(envelope)
  if (!presented.ok) return unpinned(refusal(presented.error))
  const decision = decide(presented.value, facts)
  if (!decision.ok) return prepareDecline(decision.error, now, parts)
  if (decision.value.kind === 'known') return decision.value
  const reserved = await enterSpend(decision.value, parts)
  const isRoaming = !isSiteBound(decision.value.grant.payload)
  if (reserved.standing === 'held' || (isRoaming && reserved.standing !== 'frozen'))
    return prepareAccept(decision.value, reserved.writes, now, parts)
  // The book has changed its mind since it was asked: what it says now decides.
  const { standing } = reserved
  const again = decide(presented.value, { ...facts, siteReserve: () => standing })
  if (!again.ok) return prepareDecline(again.error, now, parts, reserved)
  return again.value.kind === 'known' ? again.value : prepareAccept(again.value, reserved.writes, now, parts)
}

/** Enters what a wallet signed into the site's book. */
async function enterSpend(
  { authorization, grant }: Pick<Accepted, 'authorization' | 'grant'>,
  { reserve }: ScanParts,
): Promise<Reserved> {
  if (!isSiteBound(grant.payload) && !reserve.entersRoaming) return { standing: 'absent', writes: [] }
  return reserve.reserve({ grant, authorization })
}

export const unpinned = (why: Refusal): Extract<Prepared, { kind: 'refused' }> => ({
  kind: 'refused',
  refusal: why,
  answer: undefined,
  beside: {},
})

async function prepareDecline(
  { refusal: why, pinned, ruleFailures = [] }: Declined,
  now: Now,
  parts: ScanParts,
  reserved?: Reserved,
): Promise<Prepared> {
  const { signerFor, books, mayPin, seenAt } = parts
  if (pinned === undefined || !mayPin) return unpinned(why)
  const { authorization, grant, chain } = pinned
  // What was declined was signed all the same: with another of its seq, the site knows of a fork.
  const entered = reserved ?? (await enterSpend(pinned, parts))
  const signed = await signMessage(
    answer,
    {
      sessionId: authorization.hash as SessionId,
      verdict: why.code,
      timeS: now.timeS,
    },
    signerFor(authorization.payload.offerHash),
  )
  const row = { answer: signed.bytes, declinedAtS: now.timeS, expiresAtS: grant.payload.notAfterS }
  const event: JournalEvent = {
    kind: 'declined',
    timeS: now.timeS,
    connectorId: seenAt,
    authorization: authorization.bytes,
    grant: grant.bytes,
    answer: signed.bytes,
  }
  return {
    kind: 'refused',
    refusal: why,
    answer: signed.bytes,
    beside: {
      events: [event, ...ruleIncidents(ruleFailures, now)],
      writes: [
        { table: 'declined', key: authorization.hash, value: rows.declined.encode(row) },
        ...(chain === undefined ? [] : [books.prepareChain(grant.payload.serial, chain)]),
        ...entered.writes,
      ],
    },
  }
}

async function prepareAccept(
  accepted: Accepted,
  reserved: Reserved['writes'],
  now: Now,
  { signerFor, random, books }: ScanParts,
): Promise<Prepared> {
  const { sessionId, offer, authorization, grant, passkeyAssertion } = accepted
  const { connectorId } = offer.payload
  const { serial } = grant.payload
  const { terms } = accepted
  const opening = { sessionId, serial, offer, holdMinor: authorization.payload.holdMinor, terms }
  const session = await openSession(opening, now, signerFor(offer.hash), random)
  const event: JournalEvent = {
    kind: 'accepted',
    timeS: now.timeS,
    connectorId,
    offer: offer.bytes,
    authorization: authorization.bytes,
    grant: grant.bytes,
    answer: session.answer,
    ...(passkeyAssertion === undefined ? {} : { passkeyAssertion }),
  }
  const writes = books.prepareAccept(accepted, connectorId, session.answer, offer.key, now.timeS)
  const events = ruleIncidents(accepted.ruleFailures, now)
  return {
    kind: 'accepted',
    connectorId,
    session,
    event,
    beside: { events, writes: [...writes, ...reserved] },
  }
}

/** The strictest of what the policy says of all, of a class, and by rules. */
function termsOf(
  { policy }: KnownOffer,
  { durationMaxS, energyMaxWh, powerMaxW, weight } = classTerms(policy, classOf(undefined)),
): Pick<Session, 'durationMaxS' | 'energyMaxWh' | 'powerMaxW' | 'weight'> {
  const { sessionDurationMaxS, sessionEnergyMaxWh } = policy
  return {
    durationMaxS: seconds(Math.min(sessionDurationMaxS, durationMaxS ?? sessionDurationMaxS)),
    energyMaxWh: wattHours(Math.min(sessionEnergyMaxWh, energyMaxWh ?? sessionEnergyMaxWh)),
    ...(powerMaxW === undefined ? {} : { powerMaxW }),
    ...(weight === 1 ? {} : { weight }),
  }
}

/** The session of an accept, with its stop code and the signed answer. */
export async function openSession(
  {
    sessionId,
    serial,
    offer,
    holdMinor,
    terms,
  }: Pick<Session, 'sessionId' | 'serial' | 'holdMinor'> & {
    offer: KnownOffer
    terms?: ClassTerms | undefined
  },
  now: Now,
  signer: Signer,
  random: Random,
): Promise<Session> {
  const { tariff, tariffChange } = offer.payload
  const stopCode = stopCodeFrom(random.bytes(4))
  const digest = stopDigest(sessionId, stopCode)
  const signed = await signMessage(
    answer,
    { sessionId, verdict: 'accepted', timeS: now.timeS, stopDigest: digest },
    signer,
  )
  return {
    sessionId,
    serial,
    offerHash: offer.hash,
    tariff,
    ...(tariffChange === undefined ? {} : { tariffChange }),
    holdMinor,
    acceptedAtS: now.timeS,
    answer: signed.bytes,
    stopCode,
    stopDigest: digest,
    ...termsOf(offer, terms),
    key: offer.key,
  }
}
