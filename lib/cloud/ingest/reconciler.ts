/** What reconciliation is given: its books, its clock and its keys. The same for a server and for a simulated world. */

import type { Clock } from '@/lib/core/clock'
import type { Signer, Verify } from '@/lib/crypto/signature'
import type { CloudConfig } from '../config'
import type { ReconcileStore } from './store'

export interface Reconciler {
  readonly config: Pick<CloudConfig, 'tenant' | 'currency' | 'runsWorker'>
  readonly store: ReconcileStore
  readonly clock: Clock
  readonly verify: Verify
  /** Signs acknowledgements. */
  readonly issuer: Signer
}
