/** Revokes a key. */

import { revokeKey } from '@/lib/cloud/operations/organisation'
import { revokeApiKey } from '@/lib/cloud/organisations/api-keys'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  revokeKey,
  (cloud, { accountId: author, organisationId }, { params: { keyId } }) =>
    revokeApiKey(cloud, { organisationId, author, keyId }),
)
