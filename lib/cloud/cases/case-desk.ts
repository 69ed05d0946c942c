/** The part of the cloud that deciding needs: a database and a clock, no keys. */

import type { Cloud } from '../context'

export type CaseDesk = Pick<Cloud, 'db' | 'clock'> & {
  readonly config: Pick<Cloud['config'], 'tenant' | 'currency'>
}
