/**
 * The issuer's time for an offer whose charger does not know it (PROTOCOL.md, Time): fetched while the driver decides,
 * shown beside the authorization, and a bound for this phone's own clock as well. Nothing waits for it.
 */

import { fromBase64Url } from '@/lib/core/bytes'
import type { Nonce } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import { openIssued } from '@/lib/protocol/trust'
import type { CloudPort } from './cloud-port'
import { keepMessage } from './kept-message'
import type { Wallet } from './wallet'
import { laterOf, type Now, type WalletState } from './wallet-state'

/** A driver stands at one charger; the one before may still be on the way back to. */
const timesKeptMax = 2

/** Asks once, if the offer that is being decided calls for it. Failing changes nothing. */
export async function fetchOfferTime(wallet: Wallet, cloud: CloudPort): Promise<Result<void, Refusal>> {
  const wanted = nonceInNeed(wallet.snapshot())
  if (wanted === undefined) return ok(undefined)
  const time = await cloud.time(wanted)
  return time.ok ? wallet.apply((state, now) => withOfferTime(state, time.value, wanted, now)) : time
}

function nonceInNeed({ ceremony, signedTimes }: WalletState): Nonce | undefined {
  if (ceremony?.kind !== 'approving') return undefined
  const { clockQuality, nonce } = ceremony.checked.offer.payload
  const isHere = signedTimes.some(({ payload }) => payload.nonce === nonce)
  return clockQuality === 'unknown' && !isHere ? nonce : undefined
}

function withOfferTime(
  state: WalletState,
  text: string,
  nonce: Nonce,
  { verify }: Now,
): Result<WalletState, Refusal> {
  const list = state.trust?.trustList.payload
  const bytes = fromBase64Url(text)
  if (list === undefined || bytes === undefined) return err(refusal('news.refused'))
  // Without a time of its own to check the issuer's key by: this phone's clock may be the wrong one.
  const opened = openIssued(signedTime, bytes, list, undefined, verify)
  if (opened === undefined) return err(refusal('news.refused'))
  const { operator, nonce: signedNonce, timeS } = opened.payload
  if (operator !== list.operator || signedNonce !== nonce) return err(refusal('news.refused'))
  return ok({
    ...state,
    clockFloorS: laterOf(state.clockFloorS, timeS),
    signedTimes: [keepMessage(opened), ...state.signedTimes].slice(0, timesKeptMax),
  })
}
