/** From the text that the camera read to an answer that is signed and durable. */

import type { Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { wattHours } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { envelopeFromText } from '@/lib/protocol/envelope'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage } from '@/lib/protocol/message'
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
import { rows } from '../session/records'
import type { Books } from './books'
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

export interface ScanParts {
  readonly signer: Signer
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
  text: string,
  facts: AcceptanceFacts,
  now: Now,
  parts: ScanParts,
): Promise<Prepared> {
  const envelope = envelopeFromText(text)
  if (!envelope.ok) return unpinned(refusal(envelope.error))
  const presented = presentedIn(envelope.value)
  if (!presented.ok) return unpinned(refusal(presented.error))
  const decision = decide(presented.value, facts)
  if (!decision.ok) return prepareDecline(decision.error, now, parts)
  return decision.value.kind === 'known' ? decision.value : prepareAccept(decision.value, now, parts)
}

const unpinned = (why: Refusal): Prepared => ({
  kind: 'refused',
  refusal: why,
  answer: undefined,
  beside: {},
})

async function prepareDecline(
  { refusal: why, pinned }: Declined,
  now: Now,
  { signer, books, mayPin, seenAt }: ScanParts,
): Promise<Prepared> {
  if (pinned === undefined || !mayPin) return unpinned(why)
  const { authorization, grant, chain } = pinned
  const signed = await signMessage(
    answer,
    {
      sessionId: authorization.hash as SessionId,
      verdict: why.code,
      timeS: now.timeS,
    },
    signer,
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
      events: [event],
      writes: [
        { table: 'declined', key: authorization.hash, value: rows.declined.encode(row) },
        ...(chain === undefined ? [] : [books.prepareChain(grant.payload.serial, chain)]),
      ],
    },
  }
}

async function prepareAccept(
  accepted: Accepted,
  now: Now,
  { signer, random, books }: ScanParts,
): Promise<Prepared> {
  const { sessionId, offer, authorization, grant, passkeyAssertion } = accepted
  const { connectorId, tariff } = offer.payload
  const stopCode = stopCodeFrom(random.bytes(4))
  const digest = stopDigest(sessionId, stopCode)
  const signed = await signMessage(
    answer,
    { sessionId, verdict: 'accepted', timeS: now.timeS, stopDigest: digest },
    signer,
  )
  const session: Session = {
    sessionId,
    serial: grant.payload.serial,
    offerHash: offer.hash,
    tariff,
    holdMinor: authorization.payload.holdMinor,
    acceptedAtS: now.timeS,
    answer: signed.bytes,
    stopCode,
    stopDigest: digest,
    durationMaxS: offer.policy.sessionDurationMaxS,
    energyMaxWh: wattHours(offer.policy.sessionEnergyMaxWh),
  }
  const event: JournalEvent = {
    kind: 'accepted',
    timeS: now.timeS,
    connectorId,
    offer: offer.bytes,
    authorization: authorization.bytes,
    grant: grant.bytes,
    answer: signed.bytes,
    ...(passkeyAssertion === undefined ? {} : { passkeyAssertion }),
  }
  const writes = books.prepareAccept(accepted, connectorId, signed.bytes, now.timeS)
  return { kind: 'accepted', connectorId, session, event, beside: { writes } }
}
