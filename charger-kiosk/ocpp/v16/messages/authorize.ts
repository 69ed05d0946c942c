/** Authorize.req (OCPP 1.6 §4.1): somebody presented a tag at the charger itself. */

import { ok } from '@/lib/core/result'
import { textField } from '../../payload'
import type { Route } from '../../route'
import { idTagInfo } from './fields'

export const authorize: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const tag = textField(payload, 'idTag', 20) ?? ''
    if (tag === '') return ok({ idTagInfo: { status: 'Invalid' } })
    const token = { text: tag, type: undefined }
    const request = { identity, idTag: tag, token, receivedAtS: frame.receivedAtS }
    return ok({ idTagInfo: idTagInfo(await handlers.onAuthorize(request)) })
  },
}
