/** What the charger says about a running session when asked. Information only: it never settles anything. */

import { amountField, durationField, energyField, sessionIdField, timeField } from '../common-fields'
import { at, choice, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

export const sessionProgress = ['starting', 'charging', 'stopping', 'ended'] as const

const payload = struct({
  sessionId: at(1, sessionIdField),
  progress: at(2, choice(sessionProgress)),
  energyWh: at(3, energyField),
  costMinor: at(4, amountField),
  elapsedS: at(5, durationField),
  timeS: at(6, timeField),
})

export type Status = PayloadOf<typeof payload>
export const status: MessageType<Status> = { name: 'status', payload }
