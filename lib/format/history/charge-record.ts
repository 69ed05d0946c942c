/** One charge as history tells it: plain figures, without signatures. Lists, sums, tables and papers are drawn from it. */

/**
 * `saved`: only on this phone. `seen`: the operator has it. `settled`: money is booked. `case`: somebody is looking at
 * it. `unused`: no charger took the code, and the hold is back; there is no receipt then.
 */
export const chargeStates = ['saved', 'seen', 'settled', 'case', 'unused'] as const
export type ChargeState = (typeof chargeStates)[number]

/** Whose credit paid: one's own, one's own bound to single sites (a guest's or a trip's), or a fleet's. */
export const payers = ['own', 'site', 'fleet'] as const
export type Payer = (typeof payers)[number]

export interface ChargeLines {
  readonly energyMinor: number
  readonly timeMinor: number
  readonly sessionMinor: number
  readonly idleMinor: number
}

export interface ChargeRecord {
  readonly sessionId: string
  readonly siteId: string
  readonly siteLabel: string
  readonly bayLabel: string
  readonly chargerId: string
  readonly operatorName: string
  readonly startS: number
  readonly endedAtS: number
  readonly chargingS: number
  readonly idleS: number
  readonly energyWh: number
  readonly meterStartWh: number
  readonly meterStopWh: number
  readonly currency: string
  readonly lines: ChargeLines
  readonly totalMinor: number
  /** Contained in the total. */
  readonly taxMinor: number
  readonly taxBasisPoints: number
  /** Given back by the operator afterwards. */
  readonly refundedMinor: number
  readonly state: ChargeState
  readonly payer: Payer
  readonly fleetName: string | null
  readonly receiptNumber: number
}
