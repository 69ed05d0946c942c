/**
 * A charger asks for a certificate: for the key it has, or for its next one. Signed by the key of its present
 * certificate, which says that it is the same charger, and sent a second time signed by the next key, which says that
 * it holds that key.
 */

import { chargerField, keyField, operatorField, timeField } from '../common-fields'
import { at, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  operator: at(1, operatorField),
  chargerId: at(2, chargerField),
  /** To be certified. */
  key: at(3, keyField),
  timeS: at(4, timeField),
})

export type CertificateRenewal = PayloadOf<typeof payload>
export const certificateRenewal: MessageType<CertificateRenewal> = { name: 'certificate-renewal', payload }
