/**
 * Reads the same bytes as the same type of message once. In a world everybody reads every message again and again: the
 * certificate with each bundle, the trust list with each answer. What is read depends on the bytes alone and is never
 * written to, so all of a process's worlds may share it. Put into the workers of worlds when they are bundled.
 */

import type { Result } from '@/lib/core/result'
import type { DecodeFault } from '@/lib/protocol/cbor'
import type { MessageType, ParsedMessage } from '@/lib/protocol/message'
import { textOf } from './keys'

type Parse = <T>(type: MessageType<T>, bytes: Uint8Array) => Result<ParsedMessage<T>, DecodeFault>

const rememberedMax = 30_000
/** Longer ones are rare, and mostly noise. */
const bytesMax = 2_000

export function rememberedParse<P extends Parse>(parse: P): P {
  const byType = new Map<unknown, Map<string, unknown>>()
  let count = 0
  const remembered = (type: MessageType<unknown>, bytes: Uint8Array): unknown => {
    if (bytes.length > bytesMax) return parse(type, bytes)
    const known = byType.get(type) ?? new Map<string, unknown>()
    const name = textOf(bytes)
    const before = known.get(name)
    if (before !== undefined) return before
    const parsed = parse(type, bytes)
    if (count >= rememberedMax) {
      byType.clear()
      known.clear()
      count = 0
    }
    byType.set(type, known.set(name, parsed))
    count += 1
    return parsed
  }
  return remembered as P
}
