/**
 * Everything on this phone as plain JSON, for its owner (GDPR, Article 20). Signed messages go as they are, in base64url.
 * Keys stay out: those of this phone cannot be read by anybody, and no copy of one may exist.
 */

import { toBase64Url } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import type { WalletState } from './wallet-state'

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export interface PhoneExport {
  readonly format: 'outpost-export'
  readonly version: 1
  readonly madeAtS: number
  readonly phone: JsonValue
  /** What the operator holds, as it wrote it. */
  readonly account: JsonValue
  /** Why the account's part is missing, or null. */
  readonly accountMissing: 'signed-out' | 'unreachable' | null
}

export const exportState = (
  state: WalletState,
  nowS: EpochSeconds,
): Omit<PhoneExport, 'account' | 'accountMissing'> => ({
  format: 'outpost-export',
  version: 1,
  madeAtS: nowS,
  phone: plain(state),
})

function plain(value: unknown): JsonValue {
  if (value instanceof Uint8Array) return toBase64Url(value as Uint8Array<ArrayBuffer>)
  if (Array.isArray(value)) return value.map(plain)
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
    default:
      return null
  }
}
