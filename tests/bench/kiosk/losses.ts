/** What power cuts cost, by the receipts of one charger: every watt-hour in exactly one of them, billed as it was measured. */

import type { Receipt } from '@/lib/protocol/messages/receipt'

export interface Losses {
  /** Sessions that ended with a receipt. */
  readonly sessions: number
  /** Counted by the charger's register and in no receipt, or in two. */
  readonly lostWh: number
  /** Between what the receipts say and what their registers cost. */
  readonly lostMinor: number
}

/** Of `storyTariff`: 49 cents a kWh and nothing else. */
const minorPerKwh = 49

/** @param receipts in the order of the charger's log. Throws where a counter is missing or a session ends twice. */
export function judgeReceipts(
  receipts: readonly Receipt[],
  startWh: number,
  registerWh: number,
  holdMinor: number,
): Losses {
  let lostWh = 0
  let lostMinor = 0
  let standsAtWh = startWh
  const sessions = new Set<string>()
  for (const [index, { sessionId, counter, meterStartWh, meterStopWh, totalMinor }] of receipts.entries()) {
    if (counter !== index + 1) throw new Error(`Receipt ${counter} came as number ${index + 1}`)
    if (sessions.has(sessionId)) throw new Error(`Session ${sessionId} ended twice`)
    sessions.add(sessionId)
    lostWh += Math.abs(meterStartWh - standsAtWh)
    const billedMinor = Math.floor(((meterStopWh - meterStartWh) * minorPerKwh) / 1_000 + 0.5)
    lostMinor += Math.abs(totalMinor - Math.min(billedMinor, holdMinor))
    standsAtWh = meterStopWh
  }
  return { sessions: receipts.length, lostWh: lostWh + Math.abs(registerWh - standsAtWh), lostMinor }
}
