/**
 * The issuer's word that events 0 … size−1 of a device's log, with this root, are committed on its disk. Nothing
 * else lets a device purge. For a wallet, `device` is the grant's serial, `size` its last seq and `root` zero.
 */

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

export type Acknowledgement = PayloadOf<typeof payload>
export const acknowledgement: MessageType<Acknowledgement> = { name: 'acknowledgement', payload }
