/**
 * A receipt's proof as people pass it on: the text of a code (`OP1:…`), the end of a link, or a file with either in it.
 */

import { fromBase64Url } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, type Result } from '@/lib/core/result'
import { decodeEnvelope, envelopeFromText, type Envelope } from '@/lib/protocol/envelope'

/** A link escapes every character of a code's text at worst, and has an address before it. */
const sharedCharsMax = limits.scannedTextCharsMax * 3 + 2_048

/** From whatever somebody pasted, opened or followed. Proves nothing yet. */
export function receiptFromShared(shared: string): Result<Envelope, ReasonCode> {
  if (shared.length > sharedCharsMax) return err('code.too-large')
  // Base45 holds spaces but can end in none: its last digit is at most 32 (`W`), the space is 36.
  const line = unescaped(shared.trim())
  if (!/^[\w-]+$/.test(line)) return envelopeFromText(line)
  const bytes = fromBase64Url(line)
  return bytes === undefined ? err('code.damaged') : decodeEnvelope(bytes)
}

/** What stands behind `#` in a link, with `%20` and the like undone; other texts as they are. */
function unescaped(text: string): string {
  const isLink = /^https?:\/\//i.test(text)
  const end = isLink ? text.slice(text.indexOf('#') + 1) : text
  if (!isLink && !/^OP\d+%3A/i.test(end)) return end
  try {
    return decodeURIComponent(end)
  } catch {
    return end
  }
}
