/**
 * What to do by satellite now. Pure. Nothing while any other road works; then the sessions that the operator has not heard
 * of, gathered so that a letter is worth its messages; then patience, because each question costs money as well.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { framesOf } from '@/lib/letter/frames'
import type { LetterRow } from '../session/records'

export interface SatelliteSettings {
  /** Bytes that the modem sends at once. */
  readonly messageBytesMax: number
  readonly messagesPerLetterMax: number
  /** How long every other road must have been silent. */
  readonly quietS: number
  /** How long the oldest session waits for others to share its letter; not where these many wait. */
  readonly gatherS: number
  readonly gatherSessions: number
  /** How long after a letter its answer is asked for first. */
  readonly answerS: number
}

export interface SatelliteFacts {
  readonly nowS: EpochSeconds
  /** When another road last brought an answer, or this process began. */
  readonly heardS: EpochSeconds
  readonly state: LetterRow
  /** Asked for only where it matters: a long log has many. */
  readonly waiting: () => readonly { readonly counter: number; readonly endedAtS: EpochSeconds }[]
  /** Questions since the last part of the letter went, and when the last was. */
  readonly asked: number
  readonly askedAtS: EpochSeconds | undefined
}

export type SatelliteStep =
  | { readonly kind: 'wait'; readonly untilS: number | undefined }
  /** The sessions under way have come home by another road. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'begin' }
  | { readonly kind: 'send'; readonly part: number }
  | { readonly kind: 'ask' }
  /** Nobody has answered for a day: everything once more, under the same number. */
  | { readonly kind: 'again' }

/** An answer is there within minutes, or when a cloud that was down is up again: each question waits longer. */
const askPausesS = [900, 3_600, 21_600] as const
const againAfterS = 86_400

export function nextStep(facts: SatelliteFacts, settings: SatelliteSettings): SatelliteStep {
  const { nowS, heardS, state, waiting } = facts
  const { underWay, toldCounter } = state
  if (underWay !== undefined && !waiting().some(({ counter }) => underWay.counters.includes(counter)))
    return { kind: 'drop' }
  const untilS = heardS + settings.quietS
  // A clock that was set back behind the last word waits no longer than this from now on.
  if (nowS < untilS && heardS <= nowS) return { kind: 'wait', untilS }
  if (underWay !== undefined) return withLetter(facts, underWay, settings.answerS)
  const untold = waiting().filter(({ counter }) => counter > toldCounter)
  if (untold.length === 0) return { kind: 'wait', untilS: undefined }
  const oldestS = Math.min(...untold.map(({ endedAtS }) => endedAtS))
  const dueS = oldestS + settings.gatherS
  return untold.length >= settings.gatherSessions || nowS >= dueS || oldestS > nowS
    ? { kind: 'begin' }
    : { kind: 'wait', untilS: dueS }
}

function withLetter(
  { nowS, asked, askedAtS }: SatelliteFacts,
  underWay: NonNullable<LetterRow['underWay']>,
  answerS: number,
): SatelliteStep {
  const part = firstUnsent(underWay)
  if (part !== undefined) return { kind: 'send', part }
  const sentAtS = underWay.sentAtS ?? nowS
  if (nowS >= sentAtS + againAfterS || nowS < sentAtS - againAfterS) return { kind: 'again' }
  const pauseS = asked === 0 ? answerS : (askPausesS[Math.min(asked, askPausesS.length) - 1] ?? answerS)
  const nextS = (askedAtS ?? sentAtS) + pauseS
  return nowS >= nextS ? { kind: 'ask' } : { kind: 'wait', untilS: nextS }
}

type UnderWay = Pick<
  NonNullable<LetterRow['underWay']>,
  'letter' | 'sealed' | 'messageBytesMax' | 'sentParts'
>

export const partsOf = ({ letter, sealed, messageBytesMax }: UnderWay) =>
  framesOf('part', letter, Uint8Array.from(sealed), messageBytesMax) ?? []

export function firstUnsent(underWay: UnderWay): number | undefined {
  const count = partsOf(underWay).length
  for (let part = 0; part < count; part += 1) if ((underWay.sentParts & (1 << part)) === 0) return part
  return undefined
}
