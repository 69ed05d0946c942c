/** How a top-up of the manager's fleet stands: asked after coming back from the card provider's page. */

import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { topUpProgress } from '@/lib/cloud/topup/queries'
import { handleManager } from '../../../../handle'
import { answer } from '../../../../respond'

export function GET(
  request: Request,
  { params }: { params: Promise<{ topUpId: string }> },
): Promise<Response> {
  return handleManager(async (cloud, { fleetId }) =>
    answer(await topUpProgress(cloud, fleetAccount(fleetId), (await params).topUpId)),
  )(request)
}
