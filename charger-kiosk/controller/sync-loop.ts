/**
 * Brings the log home over one road, and news back. Attempts follow the schedule of `lib/sync`; between them the loop
 * sleeps exactly as long as it says. It holds no truth of its own: after a restart the journal says where to go on.
 */

import type { CancelTimer, Clock, Random, Timers } from '@/lib/core/clock'
import { durationMs, type DurationMs } from '@/lib/core/units'
import type { Journal } from '@/lib/journal/journal'
import { parseMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import {
  uploadOnce,
  type Uploaded,
  type UploadFault,
  type UploadParts,
  type UploadTrust,
} from '@/lib/roads/upload'
import {
  afterAnswer,
  afterEpochStart,
  afterFailure,
  noEpochStarts,
  planUpload,
  uploadNow,
  type EpochStarts,
  type UploadSchedule,
} from '@/lib/sync/schedule'
import type { Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { RoadNews } from '@/lib/roads/road'

export interface SyncPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** Read before each attempt: certificates and trust change. */
  readonly parts: () => UploadParts
  readonly trust: () => UploadTrust
  readonly timeS: () => EpochSeconds
  /** What came back, verified as far as the acknowledgement goes. The next attempt waits until this has settled. */
  readonly onNews: (news: RoadNews, acknowledged: Acknowledgement | undefined) => Promise<void>
  /** After a refusal whose acknowledgement changed the journal. */
  readonly onAcknowledged: () => Promise<void>
  readonly onFault: (fault: UploadFault) => void
}

export class SyncLoop {
  readonly #ports: SyncPorts
  readonly #journal: Journal
  #schedule: UploadSchedule = uploadNow
  #epochStarts: EpochStarts = noEpochStarts
  #cancel: CancelTimer = () => undefined
  #underWay: Promise<void> | undefined
  #isStopped = true

  constructor(journal: Journal, ports: SyncPorts) {
    this.#journal = journal
    this.#ports = ports
  }

  get isBusy(): boolean {
    return this.#underWay !== undefined
  }

  start(): void {
    this.#isStopped = false
    this.look()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel()
    await this.#underWay
  }

  /** The log has grown or the schedule has changed: sets the timer afresh. */
  look(): void {
    if (this.#isStopped || this.#underWay !== undefined) return
    this.#cancel()
    const nowMs = this.#ports.clock.monotonicMs()
    const plan = planUpload(this.#schedule, this.#journal, nowMs)
    const dueMs = Math.max(plan.kind === 'send' ? nowMs : plan.untilMs, this.#epochStarts.untilMs)
    const waitMs = Math.max(0, dueMs - nowMs)
    // Through the timer also when it is due now, so that the caller's own work is done first.
    this.#cancel = this.#ports.timers.after(durationMs(waitMs), () => void this.#run())
  }

  /** The network is back: does not wait for the schedule. */
  nudge(): void {
    this.#schedule = { ...uploadNow, resumeAt: this.#schedule.resumeAt }
    this.look()
  }

  /** One attempt right now, whatever the pauses; resolves when it and its news are done with. */
  async now(): Promise<void> {
    await this.#underWay
    this.#schedule = { ...uploadNow, resumeAt: this.#schedule.resumeAt }
    await this.#run()
  }

  #run(): Promise<void> {
    this.#underWay ??= this.#attempt().finally(() => {
      this.#underWay = undefined
      this.look()
    })
    return this.#underWay
  }

  async #attempt(): Promise<void> {
    const nowMs = this.#ports.clock.monotonicMs()
    const plan = planUpload(this.#schedule, this.#journal, nowMs)
    if (plan.kind === 'wait') return
    const { parts, trust, timeS } = this.#ports
    await this.#settle(await uploadOnce(parts(), trust(), plan.firstSeq, timeS()))
  }

  async #settle(uploaded: Result<Uploaded, UploadFault>): Promise<void> {
    const nowMs = this.#ports.clock.monotonicMs()
    if (uploaded.ok) {
      const { outcome, heldByReceiver, sentSize, news } = uploaded.value
      this.#schedule =
        outcome.kind === 'epoch-started'
          ? this.#inNewEpoch(nowMs)
          : afterAnswer(heldByReceiver, this.#journal, sentSize, nowMs)
      const message = parseMessage(acknowledgement, news.acknowledgement)
      await this.#ports.onNews(news, message.ok ? message.value.payload : undefined)
      return
    }
    const { outcome, heldByReceiver } = uploaded.error
    this.#schedule =
      outcome?.kind === 'epoch-started'
        ? this.#inNewEpoch(nowMs)
        : afterFailure(this.#schedule, nowMs, this.#fraction(), heldByReceiver)
    this.#ports.onFault(uploaded.error)
    if (outcome !== undefined) await this.#ports.onAcknowledged()
  }

  #inNewEpoch(nowMs: DurationMs): UploadSchedule {
    this.#epochStarts = afterEpochStart(this.#epochStarts, nowMs)
    return uploadNow
  }

  /** In [0, 1). */
  #fraction(): number {
    const [high = 0, low = 0] = this.#ports.random.bytes(2)
    return (high * 256 + low) / 65_536
  }
}
