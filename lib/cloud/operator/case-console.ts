/** Cases as the operator's people see and decide them: with names of colleagues, with what each may do next, in the log. */

import { toBase64Url } from '@/lib/core/bytes'
import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import {
  advance,
  remedies,
  stepsFrom,
  type CaseStanding,
  type CaseState,
  type CaseStep,
} from '../cases/case-machine'
import { isStaffId, type CaseReason } from '../cases/case-reasons'
import {
  decideCase,
  reviewCase,
  type CaseDecision,
  type CaseOutcome,
  type ReviewStep,
} from '../cases/commands'
import {
  caseDetails,
  caseEvidence,
  listCases,
  openCaseCount,
  undecidedStates,
  type CaseDetails,
  type CaseSummary,
} from '../cases/queries'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import type { Act } from '../organisations/roles'
import { writeOperatorAct } from './act-line'

/** Who looks or acts, and what else they may do. */
export interface CaseMember {
  readonly accountId: string
  may(act: Act): boolean
}

export interface ShownCase extends Omit<CaseSummary, 'currency'> {
  readonly isMine: boolean
}

export interface CaseQuestion {
  readonly state?: CaseState | undefined
  readonly kind?: string | undefined
  readonly after?: string | undefined
}

export interface ShownCases {
  readonly cases: readonly ShownCase[]
  readonly next: string | null
  readonly undecided: number
  readonly currency: CurrencyCode
  readonly asOfS: number
}

export const casesOf = (
  cloud: Cloud,
  { accountId }: CaseMember,
  { state, kind, after }: CaseQuestion,
): Promise<Result<ShownCases, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const states = state === undefined ? undecidedStates : [state]
    const filter = { states, ...(kind === undefined ? {} : { kinds: [kind] }) }
    const page = await listCases(tx, tenant, filter, after === undefined ? {} : { after })
    const names = await namesOf(
      cloud,
      tx,
      page.cases.map(({ takenBy }) => takenBy),
    )
    return ok({
      cases: page.cases.map((one) => shown(one, accountId, names)),
      next: page.next,
      undecided: await openCaseCount(tx, tenant),
      currency,
      asOfS: cloud.clock.nowS(),
    })
  })

export const caseOf = (cloud: Cloud, member: CaseMember, caseId: string) =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const found = await caseDetails(tx, tenant, caseId)
    if (found === undefined) return err(refusal('case.unknown'))
    const { summary, facts, history, evidence, money } = found
    const names = await namesOf(cloud, tx, [summary.takenBy, ...history.map(({ author }) => author)])
    return ok({
      summary: shown(summary, member.accountId, names),
      facts,
      history: history.map(({ seq, step, author, reason, note, facts: what, atS }) => ({
        ...{ seq, step, author: names.get(author) ?? author, reason, note, facts: what, atS },
      })),
      evidence,
      money: money === null ? null : payerNamed(money),
      steps: stepsOf(member, summary),
      currency,
      asOfS: cloud.clock.nowS(),
    })
  })

export const caseEvidenceOf = async (cloud: Cloud, caseId: string) => {
  const { tenant } = cloud.config
  const pieces = await inTenant(cloud.db, tenant, (tx) => caseEvidence(tx, tenant, caseId))
  return ok({ pieces: pieces.map(({ label, hash, bytes }) => ({ label, hash, bytes: toBase64Url(bytes) })) })
}

export interface CaseOrder {
  readonly caseId: string
  readonly reason: CaseReason
  readonly note?: string | undefined
}

export const reviewAs = (
  cloud: Cloud,
  { accountId }: CaseMember,
  { step, ...order }: CaseOrder & { readonly step: ReviewStep },
): Promise<Result<CaseOutcome, Refusal>> =>
  byPerson(accountId, () => reviewCase(cloud, step, actBy(cloud, accountId, step, order)))

export const decideAs = (
  cloud: Cloud,
  { accountId }: CaseMember,
  { decision, ...order }: CaseOrder & { readonly decision: CaseDecision },
): Promise<Result<CaseOutcome, Refusal>> =>
  byPerson(accountId, () => decideCase(cloud, { ...actBy(cloud, accountId, decision.kind, order), decision }))

/** Programs look at cases; people decide them. */
const byPerson = async (
  accountId: string,
  work: () => Promise<Result<CaseOutcome, Refusal>>,
): Promise<Result<CaseOutcome, Refusal>> =>
  isStaffId(accountId) ? work() : err(refusal('organisation.role'))

/** The history of the case says why; the operator's log, that it was done. */
function actBy(cloud: Cloud, author: string, step: CaseStep, { caseId, reason, note }: CaseOrder) {
  return {
    ...{ caseId, author, reason },
    ...(note === undefined || note === '' ? {} : { note }),
    alongside: (tx: TenantTransaction): Promise<void> =>
      writeOperatorAct(cloud, tx, { author, action: `case.${step}`, subject: caseId, fleetId: null }),
  }
}

const shown = (
  { currency: _currency, ...summary }: CaseSummary,
  accountId: string,
  names: ReadonlyMap<string, string>,
): ShownCase => ({
  ...summary,
  takenBy: summary.takenBy === null ? null : (names.get(summary.takenBy) ?? summary.takenBy),
  isMine: summary.takenBy === accountId,
})

/** The account of the books says who pays; the name of a driver is nobody's business here. */
const payerNamed = ({ owner, ...money }: NonNullable<CaseDetails['money']>) => ({ payer: owner, ...money })

function stepsOf(
  { accountId, may }: CaseMember,
  { state, takenBy, verdict }: CaseSummary,
): readonly CaseStep[] {
  const standing = standingOf(state, takenBy, verdict)
  return stepsFrom(state).filter((step) => {
    const isRemedy = remedies.some((remedy) => remedy === step)
    if (!may(isRemedy ? 'decision.refund' : 'decision.decide')) return false
    // Whoever has it need not take it again.
    if (step === 'take-over' && (takenBy === null || takenBy === accountId)) return false
    return advance(standing, step, accountId).ok
  })
}

function standingOf(state: CaseState, takenBy: string | null, verdict: CaseSummary['verdict']): CaseStanding {
  switch (state) {
    case 'open':
      return { state }
    case 'decided':
      return { state, decidedBy: takenBy ?? '', verdict: verdict ?? 'resolve' }
    default:
      return { state, takenBy: takenBy ?? '' }
  }
}

async function namesOf(
  { config: { tenant } }: Cloud,
  tx: TenantTransaction,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const rows = await tx
    .selectFrom('console_people')
    .select(['account_id', 'name'])
    .where('tenant', '=', tenant)
    .where('account_id', 'in', wanted)
    .execute()
  return new Map(rows.map(({ account_id: id, name }) => [id, name]))
}
