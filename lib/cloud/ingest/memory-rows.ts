/** What of a record in memory stands where PostgreSQL selects columns. */

import { toHex } from '@/lib/core/bytes'
import { messageHash } from '@/lib/core/ids'
import { emptyFrontier, rootOf } from '@/lib/log/frontier'
import type { UndoableMap } from '../ledger/undoable'
import type { ChainLink } from './chain-check'
import type { OpenHold, SessionRecord } from './store'

export const emptyLog = {
  frontier: emptyFrontier,
  root: toHex(rootOf(emptyFrontier)),
  checkpointAtS: 0,
  earlyCount: 0,
}

export const present = <K, V>(keys: readonly K[], table: UndoableMap<K, V>): ReadonlyMap<K, V> => {
  const found = new Map<K, V>()
  for (const key of keys) {
    const value = table.get(key)
    if (value !== undefined) found.set(key, value)
  }
  return found
}

export const toHold = (record: SessionRecord | undefined): OpenHold[] =>
  record === undefined || record.serial === null || record.holdState !== 'open'
    ? []
    : [
        {
          sessionId: record.sessionId,
          serial: record.serial,
          holdMinor: record.holdMinor ?? 0,
          currency: record.currency ?? '',
        },
      ]

export const toLink = (record: SessionRecord | undefined): ChainLink[] =>
  record === undefined || record.serial === null
    ? []
    : [
        {
          sessionId: record.sessionId,
          serial: record.serial,
          seq: record.seq ?? 0,
          previous: messageHash(record.previousHash ?? ''),
          grossMinor: record.grossMinor ?? 0,
          holdMinor: record.holdMinor ?? 0,
        },
      ]
