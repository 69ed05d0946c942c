/** Authorize.req (OCPP 2.0.1, C01): somebody presented a token at the charger itself. */

import { ok } from '@/lib/core/result'
import type { Route } from '../../route'
import { tokenOf } from '../fields'

export const authorize: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const idTag = tokenOf(payload) ?? ''
    const request = { identity, idTag, receivedAtS: frame.receivedAtS }
    const status = idTag === '' ? 'Invalid' : await handlers.onAuthorize(request)
    return ok({ idTokenInfo: { status } })
  },
}
