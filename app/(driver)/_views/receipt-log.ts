/**
 * Receipts of one charger are counted and chained by hash, so that a hidden session shows (PROTOCOL.md, the receipt's
 * counter and previous hash). A phone sees only its own; where two of them touch, they must fit.
 */

import type { ReceiptView } from '@/components/driver/receipt-view'
import { entriesOf, type WalletState } from '@/lib/wallet/wallet-state'
import { isFinished, type Finished } from './charge-records'

export function logOf(state: WalletState, entry: Finished): ReceiptView['log'] {
  const { payload, hash } = entry.state.receipt
  const others = entriesOf(state)
    .filter(isFinished)
    // Another key is another log: the charger was set up anew.
    .filter(
      ({ sessionId, certificate }) =>
        sessionId !== entry.sessionId && certificate.payload.key === entry.certificate.payload.key,
    )
    .map((other) => other.state.receipt)
  const at = (counter: number) => others.find((other) => other.payload.counter === counter)
  const before = at(payload.counter - 1)
  const after = at(payload.counter + 1)
  const isBroken =
    at(payload.counter) !== undefined ||
    (before !== undefined && before.hash !== payload.previous) ||
    (after !== undefined && after.payload.previous !== hash)
  if (isBroken) return { kind: 'broken' }
  return before === undefined ? { kind: 'alone' } : { kind: 'follows', number: before.payload.counter }
}
