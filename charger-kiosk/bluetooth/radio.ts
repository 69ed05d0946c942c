/**
 * The port to a radio that offers the charger's service to phones (peripheral, GATT server). The radio knows values and
 * phones; what they mean is its user's business. The twin is `memory-radio.ts`.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Result } from '@/lib/core/result'

/** What the radio calls a phone while it is connected. Addresses change and prove nothing. */
export type PhoneName = string

/** Answers at once, never throws: radios wait for it. */
export interface RadioUser {
  /** @param writeBytesMax what this phone's connection carries in one write, as far as the radio knows. */
  stateWritten(phone: PhoneName, value: Uint8Array, writeBytesMax: number | undefined): boolean
  stateRead(phone: PhoneName): Bytes
  /** False: the radio refuses the write, which the phone sees. */
  written(phone: PhoneName, value: Uint8Array): boolean
  /** Takes out the next value; empty when nothing waits. */
  read(phone: PhoneName): Bytes
  left(phone: PhoneName): void
}

export interface Radio {
  /** Notifies the state's value to all phones that subscribed. */
  notify(value: Bytes): void
  hangUp(phone: PhoneName): void
  close(): Promise<void>
}

/** `absent`: there is no Bluetooth here. `refused`: there is, and it does not let us. */
export interface RadioFault {
  readonly code: 'absent' | 'refused'
  readonly detail: string
}

export type OpenRadio = (
  user: RadioUser,
  /** Called when a radio that worked is gone; nothing is notified any more. */
  onLost: (fault: RadioFault) => void,
) => Promise<Result<Radio, RadioFault>>
