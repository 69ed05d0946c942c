/**
 * The issuer's word that events 0 … size−1 of a device's log, with this root, are committed on its disk. Nothing
 * else lets a device purge. For a wallet, `device` is the grant's serial, `size` its last seq and `root` zero.
 */

import { limits } from '@/lib/core/limits'
import { deviceField, epochField, rootField, serialField, timeField } from '../common-fields'
import { at, integer, list, optional, struct, uint, type PayloadOf } from '../fields'
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
  /**
   * Every receipt of this charger with a counter up to this one is settled, but for sessions of `heldSerials`: the
   * confirmation that ends the first-seen cap (rules of money, first seen). Absent: nothing is confirmed.
   */
  settledCounter: optional(6, epochField),
  /** Grants with a session at this charger that is in a case; they stay first-seen. */
  heldSerials: optional(7, list(serialField, limits.heldSerialsMax)),
  /**
   * Events beyond `size` that are held as well, as [from, to): pieces that overtook others. A device need not send them
   * again for now, but purges nothing because of them.
   */
  ranges: optional(8, list(list(uint(Number.MAX_SAFE_INTEGER), 2, 2), limits.heldRangesMax)),
})

export type Acknowledgement = PayloadOf<typeof payload>
export const acknowledgement: MessageType<Acknowledgement> = { name: 'acknowledgement', payload }
