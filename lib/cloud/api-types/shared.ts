/**
 * What every part of the HTTP API shares. Version 1, as JSON: signed messages are base64url text, keys
 * lower-case hex, amounts integer minor units, times epoch seconds. A refusal is `ApiError` with a fitting HTTP status.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'

/** Bytes of a signed message as base64url without padding. */
export type SignedText = string

export interface ApiError {
  readonly error: {
    readonly code: ReasonCode
    readonly facts?: Readonly<Record<string, string | number>>
  }
  /** Only from `/sync`, beside `device.gap` and `device.fork`: what is held of the device's log, and who signs so. */
  readonly acknowledgement?: SignedText
  readonly trustList?: SignedText
}
