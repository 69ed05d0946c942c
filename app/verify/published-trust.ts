/**
 * Whose signatures this browser believes: the operator's root key, kept from the first visit with a connection, and the
 * newest list of issuers under it. A root never changes by itself; a person has to take a new one.
 */

import { fromBase64Url } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { verifyWithNoble } from '@/lib/crypto/noble'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openTrustList } from '@/lib/protocol/trust'

/** The parts of `GET /api/v1/trust` that a receipt is judged by: a key as hex, a signed list as base64url. */
export interface PublishedTrust {
  readonly root: string
  readonly trustList: string
}

/** Undefined when it is malformed or the root did not sign it. */
export function openPublishedTrust({ root, trustList }: PublishedTrust): TrustList | undefined {
  if (!/^[0-9a-f]{64}$/.test(root)) return undefined
  const bytes = fromBase64Url(trustList)
  return bytes === undefined ? undefined : openTrustList(bytes, publicKey(root), verifyWithNoble)?.payload
}

/** From JSON that came from outside; null when it is something else, or not signed by its own root. */
export function readPublishedTrust(json: unknown): PublishedTrust | null {
  if (typeof json !== 'object' || json === null) return null
  const { root, trustList } = json as Readonly<Record<string, unknown>>
  if (typeof root !== 'string' || typeof trustList !== 'string') return null
  const trust = { root, trustList }
  return openPublishedTrust(trust) === undefined ? null : trust
}

export interface TrustNews {
  /** What to believe from now on. */
  readonly kept: PublishedTrust
  /** Set when the operator now shows another root: it is not believed until a person says so. */
  readonly otherRoot: PublishedTrust | null
}

/** The newer list under the same root; lists never go back. */
export function takePublishedTrust(kept: PublishedTrust | null, fresh: PublishedTrust): TrustNews {
  if (kept === null) return { kept: fresh, otherRoot: null }
  if (kept.root !== fresh.root) return { kept, otherRoot: fresh }
  const sequence = (trust: PublishedTrust): number => openPublishedTrust(trust)?.sequence ?? -1
  return { kept: sequence(fresh) > sequence(kept) ? fresh : kept, otherRoot: null }
}
