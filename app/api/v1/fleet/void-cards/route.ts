/** Void printed cards of the member's fleet. */

import { listVoidCards } from '@/lib/cloud/operations/printed-cards'
import { voidList } from '@/lib/cloud/printed-cards/void-list'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listVoidCards, (cloud, { organisationId }, { query }) =>
  voidList(cloud, organisationId, query),
)
