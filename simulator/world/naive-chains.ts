/** What honest wallets say came back to a grant is what truly came back: no hold returns twice, and no bill at all. */

import { short } from './trace'
import type { Consented } from './truth'
import type { World } from './world'

export function checkReleases({ trace, truth, safety }: World): void {
  const bySerial = new Map<string, Consented[]>()
  for (const consent of truth.consents.values())
    bySerial.set(consent.serial, [...(bySerial.get(consent.serial) ?? []), consent])
  const billed = new Map<string, number>()
  for (const { sessionId, totalMinor, chargerId } of truth.finals) {
    // A charger that was put back, or copied, may have told the wallet something else.
    if (safety.rolledBack.has(chargerId)) continue
    billed.set(sessionId, Math.min(totalMinor, billed.get(sessionId) ?? totalMinor))
  }
  for (const chain of bySerial.values()) {
    if (chain.some(({ isHonest }) => !isHonest)) continue
    for (const { payload, sessionId } of chain) {
      const cameBackMinor = chain
        .filter((earlier) => earlier.payload.seq < payload.seq)
        .reduce((sum, earlier) => sum + earlier.payload.holdMinor - (billed.get(earlier.sessionId) ?? 0), 0)
      if (payload.releasedMinor > cameBackMinor)
        trace.violate(
          'no wallet takes back more than came back',
          `${short(sessionId)}: ${payload.releasedMinor} of ${cameBackMinor}`,
        )
    }
  }
}
