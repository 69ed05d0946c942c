/** The phone's cloud port without HTTP: the same commands that the API's routes call, in this process. */

import { fromBase64Url, toBase64Url, type Bytes } from '@/lib/core/bytes'
import { currencyCode, publicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import {
  beginRegistration,
  beginSignIn,
  finishRegistration,
  finishSignIn,
  type SignedIn,
} from '@/lib/cloud/accounts/commands'
import { signOut } from '@/lib/cloud/accounts/sign-ins'
import { accountOverview } from '@/lib/cloud/accounts/queries'
import { accountOfToken } from '@/lib/cloud/accounts/sign-ins'
import type { Cloud } from '@/lib/cloud/context'
import { claimToken } from '@/lib/cloud/fleet/commands'
import { receiveReport } from '@/lib/cloud/ingest/commands'
import { issueDriverGrant, renewGrant, signTime } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { topUp } from '@/lib/cloud/topup/commands'
import type { CloudPort, GrantNews, RenewOrder } from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'

/** One phone's connection: like a browser, it keeps its own sign-in. */
export function inProcessCloud(cloud: Cloud): CloudPort {
  let token = ''

  const asAccount = async <T>(
    act: (accountId: string) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> => {
    const accountId = await accountOfToken(cloud, token)
    return accountId === undefined ? err(refusal('api.unauthenticated')) : act(accountId)
  }
  const keepToken = (signedIn: Result<SignedIn, Refusal>): Result<SignedIn, Refusal> => {
    if (signedIn.ok) token = signedIn.value.token
    return signedIn
  }
  const trust = async (): Promise<TrustNews> => {
    const response = await currentTrust(cloud)
    return { ...response, root: publicKey(response.root) }
  }
  const grantNews = async (grant: Bytes): Promise<GrantNews> => ({
    grant: toBase64Url(grant),
    trust: await trust(),
  })

  return {
    trust: async () => ok(await trust()),
    report: (chains) => receiveReport(cloud, { chains }),
    account: () => asAccount(async (accountId) => ok(await accountOverview(cloud, accountId))),
    requestGrant: ({ devicePublicKey, ...order }) =>
      asAccount(async (accountId) => {
        const issued = await issueDriverGrant(cloud, { accountId, deviceKey: devicePublicKey, ...order })
        return issued.ok ? ok(await grantNews(issued.value)) : issued
      }),
    async renew(order) {
      const renewed = await renewGrant(cloud, renewal(order, await accountOfToken(cloud, token)))
      return renewed.ok ? ok(await grantNews(renewed.value)) : renewed
    },
    async time(nonce) {
      const signed = await signTime(cloud, nonce)
      return signed.ok ? ok(toBase64Url(signed.value)) : signed
    },
    async claim({ code, devicePublicKey, keyProtection }) {
      const claimed = await claimToken(cloud, { code, deviceKey: devicePublicKey, keyProtection })
      if (!claimed.ok) return claimed
      const { grant, fleetName } = claimed.value
      return ok({ ...(await grantNews(grant)), fleetName })
    },
    topUp: ({ currency, ...order }) =>
      asAccount(async (accountId) => {
        const paid = await topUp(cloud, {
          ...order,
          owner: walletAccount(accountId),
          currency: currencyCode(currency),
          author: accountId,
        })
        if (!paid.ok) return paid
        return paid.value.state === 'paid' ? ok(paid.value) : err(refusal('payment.provider'))
      }),
    registerOptions: async () => ok(await beginRegistration(cloud)),
    registerVerify: async (challengeId, response) =>
      keepToken(await finishRegistration(cloud, challengeId, response)),
    signInOptions: async () => ok(await beginSignIn(cloud)),
    signInVerify: async (challengeId, response) =>
      keepToken(await finishSignIn(cloud, challengeId, response)),
    async signOut() {
      await signOut(cloud, token)
      token = ''
      return ok(undefined)
    },
  }
}

/** What the route reads from the request. */
const renewal = (
  { close, devicePublicKey, ...order }: RenewOrder,
  accountId: string | undefined,
): Parameters<typeof renewGrant>[1] => ({
  ...order,
  deviceKey: devicePublicKey,
  close: fromBase64Url(close) ?? new Uint8Array(),
  accountId,
})
