/** Payments have a loop of their own beside reconciliation: a card provider that hangs must not hold up receipts. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Cloud } from '../context'
import { workOnPayments } from './commands'

const pauseMs = 1_000
const pauseAfterFaultMs = 5_000

/** Ends after the piece in hand once `signal` is aborted. */
export async function runPayments(cloud: Cloud, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let pause = pauseMs
    try {
      await workOnPayments(cloud)
    } catch (error) {
      process.stderr.write(`payments: ${error instanceof Error ? error.message : String(error)}\n`)
      pause = pauseAfterFaultMs
    }
    await wait(pause, undefined, { signal }).catch(() => undefined)
  }
}
