/** What a phone may send by radio, told apart before the controller hears of it. Nothing is verified here. */

import type { MessageHash, SessionId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { stop } from '@/lib/protocol/messages/stop'

export type PhoneCode = { readonly text: string } & (
  | { readonly kind: 'authorization'; readonly sessionId: SessionId; readonly offerHash: MessageHash }
  | { readonly kind: 'stop'; readonly sessionId: SessionId }
  | { readonly kind: 'news' }
)

/** A printed card has no place here: it is shown to the camera of the bay where the car stands. */
export function readPhoneCode(text: string): Result<PhoneCode, ReasonCode> {
  const envelope = envelopeFromText(text)
  if (!envelope.ok) return envelope
  const { kind, parts } = envelope.value
  const bytes = parts[0] ?? new Uint8Array()
  switch (kind) {
    case 'authorization': {
      const parsed = parseMessage(authorization, bytes)
      if (!parsed.ok) return err('code.damaged')
      const { hash, payload } = parsed.value
      return ok({ text, kind, sessionId: hash as SessionId, offerHash: payload.offerHash })
    }
    case 'stop': {
      const parsed = parseMessage(stop, bytes)
      if (!parsed.ok) return err('code.damaged')
      return ok({ text, kind, sessionId: parsed.value.payload.sessionId })
    }
    case 'news':
      return ok({ text, kind })
    default:
      return err('code.wrong-kind')
  }
}
