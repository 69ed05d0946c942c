/**
 * Grants as they lie beside authorizations. A grant that is byte for byte the one in our books was signed by us, so
 * its signature is not verified again; any other is verified only to say what is wrong with it.
 */

import { equalBytes } from '@/lib/core/bytes'
import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import { readGrant, type EvidenceContext } from './evidence'
import { bytesName } from './read-log'
import type { ReconcileTransaction } from './store'

/** Parsed once however many sessions stand under them; a driver comes back within the week. */
const parsedMax = 20_000

export class OurGrants {
  private readonly parsed = new Map<string, ParsedMessage<Grant> | undefined>()

  /** Looks the grants up in the books; gives a reader of each of them. */
  async open(
    tx: ReconcileTransaction,
    grants: readonly Uint8Array[],
    currency: CurrencyCode,
    context: EvidenceContext,
  ): Promise<(bytes: Uint8Array) => Result<ParsedMessage<Grant>, Refusal>> {
    // Whoever asks later asks with the same objects.
    const names = new Map(grants.map((bytes) => [bytes, bytesName(bytes)]))
    const byName = new Map([...names].map(([bytes, name]) => [name, bytes]))
    const messages = new Map([...byName].map(([name, bytes]) => [name, this.parse(name, bytes)]))
    const serials = [...messages.values()].flatMap((message) => message?.payload.serial ?? [])
    const known = await tx.knownGrants([...new Set(serials)])
    const verdicts = new Map(
      [...messages].map(([name, message]): [string, Result<ParsedMessage<Grant>, Refusal>] => {
        if (message === undefined) return [name, err(refusal('code.damaged'))]
        const ours = known.get(message.payload.serial)
        const isOurs = ours !== undefined && equalBytes(ours, message.bytes)
        if (isOurs) return [name, ofCurrency(message, currency)]
        const verified = readGrant(message.bytes, context)
        return [name, verified.ok ? err(refusal('grant.missing')) : verified]
      }),
    )
    return (bytes) => verdicts.get(names.get(bytes) ?? bytesName(bytes)) ?? err(refusal('grant.missing'))
  }

  private parse(name: string, bytes: Uint8Array): ParsedMessage<Grant> | undefined {
    const known = this.parsed.get(name)
    if (known !== undefined) return known
    const message = parseMessage(grant, bytes)
    if (!message.ok) return undefined
    if (this.parsed.size >= parsedMax) this.parsed.clear()
    this.parsed.set(name, message.value)
    return message.value
  }
}

/** Money of a session is counted in the operator's currency; a grant in another cannot be ours. */
const ofCurrency = (
  message: ParsedMessage<Grant>,
  currency: CurrencyCode,
): Result<ParsedMessage<Grant>, Refusal> =>
  message.payload.currency === currency ? ok(message) : err(refusal('grant.currency'))
