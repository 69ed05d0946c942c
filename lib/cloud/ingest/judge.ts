/**
 * What all evidence about one session means together: what is owed for sure, what is in doubt, and why. Pure, and a
 * function of the set alone: the same pieces give the same judgement in every order, however often they come.
 */

import type { ChargerId, MessageHash } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { addSeconds, minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { recomputeBill } from '@/lib/policy/receipt-bill'
import { taxWithin } from '@/lib/tariff/rate'
import type { AnswerEvidence, Evidence, ReceiptEvidence, Statement } from './evidence'
import { cardFaults, mandateOf, type KnownCards, type Mandate } from './mandate'

/** Why people must look at a session; each opens one case. */
export const doubts = {
  /** Two different receipts, or a decline beside a receipt or an acceptance, for one session. */
  'two-finals': 'receipt.session',
  'exceeds-hold': 'receipt.exceeds-hold',
  /** The charger billed more than registers and tariff give. */
  amount: 'receipt.amount',
  currency: 'offer.currency',
  /** A charger signed something about a session whose consent names another offer. */
  'foreign-charger': 'offer.unknown',
  ...cardFaults,
} as const satisfies Record<string, ReasonCode>
export type Doubt = keyof typeof doubts

export interface Judgement {
  readonly mandate: Mandate
  readonly charger:
    { readonly id: ChargerId; readonly siteLabel: string; readonly bayLabel: string } | undefined
  /** Undefined while no charger has said its last word. */
  readonly final: Final | undefined
  /**
   * While nobody has answered: when the charger must have done so, by its own clock. Null where it has, or where that
   * clock or the offer is unknown.
   */
  readonly answerDueS: EpochSeconds | null
  readonly doubts: readonly Doubt[]
}

const noDoubts: readonly Doubt[] = []

export interface Final {
  /** Owed for sure, tax included; at most the hold. */
  readonly owedMinor: MinorUnits
  readonly taxMinor: MinorUnits
  /** The most that any final claims, at most the hold; the difference stays pending. */
  readonly claimedMinor: MinorUnits
  /** Of the receipt that stands; null after a decline. */
  readonly energyWh: number | null
  readonly receiptCounter: number | null
}

/**
 * Undefined without consent: then nothing may be posted, whatever chargers say. `cards` are those that we issued. Of
 * several makers of one offer none is believed more than the others, so the lowest of their bills stands.
 */
export function judge(
  evidence: readonly Evidence[],
  cards?: KnownCards,
  hasSeveralMakers = false,
): Judgement | undefined {
  const mandate = mandateOf(evidence, cards)
  if (mandate === undefined) return undefined
  const found = new Set<Doubt>(mandate.by.kind === 'card' ? mandate.by.faults : [])
  const statements = evidence.filter((piece) => piece.kind !== 'consent')
  const own = statements.filter((piece) => isAbout(mandate, piece))
  const isClaimedTwice = mandate.by.kind === 'card' && mandate.by.chargerIds.length > 1
  if (own.length < statements.length || isClaimedTwice) found.add('foreign-charger')
  const withOffer = own.find((piece) => piece.offer !== undefined)
  const bound = own
    .filter(isWord)
    .filter((piece) => isClaimedTwice || hasSeveralMakers || isBound(piece, withOffer?.chargerId))
  const finals = bound.map((piece) => readFinal(piece, mandate, found)).filter((final) => final !== undefined)
  const isContested = mandate.by.kind === 'card' && mandate.by.isContested
  const hasTwoAnswers = isAnsweredBothWays(bound) || (isContested && !isClaimedTwice)
  if (hasTwoAnswers || finals.some(({ hash }) => hash !== finals[0]?.hash)) found.add('two-finals')
  const speaker = withOffer ?? bound.toSorted(byHash)[0]
  return {
    mandate,
    charger:
      speaker === undefined
        ? undefined
        : { id: speaker.chargerId, siteLabel: speaker.siteLabel, bayLabel: speaker.bayLabel },
    final: summarise(finals, own),
    answerDueS: bound.length > 0 || mandate.by.kind === 'card' ? null : answerDue(withOffer),
    doubts: found.size === 0 ? noDoubts : [...found].sort(),
  }
}

/** A wallet names the offer that it accepted; a bearer's session is the word of one charger alone. */
const isAbout = ({ by }: Mandate, { offerHash, chargerId }: Statement): boolean =>
  by.kind === 'card'
    ? by.chargerIds.includes(chargerId)
    : offerHash === undefined || offerHash === by.consent.offerHash

const isWord = (piece: Statement): piece is AnswerEvidence | ReceiptEvidence =>
  piece.kind === 'answer' || piece.kind === 'receipt'

function answerDue(withOffer: Statement | undefined): EpochSeconds | null {
  const offer = withOffer?.offer
  if (offer === undefined || offer.clockQuality !== 'synchronised') return null
  return addSeconds(offer.timeS, offer.timeToLiveS)
}

/**
 * Whether a statement comes from the charger that made the offer. Without the offer, a charger's log counts all the
 * same unless it says itself that the offer was not its own.
 */
function isBound(piece: AnswerEvidence | ReceiptEvidence, offeredBy: ChargerId | undefined): boolean {
  if (offeredBy !== undefined) return piece.chargerId === offeredBy
  return piece.kind === 'answer' && piece.answer.verdict !== 'offer.unknown'
}

function isAnsweredBothWays(pieces: readonly (AnswerEvidence | ReceiptEvidence)[]): boolean {
  const isAnswer = (accepts: boolean) => (piece: AnswerEvidence | ReceiptEvidence) =>
    piece.kind === 'answer' && (piece.answer.verdict === 'accepted') === accepts
  return pieces.some(isAnswer(true)) && pieces.some(isAnswer(false))
}

interface OneFinal {
  readonly hash: MessageHash
  /** What is surely owed by this statement alone, and what it claims. */
  readonly leastMinor: MinorUnits
  readonly mostMinor: MinorUnits
  readonly energyWh: number | null
  readonly receiptCounter: number | null
}

function readFinal(
  piece: AnswerEvidence | ReceiptEvidence,
  { by, hash: mandateHash, holdMinor, currency }: Mandate,
  found: Set<Doubt>,
): OneFinal | undefined {
  const nothing = minorUnits(0)
  if (piece.kind === 'answer') {
    if (piece.answer.verdict === 'accepted') return undefined
    const declined = { hash: mandateHash, leastMinor: nothing, mostMinor: nothing }
    return { ...declined, energyWh: null, receiptCounter: null }
  }
  const { receipt, offer, hash } = piece
  const receiptCounter = receipt.counter
  if (receipt.totalMinor > holdMinor) found.add('exceeds-hold')
  const mostMinor = minorUnits(Math.min(receipt.totalMinor, holdMinor))
  const energyWh = receipt.meterStopWh - receipt.meterStartWh
  // Which of two prices a receipt is read with depends on what came first; so neither decides.
  if (by.kind === 'card' && by.isContested)
    return { hash, leastMinor: nothing, mostMinor, energyWh: null, receiptCounter }
  if (receipt.currency !== currency || offer.tariff.currency !== currency) {
    found.add('currency')
    return { hash, leastMinor: nothing, mostMinor, energyWh: null, receiptCounter }
  }
  if (energyWh < 0) {
    found.add('amount')
    return { hash, leastMinor: nothing, mostMinor, energyWh: null, receiptCounter }
  }
  const bill = recomputeBill(receipt, offer, holdMinor)
  if (bill === undefined) {
    found.add('amount')
    return { hash, leastMinor: nothing, mostMinor, energyWh, receiptCounter }
  }
  if (receipt.totalMinor > bill.totalMinor && receipt.totalMinor <= holdMinor) found.add('amount')
  if (by.kind === 'card' && by.faults.length > 0)
    return { hash, leastMinor: nothing, mostMinor, energyWh, receiptCounter }
  return {
    hash,
    leastMinor: minorUnits(Math.min(mostMinor, bill.totalMinor)),
    mostMinor,
    energyWh,
    receiptCounter,
  }
}

/** Of several finals the lowest stands (rule 9); among equals, the one with the lowest hash tells the energy. */
function summarise(finals: readonly OneFinal[], own: readonly Statement[]): Final | undefined {
  const standing =
    finals.length === 1
      ? finals[0]
      : finals.toSorted((left, right) => left.leastMinor - right.leastMinor || byHash(left, right))[0]
  if (standing === undefined) return undefined
  const tariff = own.find(({ offer }) => offer !== undefined)?.offer?.tariff
  const owedMinor = standing.leastMinor
  return {
    owedMinor,
    taxMinor: tariff === undefined || owedMinor === 0 ? minorUnits(0) : taxWithin(tariff, owedMinor),
    claimedMinor: minorUnits(Math.max(...finals.map(({ mostMinor }) => mostMinor), owedMinor)),
    energyWh: standing.energyWh,
    receiptCounter: standing.receiptCounter,
  }
}

const byHash = (left: { readonly hash: string }, right: { readonly hash: string }): number =>
  left.hash < right.hash ? -1 : left.hash > right.hash ? 1 : 0
