/** The three screens at a charger: the decision, the code, the running session. */

import type { ApproveView } from '@/components/driver/approve-screen'
import type { SessionView } from '@/components/driver/session-screen'
import type { SessionEndedView } from '@/components/driver/session-ended-screen'
import type { ShowCodeView } from '@/components/driver/show-code-screen'
import type { StopCodeView } from '@/components/driver/stop-code-screen'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { seconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import { splitIntoFrames } from '@/lib/protocol/frames'
import { matchingWords } from '@/lib/protocol/matching-words'
import type { Offer } from '@/lib/protocol/messages/offer'
import { rate, type Usage } from '@/lib/tariff/rate'
import { newsCodeFor } from '@/lib/wallet/carried-news'
import { releasedOf, roomOf, type Chain, type ChainEntry, type CheckedOffer } from '@/lib/wallet/chain'
import { isOwnCredit, purseOf } from '@/lib/wallet/purse'
import type { Proposal } from '@/lib/wallet/spend-policy'
import { codeOf, stopCodeOf } from '@/lib/wallet/wallet'
import { currentProposal } from '@/lib/wallet/ceremony'
import { refusalOfDecline } from '@/lib/wallet/decline-words'
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
  const { checked, choices, suggestedMinor, atS, aheadS } = proposal.value
  const { payload: certificate } = checked.certificate
  const wanted = state.ceremony?.kind === 'approving' ? state.ceremony.chosenMinor : null
  const chosen = choices.find((choice) => choice.holdMinor === wanted)?.holdMinor ?? suggestedMinor
  return ok({
    siteLabel: certificate.siteLabel,
    operatorName: operatorName(certificate.operator),
    bayLabel: certificate.bayLabel,
    words: matchingWords(checked.offer.hash),
    ...priceView(checked.offer.payload, atS),
    clockAheadS: aheadS,
    holds: choices,
    chosenHoldMinor: chosen,
    limitedBy: limitedBy[proposal.value.limitedBy] ?? 'charger',
    payer: payerOf(proposal.value.chain),
    moreMinor: moreOf(state, proposal.value),
    state: progress,
    refusal: lastRefusal,
  })
}

function payerOf(chain: Chain): NonNullable<ApproveView['payer']> {
  const purse = purseOf(chain)
  return { kind: purse === 'roaming' || purse === 'sites' ? purse : 'fleet', fleetName: chain.fleetName }
}

/** More than a charger takes of a stranger, as far as credit and charger go: the operator knows what the charger cannot. */
function moreOf(
  { account }: WalletState,
  { chain, checked, choices, limitedBy: limit }: Proposal & { readonly checked: CheckedOffer },
): number | null {
  const isOurs = account?.signedIn === true && isOwnCredit(chain)
  const { keyProtection, sessionCapMinor } = chain.grant.payload
  if (!isOurs || limit !== 'hold.first-seen' || keyProtection === 'sealed') return null
  const mostMinor = Math.min(roomOf(chain), sessionCapMinor, checked.offer.payload.maximumHoldMinor)
  return mostMinor > (choices.at(-1)?.holdMinor ?? 0) ? mostMinor : null
}

/** The whole price, and what a usual session costs at it, begun now. The fee per session is paid once, with the first rates. */
function priceView(
  { tariff, tariffChange }: Offer,
  nowS: EpochSeconds,
): Pick<ApproveView, 'tariff' | 'change' | 'estimate' | 'nowS'> {
  const usual = { energyWh: wattHours(usualEnergyWh), chargingS: seconds(usualDurationS), idleS: seconds(0) }
  const beforeS = tariffChange === undefined ? usualDurationS : Math.max(0, tariffChange.atS - nowS)
  const share = Math.min(1, beforeS / usualDurationS)
  const bill =
    tariffChange === undefined || share === 1
      ? rate(tariff, usual)
      : rate(tariff, { ...usual, beforeChange: partOf(usual, share) }, tariffChange)
  return {
    tariff,
    change:
      tariffChange === undefined
        ? null
        : { atS: tariffChange.atS, tariff: { ...tariff, ...tariffChange, perSession: 0 } },
    estimate: { energyWh: usualEnergyWh, durationS: usualDurationS, totalMinor: bill.totalMinor },
    nowS,
  }
}

/** Energy flows evenly, as far as an estimate goes. */
const partOf = ({ energyWh, chargingS, idleS }: Usage, share: number): Omit<Usage, 'beforeChange'> => ({
  energyWh: wattHours(Math.round(energyWh * share)),
  chargingS: seconds(Math.round(chargingS * share)),
  idleS,
})

/** Base45: three characters for two bytes, after the prefix. */
const charactersOf = (bytes: number): number => 'OP1:'.length + Math.ceil((bytes * 3) / 2)

export function showCodeView(
  state: WalletState,
  sessionId: string,
  nowS: EpochSeconds,
): Result<ShowCodeView, Refusal> {
  const place = findEntry(state, sessionId)
  const text = place === undefined ? undefined : codeOf(place.chain, place.entry)
  if (place === undefined || text === undefined) return err(refusal('phone.key'))
  const { chain, entry } = place
  return ok({
    text,
    news: newsCodeFor(state, chain, entry, nowS) ?? null,
    parts: splitIntoFrames(text, limits.framePieceBytesMax),
    onlyInParts: text.length > charactersOf(limits.newsCodeBytesMax),
    bayLabel: entry.certificate.payload.bayLabel,
    words: matchingWords(entry.offer.hash),
    heldMinor: entry.payload.holdMinor,
    currency: entry.offer.payload.tariff.currency,
  })
}

export function stopCodeView(state: WalletState, sessionId: string): Result<StopCodeView, Refusal> {
  const entry = findEntry(state, sessionId)?.entry
  const text = entry === undefined ? undefined : stopCodeOf(entry)
  if (entry === undefined || text === undefined) return err(refusal('phone.key'))
  return ok({
    text,
    bayLabel: entry.certificate.payload.bayLabel,
    words: matchingWords(entry.offer.hash),
  })
}

/** A session that is over without this phone having stood at the charger; undefined while it goes on. */
export function sessionEndedView(state: WalletState, sessionId: string): SessionEndedView | undefined {
  const entry = findEntry(state, sessionId)?.entry
  if (entry === undefined || (entry.state.kind !== 'unused' && entry.state.kind !== 'finished'))
    return undefined
  return {
    kind: entry.state.kind,
    siteLabel: entry.certificate.payload.siteLabel,
    bayLabel: entry.certificate.payload.bayLabel,
    heldMinor: entry.payload.holdMinor,
    releasedMinor: releasedOf(entry),
    currency: entry.offer.payload.tariff.currency,
    atS: entry.state.atS,
  }
}

/** What a charger or the operator said no with, after the code had left the screen. */
export function sessionRefusal(state: WalletState, sessionId: string): Refusal | undefined {
  return refusalOfDecline(state, sessionId)
}

/** What the page knows and the wallet does not: how far the question about stopping has got. */
export interface StopProgress {
  readonly step: 'none' | 'confirming' | 'signing'
  readonly refusal: Refusal | null
}

export function sessionView(
  state: WalletState,
  sessionId: string,
  nowS: EpochSeconds,
  progress: StopProgress = { step: 'none', refusal: null },
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
    stop: entry.stop === null ? progress.step : 'asked',
    refusal: progress.refusal,
    nowS,
  }
}

/** A signed word of the charger counts most; else what the driver saw on its screen and said here. */
function answerOf({ ceremony }: WalletState, entry: ChainEntry): SessionView['answer'] {
  if (entry.state.kind === 'accepted' || entry.status !== null) return 'accepted'
  // Nobody asks a charger to stop that did not say yes.
  return ceremony?.kind === 'session' && ceremony.view !== 'showing' ? 'told' : 'waiting'
}
