/** The ledger strip of the demonstration. */

import { refusal } from '@/lib/core/reason'
import { ledgerFigures } from '@/lib/cloud/operator/queries'
import { handle } from '../../../handle'
import { json, refuse } from '../../../respond'

export const dynamic = 'force-dynamic'

export const GET = handle(
  async (cloud) =>
    cloud.config.isDemo ? json(await ledgerFigures(cloud)) : refuse(refusal('api.not-found')),
  'open',
)
