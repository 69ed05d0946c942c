/** What a charger says of the contract certificate that a vehicle presented to it (ISO 15118), in 2.0.1's words. */

import { asPayload, field, listField, textField } from './payload'
import type { ContractHash, RawPayload } from './port'

/** A contract and the authorities above it (OCPP 2.0.1: at most four). */
const hashesMax = 4

export interface PresentedContract {
  readonly contracts: readonly ContractHash[]
  /** The certificate itself: the charger could not check it, and asks somebody who can. */
  readonly bringsContract: boolean
}

export const presentedContract = (payload: RawPayload): PresentedContract => ({
  contracts: listField(payload, 'iso15118CertificateHashData')
    .slice(0, hashesMax)
    .map((one) => contractHash(asPayload(one))),
  bringsContract: field(payload, 'certificate') !== undefined,
})

const contractHash = (payload: RawPayload): ContractHash => ({
  hashAlgorithm: textField(payload, 'hashAlgorithm', 16) ?? '',
  issuerNameHash: textField(payload, 'issuerNameHash', 128) ?? '',
  issuerKeyHash: textField(payload, 'issuerKeyHash', 128) ?? '',
  serialNumber: textField(payload, 'serialNumber', 40) ?? '',
})
