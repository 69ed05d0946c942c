/** Authorize.req (OCPP 1.6 §4.1): somebody presented a tag at the charger itself. */

import { ok } from '@/lib/core/result'
import { textField } from '../../payload'
import type { Route } from '../../route'

export const authorize: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const tag = textField(payload, 'idTag', 20) ?? ''
    const request = { identity, idTag: tag, receivedAtS: frame.receivedAtS }
    const status = tag === '' ? 'Invalid' : await handlers.onAuthorize(request)
    return ok({ idTagInfo: { status } })
  },
}
