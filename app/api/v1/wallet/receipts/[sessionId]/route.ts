/** A receipt of the signed-in driver, for a phone that does not have it. */

import { receiptProofOf } from '@/lib/cloud/accounts/receipt-proof'
import { sessionId } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { handleSignedIn } from '../../../../handle'
import { answer, refuse } from '../../../../respond'

export const dynamic = 'force-dynamic'

interface Place {
  readonly params: Promise<{ readonly sessionId: string }>
}

export const GET = (request: Request, { params }: Place): Promise<Response> =>
  handleSignedIn(async (cloud, accountId) => {
    const { sessionId: id } = await params
    return /^[0-9a-f]{32}$/.test(id)
      ? answer(await receiptProofOf(cloud, accountId, sessionId(id)))
      : refuse(refusal('api.not-found'))
  }, 'payments')(request)
