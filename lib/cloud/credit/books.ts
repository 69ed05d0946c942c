/** What the operator's own acts on credit need of the cloud: a terminal has no keys and no card provider. */

import type { CloudConfig } from '../config'
import type { Cloud } from '../context'

export interface CreditBooks extends Pick<Cloud, 'db' | 'clock' | 'random'> {
  readonly config: Pick<CloudConfig, 'tenant' | 'currency'>
}
