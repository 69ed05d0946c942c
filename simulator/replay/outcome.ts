/** What a replay came to: each session as trace, receipt and books have it, and the figures over all of them. */

import type { ChargerId, SessionId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { StopReason } from '@/lib/protocol/messages/receipt'
import type { SessionState } from '@/lib/cloud/api-types/account'

/** What happened at the charger. `lost`: it began, and no receipt came of it, which must never be. */
export type Delivery =
  | { readonly kind: 'refused'; readonly code: ReasonCode }
  | { readonly kind: 'lost'; readonly sessionId: SessionId }
  | {
      readonly kind: 'ended'
      readonly sessionId: SessionId
      readonly energyWh: number
      readonly holdMinor: number
      readonly totalMinor: number
      readonly stopReason: StopReason
    }

export interface ReplayedSession {
  readonly chargerId: ChargerId
  readonly driver: string
  readonly pays: 'credit' | 'fleet'
  readonly startS: number
  readonly traceEnergyWh: number
  readonly delivery: Delivery
  /** In the operator's books; undefined when it is not there. */
  readonly booked: { readonly state: SessionState; readonly totalMinor: number | null } | undefined
}

export type UnbookedSession = Omit<ReplayedSession, 'booked'>

/** What one owner of credit paid in, and what is left of it, reserves included. */
export interface OwnerCredit {
  readonly owner: string
  readonly drivers: readonly string[]
  readonly paidInMinor: number
  readonly leftMinor: number
}

export interface ReplayFacts {
  readonly sessions: readonly ReplayedSession[]
  readonly owners: readonly OwnerCredit[]
  readonly ledgerImbalanceMinor: number
  readonly openCases: number
  readonly duplicatesIgnored: number
  readonly firstByPhone: number
  readonly firstByCharger: number
  readonly elapsedMs: number
}

/** The object that `--json` prints. */
export interface ReplayFigures {
  readonly sessions: number
  readonly traceEnergyWh: number
  readonly energyWh: number
  readonly cutByCap: number
  readonly settled: number
  readonly pending: number
  readonly ledgerImbalanceMinor: number
  readonly duplicatesIgnored: number
  readonly elapsedMs: number
  readonly lost: number
  readonly refused: number
  readonly cases: number
  readonly settledMinor: number
  readonly firstByPhone: number
  readonly firstByCharger: number
  readonly drivers: number
}

const capReasons: readonly StopReason[] = ['hold-reached', 'limit']

/** Cut on the way, or not let in at all, because some limit was reached. */
export const isCutByCap = ({ delivery }: ReplayedSession): boolean =>
  delivery.kind === 'refused'
    ? /^(hold|wallet|step-up)\./.test(delivery.code)
    : delivery.kind === 'ended' && capReasons.includes(delivery.stopReason)

/** Energy was delivered or a driver was let in, and the books know nothing of it. */
export const isLost = ({ delivery, booked }: ReplayedSession): boolean =>
  delivery.kind === 'lost' || (delivery.kind === 'ended' && booked === undefined)

export function figuresOf(facts: ReplayFacts): ReplayFigures {
  const { sessions } = facts
  const count = (is: (session: ReplayedSession) => boolean): number => sessions.filter(is).length
  const sum = (of: (session: ReplayedSession) => number): number =>
    sessions.reduce((total, session) => total + of(session), 0)
  return {
    sessions: sessions.length,
    traceEnergyWh: sum(({ traceEnergyWh }) => traceEnergyWh),
    energyWh: sum(({ delivery }) => (delivery.kind === 'ended' ? delivery.energyWh : 0)),
    cutByCap: count(isCutByCap),
    settled: count(({ booked }) => booked?.state === 'settled'),
    pending: count(({ booked }) => booked !== undefined && booked.state !== 'settled'),
    ledgerImbalanceMinor: facts.ledgerImbalanceMinor,
    duplicatesIgnored: facts.duplicatesIgnored,
    elapsedMs: facts.elapsedMs,
    lost: count(isLost),
    refused: count(({ delivery }) => delivery.kind === 'refused'),
    cases: facts.openCases,
    settledMinor: sum(({ booked }) => booked?.totalMinor ?? 0),
    firstByPhone: facts.firstByPhone,
    firstByCharger: facts.firstByCharger,
    drivers: new Set(sessions.map(({ driver }) => driver)).size,
  }
}

/** Plain sentences about whatever may not be; none in a sound replay. */
export function findFaults(facts: ReplayFacts): readonly string[] {
  const faults: string[] = []
  if (facts.ledgerImbalanceMinor !== 0) {
    faults.push(`The ledger is out of balance by ${facts.ledgerImbalanceMinor} minor units.`)
  }
  for (const session of facts.sessions) {
    const { driver, chargerId, delivery, booked } = session
    const name = `The session of ${driver} at ${chargerId}`
    if (isLost(session)) faults.push(`${name} is lost.`)
    if (
      delivery.kind === 'ended' &&
      booked?.state === 'settled' &&
      booked.totalMinor !== delivery.totalMinor
    ) {
      faults.push(`${name} was settled at ${booked.totalMinor}, its receipt says ${delivery.totalMinor}.`)
    }
  }
  const spentMinor = facts.sessions.reduce((sum, { booked }) => sum + (booked?.totalMinor ?? 0), 0)
  const goneMinor = facts.owners.reduce((sum, { paidInMinor, leftMinor }) => sum + paidInMinor - leftMinor, 0)
  if (spentMinor !== goneMinor) {
    faults.push(`Owners are short of ${goneMinor} minor units, the sessions were settled at ${spentMinor}.`)
  }
  return faults
}
