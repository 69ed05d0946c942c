/**
 * Uploads over time: asks the schedule every second, makes one attempt at once and never two, and reports what
 * changed. It holds no truth of its own: after a restart the journal says where to go on.
 */

import type { CancelTimer, Clock, Random, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { afterAnswer, afterFailure, planUpload, uploadNow, type UploadSchedule } from '@/lib/sync/schedule'
import type { RoadNews } from './road'
import { uploadOnce, type UploadFault, type UploadParts, type UploadTrust } from './upload'

export interface UploaderOptions extends UploadParts {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** Read before every attempt, because news may have changed it. */
  readonly trust: () => UploadTrust
  /** Messages that came with an answer, still to be verified by their reader. */
  readonly onNews: (news: RoadNews) => void
  /** After every attempt: the fault, or undefined when the cloud answered. */
  readonly onAttempt: (fault: UploadFault | undefined) => void
}

export interface Uploader {
  /** The network is back, or a session has just ended: try at once. */
  nudge(): void
  stop(): void
}

const lookEveryMs = durationMs(1_000)

export function startUploader(options: UploaderOptions): Uploader {
  const { journal, clock, timers, random } = options
  let schedule: UploadSchedule = uploadNow
  let isUnderWay = false

  const attempt = async (firstSeq: number): Promise<void> => {
    const uploaded = await uploadOnce(options, options.trust(), firstSeq, clock.nowS())
    const nowMs = clock.monotonicMs()
    if (uploaded.ok) {
      const { outcome, heldByReceiver, sentSize, news } = uploaded.value
      schedule =
        outcome.kind === 'epoch-started' ? uploadNow : afterAnswer(heldByReceiver, journal, sentSize, nowMs)
      options.onNews(news)
      options.onAttempt(undefined)
    } else {
      const { outcome, heldByReceiver } = uploaded.error
      schedule =
        outcome?.kind === 'epoch-started'
          ? uploadNow
          : afterFailure(schedule, nowMs, fractionOf(random), heldByReceiver)
      options.onAttempt(uploaded.error)
    }
  }

  const look = (): void => {
    if (isUnderWay) return
    const plan = planUpload(schedule, journal, clock.monotonicMs())
    if (plan.kind === 'wait') return
    isUnderWay = true
    void attempt(plan.firstSeq).finally(() => {
      isUnderWay = false
    })
  }

  const cancel: CancelTimer = timers.every(lookEveryMs, look)
  return {
    nudge: () => {
      schedule = { ...uploadNow, resumeAt: schedule.resumeAt }
      look()
    },
    stop: cancel,
  }
}

/** A fraction in [0, 1). */
function fractionOf(random: Random): number {
  const [high = 0, low = 0] = random.bytes(2)
  return (high * 256 + low) / 65_536
}
