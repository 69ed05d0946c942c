/**
 * The wallet's own stop: signed by the key that consented, naming the session and the nonce of the offer that it stood
 * on. A stop for another charger's session, by another key or for another offer is worth nothing here; whoever copies
 * a right one can only end the session that its driver wanted to end.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage, verifyMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { stop, type Stop } from '@/lib/protocol/messages/stop'
import type { SessionRow } from './records'

export interface CheckedStop {
  readonly stop: VerifiedMessage<Stop>
  readonly row: SessionRow
}

/** @param sessionRow what this charger keeps of a session: its row stays for weeks after the end. */
export function checkStop(
  bytes: Uint8Array,
  sessionRow: (sessionId: string) => SessionRow | undefined,
  verify: Verify,
): Result<CheckedStop, ReasonCode> {
  const parsed = parseMessage(stop, bytes)
  if (!parsed.ok) return err('code.damaged')
  const row = sessionRow(parsed.value.payload.sessionId)
  // A bearer's session has no grant: nobody can sign for it, and its stop code is the way.
  if (row?.grant === undefined) return err('stop.wallet')
  const granted = parseMessage(grant, row.grant)
  const offered = parseMessage(offer, row.offer)
  if (!granted.ok || !offered.ok) return err('stop.wallet')
  if (offered.value.payload.nonce !== parsed.value.payload.nonce) return err('stop.wallet')
  const signed = verifyMessage(parsed.value, granted.value.payload.deviceKey, verify)
  return signed === undefined ? err('stop.wallet') : ok({ stop: signed, row })
}
