/** How a top-up of the manager's fleet stands: asked after coming back from the card provider's page. */

import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { topUpProgress } from '@/lib/cloud/topup/queries'
import { handleMember } from '../../../../handle'
import { answer } from '../../../../respond'

export function GET(
  request: Request,
  { params }: { params: Promise<{ topUpId: string }> },
): Promise<Response> {
  return handleMember('credit.read', async (cloud, { organisationId: fleetId }) =>
    answer(await topUpProgress(cloud, fleetAccount(fleetId), (await params).topUpId)),
  )(request)
}
