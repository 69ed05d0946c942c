/**
 * Who drives in a replay: the trace knows sessions, but no drivers. Sessions are dealt to drivers from a seed, with
 * how each of them pays, when each phone comes home, and what goes wrong on the way. Pure.
 */

import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { seededUnit, type TraceSession } from '@/simulator/traces/corridor'

export type PlannedSession = TraceSession & {
  /** What the driver thinks that it will cost; the hold is chosen to cover it. */
  readonly wishedMinor: number
  /** The answer is not always scanned, nor is the receipt: the charger's own record must do. */
  readonly scansAnswer: boolean
  readonly scansReceipt: boolean
  /** The phone shows its code once more while charging, as after a lost scan. */
  readonly showsAgain: boolean
}

export interface PlannedDriver {
  readonly name: string
  readonly pays: 'credit' | 'fleet'
  /** Signs up or claims the fleet's token, and takes credit along. */
  readonly joinsAtS: EpochSeconds
  readonly sessions: readonly PlannedSession[]
  /** When the phone has a network. Empty for a phone that never has one again. */
  readonly reportsAtS: readonly EpochSeconds[]
}

export interface PlanTerms {
  readonly seed: number
  /** When the simulated world begins. */
  readonly beginsAtS: EpochSeconds
  /** No phone comes home later. */
  readonly reportsUntilS: EpochSeconds
  /** Price in 10⁻⁴ of the major unit, as offers have it, and how many minor units the major one has. */
  readonly energyPerKwh: number
  readonly minorPerMajor: number
  /** What one grant from credit may hold in one session and altogether; larger sessions go to fleets. */
  readonly sessionCapMinor: number
  readonly capMinor: number
}

/** How often things happen. */
const share = {
  sameDriverAgain: 0.6,
  fleet: 0.3,
  answerScanned: 0.9,
  receiptScanned: 0.9,
  shownAgain: 0.1,
  phoneLost: 0.05,
  reportedAgain: 0.3,
} as const

const sessionsPerDriverMax = 6
/** Grants last for days: nobody's sessions lie further apart. */
const driverSpanS = 4 * 86_400
const betweenSessionsS = 1_800
const joinsBeforeMinS = 900
const joinsBeforeMaxS = 30 * 3_600
const reportDelayMinS = 300
const reportDelayMaxS = 30 * 3_600

interface Draft {
  readonly name: string
  readonly pays: 'credit' | 'fleet'
  readonly isLost: boolean
  readonly sessions: PlannedSession[]
  heldMinor: number
}

export function planDrivers(trace: readonly TraceSession[], terms: PlanTerms): readonly PlannedDriver[] {
  const next = seededUnit(terms.seed)
  const drafts: Draft[] = []
  for (const session of trace) {
    const planned: PlannedSession = {
      ...session,
      wishedMinor: wishFor(session.energyWh, terms),
      scansAnswer: next() < share.answerScanned,
      scansReceipt: next() < share.receiptScanned,
      showsAgain: next() < share.shownAgain,
    }
    const atHandAgain = next() < share.sameDriverAgain
    const free = drafts.filter((draft) => canTake(draft, planned, terms))
    const again = atHandAgain ? free[Math.floor(next() * free.length)] : undefined
    const draft = again ?? newDraft(drafts.length, planned, terms, next)
    if (again === undefined) drafts.push(draft)
    draft.sessions.push(planned)
    draft.heldMinor += holdAtMost(planned)
  }
  return drafts.map((draft) => finish(draft, terms, next))
}

/** The price of the energy and one major unit to spare, so that an estimate is never the cap. */
const wishFor = (energyWh: number, { energyPerKwh, minorPerMajor }: PlanTerms): number =>
  Math.ceil((energyWh * energyPerKwh * minorPerMajor) / 10_000_000) + minorPerMajor

/** Holds come in steps of at most twice the one before. */
const holdAtMost = ({ wishedMinor }: PlannedSession): number => 2 * wishedMinor

function canTake(draft: Draft, session: PlannedSession, terms: PlanTerms): boolean {
  const [first] = draft.sessions
  const last = draft.sessions.at(-1)
  if (first === undefined || last === undefined || draft.sessions.length >= sessionsPerDriverMax) return false
  return (
    session.startS >= last.startS + last.durationS + betweenSessionsS &&
    session.startS + session.durationS <= first.startS + driverSpanS &&
    (draft.pays === 'fleet' || session.wishedMinor <= terms.sessionCapMinor) &&
    draft.heldMinor + holdAtMost(session) <= terms.capMinor
  )
}

function newDraft(index: number, session: PlannedSession, terms: PlanTerms, next: () => number): Draft {
  const isFleet = next() < share.fleet || session.wishedMinor > terms.sessionCapMinor
  return {
    name: `Driver ${index + 1}`,
    pays: isFleet ? 'fleet' : 'credit',
    isLost: next() < share.phoneLost,
    sessions: [],
    heldMinor: 0,
  }
}

function finish(
  { name, pays, isLost, sessions }: Draft,
  terms: PlanTerms,
  next: () => number,
): PlannedDriver {
  const firstS = sessions[0]?.startS ?? terms.beginsAtS
  const joinsBeforeS = joinsBeforeMinS + Math.floor(next() * (joinsBeforeMaxS - joinsBeforeMinS))
  const joinsAtS = epochSeconds(Math.max(terms.beginsAtS, firstS - joinsBeforeS))
  const reports: number[] = []
  for (const { startS, durationS } of isLost ? [] : sessions) {
    const delayS = reportDelayMinS + Math.floor(next() ** 2 * (reportDelayMaxS - reportDelayMinS))
    reports.push(startS + durationS + delayS)
    if (next() < share.reportedAgain) reports.push(startS + durationS + delayS + Math.floor(next() * 7_200))
  }
  const reportsAtS = reports
    .map((atS) => epochSeconds(Math.min(atS, terms.reportsUntilS)))
    .sort((left, right) => left - right)
  return { name, pays, joinsAtS, sessions, reportsAtS }
}
