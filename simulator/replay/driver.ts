/** A driver of a replay: joins, charges at the times of the plan, and now and then has a network. */

import type { ChargerStand } from './charger-stand'
import { bay } from './charger-stand'
import type { PlannedDriver, PlannedSession } from './plan'
import type { OwnerAccount } from '@/lib/cloud/ledger/accounts'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, expectOk, ok, type Result } from '@/lib/core/result'
import type { SessionId } from '@/lib/core/ids'
import type { MinorUnits } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import type { VirtualPhone } from '@/simulator/phone/virtual-phone'
import type { SleepUntil } from '@/simulator/charger/virtual-time'

export interface Begun {
  readonly sessionId: SessionId
  readonly holdMinor: MinorUnits
  /** What the phone showed. */
  readonly text: string
}

export interface ReplayDriver {
  readonly plan: PlannedDriver
  readonly phone: VirtualPhone
  /** Gets a way to pay onto the phone; whose credit it is, and how much was paid in for it. */
  readonly join: () => Promise<{ readonly owner: OwnerAccount; readonly paidInMinor: number }>
}

/** From the offer on the screen to the charger's answer; the energy may flow when it is good. */
export async function beginSession(
  { phone }: ReplayDriver,
  stand: ChargerStand,
  session: PlannedSession,
): Promise<Result<Begun, Refusal>> {
  const shown = stand.phase()
  if (shown.kind !== 'offering')
    return err(refusal(shown.kind === 'unavailable' ? shown.reason : 'charger.busy'))
  const code = await phone.scan(shown.offerCode, session.wishedMinor)
  if (!code.ok) return code
  const { sessionId, holdMinor, text } = code.value
  const outcome = await stand.controller.handleScan(bay, text)
  if (outcome.kind === 'refused') {
    if (outcome.answer !== undefined) await phone.read(answerText(outcome.answer))
    return err(outcome.refusal)
  }
  if (outcome.kind !== 'accepted') throw new Error('A fresh authorization was known to the charger')
  if (session.scansAnswer) expectOk(await phone.read(answerText(outcome.answer)), 'the answer is read')
  if (session.showsAgain) await showAgain(stand, text)
  return ok({ sessionId, holdMinor, text })
}

/** The same bytes always get the same answer, and never a second session. */
async function showAgain(stand: ChargerStand, text: string): Promise<void> {
  const again = await stand.controller.handleScan(bay, text)
  if (again.kind !== 'known') throw new Error(`The charger answered the same code anew: ${again.kind}`)
}

const answerText = (answer: Uint8Array<ArrayBuffer>): string =>
  envelopeToText({ kind: 'answer', parts: [answer] })

/** The driver's life beside the charger: joins in time, and comes home to a network at the times of the plan. */
export async function liveWithPhone(
  { plan, phone, join }: ReplayDriver,
  sleepUntil: SleepUntil,
): ReturnType<ReplayDriver['join']> {
  await sleepUntil(plan.joinsAtS)
  const credit = await join()
  for (const atS of plan.reportsAtS) {
    await sleepUntil(atS)
    // A report that fails is not lost: the next one brings everything again.
    await phone.report()
  }
  return credit
}

/** A connection on which some replies get lost after the cloud has done what was asked. */
export function losingReplies(cloud: CloudPort, fraction: () => number, lostShare: number): CloudPort {
  return {
    ...cloud,
    async report(chains) {
      const reply = await cloud.report(chains)
      return fraction() < lostShare ? err(refusal('api.unreachable')) : reply
    },
  }
}
