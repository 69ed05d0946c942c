/** Whom this phone believes, short enough to be read out and compared. */

import { revocationEpochOf, type TrustState } from './trust-state'

export interface TrustSummary {
  readonly operator: string
  /** The first eight digits of a key tell keys apart; nobody has to read out sixty-four. */
  readonly rootId: string
  readonly sequence: number
  readonly timeS: number
  readonly issuers: readonly {
    readonly id: string
    readonly notBeforeS: number
    readonly notAfterS: number
  }[]
  readonly policySequence: number
  readonly revocationEpoch: number
  readonly revocationsAtS: number
  readonly revokedCount: number
}

const shortId = (key: string): string => `${key.slice(0, 4)} ${key.slice(4, 8)}`

export const trustSummary = (trust: TrustState): TrustSummary => ({
  operator: trust.trustList.payload.operator,
  rootId: shortId(trust.root),
  sequence: trust.trustList.payload.sequence,
  timeS: trust.trustList.payload.timeS,
  issuers: trust.trustList.payload.issuers.map(({ key, notBeforeS, notAfterS }) => ({
    id: shortId(key),
    notBeforeS,
    notAfterS,
  })),
  policySequence: trust.policy.payload.sequence,
  revocationEpoch: revocationEpochOf(trust),
  revocationsAtS: trust.revocations.payload.timeS,
  revokedCount: trust.revocations.payload.serials.length,
})
