/** Fetches a grant for a key of this phone: from the driver's own credit, or a fleet's token by its code. */

import { fromBase64Url } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { CloudPort, GrantNews } from './cloud-port'
import type { DeviceKey } from './key-vault'
import { takeTrustNews, type TrustNews } from './trust-state'
import type { Wallet } from './wallet'
import { withGrant, withTrust } from './wallet-state'

/** Moves credit of the account onto this phone. Safe to repeat: the key stays the same until a grant for it is here. */
export async function obtainGrant(wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> {
  const key = await wallet.keyForGrant()
  if (!key.ok) return key
  const passkey = wallet.snapshot().passkey
  const news = await cloud.requestGrant({
    devicePublicKey: key.value.publicKey,
    keyProtection: key.value.protection,
    ...(passkey !== null && { passkeyCredentialId: passkey.credentialId }),
  })
  return news.ok ? install(wallet, news.value, key.value, null) : news
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
): Promise<Result<void, Refusal>> {
  const bytes = fromBase64Url(news.grant)
  if (bytes === undefined) return err(refusal('api.internal'))
  const trusted = await takeTrust(wallet, news.trust)
  if (!trusted.ok) return trusted
  return wallet.apply((state, now) => withGrant(state, bytes, fleetName, key.publicKey, now))
}

/** The first root that this phone hears of, over an authenticated connection, is pinned; another one is refused later. */
export const takeTrust = (wallet: Wallet, news: TrustNews): Promise<Result<void, Refusal>> =>
  wallet.apply((state, { nowS, verify }) => {
    const trust = takeTrustNews(state.trust, news, nowS, verify)
    return trust.ok ? ok(withTrust(state, trust.value)) : err(refusal('phone.trust', { part: trust.error }))
  })
