/**
 * What reconciliation does for cards beside what it does for every session: who owes what a copied card spent twice,
 * and what people must look at. A spend is never dropped: beyond the card's credit it is owed by the card itself, and
 * all sessions of the card lie in one case.
 */

import type { GrantSerial, SessionId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import { cardDebtorOf, receivableAccount } from '../ledger/accounts'
import type { BearerEvidence, Evidence } from './evidence'
import { evidenceBySession } from './evidence-order'
import type { Judgement } from './judge'
import { spentUp, type KnownCard, type KnownCards } from './mandate'
import { signedBytesOf } from './session-cases'
import type { Books } from './settle'
import type { NewCase, ReconcileTransaction } from './store'

type KnownEvidence = ReadonlyMap<SessionId, readonly Evidence[]>

const isBearer = (piece: Evidence): piece is BearerEvidence => piece.kind === 'bearer'

/** The cards that these sessions stand on. */
export async function cardsOf(tx: ReconcileTransaction, known: KnownEvidence): Promise<KnownCards> {
  const records = [...known.values()].flat().filter(isBearer)
  if (records.length === 0) return new Map()
  return tx.knownCards([...new Set(records.map(({ record }) => record.voucherHash))])
}

const cardOf = ({ mandate: { by } }: Judgement): KnownCard | undefined =>
  by.kind === 'card' ? by.card : undefined

/**
 * Lets printed cards owe what their credit cannot pay. Their reserves are locked already, and nobody locks what a card
 * owes without its reserve, so this comes after without waiting in a circle. A listed token's owner answers for it.
 */
export async function lockCardDebts(
  tx: ReconcileTransaction,
  judgements: readonly Judgement[],
  books: Books,
): Promise<void> {
  const printed = judgements.flatMap((judgement) => {
    const card = cardOf(judgement)
    return card?.bearer === 'printed' ? [cardDebtorOf(card.serial)] : []
  })
  if (printed.length === 0) return
  const balances = await tx.lockBalances([...new Set(printed)].sort().map(receivableAccount))
  for (const judgement of judgements) {
    const reserve = books.reserves.get(judgement.mandate.serial)
    if (cardOf(judgement)?.bearer !== 'printed' || reserve === undefined) continue
    const debtor = cardDebtorOf(judgement.mandate.serial)
    reserve.cardDebtor = debtor
    const owedMinor = -(balances.get(receivableAccount(debtor))?.postedMinor ?? 0)
    books.owners.set(debtor, { availableMinor: 0, owedMinor })
  }
}

/** After the sessions stand in the books. `overspent` are grants and cards whose reserve could not pay just now. */
export async function examineCards(
  tx: ReconcileTransaction,
  judgements: readonly Judgement[],
  known: KnownEvidence,
  books: Books,
  overspent: ReadonlySet<GrantSerial>,
): Promise<readonly NewCase[]> {
  const cards = new Map(
    judgements.flatMap((judgement) => {
      const card = cardOf(judgement)
      return card === undefined ? [] : [[card.serial, card] as const]
    }),
  )
  const cases = [...unknownCards(judgements, known), ...spentAfterRevocation(judgements, known)]
  for (const [serial, card] of [...cards].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const reserve = books.reserves.get(serial)
    const isUsedUp = reserve !== undefined && reserve.balanceMinor <= 0
    // The chargers of one site know what was spent there; the list is for those that cannot.
    if (overspent.has(serial) || (isUsedUp && card.sites.length > 1))
      await tx.revokeGrant(serial, epochSeconds(card.notAfterS), spentUp)
    if (overspent.has(serial)) cases.push(await doubleSpend(tx, serial, reserve?.coveredMinor ?? 0))
  }
  return cases
}

/** A case shows so many sessions of one card; a card holds little, and more say nothing new. */
const sessionsPerCase = 16

/** Both sides of it: whatever the card paid for, with the charger's record of each. */
async function doubleSpend(
  tx: ReconcileTransaction,
  serial: GrantSerial,
  beyondMinor: number,
): Promise<NewCase> {
  const ids = await tx.sessionsUnder(serial, sessionsPerCase)
  const evidence = [...evidenceBySession(await tx.loadEvidence(ids)).values()].flat()
  const pieces = evidence.flatMap(signedBytesOf)
  return { kind: 'double-spend', code: 'voucher.spent', serial, facts: { beyondMinor }, evidence: pieces }
}

/**
 * The charger says that it sold to a card that we never issued: it was deceived, or deceives. One case a charger, so
 * that whoever invents cards cannot invent cases. The receipts wait as what they are, words without consent.
 */
function unknownCards(judgements: readonly Judgement[], known: KnownEvidence): NewCase[] {
  const judged = new Set(judgements.map(({ mandate }) => mandate.sessionId))
  return [...known]
    .filter(([id, evidence]) => !judged.has(id) && evidence.some(isBearer))
    .flatMap(([, evidence]) => {
      const chargerId = evidence.find(isBearer)?.chargerId ?? ''
      const pieces = evidence.flatMap(signedBytesOf)
      return [{ kind: 'unknown-card', code: 'voucher.signature', chargerId, evidence: pieces } as const]
    })
}

/** The charger had not heard of it, so the spend stands; whoever lost the card may get it back. */
const spentAfterRevocation = (judgements: readonly Judgement[], known: KnownEvidence): NewCase[] =>
  judgements.flatMap((judgement) => {
    const { sessionId, serial, atS } = judgement.mandate
    const revokedAtS = cardOf(judgement)?.revokedAtS
    if (revokedAtS === undefined || atS <= revokedAtS || (judgement.final?.owedMinor ?? 0) === 0) return []
    const evidence = (known.get(sessionId) ?? []).flatMap(signedBytesOf)
    return [{ kind: 'card-revoked', code: 'voucher.revoked', sessionId, serial, evidence }]
  })
