/**
 * The ceremony at a charger, step by step: what a scanned code leads to, what is being decided, what will be signed.
 * Where the driver stands is part of the wallet's state, so that a reload goes on in the middle.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds, MinorUnits } from '@/lib/core/units'
import { envelopeFromText, type EnvelopeKind } from '@/lib/protocol/envelope'
import { newsBytesFor } from './carried-news'
import {
  nextAuthorization,
  prepareEntry,
  replaceEntry,
  type Chain,
  type ChainEntry,
  type CheckedOffer,
} from './chain'
import { disputeReason, takeEvidence, type Evidence } from './chain-evidence'
import { refusalOfDecline } from './decline-words'
import { checkOffer, clockAheadS, isCertainlyExpired, judgedAtS } from './offer-check'
import { proposeHolds, type Proposal } from './spend-policy'
import { revocationEpochOf, type TrustState } from './trust-state'
import {
  entriesOf,
  replaceChain,
  spendContext,
  type Ceremony,
  type Now,
  type WalletState,
} from './wallet-state'
export type ScanOutcome =
  | { readonly kind: 'offer' }
  /** The offer was approved before: its code is shown again. */
  | { readonly kind: 'known-offer'; readonly sessionId: SessionId }
  | { readonly kind: 'accepted' | 'status'; readonly sessionId: SessionId }
  | { readonly kind: 'declined'; readonly sessionId: SessionId; readonly refusal: Refusal }
  | { readonly kind: 'receipt'; readonly sessionId: SessionId; readonly dispute: ReasonCode | null }

export interface Scanned {
  readonly state: WalletState
  readonly outcome: ScanOutcome
}

const chargersCodes: readonly EnvelopeKind[] = ['offer', 'answer', 'status', 'receipt']

/** Any code of a charger, at any time: what it is decides what happens, within what the screen is ready for. */
export function scan(
  state: WalletState,
  text: string,
  now: Now,
  accepts: readonly EnvelopeKind[] = chargersCodes,
): Result<Scanned, Refusal> {
  const envelope = envelopeFromText(text)
  if (!envelope.ok) return err(refusal(envelope.error))
  if (!accepts.includes(envelope.value.kind)) return err(refusal('code.wrong-kind'))
  const [part] = envelope.value.parts
  switch (envelope.value.kind) {
    case 'offer': {
      if (state.trust === null) return err(refusal('grant.missing'))
      const checked = checkOffer(envelope.value, state.trust, now.nowS, now.verify)
      return checked.ok ? scanOffer(state, checked.value, state.trust, now.nowS) : checked
    }
    case 'answer':
    case 'status':
    case 'receipt':
      return part === undefined
        ? err(refusal('code.damaged'))
        : scanEvidence(state, envelope.value.kind, part, now)
    case 'authorization':
    case 'receipt-proof':
    case 'stop':
    case 'news':
    case 'voucher':
    case 'technician-challenge':
    case 'technician-entry':
      return err(refusal('code.wrong-kind'))
  }
}

function scanOffer(
  state: WalletState,
  checked: CheckedOffer,
  trust: TrustState,
  nowS: EpochSeconds,
): Result<Scanned, Refusal> {
  const known = entryForOffer(state, checked)
  if (known !== undefined) {
    const { sessionId } = known
    return ok({ state: enterSession(state, known), outcome: { kind: 'known-offer', sessionId } })
  }
  // Issuers have signed something later: the code is old, whatever this phone's clock says.
  if (isCertainlyExpired(checked.offer.payload, state.clockFloorS)) return err(refusal('offer.expired'))
  const { ceremony } = state
  // Reading the same code again does not make it younger.
  const isSame = ceremony?.kind === 'approving' && ceremony.checked.offer.hash === checked.offer.hash
  const aheadS = isSame ? (ceremony.aheadS ?? 0) : clockAheadS(checked.offer.payload, nowS)
  const approving: WalletState = {
    ...state,
    ceremony: { kind: 'approving', checked, chosenMinor: null, ...(aheadS === 0 ? {} : { aheadS }) },
  }
  const possible = proposalFor(approving, { checked, aheadS }, trust, nowS)
  return possible.ok ? ok({ state: approving, outcome: { kind: 'offer' } }) : possible
}

/** An offer is approved once; only a decline or a veto makes room for a second try at it. */
const entryForOffer = (state: WalletState, { offer }: CheckedOffer): ChainEntry | undefined =>
  entriesOf(state).find(
    ({ payload, state: { kind } }) =>
      payload.offerHash === offer.hash && kind !== 'declined' && kind !== 'unused',
  )

function scanEvidence(
  state: WalletState,
  evidence: Evidence,
  bytes: Bytes,
  now: Now,
): Result<Scanned, Refusal> {
  const taken = takeEvidence(state.chains, evidence, bytes, now)
  if (!taken.ok) return taken
  const { entry, chains } = taken.value
  const { sessionId } = entry
  const next: WalletState = { ...state, chains }
  const over = { ...next, ceremony: ceremonyAfter(state.ceremony, sessionId) }
  switch (entry.state.kind) {
    case 'declined':
      return ok({
        state: over,
        outcome: {
          kind: 'declined',
          sessionId,
          refusal: refusalOfDecline(next, sessionId) ?? refusal(entry.state.reason),
        },
      })
    case 'finished': {
      const [dispute] = entry.disputes
      return ok({
        state: over,
        outcome: {
          kind: 'receipt',
          sessionId,
          dispute: dispute === undefined ? null : disputeReason(dispute),
        },
      })
    }
    case 'unused':
      // A contradiction was kept for people to look at; for the driver nothing changes.
      return ok({
        state: over,
        outcome: { kind: 'declined', sessionId, refusal: refusal('permit.vetoed') },
      })
    case 'prepared':
    case 'open':
    case 'accepted':
      return ok({
        state: { ...next, ceremony: ceremonyDuring(state.ceremony, sessionId) },
        outcome: { kind: evidence === 'status' ? 'status' : 'accepted', sessionId },
      })
  }
}

/** Whoever asked the charger to stop goes on showing that, whatever figure was read meanwhile. */
const ceremonyDuring = (ceremony: Ceremony | null, sessionId: SessionId): Ceremony =>
  ceremony?.kind === 'session' && ceremony.sessionId === sessionId && ceremony.view === 'stopping'
    ? ceremony
    : { kind: 'session', sessionId, view: 'charging' }

const ceremonyAfter = (ceremony: Ceremony | null, over: SessionId): Ceremony | null =>
  ceremony?.kind === 'session' && ceremony.sessionId === over ? null : ceremony

export interface CurrentProposal extends Proposal {
  readonly checked: CheckedOffer
  /** The time by which it was judged, and by which it is signed. */
  readonly atS: EpochSeconds
  readonly aheadS: number
}

/** What is being decided, with the holds that are possible now. Undefined when nothing is. */
export function currentProposal(
  state: WalletState,
  nowS: EpochSeconds,
): Result<CurrentProposal, Refusal> | undefined {
  if (state.ceremony?.kind !== 'approving' || state.trust === null) return undefined
  return proposalFor(state, state.ceremony, state.trust, nowS)
}

function proposalFor(
  state: WalletState,
  { checked, aheadS = 0 }: { readonly checked: CheckedOffer; readonly aheadS?: number },
  trust: TrustState,
  nowS: EpochSeconds,
): Result<CurrentProposal, Refusal> {
  const atS = judgedAtS(nowS, aheadS, state.clockFloorS)
  if (isCertainlyExpired(checked.offer.payload, atS)) return err(refusal('offer.expired'))
  const proposal = proposeHolds(state.chains, checked, spendContext(state, trust, atS))
  return proposal.ok ? ok({ ...proposal.value, checked, atS, aheadS }) : proposal
}

export interface Draft {
  readonly chain: Chain
  readonly checked: CheckedOffer
  readonly payload: ChainEntry['payload']
  readonly stepUp: boolean
}

/** The authorization that the driver has decided on, before passkey and signature. */
export function draftAuthorization(
  state: WalletState,
  holdMinor: MinorUnits,
  nowS: EpochSeconds,
): Result<Draft, Refusal> {
  const proposal = currentProposal(state, nowS)
  if (proposal === undefined) return err(refusal('offer.unknown'))
  if (!proposal.ok) return proposal
  const { chain, checked, choices, limitedBy, atS } = proposal.value
  const choice = choices.find((candidate) => candidate.holdMinor >= holdMinor)
  if (choice === undefined) return err(refusal(limitedBy, { asked: holdMinor }))
  const payload = nextAuthorization(chain, {
    offerHash: checked.offer.hash,
    holdMinor,
    nowS: atS,
    revocationEpoch: state.trust === null ? 0 : revocationEpochOf(state.trust),
  })
  return payload.ok ? ok({ chain, checked, payload: payload.value, stepUp: choice.stepUp }) : payload
}

/** The draft becomes part of the chain; nobody has signed it yet. */
export function withPrepared(
  state: WalletState,
  draft: Draft,
  passkeyAssertion: Bytes | null,
  nowS: EpochSeconds,
): WalletState {
  const prepared = prepareEntry(draft.chain, draft.payload, draft.checked, passkeyAssertion)
  const entry = prepared.entries.at(-1)
  const newsBytes = entry === undefined ? 0 : newsBytesFor(state, prepared, entry, nowS)
  const chain =
    entry === undefined || newsBytes === 0
      ? prepared
      : replaceEntry(prepared, entry.sessionId, (drafted) => ({ ...drafted, newsBytes }))
  return {
    ...state,
    chains: replaceChain(state.chains, chain),
    ceremony: entry === undefined ? null : { kind: 'session', sessionId: entry.sessionId, view: 'showing' },
  }
}

export const enterSession = (state: WalletState, entry: ChainEntry): WalletState => ({
  ...state,
  ceremony: {
    kind: 'session',
    sessionId: entry.sessionId,
    view: entry.state.kind === 'accepted' ? 'charging' : 'showing',
  },
})
