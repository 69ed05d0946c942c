/** Grants that must no longer be accepted: sorted serials, whole list, numbered by epoch. */

import { limits } from '@/lib/core/limits'
import { epochField, operatorField, serialField, timeField } from '../common-fields'
import { at, list, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  operator: at(1, operatorField),
  epoch: at(2, epochField),
  timeS: at(3, timeField),
  serials: at(4, list(serialField, limits.revokedSerialsMax)),
})

export type Revocations = PayloadOf<typeof payload>
export const revocations: MessageType<Revocations> = { name: 'revocations', payload }
