/** What making invoices needs of the cloud: the worker has all of it, the terminal opens no more than this. */

import type { Cloud } from '../context'

export type InvoiceBooks = Pick<Cloud, 'db' | 'clock' | 'random'> & {
  readonly config: Pick<Cloud['config'], 'tenant' | 'currency' | 'origin' | 'seller'>
}
