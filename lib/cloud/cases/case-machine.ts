/**
 * The life of a case. Pure: one table says which step is legal in which state; commands, console and tests read it.
 *
 *   open ── take-up ──▶ in-review ── uphold | dismiss ──▶ decided
 *    ▲                   │  ▲   ╰── refund, goodwill, write-off: stay in review, each at most once a case
 *    ╰──── hand-back ────╯  │
 *                        │  ╰── add-evidence, take-up ──╮
 *                        ╰── ask-for-evidence ──▶ waiting-for-evidence
 *
 * Whatever its state, a case about something missing ends by `resolve` when that has come.
 * A decided case is final: later evidence is filed with it, and where it changes anything a new case follows it.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'

export const caseStates = ['open', 'in-review', 'waiting-for-evidence', 'decided'] as const
export type CaseState = (typeof caseStates)[number]

export const verdicts = ['uphold', 'dismiss'] as const
export type Verdict = (typeof verdicts)[number]
/** What a decided case says: somebody's verdict, or that what was missing has come and nobody had to decide. */
export type CaseEnding = Verdict | 'resolve'
export const remedies = ['refund', 'goodwill', 'write-off'] as const
export type Remedy = (typeof remedies)[number]

/** Everything that can happen to a case after it was opened. The first two come from devices, the rest from staff. */
export type CaseStep =
  'add-evidence' | 'resolve' | 'take-up' | 'take-over' | 'hand-back' | 'ask-for-evidence' | Remedy | Verdict

export const caseTransitions = {
  open: { 'take-up': 'in-review', 'add-evidence': 'open', resolve: 'decided' },
  'in-review': {
    'take-over': 'in-review',
    'hand-back': 'open',
    'ask-for-evidence': 'waiting-for-evidence',
    'add-evidence': 'in-review',
    refund: 'in-review',
    goodwill: 'in-review',
    'write-off': 'in-review',
    uphold: 'decided',
    dismiss: 'decided',
    resolve: 'decided',
  },
  'waiting-for-evidence': {
    'take-up': 'in-review',
    'take-over': 'in-review',
    'hand-back': 'open',
    'add-evidence': 'in-review',
    resolve: 'decided',
  },
  decided: { 'add-evidence': 'decided' },
} as const satisfies Record<CaseState, Partial<Record<CaseStep, CaseState>>>

export type CaseStanding =
  | { readonly state: 'open' }
  | { readonly state: 'in-review' | 'waiting-for-evidence'; readonly takenBy: string }
  | { readonly state: 'decided'; readonly decidedBy: string; readonly verdict: CaseEnding }

/** Steps that need no claim on the case: whoever takes it gets it, and evidence comes from devices. */
const stepsOfDevices: readonly CaseStep[] = ['add-evidence', 'resolve']
const stepsForAnybody: readonly CaseStep[] = ['take-up', 'take-over', ...stepsOfDevices]

/** Refuses with `case.decided`, `case.taken` (by a colleague) or `case.step` (not in this state). */
export function advance(before: CaseStanding, step: CaseStep, author: string): Result<CaseStanding, Refusal> {
  const legal: Partial<Record<CaseStep, CaseState>> = caseTransitions[before.state]
  const state = legal[step]
  const takenBy = 'takenBy' in before ? before.takenBy : undefined
  const isTaken = takenBy !== undefined && takenBy !== author
  if (before.state === 'decided' && state === undefined) return err(refusal('case.decided'))
  if (isTaken && (step === 'take-up' || !stepsForAnybody.includes(step))) return err(refusal('case.taken'))
  switch (state) {
    case undefined:
      return err(refusal('case.step', { state: before.state, step }))
    case 'open':
      return ok({ state })
    case 'in-review':
    case 'waiting-for-evidence':
      return ok({ state, takenBy: step === 'add-evidence' ? (takenBy ?? author) : author })
    case 'decided':
      return ok(
        step === 'uphold' || step === 'dismiss' || step === 'resolve'
          ? { state, decidedBy: author, verdict: step }
          : before,
      )
  }
}

/** What a person may do next, for buttons and for the words of a refusal. */
export const stepsFrom = (state: CaseState): readonly CaseStep[] =>
  (Object.keys(caseTransitions[state]) as CaseStep[]).filter((step) => !stepsOfDevices.includes(step))
