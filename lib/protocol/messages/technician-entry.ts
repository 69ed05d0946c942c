/** The key of a technician's pass answers one challenge of one charger. The pass stands beside it in the code. */

import { hashField, timeField } from '../common-fields'
import { at, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  challengeHash: at(1, hashField),
  passHash: at(2, hashField),
  timeS: at(3, timeField),
})

export type TechnicianEntry = PayloadOf<typeof payload>
export const technicianEntry: MessageType<TechnicianEntry> = { name: 'technician-entry', payload }
