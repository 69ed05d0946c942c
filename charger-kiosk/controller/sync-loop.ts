/**
 * Brings the log home over one road, and news back. Attempts follow the schedule of `lib/sync`; between them the loop
 * sleeps exactly as long as it says. It holds no truth of its own: after a restart the journal says where to go on.
 */

import type { CancelTimer, Clock, Random, Timers } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
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
  meteredPauses,
  planUpload,
  uploadNow,
  type EpochStarts,
  type UploadPlan,
  type UploadSchedule,
} from '@/lib/sync/schedule'
import { priorityOf } from '@/lib/roads/parcel-desk'
import type { SeqRange } from '@/lib/sync/held-ranges'
import { urgentRuns } from '@/lib/sync/urgent-runs'
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

/** Windows and budgets of a metered road are looked at this often: clocks are set, and prices change by the hour. */
const lookAgainMs = 60_000

export class SyncLoop {
  readonly #ports: SyncPorts
  readonly #journal: Journal
  #schedule: UploadSchedule = uploadNow
  #epochStarts: EpochStarts = noEpochStarts
  #cancel: CancelTimer = () => undefined
  #underWay: Promise<void> | undefined
  #isStopped = true
  #isNudged = false

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
    const plan = this.#plan(nowMs)
    const dueMs = Math.max(plan.kind === 'send' ? nowMs : plan.untilMs, this.#epochStarts.untilMs)
    const waitMs = Math.max(0, dueMs - nowMs)
    // Through the timer also when it is due now, so that the caller's own work is done first.
    this.#cancel = this.#ports.timers.after(durationMs(waitMs), () => void this.#run())
  }

  /** The network is back: does not wait for the schedule. An attempt that began before it was is not waited out either. */
  nudge(): void {
    this.#isNudged = this.isBusy
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
      if (this.#isNudged && this.#schedule.failures > 0)
        this.#schedule = { ...uploadNow, resumeAt: this.#schedule.resumeAt }
      this.#isNudged = false
      this.look()
    })
    return this.#underWay
  }

  async #attempt(): Promise<void> {
    const nowMs = this.#ports.clock.monotonicMs()
    const plan = this.#plan(nowMs)
    if (plan.kind === 'wait') return
    const { parts, trust, timeS } = this.#ports
    await this.#settle(await uploadOnce(parts(), trust(), plan.firstSeq, timeS(), plan.end))
  }

  #plan(nowMs: DurationMs): UploadPlan {
    const { acknowledgedSize, size, epoch } = this.#journal
    const { road, held: book } = this.#ports.parts()
    const held = book?.rangesOf(epoch) ?? []
    const backlog = { acknowledgedSize, size, held }
    const { meter } = road
    if (meter === undefined) return planUpload(this.#schedule, backlog, nowMs)
    const run = meter.leave('urgent').kind === 'yes' ? this.#urgentRun(held) : undefined
    // What is urgent goes as it would by a free road, and alone where the rest has to wait.
    const ordinary = meter.leave(size > acknowledgedSize ? 'ordinary' : 'later')
    if (ordinary.kind === 'yes')
      return planUpload(this.#schedule, backlog, nowMs, run === undefined ? meteredPauses : undefined)
    const plan = planUpload(this.#schedule, backlog, nowMs)
    if (run === undefined) return { kind: 'wait', untilMs: durationMs(nowMs + lookAgainMs) }
    return plan.kind === 'wait' ? plan : { kind: 'send', firstSeq: run.from, end: run.to }
  }

  /** The first stretch of the backlog that cannot wait. */
  #urgentRun(held: readonly SeqRange[]): SeqRange | undefined {
    const { acknowledgedSize, purgedSize, size } = this.#journal
    const from = Math.max(this.#schedule.resumeAt ?? acknowledgedSize, purgedSize)
    for (let at = from; at < size; at += limits.bundleEventsMax) {
      const read = this.#journal.read(at, Math.min(size, at + limits.bundleEventsMax))
      if (!read.ok) return undefined
      const urgency = read.value.map((event) => priorityOf([event]) === 'urgent')
      const [run] = urgentRuns(urgency, at, held)
      if (run !== undefined) return run
    }
    return undefined
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
