/** Asks, while somebody looks at receipts, what people made of them: also of those that were settled long ago. */

import { useEffect } from 'react'
import type { DisputesResponse } from '@/lib/cloud/api-types/account'
import { ok } from '@/lib/core/result'
import { jsonReader } from '@/lib/wallet/json-reader'
import { readSessionNews, withSessionNews } from '@/lib/wallet/session-news'
import { fetchApi } from './network'
import type { ReadyPhone } from './phone-host'

const patienceMs = 10_000
const newsMax = 200
/** Looking from one receipt to the next asks no more often. */
const againAfterMs = 30_000

let askedAtMs = -againAfterMs

export function useNews({ wallet, state }: ReadyPhone): void {
  const signedIn = state.account?.signedIn === true
  useEffect(() => {
    if (!signedIn || performance.now() - askedAtMs < againAfterMs) return
    askedAtMs = performance.now()
    void fetchNews().then((news) => {
      if (news !== undefined) void wallet.apply((before) => ok(withSessionNews(before, news)))
    })
  }, [wallet, signedIn])
}

/** Undefined without a connection or an answer that makes sense: what is here stays as it is. */
async function fetchNews(): Promise<DisputesResponse['news'] | undefined> {
  try {
    const answer = await fetchApi('/api/v1/account/disputes', {
      cache: 'no-store',
      signal: AbortSignal.timeout(patienceMs),
    })
    return answer.ok ? readSessionNews(jsonReader(await answer.json()), newsMax) : undefined
  } catch {
    return undefined
  }
}
