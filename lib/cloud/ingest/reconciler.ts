/** What reconciliation is given: its books, its clock and its keys. The same for a server and for a simulated world. */

import type { Clock } from '@/lib/core/clock'
import type { Signer, Verify } from '@/lib/crypto/signature'
import type { CloudConfig } from '../config'
import type { OurGrants } from './our-grants'
import type { ReconcileStore } from './store'

export interface Reconciler {
  readonly config: Pick<CloudConfig, 'tenant' | 'currency' | 'runsWorker'>
  readonly store: ReconcileStore
  readonly clock: Clock
  readonly verify: Verify
  /** Like `verify`, for keys that an issuer of ours has signed in grants and certificates: it examined them before. */
  readonly verifyVouched?: Verify
  /** Grants that were met before. */
  readonly grants?: OurGrants
  /** Signs acknowledgements. */
  readonly issuer: Signer
}
