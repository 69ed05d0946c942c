/**
 * Authorize.req (OCPP 2.0.1, C01 and C07): somebody presented a token at the charger itself, or a vehicle its contract
 * (Plug & Charge), which the charger has checked and names by the hashes of its certificates.
 */

import { ok } from '@/lib/core/result'
import { presentedContract } from '../../presented-contract'
import type { Route } from '../../route'
import { idTokenInfo, presentedToken } from '../fields'

export const authorize: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const token = presentedToken(payload)
    if (token === undefined) return ok({ idTokenInfo: { status: 'Invalid' } })
    const { certificateStatus, ...info } = await handlers.onAuthorize({
      identity,
      idTag: token.text,
      token,
      ...presentedContract(payload),
      receivedAtS: frame.receivedAtS,
    })
    return ok({
      idTokenInfo: idTokenInfo(info),
      ...(certificateStatus === undefined ? {} : { certificateStatus }),
    })
  },
}
