/** How the wallet's state lies in the store: one record for each part and one for each chain, so that writes stay small. */

import type { EpochSeconds } from '@/lib/core/units'
import type { Chain, ChainEntry } from './chain'
import type { StoredRecord, StoreChange } from './store'
import { noPreferences } from './preferences'
import { emptyWalletState, laterOf, type WalletState } from './wallet-state'

const parts = [
  'trust',
  'clockFloorS',
  'account',
  'passkey',
  'spareKey',
  'ceremony',
  'signedTimes',
  'preferences',
  'history',
  'siteBook',
  'tripOrder',
] as const
const chainPrefix = 'chain/'

/** The records that differ between two states. */
export function changesBetween(before: WalletState, after: WalletState): Omit<StoreChange, 'from'> {
  const put: StoredRecord[] = []
  for (const part of parts) {
    if (before[part] !== after[part]) put.push({ key: part, value: after[part] })
  }
  const known = new Map(before.chains.map((chain) => [chain.serial, chain]))
  for (const chain of after.chains) {
    if (known.get(chain.serial) !== chain) put.push({ key: chainPrefix + chain.serial, value: chain })
    known.delete(chain.serial)
  }
  return { put, remove: [...known.keys()].map((serial) => chainPrefix + serial) }
}

/**
 * Only this app writes the store, and only whole states; so records are taken as they were written. What an older
 * version of the app did not know yet is filled in as it was then: nothing closed, nothing stopped, no news carried.
 */
export function stateFromRecords(records: readonly StoredRecord[], buildTimeS: EpochSeconds): WalletState {
  const byKey = new Map(records.map(({ key, value }) => [key, value]))
  const stored = Object.fromEntries(
    parts.filter((part) => byKey.has(part)).map((part) => [part, byKey.get(part)]),
  ) as Partial<WalletState>
  const chains = records
    .filter(({ key }) => key.startsWith(chainPrefix))
    .map(({ value }) => completeChain(value as StoredChain))
    .sort((left, right) => left.grant.payload.notBeforeS - right.grant.payload.notBeforeS)
  const state = { ...emptyWalletState(buildTimeS), ...stored, chains }
  const trust = state.trust === null ? null : { ...noNews, ...state.trust }
  const preferences = { ...noPreferences, ...state.preferences }
  return { ...state, trust, preferences, clockFloorS: laterOf(state.clockFloorS, buildTimeS) }
}

type StoredEntry = Omit<ChainEntry, 'complaint' | 'stop' | 'followUp'> & Partial<ChainEntry>
type StoredChain = Omit<Chain, 'closing' | 'entries'> &
  Partial<Pick<Chain, 'closing'>> & { readonly entries: readonly StoredEntry[] }

const completeChain = (stored: StoredChain): Chain => ({
  closing: null,
  ...stored,
  entries: stored.entries.map((entry) => ({
    stop: null,
    followUp: null,
    ...entry,
    // Before drivers could add words of their own.
    complaint: entry.complaint ? { ...entry.complaint, note: entry.complaint.note ?? '' } : null,
  })),
})

const noNews = { deltas: [], permits: [], nextPolicy: null } as const
