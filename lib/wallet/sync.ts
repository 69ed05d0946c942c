/**
 * Brings the wallet's evidence home and fetches what is new, whenever there is a connection: at the start, when the
 * network comes back, after every new piece of evidence, and now and then while something is unsettled. Every step may
 * be repeated, so a lost reply costs nothing but another try.
 */

import type { CancelTimer, Timers } from '@/lib/core/clock'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { durationMs, minorUnits, type DurationMs, type EpochSeconds } from '@/lib/core/units'
import type { AccountNews, CloudPort } from './cloud-port'
import type { AccountPort } from './account-port'
import { giveBack } from './give-back'
import { beyondThisPhone, sendReports, takeStep, takeTrust } from './obtain-grant'
import { renewalDue } from './renewal'
import { followUpsDue, reportsDue, unreportedCount } from './report'
import type { Wallet } from './wallet'
import type { WalletState } from './wallet-state'

/** One round: report, fetch, renew. Stops at the first failure; the next round starts over. */
export async function syncOnce(
  wallet: Wallet,
  cloud: CloudPort,
  account?: AccountPort,
): Promise<Result<void, Refusal>> {
  const reported = await sendReports(wallet, cloud, reportsDue(wallet.snapshot()))
  if (!reported.ok) return reported
  const news = await cloud.trust()
  if (!news.ok) return news
  const trusted = await takeTrust(wallet, news.value)
  if (!trusted.ok) return trusted
  const balance = await refreshAccount(wallet, cloud)
  if (!balance.ok) return balance
  return renewIfDue(wallet, cloud, account)
}

async function renewIfDue(
  wallet: Wallet,
  cloud: CloudPort,
  account: AccountPort | undefined,
): Promise<Result<void, Refusal>> {
  const step = renewalDue(wallet.snapshot(), wallet.nowS())
  if (step === undefined) return ok(undefined)
  const taken =
    step.kind === 'give-back' && account !== undefined
      ? await giveBack(wallet, cloud, account, step.serial)
      : await takeStep(wallet, cloud, step)
  // What only the driver or the operator's people can change is no reason to knock again every minute.
  return !taken.ok && finalRefusals.has(taken.error.code) ? ok(undefined) : taken
}

const finalRefusals: ReadonlySet<ReasonCode> = new Set([
  ...beyondThisPhone,
  'account.insufficient-funds',
  'api.unauthenticated',
  'wallet.daily-limit',
  'wallet.month-limit',
  'grant.closed',
])

/** Reads the balance again. Without a sign-in there is nothing to read, which is no failure. */
export async function refreshAccount(wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> {
  return wallet.snapshot().account?.signedIn === true ? adoptAccount(wallet, cloud) : ok(undefined)
}

/** Reads the account of whoever is signed in on this device, also where the wallet does not know of a sign-in yet. */
export async function adoptAccount(wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> {
  const account = await cloud.account()
  if (account.ok) return wallet.apply((state, { nowS }) => ok(withAccount(state, account.value, nowS)))
  if (account.error.code !== 'api.unauthenticated') return account
  return wallet.apply((state) => ok(withoutSignIn(state)))
}

export const withAccount = (state: WalletState, news: AccountNews, nowS: EpochSeconds): WalletState => ({
  ...state,
  account: {
    accountId: news.accountId,
    balanceMinor: minorUnits(news.balanceMinor),
    reservedMinor: minorUnits(news.reservedMinor),
    currency: news.currency,
    asOfS: nowS,
    signedIn: true,
  },
})

export const withoutSignIn = (state: WalletState): WalletState =>
  state.account === null ? state : { ...state, account: { ...state.account, signedIn: false } }

/** First wait after a failure, doubled each time up to the last. */
const retryFirstMs = 2_000
const retryLastMs = 60_000
/** While something is unsettled at the operator's side, ask again this often. */
const pollMs = 60_000
/** What was decided about settled sessions is asked for when the app opens, and this often while it stays open. */
const followUpEveryS = 3_600

export interface Sync {
  /** Something happened that makes a round worth while now. */
  kick(): void
  stop(): void
  /** The first round is over, well or not: what could be known at the start is known. */
  readonly firstRound: Promise<void>
}

export function startSync(wallet: Wallet, cloud: CloudPort, timers: Timers, account?: AccountPort): Sync {
  let waitMs = retryFirstMs
  let cancelTimer: CancelTimer | undefined
  let isRunning = false
  let isWanted = false
  let isStopped = false
  let endFirstRound = (): void => undefined
  const firstRound = new Promise<void>((resolve) => {
    endFirstRound = resolve
  })
  let unreported = unreportedCount(wallet.snapshot())
  let followedUpAtS: EpochSeconds | undefined

  const later = (delay: DurationMs): void => {
    cancelTimer?.()
    cancelTimer = timers.after(delay, kick)
  }

  async function followUp(): Promise<Result<void, Refusal>> {
    const nowS = wallet.nowS()
    if (followedUpAtS !== undefined && nowS - followedUpAtS < followUpEveryS) return ok(undefined)
    const asked = await sendReports(wallet, cloud, followUpsDue(wallet.snapshot(), nowS))
    if (asked.ok) followedUpAtS = nowS
    return asked
  }

  async function run(): Promise<void> {
    isRunning = true
    let outcome: Result<void, Refusal> = ok(undefined)
    do {
      isWanted = false
      outcome = await syncOnce(wallet, cloud, account)
      endFirstRound()
      if (outcome.ok) outcome = await followUp()
    } while (isWanted && outcome.ok && !isStopped)
    isRunning = false
    if (isStopped) return
    if (!outcome.ok) {
      later(durationMs(waitMs))
      waitMs = Math.min(waitMs * 2, retryLastMs)
      return
    }
    waitMs = retryFirstMs
    if (reportsDue(wallet.snapshot()).length > 0) later(durationMs(pollMs))
  }

  function kick(): void {
    if (isStopped) return
    cancelTimer?.()
    isWanted = true
    if (!isRunning) void run()
  }

  const unsubscribe = wallet.subscribe(() => {
    const before = unreported
    unreported = unreportedCount(wallet.snapshot())
    if (unreported > before) kick()
  })

  kick()
  return {
    kick,
    firstRound,
    stop() {
      isStopped = true
      cancelTimer?.()
      unsubscribe()
    },
  }
}
