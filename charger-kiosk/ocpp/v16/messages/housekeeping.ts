/** Notices about firmware, diagnostics and security logs: acknowledged so that they are not repeated, nothing more. */

import { ok } from '@/lib/core/result'
import type { Route } from '../../route'

export const housekeeping: Route = {
  retried: false,
  async handle() {
    return ok({})
  },
}
