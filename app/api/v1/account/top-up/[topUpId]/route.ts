/** How a top-up of the signed-in driver stands: asked after coming back from the card provider's page. */

import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { topUpProgress } from '@/lib/cloud/topup/queries'
import { handleSignedIn } from '../../../../handle'
import { answer } from '../../../../respond'

export function GET(
  request: Request,
  { params }: { params: Promise<{ topUpId: string }> },
): Promise<Response> {
  return handleSignedIn(async (cloud, accountId) =>
    answer(await topUpProgress(cloud, walletAccount(accountId), (await params).topUpId)),
  )(request)
}
