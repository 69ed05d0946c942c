/**
 * The offsets of a time zone as a policy carries them, from the time zone database of this server: the only place that
 * has one (docs/adr/0034).
 */

import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { LocalTime } from '@/lib/protocol/messages/policy-terms'

const dayS = 86_400
/** A charger may go on by a policy after its end, and clocks change meanwhile. */
const beyondS = 366 * dayS
/** What a policy holds; a zone of two changes a year needs 23 in ten years. */
const changesMax = 32

export type ZoneFault = 'unknown-zone' | 'too-many-changes'

/** From the beginning of a policy to a year after its end. */
export function localTimeOf(
  zone: string,
  fromS: EpochSeconds,
  untilS: EpochSeconds,
): Result<LocalTime, ZoneFault> {
  const offsetAt = offsetsOf(zone)
  if (offsetAt === undefined) return err('unknown-zone')
  const lastS = addSeconds(untilS, beyondS)
  const changes = [{ fromS, offsetMinutes: offsetAt(fromS) }]
  for (let atS = fromS; atS < lastS; atS = addSeconds(atS, dayS)) {
    const nextS = addSeconds(atS, dayS)
    const offsetMinutes = offsetAt(nextS)
    if (offsetMinutes === changes.at(-1)?.offsetMinutes) continue
    changes.push({ fromS: changeBetween(atS, nextS, offsetAt), offsetMinutes })
    if (changes.length > changesMax) return err('too-many-changes')
  }
  return ok({ zone, changes })
}

type OffsetAt = (timeS: EpochSeconds) => number

/** The first second of the new offset. */
function changeBetween(earlyS: EpochSeconds, lateS: EpochSeconds, offsetAt: OffsetAt): EpochSeconds {
  const after = offsetAt(lateS)
  let low: number = earlyS
  let high: number = lateS
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(epochSeconds(middle)) === after) high = middle
    else low = middle
  }
  return epochSeconds(high)
}

/** Undefined for a name that the database does not have. */
function offsetsOf(zone: string): OffsetAt | undefined {
  let clock: Intl.DateTimeFormat
  try {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  return (timeS) => {
    const parts = new Map(clock.formatToParts(timeS * 1_000).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const wallMs = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    )
    return Math.round((wallMs / 1_000 - timeS) / 60)
  }
}
