/** DataTransfer.req (OCPP 1.6 §4.3): no vendor's extension is spoken here. */

import { ok } from '@/lib/core/result'
import type { Route } from '../../route'

export const dataTransfer: Route = {
  retried: false,
  async handle() {
    return ok({ status: 'UnknownVendorId' })
  },
}
