/**
 * Authorize.req (OCPP 2.0.1, C01 and C07): somebody presented a token at the charger itself, or a vehicle its contract
 * (Plug & Charge), which the charger has checked and names by the hashes of its certificates.
 */

import { ok } from '@/lib/core/result'
import { asPayload, field, listField, textField } from '../../payload'
import type { ContractHash, RawPayload } from '../../port'
import type { Route } from '../../route'
import { idTokenInfo, presentedToken } from '../fields'

/** A contract and the authorities above it (OCPP 2.0.1: at most four). */
const hashesMax = 4

export const authorize: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const token = presentedToken(payload)
    if (token === undefined) return ok({ idTokenInfo: { status: 'Invalid' } })
    const { certificateStatus, ...info } = await handlers.onAuthorize({
      identity,
      idTag: token.text,
      token,
      contracts: listField(payload, 'iso15118CertificateHashData')
        .slice(0, hashesMax)
        .map((one) => contractHash(asPayload(one))),
      bringsContract: field(payload, 'certificate') !== undefined,
      receivedAtS: frame.receivedAtS,
    })
    return ok({
      idTokenInfo: idTokenInfo(info),
      ...(certificateStatus === undefined ? {} : { certificateStatus }),
    })
  },
}

const contractHash = (payload: RawPayload): ContractHash => ({
  hashAlgorithm: textField(payload, 'hashAlgorithm', 16) ?? '',
  issuerNameHash: textField(payload, 'issuerNameHash', 128) ?? '',
  issuerKeyHash: textField(payload, 'issuerKeyHash', 128) ?? '',
  serialNumber: textField(payload, 'serialNumber', 40) ?? '',
})
