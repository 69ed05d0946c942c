/** A refusal with the facts that help somebody recover from it. */

import type { ReasonCode } from './reason-codes'

/** `facts` holds plain figures for the words ("limit", "asked"); never names, keys or other personal data. */
export interface Refusal {
  readonly code: ReasonCode
  readonly facts?: Readonly<Record<string, string | number>>
}

export const refusal = (code: ReasonCode, facts?: Refusal['facts']): Refusal =>
  facts === undefined ? { code } : { code, facts }
