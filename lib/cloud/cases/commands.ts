/**
 * What people do with cases. Each command is one transaction: the money, the case and its history change together or
 * not at all. Locks in one order everywhere: sessions, reserves, accounts, cases last; so that a decision and the
 * evidence that arrives meanwhile wait for each other and never in a circle.
 */

import type { OperatorId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { transact, type TenantTransaction } from '../database/connection'
import { postTransfers } from '../ledger/commands'
import type { Transfer } from '../ledger/transfer'
import type { CaseDesk } from './case-desk'
import { advance, remedies, verdicts, type CaseStep, type Remedy, type Verdict } from './case-machine'
import { remedyMoney, verdictMoney, type CaseStepMoney, type Signature } from './case-money'
import { caseCodes } from './case-kinds'
import { disputeReasons, isStaffId, noteCharsMax, type CaseReason, type DisputeReason } from './case-reasons'
import { changeCase, standingOf } from './case-rows'
import { lockCaseFigures, taxRateOf, writeCaseFigures, type LockedFigures } from './case-figures'
import { fileCases, type NewCase } from './file-evidence'
import { sessionPieces } from './session-pieces'

export interface CaseAct {
  readonly caseId: string
  /** Staff id: lower case letters, digits and dashes; never a name. */
  readonly author: string
  readonly reason: CaseReason
  /** For colleagues; kept in the history. */
  readonly note?: string
  /** What is written together with it or not at all; not for what had been done before. */
  readonly alongside?: (tx: TenantTransaction) => Promise<void>
}

export type CaseDecision =
  | { readonly kind: Verdict }
  | {
      readonly kind: Remedy
      readonly amountMinor: number
    }

export interface CaseOutcome {
  readonly caseId: string
  readonly state: string
  /** What moved or ended, in the order of the books. Empty where nothing was pending. */
  readonly transfers: readonly Pick<Transfer, 'kind' | 'debit' | 'credit' | 'amountMinor'>[]
  /** The same decision by the same person had been carried out before; nothing moved now. */
  readonly isRepeat: boolean
}

/** Opens cases inside the caller's transaction, as its last act. Whatever is known already changes nothing. */
export const openCases = (
  tx: TenantTransaction,
  tenant: OperatorId,
  nowS: EpochSeconds,
  cases: readonly NewCase[],
): Promise<void> => fileCases(tx, tenant, nowS, 'operator', cases)

/** Steps of people that move no money. */
export const reviewSteps = ['take-up', 'take-over', 'hand-back', 'ask-for-evidence'] as const
export type ReviewStep = (typeof reviewSteps)[number]

/** Refused with `case.unknown`, `case.decided`, `case.taken` or `case.step`. */
export async function reviewCase(
  desk: CaseDesk,
  step: ReviewStep,
  act: CaseAct,
): Promise<Result<CaseOutcome, Refusal>> {
  if (!isSound(act)) return err(refusal('api.malformed'))
  return transact(desk.db, desk.config.tenant, async (tx) => {
    const before = await readCase(tx, desk.config.tenant, act.caseId)
    if (before === undefined) return err(refusal('case.unknown'))
    const isMine = before.taken_by === act.author && before.state === 'in-review'
    if (isMine && (step === 'take-up' || step === 'take-over')) return ok(outcome(before, true))
    return conclude(desk, tx, before, step, act, {})
  })
}

/**
 * A verdict ends the case and its pending difference; a remedy gives money within a case under review, each kind once.
 * Of two people at once one wins, the other is told `case.decided`, `case.taken` or `case.repeated`. An amount beyond
 * what may be given is `case.amount` with the most that may.
 */
export async function decideCase(
  desk: CaseDesk,
  act: CaseAct & { readonly decision: CaseDecision },
): Promise<Result<CaseOutcome, Refusal>> {
  if (!isSound(act)) return err(refusal('api.malformed'))
  const { tenant } = desk.config
  return transact(desk.db, tenant, async (tx) => {
    const seen = await readCase(tx, tenant, act.caseId)
    if (seen === undefined) return err(refusal('case.unknown'))
    const figures = await lockCaseFigures(desk, tx, seen)
    // Whoever decides about one session waits for its lock; what was decided meanwhile is seen only now.
    const before = (await readCase(tx, tenant, act.caseId)) ?? seen
    const repeated = await repeatOf(tx, tenant, before, act)
    if (repeated !== undefined) return repeated
    const legal = advance(standingOf(before), act.decision.kind, act.author)
    if (!legal.ok) return legal
    const money = await moneyOf(tx, tenant, act, figures)
    if (!money.ok) return money
    const { transfers, session, coveredMinor } = money.value
    const posted = await postTransfers(tx, tenant, transfers)
    if (!posted.ok) throw new Error(`Case ${act.caseId} cannot be posted: ${JSON.stringify(posted.error)}`)
    if (session !== undefined) await writeCaseFigures(desk, tx, session, coveredMinor)
    return conclude(desk, tx, before, act.decision.kind, act, factsOf(act.decision, transfers), transfers)
  })
}

/** The driver says that the bill of a settled session is wrong. The same dispute again is the same case. */
export async function disputeSession(
  desk: CaseDesk,
  {
    sessionId,
    owner,
    reason,
    note = '',
    alongside,
  }: {
    readonly sessionId: string
    readonly owner: string
    readonly reason: DisputeReason
    readonly note?: string
    /** What is written together with it or not at all. */
    readonly alongside?: (tx: TenantTransaction) => Promise<void>
  },
): Promise<Result<{ readonly caseId: string }, Refusal>> {
  if (!disputeReasons.includes(reason) || note.length > noteCharsMax) return err(refusal('api.malformed'))
  const { tenant } = desk.config
  return transact(desk.db, tenant, async (tx) => {
    const session = await tx
      .selectFrom('charging_sessions')
      .select(['serial', 'charger_id', 'posted_minor'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', sessionId)
      .where('owner', '=', owner)
      .forUpdate()
      .executeTakeFirst()
    if (session === undefined) return err(refusal('api.not-found'))
    const item: NewCase = {
      kind: 'dispute',
      code: caseCodes.dispute,
      sessionId,
      ...(session.serial === null ? {} : { serial: session.serial }),
      ...(session.charger_id === null ? {} : { chargerId: session.charger_id }),
      facts: { reason, postedMinor: session.posted_minor ?? 0 },
      note,
      evidence: await sessionPieces(tx, tenant, sessionId),
    }
    await fileCases(tx, tenant, desk.clock.nowS(), 'owner', [item])
    const { case_id: caseId } = await tx
      .selectFrom('cases')
      .select('case_id')
      .where('tenant', '=', tenant)
      .where('session_id', '=', sessionId)
      .where('kind', '=', 'dispute')
      .orderBy('round', 'desc')
      .executeTakeFirstOrThrow()
    await alongside?.(tx)
    return ok({ caseId })
  })
}

const isSound = ({ author, note = '' }: CaseAct): boolean => isStaffId(author) && note.length <= noteCharsMax

const readCase = (tx: TenantTransaction, tenant: OperatorId, caseId: string) =>
  tx
    .selectFrom('cases')
    .select([
      'case_id',
      'kind',
      'state',
      'revision',
      'taken_by',
      'verdict',
      'session_id',
      'serial',
      'updated_at_s',
    ])
    .where('tenant', '=', tenant)
    .where('case_id', '=', caseId)
    .executeTakeFirst()
type ReadCase = NonNullable<Awaited<ReturnType<typeof readCase>>>

/** Writes the step, unless somebody was faster: then everything is rolled back and the caller told so. */
async function conclude(
  desk: CaseDesk,
  tx: TenantTransaction,
  before: ReadCase,
  step: CaseStep,
  { author, reason, note, alongside }: CaseAct,
  facts: Readonly<Record<string, string | number>>,
  transfers: readonly Transfer[] = [],
): Promise<Result<CaseOutcome, Refusal>> {
  const after = advance(standingOf(before), step, author)
  if (!after.ok) return after
  const event = {
    step,
    author,
    reason,
    ...(note === undefined ? {} : { note }),
    facts,
    atS: desk.clock.nowS(),
  }
  if (!(await changeCase(tx, desk.config.tenant, before, after.value, event))) {
    const now = await readCase(tx, desk.config.tenant, before.case_id)
    const why =
      now?.state === 'decided' ? 'case.decided' : now?.taken_by === author ? 'case.step' : 'case.taken'
    return err(refusal(why))
  }
  await alongside?.(tx)
  return ok(outcome({ case_id: before.case_id, state: after.value.state }, false, transfers))
}

const outcome = (
  { case_id: caseId, state }: Pick<ReadCase, 'case_id' | 'state'>,
  isRepeat: boolean,
  transfers: readonly Transfer[] = [],
): CaseOutcome => ({
  caseId,
  state,
  transfers: transfers.map(({ kind, debit, credit, amountMinor }) => ({ kind, debit, credit, amountMinor })),
  isRepeat,
})

const isVerdict = (kind: string): kind is Verdict => verdicts.some((verdict) => verdict === kind)

/** The answer to a decision that was carried out before; undefined when it is a new one. */
async function repeatOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  before: ReadCase,
  { author, decision }: CaseAct & { readonly decision: CaseDecision },
): Promise<Result<CaseOutcome, Refusal> | undefined> {
  if (isVerdict(decision.kind)) {
    const isSame =
      before.state === 'decided' && before.taken_by === author && before.verdict === decision.kind
    return isSame ? ok(outcome(before, true)) : undefined
  }
  const given = await tx
    .selectFrom('case_events')
    .select(['author', 'facts'])
    .where('tenant', '=', tenant)
    .where('case_id', '=', before.case_id)
    .where('step', '=', decision.kind)
    .executeTakeFirst()
  if (given === undefined) return undefined
  const { amountMinor } = given.facts as { readonly amountMinor?: number }
  const isSame = given.author === author && 'amountMinor' in decision && amountMinor === decision.amountMinor
  return isSame ? ok(outcome(before, true)) : err(refusal('case.repeated'))
}

async function moneyOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  { caseId, author, reason, decision }: CaseAct & { readonly decision: CaseDecision },
  { session, books }: LockedFigures,
): Promise<Result<CaseStepMoney, Refusal>> {
  const signature: Signature = { caseId, reason, author: `staff:${author}` }
  if ('amountMinor' in decision)
    return remedyMoney(decision.kind, decision.amountMinor, session, books, signature)
  const rate = session === undefined ? undefined : await taxRateOf(tx, tenant, session.sessionId)
  return ok(verdictMoney(decision.kind, session, books, rate, signature))
}

const factsOf = (
  decision: CaseDecision,
  transfers: readonly Transfer[],
): Readonly<Record<string, string | number>> =>
  'amountMinor' in decision
    ? { amountMinor: decision.amountMinor }
    : {
        transfers: transfers.length,
        amountMinor: transfers.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      }

/** Every word that a decision may be. */
export const decisionKinds: readonly CaseDecision['kind'][] = [...verdicts, ...remedies]
