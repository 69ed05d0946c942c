/**
 * Everything that a phone keeps, as one value, and the steps from one such value to the next. Pure: the shell
 * (`wallet.ts`) reads the clock, persists what these functions return, and only then acts on it.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { PublicKey, SessionId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { envelopeFromText, type EnvelopeKind } from '@/lib/protocol/envelope'
import { grant } from '@/lib/protocol/messages/grant'
import { openIssued } from '@/lib/protocol/trust'
import {
  entryRules,
  nextAuthorization,
  openChain,
  openEntry,
  prepareEntry,
  type Chain,
  type ChainEntry,
  type CheckedOffer,
} from './chain'
import { disputeReason, takeEvidence, type Evidence } from './chain-evidence'
import { keepMessage } from './kept-message'
import { checkOffer, isCertainlyExpired } from './offer-check'
import { proposeHolds, type Proposal, type SpendContext } from './spend-policy'
import { timeFloorOf, type TrustState } from './trust-state'

export interface AccountState {
  readonly accountId: string
  readonly balanceMinor: MinorUnits
  readonly reservedMinor: MinorUnits
  readonly currency: string
  /** When the operator last said so. */
  readonly asOfS: EpochSeconds
  /** False once the operator no longer knows the sign-in. */
  readonly signedIn: boolean
}

/** The passkey that this phone can step up with; all of it is public. */
export interface StoredPasskey {
  readonly credentialId: string
  readonly algorithm: 'ES256' | 'EdDSA'
  readonly publicKey: Bytes
}

/** Where the driver stands at a charger; kept, so that a reload goes on where it was. */
export type Ceremony =
  | { readonly kind: 'approving'; readonly checked: CheckedOffer; readonly chosenMinor: MinorUnits | null }
  | { readonly kind: 'session'; readonly sessionId: SessionId; readonly view: 'showing' | 'charging' }

export interface WalletState {
  readonly trust: TrustState | null
  /** No verified message was issued later, and no app is older: this phone's clock is wrong where it reads less. */
  readonly clockFloorS: EpochSeconds
  readonly account: AccountState | null
  readonly passkey: StoredPasskey | null
  /** A device key that no grant has been issued to yet. */
  readonly spareKey: PublicKey | null
  readonly chains: readonly Chain[]
  readonly ceremony: Ceremony | null
}

export const emptyWalletState = (buildTimeS: EpochSeconds): WalletState => ({
  trust: null,
  clockFloorS: buildTimeS,
  account: null,
  passkey: null,
  spareKey: null,
  chains: [],
  ceremony: null,
})

export interface Now {
  readonly nowS: EpochSeconds
  readonly verify: Verify
}

export const spendContext = (state: WalletState, trust: TrustState, nowS: EpochSeconds): SpendContext => ({
  trust,
  nowS,
  hasPasskey: state.passkey !== null,
})

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
  const proposal = proposeHolds(state.chains, checked, spendContext(state, trust, nowS))
  if (!proposal.ok) return proposal
  return ok({
    state: { ...state, ceremony: { kind: 'approving', checked, chosenMinor: null } },
    outcome: { kind: 'offer' },
  })
}

/** An offer is approved once; only a decline makes room for a second try at it. */
const entryForOffer = (state: WalletState, { offer }: CheckedOffer): ChainEntry | undefined =>
  entriesOf(state).find((entry) => entry.payload.offerHash === offer.hash && entry.state.kind !== 'declined')

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
        outcome: { kind: 'declined', sessionId, refusal: refusal(entry.state.reason) },
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
    case 'prepared':
    case 'open':
    case 'accepted':
      return ok({
        state: { ...next, ceremony: { kind: 'session', sessionId, view: 'charging' } },
        outcome: { kind: evidence === 'status' ? 'status' : 'accepted', sessionId },
      })
  }
}

const ceremonyAfter = (ceremony: Ceremony | null, over: SessionId): Ceremony | null =>
  ceremony?.kind === 'session' && ceremony.sessionId === over ? null : ceremony

/** What is being decided, with the holds that are possible now. Undefined when nothing is. */
export function currentProposal(
  state: WalletState,
  nowS: EpochSeconds,
): Result<Proposal & { readonly checked: CheckedOffer }, Refusal> | undefined {
  if (state.ceremony?.kind !== 'approving' || state.trust === null) return undefined
  const { checked } = state.ceremony
  if (isCertainlyExpired(checked.offer.payload, nowS)) return err(refusal('offer.expired'))
  const proposal = proposeHolds(state.chains, checked, spendContext(state, state.trust, nowS))
  return proposal.ok ? ok({ ...proposal.value, checked }) : proposal
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
  const { chain, checked, choices, limitedBy } = proposal.value
  const choice = choices.find((candidate) => candidate.holdMinor >= holdMinor)
  if (choice === undefined) return err(refusal(limitedBy, { asked: holdMinor }))
  const payload = nextAuthorization(chain, {
    offerHash: checked.offer.hash,
    holdMinor,
    nowS,
    revocationEpoch: state.trust?.revocations.payload.epoch ?? 0,
  })
  return payload.ok ? ok({ chain, checked, payload: payload.value, stepUp: choice.stepUp }) : payload
}

/** The draft becomes part of the chain; nobody has signed it yet. */
export function withPrepared(state: WalletState, draft: Draft, passkeyAssertion: Bytes | null): WalletState {
  const chain = prepareEntry(draft.chain, draft.payload, draft.checked, passkeyAssertion)
  const entry = chain.entries.at(-1)
  return {
    ...state,
    chains: replaceChain(state.chains, chain),
    ceremony: entry === undefined ? null : { kind: 'session', sessionId: entry.sessionId, view: 'showing' },
  }
}

export function withSigned(state: WalletState, id: SessionId, signed: Bytes): WalletState {
  const chains = state.chains.map((chain) =>
    chain.entries.some((entry) => entry.sessionId === id) ? openEntry(chain, id, signed) : chain,
  )
  return { ...state, chains }
}

export const enterSession = (state: WalletState, entry: ChainEntry): WalletState => ({
  ...state,
  ceremony: {
    kind: 'session',
    sessionId: entry.sessionId,
    view: entry.state.kind === 'accepted' ? 'charging' : 'showing',
  },
})

/** Installs a grant that the trusted issuer made for a key of this phone. */
export function withGrant(
  state: WalletState,
  bytes: Bytes,
  fleetName: string | null,
  deviceKey: PublicKey,
  { nowS, verify }: Now,
): Result<WalletState, Refusal> {
  const { trust } = state
  if (trust === null) return err(refusal('grant.issuer'))
  const opened = openIssued(grant, bytes, trust.trustList.payload, nowS, verify)
  if (opened === undefined) return err(refusal('grant.signature'))
  if (opened.payload.operator !== trust.trustList.payload.operator) return err(refusal('grant.operator'))
  if (opened.payload.deviceKey !== deviceKey) return err(refusal('phone.key'))
  const isHere = state.chains.some((chain) => chain.serial === opened.payload.serial)
  const chains = isHere ? state.chains : [...prune(state, nowS), openChain(keepMessage(opened), fleetName)]
  return ok({
    ...state,
    chains,
    spareKey: state.spareKey === deviceKey ? null : state.spareKey,
  })
}

/** Keeps the list of chains bounded: the oldest go first, and only those about which nothing is left to say. */
function prune(state: WalletState, nowS: EpochSeconds): readonly Chain[] {
  if (state.chains.length < limits.walletChainsMax) return state.chains
  const done = state.chains.find(
    ({ grant: { payload }, entries }) =>
      payload.notAfterS < nowS && entries.every((entry) => entry.standing === 'settled'),
  )
  return state.chains.filter((chain) => chain !== done)
}

export const withTrust = (state: WalletState, trust: TrustState): WalletState => ({
  ...state,
  trust,
  clockFloorS: laterOf(state.clockFloorS, timeFloorOf(trust)),
})

export const laterOf = (left: EpochSeconds, right: EpochSeconds): EpochSeconds =>
  epochSeconds(Math.max(left, right))

export const replaceChain = (chains: readonly Chain[], changed: Chain): readonly Chain[] =>
  chains.map((chain) => (chain.serial === changed.serial ? changed : chain))

export const entriesOf = (state: WalletState): readonly ChainEntry[] =>
  state.chains.flatMap((chain) => chain.entries)

export const findEntry = (
  state: WalletState,
  id: string,
): { readonly chain: Chain; readonly entry: ChainEntry } | undefined => {
  for (const chain of state.chains) {
    const entry = chain.entries.find((candidate) => candidate.sessionId === id)
    if (entry !== undefined) return { chain, entry }
  }
  return undefined
}

/** Sessions whose charger has not said its last word, newest first. The operator's settlement ends them too. */
export const runningEntries = (state: WalletState): readonly ChainEntry[] =>
  entriesOf(state)
    .filter((entry) => !entryRules[entry.state.kind].isOver && entry.standing !== 'settled')
    .sort((left, right) => right.payload.timeS - left.payload.timeS)
