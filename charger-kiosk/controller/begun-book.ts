/**
 * Transactions that chargers began by themselves with a card, by what names them: a charger that was not heard tells it
 * again, also to a controller that has been restarted since, and nobody is billed twice.
 */

import { toHex, utf8 } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import type { Journal, ProjectionWrite } from '@/lib/journal/journal'
import { transactionId, type TransactionId } from '../ocpp/ids'
import type { StartTransactionRequest, StopTransactionNotice } from '../ocpp/port'
import { rows, type KioskTable } from '../session/records'
import { known, readRow } from './stored-rows'

export interface Begun {
  readonly id: TransactionId
  /** False: it was refused, and nothing stands on it. */
  readonly isSession: boolean
}

export function begunAs(journal: Journal<KioskTable>, key: string): Begun | undefined {
  const row = known(readRow(journal, 'begun', key, rows.begun.decode))
  return row === undefined
    ? undefined
    : { id: transactionId(row.transactionId), isSession: row.sessionId !== undefined }
}

export const begunWrite = (
  key: string,
  sessionId: SessionId | undefined,
  id: TransactionId,
  atS: EpochSeconds,
): ProjectionWrite<KioskTable> => ({
  table: 'begun',
  key,
  value: rows.begun.encode({ ...(sessionId === undefined ? {} : { sessionId }), transactionId: id, atS }),
})

/** 2.0.1 names a transaction; 1.6 knows it by what its start says, which no other one shares. */
export const startKey = ({ identity, transactionId: id, ...start }: StartTransactionRequest): string =>
  id !== undefined
    ? digest([identity, id])
    : digest([identity, start.connectorId, start.idTag, start.meterStartWh, start.time.reportedAtS])

export const stopKey = ({ identity, transactionId: id, ...stop }: StopTransactionNotice): string =>
  id !== undefined
    ? digest([identity, id])
    : digest([identity, 'stop', stop.idTag, stop.meterStopWh, stop.time.reportedAtS])

/** A card's number must not be found in a key; the serial of nobody else's start gives the same digest. */
const digest = (parts: readonly (string | number | undefined)[]): string =>
  toHex(sha256(utf8(parts.map(String).join('\n'))).subarray(0, 16))
