/**
 * The charger asks whoever wants into its technician mode to prove the key that a pass names. Its nonce is drawn afresh
 * and remembered for a few minutes, so that an answer that was photographed opens nothing later or elsewhere.
 */

import { chargerField, nonceField, timeField } from '../common-fields'
import { at, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  chargerId: at(1, chargerField),
  nonce: at(2, nonceField),
  timeS: at(3, timeField),
})

export type TechnicianChallenge = PayloadOf<typeof payload>
export const technicianChallenge: MessageType<TechnicianChallenge> = { name: 'technician-challenge', payload }
