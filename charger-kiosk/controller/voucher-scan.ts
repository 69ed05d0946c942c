/** A printed card shown to the camera: judged, recorded by the charger's own signature, and made durable before energy. */

import { toHex } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { nonce, type SessionId } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { minorUnits } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import type { Envelope } from '@/lib/protocol/envelope'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { voucher } from '@/lib/protocol/messages/voucher'
import type { AcceptanceFacts } from '../session/acceptance'
import { judgeBearer, type JudgedBearer } from '../session/bearer'
import type { ConnectorState, Now } from '../session/connector-state'
import type { KnownOffer } from '../session/offer-book'
import { ruleIncidents } from '../session/rule-check'
import type { Books } from './books'
import { openSession, unpinned, type Prepared } from './scan'

export interface VoucherScanParts {
  readonly facts: AcceptanceFacts
  /** Where the card was shown; its offer is the one that the driver sees. */
  readonly connector: ConnectorState
  readonly books: Books
  readonly signer: Signer
  readonly random: Random
}

export async function prepareVoucher(
  envelope: Envelope,
  now: Now,
  parts: VoucherScanParts,
): Promise<Prepared> {
  const { facts, connector, books } = parts
  const parsed = parseMessage(voucher, envelope.parts[0] ?? new Uint8Array())
  if (!parsed.ok) return unpinned(refusal('code.damaged'))
  const { phase, connectorId } = connector
  const { serial } = parsed.value.payload
  // Shown again while its own session stands here: the answer, then the receipt, once more.
  if ('session' in phase && phase.session.serial === serial) {
    const known = books.knownAnswer(phase.session.sessionId)
    if (known !== undefined) return { kind: 'known', known }
  }
  const offer = phase.kind === 'offering' ? phase.offer : undefined
  if (offer === undefined || now.monotonicMs >= offer.expiresAtMs)
    return unpinned(refusal(facts.hindrance(connectorId) ?? 'offer.expired'))
  const spentMinor = books.bearer(serial)?.spentMinor ?? 0
  const judged = judgeBearer(parsed.value, { ...facts, offer, spentMinor })
  return judged.ok ? acceptBearer({ ...judged.value, offer, spentMinor }, now, parts) : unpinned(judged.error)
}

interface Judged extends JudgedBearer {
  readonly offer: KnownOffer
  readonly spentMinor: number
  /** By a reader: the charger starts by itself. */
  readonly byCard?: true
}

/**
 * The charger's own record of a bearer, signed, and the session that it opens; the caller writes it. `now` is when the
 * session began, which for one that became known late is not the time of writing.
 */
export async function acceptBearer(
  { voucher: card, holdMinor, offer, spentMinor, byCard, terms, ruleFailures = [] }: Judged,
  now: Now,
  { books, signer, random }: Pick<VoucherScanParts, 'books' | 'signer' | 'random'>,
): Promise<Extract<Prepared, { kind: 'accepted' }>> {
  const { connectorId } = offer.payload
  const record = await signMessage(
    bearerRecord,
    {
      voucherHash: card.hash,
      nonce: nonce(toHex(random.bytes(8))),
      connectorId,
      holdMinor,
      spentMinor: minorUnits(spentMinor),
      timeS: now.timeS,
    },
    signer,
  )
  const sessionId = record.hash as SessionId
  const { serial } = card.payload
  const opened = await openSession({ sessionId, serial, offer, holdMinor, terms }, now, signer, random)
  const session = byCard === true ? { ...opened, byCard } : opened
  const event: JournalEvent = {
    kind: 'bearer-accepted',
    timeS: now.timeS,
    connectorId,
    offer: offer.bytes,
    record: record.bytes,
    voucher: card.bytes,
  }
  const accepted = { sessionId, offer, record, voucher: card }
  const writes = books.prepareBearerAccept(accepted, session.answer, offer.key, now.timeS)
  const events = ruleIncidents(ruleFailures, now)
  return { kind: 'accepted', connectorId, session, event, beside: { events, writes } }
}
