/** What an import would do. */

import { previewOf } from '@/lib/cloud/drivers/imports'
import { previewImport } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../handle-operation'

export const POST = memberRoute(previewImport, (cloud, { organisationId: fleetId }, { body }) =>
  previewOf(cloud, { ...body, fleetId }),
)
