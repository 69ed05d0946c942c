/**
 * The end of a grant (PROTOCOL.md, rules of money 10). Whoever closes says how far the chain went; only when every
 * authorization up to there is known, and none beyond, does credit leave the reserve: everything but open holds and
 * amounts in dispute goes back to the owner, from whom the next grant takes its cap. Without this rule a phone could
 * spend at chargers without a link, hide it, and take the same credit along again. Pure; the server and simulated
 * worlds both decide by this one function.
 */

import type { CurrencyCode, GrantSerial, MessageHash, PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { verifyMessage, type ParsedMessage, type VerifiedMessage } from '@/lib/protocol/message'
import type { Close } from '@/lib/protocol/messages/close'
import { checkChain, type ChainLink } from '../ingest/chain-check'
import {
  classOf,
  receivableAccount,
  reserveAccount,
  walletAccount,
  type OwnerAccount,
} from '../ledger/accounts'
import type { Transfer } from '../ledger/transfer'

export interface CloseQuestion {
  /** Its signature is checked already, by the grant's device key. */
  readonly close: Close
  readonly grantHash: MessageHash
  /** Every authorization that is known under the grant, from whichever road. */
  readonly links: readonly ChainLink[]
  readonly rest: ReserveRest
}

/** A reserve as it stands, under lock. */
export interface ReserveRest {
  readonly serial: GrantSerial
  readonly owner: OwnerAccount
  readonly currency: CurrencyCode
  readonly balanceMinor: MinorUnits
  /** Open holds and amounts in dispute. */
  readonly pendingMinor: MinorUnits
  /** What the owner owes beyond its credit; paid first. */
  readonly owedMinor: number
  /** Raised by everything that ever left the reserve: tells one giving back from the next. */
  readonly spentMinor: number
}

export interface CloseDecision {
  /** What leaves the reserve, and of that what the owner can spend again. */
  readonly releasedMinor: MinorUnits
  readonly spendableMinor: MinorUnits
  readonly transfers: readonly Transfer[]
}

/** Only the key of the grant that ends speaks of its end. */
export function closeOfHolder(
  close: ParsedMessage<Close>,
  deviceKey: PublicKey,
  verify: Verify,
): Result<VerifiedMessage<Close>, Refusal> {
  const verified = verifyMessage(close, deviceKey, verify)
  return verified === undefined ? err(refusal('wallet.signature')) : ok(verified)
}

/**
 * Who may not exchange a grant for the next one, and why. A driver's own credit is exchanged for its account alone,
 * whoever shows a close of it; a fleet's token by its key; a guest's grant was bought for one session and ends with it.
 */
export function exchangeFault(owner: OwnerAccount, accountId: string | undefined): Refusal | undefined {
  const kind = classOf(owner)
  if (kind === 'fleet') return undefined
  if (kind !== 'wallet') return refusal('api.forbidden')
  if (accountId === undefined) return refusal('api.unauthenticated')
  return owner === walletAccount(accountId) ? undefined : refusal('api.forbidden')
}

export function decideClose({
  close,
  grantHash,
  links,
  rest,
}: CloseQuestion): Result<CloseDecision, Refusal> {
  const fault = chainFault(close, grantHash, links)
  return fault === undefined ? ok(releaseRest(rest)) : err(fault)
}

function chainFault(
  { lastSeq, head }: Close,
  grantHash: MessageHash,
  links: readonly ChainLink[],
): Refusal | undefined {
  const highest = links.reduce((seq, link) => Math.max(seq, link.seq), 0)
  if (highest > lastSeq) return refusal('close.contradicted', { seq: highest })
  // A fork, or sums that do not follow: two phones sign under this key, or it lies; people decide.
  const faulty = checkChain(links, grantHash)[0]
  if (faulty !== undefined) return refusal('close.contradicted', { seq: faulty.seq })
  const known = new Map<number, string>(links.map((link) => [link.seq, link.sessionId]))
  for (let seq = 1; seq <= lastSeq; seq += 1) {
    if (!known.has(seq)) return refusal('close.incomplete', { seq })
  }
  const expected = lastSeq === 0 ? grantHash : known.get(lastSeq)
  return head === expected ? undefined : refusal('close.contradicted', { seq: lastSeq })
}

/**
 * Gives back what a closed grant does not need any more. At the close itself, and again whenever one of its open
 * holds has ended with less than it held.
 */
export function releaseRest(rest: ReserveRest): CloseDecision {
  const { serial, owner, currency, balanceMinor, pendingMinor, owedMinor, spentMinor } = rest
  const releasedMinor = minorUnits(Math.max(0, balanceMinor - pendingMinor))
  const recoveredMinor = Math.min(releasedMinor, Math.max(0, owedMinor))
  const base = {
    reference: `${serial}/closed-${spentMinor}`,
    currency,
    effect: 'post',
    reason: 'grant-closed',
    author: serial,
  } as const
  const moves = [
    { kind: 'release', debit: reserveAccount(serial), credit: owner, amountMinor: releasedMinor },
    {
      kind: 'recover',
      debit: owner,
      credit: receivableAccount(owner),
      amountMinor: minorUnits(recoveredMinor),
    },
  ] as const
  return {
    releasedMinor,
    spendableMinor: minorUnits(releasedMinor - recoveredMinor),
    transfers: moves.filter(({ amountMinor }) => amountMinor > 0).map((move) => ({ ...base, ...move })),
  }
}
