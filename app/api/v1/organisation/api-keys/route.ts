/** Keys of programs that act for the organisation. */

import { ok } from '@/lib/core/result'
import { createKey, listApiKeys } from '@/lib/cloud/operations/organisation'
import { apiKeysOf, createApiKey } from '@/lib/cloud/organisations/api-keys'
import { memberRoute } from '../../../handle-operation'

export const GET = memberRoute(listApiKeys, async (cloud, { organisationId }) =>
  ok({ keys: await apiKeysOf(cloud, organisationId) }),
)

export const POST = memberRoute(createKey, (cloud, { accountId: author, organisationId }, { body }) =>
  createApiKey(cloud, { organisationId, author, ...body }),
)
