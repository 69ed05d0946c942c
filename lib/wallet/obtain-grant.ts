/**
 * Fetches a grant for a key of this phone: from the driver's own credit, in exchange for an older grant, or a fleet's
 * token by its code.
 */

import { fromBase64Url, toBase64Url } from '@/lib/core/bytes'
import type { GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { withCloseOutcome } from './chain-close'
import type { CloudPort, GrantNews, GrantOrder } from './cloud-port'
import type { DeviceKey } from './key-vault'
import { stepFor, type RenewalStep } from './renewal'
import { reportsDue, reportsOfChain, type Report } from './report'
import { withReply } from './report-reply'
import { takeTrustNews, type TrustNews } from './trust-state'
import type { Wallet } from './wallet'
import { withGrant, withTrust } from './wallet-state'

/** Moves credit of the account onto this phone: another grant where there is none, else the next one for the last. */
export const takeAlong = (wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> =>
  takeStep(wallet, cloud, stepFor(wallet.snapshot(), wallet.nowS()))

export async function takeStep(
  wallet: Wallet,
  cloud: CloudPort,
  step: RenewalStep,
): Promise<Result<void, Refusal>> {
  if (step.kind === 'obtain') return obtainGrant(wallet, cloud)
  // Giving back for good needs no next grant and another port: `give-back.ts`.
  if (step.kind === 'give-back') return ok(undefined)
  const exchanged = await exchangeGrant(wallet, cloud, step.serial)
  if (exchanged.ok || !beyondThisPhone.has(exchanged.error.code)) return exchanged
  // Its credit stays reserved until people or time release it; what else the account has can still come along.
  if (wallet.snapshot().account?.signedIn !== true) return exchanged
  const obtained = await obtainGrant(wallet, cloud)
  return obtained.ok ? obtained : exchanged
}

/** The grant cannot be given back from here: its key is gone, somebody else signed under it, or it was taken back. */
export const beyondThisPhone: ReadonlySet<ReasonCode> = new Set([
  'close.contradicted',
  'phone.key',
  'grant.revoked',
  'grant.missing',
  'grant.expired',
  'wallet.signature',
  'api.forbidden',
])

/** What a driver asks of a grant beyond the usual: less than all, or good at certain sites only. */
export type GrantTerms = Pick<GrantOrder, 'capMinor' | 'sites'>

/** A grant from the balance alone. Safe to repeat: the key stays the same until a grant for it is here. */
export async function obtainGrant(
  wallet: Wallet,
  cloud: CloudPort,
  terms: GrantTerms = {},
): Promise<Result<void, Refusal>> {
  const key = await wallet.keyForGrant()
  if (!key.ok) return key
  const news = await cloud.requestGrant({ ...orderFor(wallet, key.value), ...terms })
  return news.ok ? install(wallet, news.value, key.value, null) : news
}

/**
 * Gives a grant back and takes the next one (PROTOCOL.md, rule 10): the operator hears the whole chain, then its
 * signed end, which is on this phone's disk before it leaves. Repeating all of it changes nothing on either side.
 */
export async function exchangeGrant(
  wallet: Wallet,
  cloud: CloudPort,
  serial: GrantSerial,
  terms: GrantTerms = {},
): Promise<Result<void, Refusal>> {
  const told = await sendReports(wallet, cloud, reportsDue(wallet.snapshot()))
  if (!told.ok) return told
  if (!isWhollyReported(wallet, serial)) return err(refusal('close.incomplete'))
  const closed = await wallet.closeGrant(serial)
  if (!closed.ok) return closed
  const { signed, renewalKey } = closed.value
  // Its credit is on the way back to the account; the next grant comes from there.
  if (renewalKey === null) return err(refusal('grant.closed'))
  const order = { ...orderFor(wallet, renewalKey), ...terms, close: toBase64Url(signed) }
  let news = await cloud.renew(order)
  if (!news.ok && news.error.code === 'close.incomplete') {
    // The operator lost or never had a piece that this phone believes acknowledged: all of it once more.
    const chain = wallet.snapshot().chains.find((candidate) => candidate.serial === serial)
    const again = await sendReports(wallet, cloud, chain === undefined ? [] : reportsOfChain(chain))
    if (!again.ok) return again
    news = await cloud.renew(order)
  }
  const installed = news.ok
    ? await install(wallet, news.value, renewalKey, fleetOf(wallet, serial), serial)
    : news
  if (installed.ok) return installed
  // Somebody else signed or renewed under this grant, as a restored backup does: people decide, and nothing is retried.
  if (beyondThisPhone.has(installed.error.code)) {
    await wallet.apply((state) => ok(withCloseOutcome(state, serial, 'contradicted')))
  }
  return installed
}

/** Sends reports and takes what comes back. Stops at the first failure; sending them again changes nothing. */
export async function sendReports(
  wallet: Wallet,
  cloud: CloudPort,
  reports: readonly Report[],
): Promise<Result<void, Refusal>> {
  for (const report of reports) {
    const reply = await cloud.report(report.chains)
    if (!reply.ok) return reply
    const taken = await wallet.apply((state, now) => ok(withReply(state, report, reply.value, now)))
    if (!taken.ok) return taken
  }
  return ok(undefined)
}

const fleetOf = (wallet: Wallet, serial: GrantSerial): string | null =>
  wallet.snapshot().chains.find((chain) => chain.serial === serial)?.fleetName ?? null

/** Acknowledged up to its last authorization. */
export function isWhollyReported(wallet: Wallet, serial: GrantSerial): boolean {
  const chain = wallet.snapshot().chains.find((candidate) => candidate.serial === serial)
  return chain !== undefined && chain.acknowledgedSeq >= chain.entries.length
}

function orderFor(wallet: Wallet, { publicKey, protection }: DeviceKey): GrantOrder {
  const { passkey } = wallet.snapshot()
  return {
    devicePublicKey: publicKey,
    keyProtection: protection,
    ...(passkey !== null && { passkeyCredentialId: passkey.credentialId }),
  }
}

/** Takes the token that a fleet's manager gave out. */
export async function claimFleetGrant(
  wallet: Wallet,
  cloud: CloudPort,
  code: string,
): Promise<Result<{ readonly fleetName: string }, Refusal>> {
  const key = await wallet.keyForGrant()
  if (!key.ok) return key
  const news = await cloud.claim({
    code,
    devicePublicKey: key.value.publicKey,
    keyProtection: key.value.protection,
  })
  if (!news.ok) return news
  const installed = await install(wallet, news.value, key.value, news.value.fleetName)
  return installed.ok ? ok({ fleetName: news.value.fleetName }) : installed
}

async function install(
  wallet: Wallet,
  news: GrantNews,
  key: DeviceKey,
  fleetName: string | null,
  follows?: GrantSerial,
): Promise<Result<void, Refusal>> {
  const bytes = fromBase64Url(news.grant)
  if (bytes === undefined) return err(refusal('api.internal'))
  const trusted = await takeTrust(wallet, news.trust)
  if (!trusted.ok) return trusted
  return wallet.apply((state, now) => {
    const next = withGrant(state, bytes, fleetName, key.publicKey, now)
    return next.ok && follows !== undefined ? ok(withCloseOutcome(next.value, follows, 'renewed')) : next
  })
}

/** The first root that this phone hears of, over an authenticated connection, is pinned; another one is refused later. */
export const takeTrust = (wallet: Wallet, news: TrustNews): Promise<Result<void, Refusal>> =>
  wallet.apply((state, { nowS, verify }) => {
    const trust = takeTrustNews(state.trust, news, nowS, verify)
    return trust.ok ? ok(withTrust(state, trust.value)) : err(refusal('phone.trust', { part: trust.error }))
  })
