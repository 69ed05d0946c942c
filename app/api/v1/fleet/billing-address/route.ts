/** Whom the fleet's invoices are addressed to. */

import { billingAddressOf, setBillingAddress as setAddress } from '@/lib/cloud/invoices/billing-address'
import { readBillingAddress, setBillingAddress } from '@/lib/cloud/operations/invoices'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readBillingAddress, (cloud, { organisationId }) =>
  billingAddressOf(cloud, organisationId),
)

export const POST = memberRoute(
  setBillingAddress,
  (cloud, { organisationId: fleetId, accountId: author }, { body: address }) =>
    setAddress(cloud, { fleetId, author, address }),
)
