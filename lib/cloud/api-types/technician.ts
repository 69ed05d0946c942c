/** A technician's phone. */

import type { SignedText } from './shared'
import type { TrustResponse } from './devices'

// POST /api/v1/technician/passes
export interface TakePassRequest {
  /** Of the operator's invitation. */
  readonly code: string
  readonly deviceKey: string
}

export interface TakePassResponse extends TrustResponse {
  readonly pass: SignedText
}
