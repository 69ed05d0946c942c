/** Gaps of devices in memory: what `postgres-gaps.ts` does with rows. */

import type { DeviceGap, ReceiptGap } from './gap-store'
import type { MemoryTables } from './memory-tables'

export const gapName = ({ device, what, epoch }: DeviceGap): string => `${device} ${what} ${epoch}`

export function noteGaps({ gaps }: MemoryTables, noted: readonly DeviceGap[], nowS: number): void {
  for (const gap of noted) {
    const known = gaps.get(gapName(gap))
    if (known?.missingFrom !== gap.missingFrom) gaps.set(gapName(gap), { ...gap, seenAtS: nowS })
  }
}

/** The first hole of each charger, by charger. */
export function receiptGapsIn(
  { sessions, certificates }: MemoryTables,
  devices: readonly string[] | undefined,
): readonly ReceiptGap[] {
  const known = [...sessions.values()]
    .filter(
      ({ state, chargerId, receiptCounter }) =>
        state === 'settled' && chargerId !== null && receiptCounter !== null,
    )
    .map(({ sessionId, chargerId, receiptCounter }) => ({
      sessionId,
      device: chargerId ?? '',
      counter: receiptCounter ?? 0,
    }))
    .sort((left, right) => left.counter - right.counter || (left.sessionId < right.sessionId ? -1 : 1))
  const chargers = [...certificates.list()].map(([id]) => id).sort()
  return chargers
    .filter((id) => devices?.includes(id) ?? true)
    .flatMap((device) => {
      let previous = 0
      for (const { sessionId, counter: knownTo } of known.filter((one) => one.device === device)) {
        if (knownTo > previous + 1) return [{ device, missingFrom: previous + 1, knownTo, sessionId }]
        previous = knownTo
      }
      return []
    })
}
