/** What lies on this phone, by what it is for, with its size: so that people can be told in plain words. */

import { utf8 } from '@/lib/core/bytes'
import type { WalletState } from './wallet-state'

export type StoredPartName = 'sessions' | 'credit' | 'account' | 'trust' | 'places' | 'other'

export interface StoredPart {
  readonly name: StoredPartName
  /** Sessions, grants, lines of history, sites; null where counting says nothing. */
  readonly count: number | null
  readonly bytes: number
}

export function storedParts(state: WalletState): readonly StoredPart[] {
  const { chains, trust, account, history, passkey, spareKey, siteBook, tripOrder, ...rest } = state
  const entries = chains.flatMap((chain) => chain.entries)
  return [
    { name: 'sessions', count: entries.length, bytes: bytesOf(entries) },
    {
      name: 'credit',
      count: chains.length,
      bytes: bytesOf(chains.map(({ entries: _entries, ...chain }) => chain)),
    },
    { name: 'account', count: null, bytes: bytesOf([account, history, passkey, spareKey]) },
    { name: 'trust', count: trust?.trustList.payload.issuers.length ?? 0, bytes: bytesOf(trust) },
    { name: 'places', count: null, bytes: bytesOf([siteBook, tripOrder]) },
    { name: 'other', count: null, bytes: bytesOf(rest) },
  ]
}

/** About what the browser's database needs: text as UTF-8, a number as eight bytes, names of fields included. */
function bytesOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length
  if (typeof value === 'string') return utf8(value).length
  if (typeof value === 'number') return 8
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + bytesOf(item), 0)
  if (typeof value !== 'object' || value === null) return 1
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + bytesOf(item), 0)
}
