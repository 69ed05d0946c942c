/** A device's signed statement of its log: so many events, this Merkle root (RFC 9162). Proves order, not consent. */

import { deviceField, epochField, rootField, timeField } from '../common-fields'
import { at, integer, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  device: at(1, deviceField),
  epoch: at(2, epochField),
  size: at(
    3,
    integer((value) => value),
  ),
  root: at(4, rootField),
  timeS: at(5, timeField),
})

export type Checkpoint = PayloadOf<typeof payload>
export const checkpoint: MessageType<Checkpoint> = { name: 'checkpoint', payload }
