/**
 * The whole wallet on this phone, put together from its adapters. Loaded by `import()` after the first paint, because
 * cryptography and storage are most of the script.
 */

import { durationMs, epochSeconds, minorUnits } from '@/lib/core/units'
import type { Clock, Timers } from '@/lib/core/clock'
import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { verifyWithWebCrypto } from '@/lib/crypto/webcrypto'
import type { SignedIn } from '@/lib/wallet/cloud-port'
import { deviceKeyVault } from '@/lib/wallet/device-key'
import { idbSealStore } from '@/lib/wallet/idb-seal-store'
import { phoneIdOf } from '@/lib/wallet/phone-identity'
import { SealBox } from '@/lib/wallet/seal-box'
import { httpAccount } from '@/lib/wallet/http-account'
import { httpCloud } from '@/lib/wallet/http-cloud'
import type { JsonReader } from '@/lib/wallet/json-reader'
import { openWalletDatabase } from '@/lib/wallet/idb-database'
import { idbStore } from '@/lib/wallet/idb-store'
import { withComplaint } from '@/lib/wallet/complaint'
import type { Complaint } from '@/lib/wallet/chain'
import { diagnostics } from '@/lib/wallet/diagnostics'
import { exportState } from '@/lib/wallet/export-state'
import { localStakes } from '@/lib/wallet/local-data'
import { storedParts } from '@/lib/wallet/stored-parts'
import { trustSummary } from '@/lib/wallet/trust-summary'
import { claimFleetGrant, takeAlong } from '@/lib/wallet/obtain-grant'
import { fetchOfferTime } from '@/lib/wallet/offer-time'
import { webOwnerLock } from '@/lib/wallet/owner-lock'
import { adoptAccount, refreshAccount, startSync } from '@/lib/wallet/sync'
import { signOut } from '@/lib/wallet/sign-out'
import { openWallet, type Wallet } from '@/lib/wallet/wallet'
import { enterSession } from '@/lib/wallet/ceremony'
import { findEntry, type SessionStep } from '@/lib/wallet/wallet-state'
import { accountView } from '../_views/account-view'
import {
  approveView,
  sessionEndedView,
  sessionRefusal,
  sessionView,
  showCodeView,
  stopCodeView,
} from '../_views/ceremony-views'
import { homeView, isFirstRun } from '../_views/home-view'
import { chargeRecords } from '../_views/charge-records'
import { receiptProofText, receiptView } from '../_views/receipt-views'
import { isInDemo } from './demo'
import { takeGuestGrant } from './guest-grant'
import { startAnnouncing } from './announce'
import { fetchApi, onNetworkBack } from './network'
import { confirmByPasskey, createAccount, keepSignIn, signIn } from './passkeys'
import { askToOpen, openSealDesk } from './seal-desk'
import type { Phone } from './phone-parts'
import { walletActs } from './wallet-acts'
import { walletViews } from './wallet-views'

const clock: Clock = {
  nowS: () => epochSeconds(Math.floor(Date.now() / 1_000)),
  monotonicMs: () => durationMs(Math.floor(performance.now())),
}

const timers: Timers = {
  every(periodMs, run) {
    const timer = setInterval(run, periodMs)
    return () => clearInterval(timer)
  },
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** A phone with a connection hears within this what it may have missed; one without signs at once. */
const signingPatienceMs = 2_500
const pause = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs))
let firstRound: Promise<void> = Promise.resolve()

/** Where the build did not say when it was made: no Outpost app is older than this (2026-01-01). */
const firstBuildS = 1_767_225_600
const buildTimeS = epochSeconds(Number(process.env.NEXT_PUBLIC_OUTPOST_BUILT_AT_S) || firstBuildS)

export interface TabTurn {
  /** Takes the wallet from another tab that has it. */
  readonly takesOver: boolean
  /** Another tab takes it: nothing may be signed here any more. */
  readonly onLost: () => void
}

/** Opens this phone's wallet, or says why it cannot be used here. */
export async function startPhone(tab: TabTurn): Promise<Result<Phone, Refusal>> {
  try {
    const database = await openWalletDatabase()
    const seal = new SealBox(idbSealStore(database), {
      wallMs: Date.now,
      monotonicMs: () => performance.now(),
    })
    const here: { wallet?: Wallet } = {}
    openSealDesk(seal, () => here.wallet?.snapshot().passkey?.credentialId ?? null)
    const opened = await openWallet({
      store: idbStore(database),
      keys: deviceKeyVault(database, seal, askToOpen),
      lock: webOwnerLock(navigator.locks, tab),
      clock,
      verify: verifyWithNoble,
      verifyAhead: verifyWithWebCrypto,
      confirmByPasskey,
      beforeSigning: () => Promise.race([firstRound, pause(signingPatienceMs)]),
      buildTimeS,
    })
    if (!opened.ok) return opened
    const wallet = (here.wallet = opened.value)
    const cloud = httpCloud(fetchApi)
    startAnnouncing(wallet, await phoneIdOf(database), onNetworkBack)
    // The demo page may have signed its driver in before this app was opened.
    if (isInDemo()) await adoptAccount(wallet, cloud)
    const account = httpAccount(fetchApi)
    const sync = startSync(wallet, cloud, timers, account)
    firstRound = sync.firstRound
    onNetworkBack(sync.kick)
    return ok({ wallet, cloud, sync, account })
  } catch {
    // Private modes may refuse to open a database at all.
    return err(refusal('phone.storage'))
  }
}

/** What people ask for that takes the network or a passkey. */
export const acts = {
  ...walletActs,
  createAccount: ({ wallet, cloud }: Phone) => createAccount(wallet, cloud),
  signIn: ({ wallet, cloud }: Phone) => signIn(wallet, cloud),
  keepSignIn: ({ wallet }: Phone, signedIn: SignedIn) => keepSignIn(wallet, signedIn),
  signOut: ({ wallet, cloud, account }: Phone, givesBack: boolean) =>
    signOut(wallet, cloud, account, givesBack),
  /** Credit of the account comes onto this phone. */
  takeAlong: async ({ wallet, cloud }: Phone): Promise<Result<void, Refusal>> => {
    const obtained = await takeAlong(wallet, cloud)
    return obtained.ok ? refreshAccount(wallet, cloud) : obtained
  },
  claimFleet: ({ wallet, cloud }: Phone, code: string) => claimFleetGrant(wallet, cloud, code),
  takeGuestGrant: ({ wallet }: Phone, answer: JsonReader) => takeGuestGrant(wallet, answer),
  refreshAccount: ({ wallet, cloud }: Phone) => refreshAccount(wallet, cloud),
  openSession: ({ wallet }: Phone, sessionId: string): Promise<Result<void, Refusal>> =>
    wallet.apply((state) => {
      const entry = findEntry(state, sessionId)?.entry
      return ok(entry === undefined ? state : enterSession(state, entry))
    }),
  /** The charger was seen to say yes: from now on the session is what the driver looks at. */
  watchSession: ({ wallet }: Phone, view: SessionStep): Promise<Result<void, Refusal>> =>
    wallet.apply((state) =>
      ok(state.ceremony?.kind === 'session' ? { ...state, ceremony: { ...state.ceremony, view } } : state),
    ),
  /** Signs the stop and leads to its code. */
  stopSession: ({ wallet }: Phone, sessionId: SessionId): Promise<Result<void, Refusal>> =>
    wallet.stop(sessionId),
  dispute: (
    { wallet }: Phone,
    sessionId: string,
    complaint: Pick<Complaint, 'reason' | 'note'>,
  ): Promise<Result<void, Refusal>> =>
    wallet.apply((state, { nowS }) => withComplaint(state, sessionId, complaint, nowS)),
  /** For a charger that does not know the time. Nobody waits for it, and failing changes nothing. */
  fetchTime: ({ wallet, cloud }: Phone): void => void fetchOfferTime(wallet, cloud),
  chooseHold: ({ wallet }: Phone, holdMinor: number): Promise<Result<void, Refusal>> =>
    wallet.apply((state) =>
      ok(
        state.ceremony?.kind === 'approving'
          ? { ...state, ceremony: { ...state.ceremony, chosenMinor: minorUnits(holdMinor) } }
          : state,
      ),
    ),
  leaveCeremony: ({ wallet }: Phone): Promise<Result<void, Refusal>> =>
    wallet.apply((state) => ok(state.ceremony === null ? state : { ...state, ceremony: null })),
} as const

/** What screens show, drawn from the wallet's state; here because it shares the wallet's code. */
export const views = {
  ...walletViews,
  home: homeView,
  isFirstRun,
  approve: approveView,
  showCode: showCodeView,
  session: sessionView,
  sessionEnded: sessionEndedView,
  sessionRefusal,
  stopCode: stopCodeView,
  charges: chargeRecords,
  storedParts,
  stakes: localStakes,
  trust: trustSummary,
  diagnostics,
  export: exportState,
  receipt: receiptView,
  receiptProof: receiptProofText,
  account: accountView,
} as const
