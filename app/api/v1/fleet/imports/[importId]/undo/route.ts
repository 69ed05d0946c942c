/** Takes an import back. */

import { undoImport } from '@/lib/cloud/drivers/imports'
import { undoImport as undoOperation } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  undoOperation,
  (cloud, { accountId: author, organisationId: fleetId }, { params: { importId } }) =>
    undoImport(cloud, { fleetId, importId, author }),
)
