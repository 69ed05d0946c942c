/** Imports of the member's fleet: the last ones, and another. */

import { importsOf, takeImport } from '@/lib/cloud/drivers/imports'
import { listImports, takeImport as takeOperation } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listImports, (cloud, { organisationId }) => importsOf(cloud, organisationId))

export const POST = memberRoute(
  takeOperation,
  (cloud, { accountId: author, organisationId: fleetId }, { body }) =>
    takeImport(cloud, { ...body, fleetId, author }),
)
