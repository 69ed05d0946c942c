/** The three screens at a charger: the decision, the code, the running session. */

import type { ApproveView } from '@/components/driver/approve-screen'
import type { SessionView } from '@/components/driver/session-screen'
import type { ShowCodeView } from '@/components/driver/show-code-screen'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { seconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import { matchingWords } from '@/lib/protocol/matching-words'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { rate } from '@/lib/tariff/rate'
import type { ChainEntry } from '@/lib/wallet/chain'
import { codeOf } from '@/lib/wallet/wallet'
import { currentProposal } from '@/lib/wallet/ceremony'
import { findEntry, type WalletState } from '@/lib/wallet/wallet-state'
import { operatorName } from './operator-name'

/** A stop that many drivers make: enough for about 100 km, at 50 kW. */
const usualEnergyWh = 20_000
const usualDurationS = 1_440

const limitedBy: Partial<Record<ReasonCode, ApproveView['limitedBy']>> = {
  'wallet.cap': 'wallet',
  'hold.session-cap': 'wallet',
  'wallet.daily-limit': 'wallet',
  'step-up.required': 'wallet',
  'hold.first-seen': 'new-charger',
}

/** Undefined where nothing is being decided. */
export function approveView(
  state: WalletState,
  nowS: EpochSeconds,
  progress: ApproveView['state'],
  lastRefusal: Refusal | null,
): Result<ApproveView, Refusal> | undefined {
  const proposal = currentProposal(state, nowS)
  if (proposal === undefined || !proposal.ok) return proposal
  const { checked, choices, suggestedMinor } = proposal.value
  const { payload: certificate } = checked.certificate
  const wanted = state.ceremony?.kind === 'approving' ? state.ceremony.chosenMinor : null
  const chosen = choices.find((choice) => choice.holdMinor === wanted)?.holdMinor ?? suggestedMinor
  return ok({
    siteLabel: certificate.siteLabel,
    operatorName: operatorName(certificate.operator),
    bayLabel: certificate.bayLabel,
    words: matchingWords(checked.offer.hash),
    tariff: checked.offer.payload.tariff,
    estimate: estimateFor(checked.offer.payload.tariff),
    holds: choices,
    chosenHoldMinor: chosen,
    limitedBy: limitedBy[proposal.value.limitedBy] ?? 'charger',
    state: progress,
    refusal: lastRefusal,
  })
}

const estimateFor = (tariff: CompactTariff): ApproveView['estimate'] => ({
  energyWh: usualEnergyWh,
  durationS: usualDurationS,
  totalMinor: rate(tariff, {
    energyWh: wattHours(usualEnergyWh),
    chargingS: seconds(usualDurationS),
    idleS: seconds(0),
  }).totalMinor,
})

export function showCodeView(state: WalletState, sessionId: string): Result<ShowCodeView, Refusal> {
  const place = findEntry(state, sessionId)
  const text = place === undefined ? undefined : codeOf(place.chain, place.entry)
  if (place === undefined || text === undefined) return err(refusal('phone.key'))
  const { entry } = place
  return ok({
    text,
    part: null,
    bayLabel: entry.certificate.payload.bayLabel,
    words: matchingWords(entry.offer.hash),
    heldMinor: entry.payload.holdMinor,
    currency: entry.offer.payload.tariff.currency,
  })
}

export function sessionView(
  state: WalletState,
  sessionId: string,
  nowS: EpochSeconds,
): SessionView | undefined {
  const entry = findEntry(state, sessionId)?.entry
  if (entry === undefined) return undefined
  const { status } = entry
  return {
    siteLabel: entry.certificate.payload.siteLabel,
    bayLabel: entry.certificate.payload.bayLabel,
    words: matchingWords(entry.offer.hash),
    answer: answerOf(state, entry),
    heldMinor: entry.payload.holdMinor,
    currency: entry.offer.payload.tariff.currency,
    approvedAtS: entry.payload.timeS,
    status:
      status === null ? null : { energyWh: status.energyWh, costMinor: status.costMinor, atS: status.timeS },
    nowS,
  }
}

/** A signed word of the charger counts most; else what the driver saw on its screen and said here. */
function answerOf({ ceremony }: WalletState, entry: ChainEntry): SessionView['answer'] {
  if (entry.state.kind === 'accepted' || entry.status !== null) return 'accepted'
  return ceremony?.kind === 'session' && ceremony.view === 'charging' ? 'told' : 'waiting'
}
