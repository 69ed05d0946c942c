/** For messages that a charger brings again: what was not recorded must not be acknowledged. */

import type { Result } from '@/lib/core/result'
import type { JournalFault } from '@/lib/journal/journal'

/** Throws, so that the message stays unanswered. */
export function durable(result: Result<void, JournalFault>): void {
  if (!result.ok) throw new Error(`Not recorded: ${result.error.cause}`)
}
