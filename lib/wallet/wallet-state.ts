/**
 * Everything that a phone keeps, as one value, and the steps from one such value to the next. Pure: the shell
 * (`wallet.ts`) reads the clock, persists what these functions return, and only then acts on it.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { PublicKey, SessionId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { grant } from '@/lib/protocol/messages/grant'
import type { SignedTime } from '@/lib/protocol/messages/signed-time'
import { openIssued } from '@/lib/protocol/trust'
import { entryRules, openChain, type Chain, type ChainEntry, type CheckedOffer } from './chain'
import { keepMessage, type KeptMessage } from './kept-message'
import type { KeptHistory } from './kept-history'
import { noPreferences, type Preferences } from './preferences'
import type { SiteBook } from './site-book'
import type { SpendContext } from './spend-policy'
import type { TripOrder } from './ordered-trip'
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
  | {
      readonly kind: 'approving'
      readonly checked: CheckedOffer
      readonly chosenMinor: MinorUnits | null
      /** How far this phone's clock ran ahead of the charger's when the code was read; left out where they agree. */
      readonly aheadS?: number
    }
  | { readonly kind: 'session'; readonly sessionId: SessionId; readonly view: SessionStep }

/** `showing`: the code that consents. `charging`: the session. `stopping`: the code that asks the charger to end it. */
export type SessionStep = 'showing' | 'charging' | 'stopping'

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
  /** The issuer's time for offers whose charger does not know it; the newest few, to be carried there. */
  readonly signedTimes: readonly KeptMessage<SignedTime>[]
  readonly preferences: Preferences
  /** The account as its operator last told it; null until it was read. */
  readonly history: KeptHistory | null
  /** The operator's sites, kept for their names and for preparing trips. */
  readonly siteBook: SiteBook | null
  /** A trip that was ordered and is not packed yet: until then nothing else may take the credit meant for it. */
  readonly tripOrder: TripOrder | null
}

export const emptyWalletState = (buildTimeS: EpochSeconds): WalletState => ({
  trust: null,
  clockFloorS: buildTimeS,
  account: null,
  passkey: null,
  spareKey: null,
  chains: [],
  ceremony: null,
  signedTimes: [],
  preferences: noPreferences,
  history: null,
  siteBook: null,
  tripOrder: null,
})

export interface Now {
  readonly nowS: EpochSeconds
  readonly verify: Verify
}

export const spendContext = (state: WalletState, trust: TrustState, nowS: EpochSeconds): SpendContext => ({
  trust,
  nowS,
  hasPasskey: state.passkey !== null,
  payFrom: state.preferences.payFrom,
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
    ({ grant: { payload }, entries }) => payload.notAfterS < nowS && entries.every((entry) => isDone(entry)),
  )
  return state.chains.filter((chain) => chain !== done)
}

const isDone = ({ state, standing }: ChainEntry): boolean =>
  standing === 'settled' || state.kind === 'declined' || state.kind === 'unused'

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

export const withPreferences = (state: WalletState, change: Partial<Preferences>): WalletState => ({
  ...state,
  preferences: { ...state.preferences, ...change },
})
