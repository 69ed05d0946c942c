/**
 * When a device sends next over one road, and from which event: the oldest that is not acknowledged. Pure; times are
 * monotonic, and the random fraction comes from the caller.
 */

import { durationMs, type DurationMs } from '@/lib/core/units'
import { outsideRanges, type SeqRange } from './held-ranges'

export interface UploadSchedule {
  /** Attempts in a row that brought nothing. */
  readonly failures: number
  /** When the last attempt ended; undefined before the first. */
  readonly settledAtMs: DurationMs | undefined
  /** How long to wait after a failure. */
  readonly backOffMs: DurationMs
  /** Set while the receiver holds less than it once acknowledged: it lost data and is sent everything again. */
  readonly resumeAt: number | undefined
}

/** Nothing tried yet, or the network has just come back: the next attempt is due at once. */
export const uploadNow: UploadSchedule = {
  failures: 0,
  settledAtMs: undefined,
  backOffMs: durationMs(0),
  resumeAt: undefined,
}

export interface Backlog {
  readonly acknowledgedSize: number
  readonly size: number
  /** What the receiver holds of it beyond what it acknowledged: not sent again. */
  readonly held?: readonly SeqRange[]
}

export type UploadPlan =
  /** Up to the end of the log, or to `end`. */
  | { readonly kind: 'send'; readonly firstSeq: number; readonly end?: number }
  | { readonly kind: 'wait'; readonly untilMs: DurationMs }

/** Events gather for a moment, so that a session is a few bundles and not a hundred. */
export const gatherMs = durationMs(2_000)
/** With nothing to send, a bare checkpoint fetches revocations and policy. */
export const heartbeatMs = durationMs(60_000)
const backOffFirstMs = 2_000
const backOffMaxMs = 300_000

/** How long to wait after an answer: while events gather, and while there are none. */
export interface UploadPauses {
  readonly gatherMs: DurationMs
  readonly heartbeatMs: DurationMs
}

const freePauses: UploadPauses = { gatherMs, heartbeatMs }
/** Where bytes cost money, what is not urgent gathers for longer, and an hour without news is no harm. */
export const meteredPauses: UploadPauses = {
  gatherMs: durationMs(900_000),
  heartbeatMs: durationMs(3_600_000),
}

export function planUpload(
  schedule: UploadSchedule,
  backlog: Backlog,
  nowMs: DurationMs,
  pauses: UploadPauses = freePauses,
): UploadPlan {
  const piece = nextPiece(schedule, backlog)
  if (schedule.settledAtMs === undefined) return { kind: 'send', ...piece }
  const isIdle = piece.firstSeq === backlog.size
  const pause = schedule.failures > 0 ? schedule.backOffMs : isIdle ? pauses.heartbeatMs : pauses.gatherMs
  const untilMs = durationMs(schedule.settledAtMs + pause)
  return nowMs >= untilMs ? { kind: 'send', ...piece } : { kind: 'wait', untilMs }
}

/** The oldest that is neither acknowledged nor held, up to the next that is held. */
function nextPiece(
  { resumeAt }: UploadSchedule,
  { acknowledgedSize, size, held = [] }: Backlog,
): { readonly firstSeq: number; readonly end?: number } {
  const from = Math.min(resumeAt ?? acknowledgedSize, size)
  const [piece] = outsideRanges(held, { from, to: size })
  if (piece === undefined) return { firstSeq: size }
  return piece.to < size ? { firstSeq: piece.from, end: piece.to } : { firstSeq: piece.from }
}

/** After an answer: `heldByReceiver` is the size in its acknowledgement. A long backlog goes on without a pause. */
export function afterAnswer(
  heldByReceiver: number,
  backlog: Backlog,
  sentSize: number,
  nowMs: DurationMs,
): UploadSchedule {
  const resumeAt = heldByReceiver < backlog.acknowledgedSize ? heldByReceiver : undefined
  const isMoving = heldByReceiver >= sentSize && sentSize < backlog.size
  return { ...uploadNow, resumeAt, settledAtMs: isMoving ? undefined : nowMs }
}

/** After no answer or a refusal. `randomFraction` in [0, 1) spreads a crowd of chargers that lost one tower. */
export function afterFailure(
  schedule: UploadSchedule,
  nowMs: DurationMs,
  randomFraction: number,
  resumeAt: number | undefined = schedule.resumeAt,
): UploadSchedule {
  const ceiling = Math.min(backOffFirstMs * 2 ** Math.min(schedule.failures, 20), backOffMaxMs)
  const backOffMs = durationMs(Math.floor(ceiling / 2 + (randomFraction * ceiling) / 2))
  return { failures: schedule.failures + 1, settledAtMs: nowMs, backOffMs, resumeAt }
}

/** Epochs that a device had to start anew, because its receiver knew more of its log than it does. */
export interface EpochStarts {
  readonly count: number
  readonly lastMs: DurationMs
  /** Nothing is sent of the device's own accord before. */
  readonly untilMs: DurationMs
}

export const noEpochStarts: EpochStarts = { count: 0, lastMs: durationMs(0), untilMs: durationMs(0) }

const epochPauseFirstMs = 60_000
const epochPauseMaxMs = 3_600_000
const epochStartsForgottenMs = 86_400_000

/**
 * A disk that was put back from a backup starts one epoch and goes on at once. More of them mean that two machines work
 * under one key: each learns from the other's epochs that it must start another. Without a pause that grows they would
 * chase each other, copying what is unacknowledged every time, until somebody takes one away.
 */
export function afterEpochStart(starts: EpochStarts, nowMs: DurationMs): EpochStarts {
  const isLongAgo = nowMs - starts.lastMs >= epochStartsForgottenMs
  const count = isLongAgo ? 1 : starts.count + 1
  const pauseMs = count < 2 ? 0 : Math.min(epochPauseFirstMs * 2 ** Math.min(count - 2, 20), epochPauseMaxMs)
  return { count, lastMs: nowMs, untilMs: durationMs(nowMs + pauseMs) }
}
