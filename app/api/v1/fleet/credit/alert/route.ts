/** When a fleet wants to be warned. */

import { setAlert } from '@/lib/cloud/credit/low-credit'
import { setCreditAlert } from '@/lib/cloud/operations/credit'
import { memberRoute } from '../../../../handle-operation'

export const POST = memberRoute(
  setCreditAlert,
  (cloud, { accountId: author, organisationId: fleetId }, { body }) =>
    setAlert(cloud, { ...body, fleetId, author }),
)
