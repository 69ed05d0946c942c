/** Puts the grant of a guest into the wallet, checked like every other. Part of the wallet's own script. */

import { fromBase64Url, toHex, type Bytes } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { JsonReader } from '@/lib/wallet/json-reader'
import { takeTrust } from '@/lib/wallet/obtain-grant'
import type { Wallet } from '@/lib/wallet/wallet'
import { withGrant } from '@/lib/wallet/wallet-state'

interface TakenGrant {
  readonly capMinor: number
  readonly untilS: number
}

export async function takeGuestGrant(
  wallet: Wallet,
  answer: JsonReader,
): Promise<Result<TakenGrant, Refusal>> {
  const bytes = fromBase64Url(answer.text('grant'))
  if (bytes === undefined) return err(refusal('api.internal'))
  // The app may have been closed between the last step here and the end of the order.
  const known = find(wallet, bytes)
  if (known !== undefined) return ok(known)
  const key = await wallet.keyForGrant()
  if (!key.ok) return key
  const trusted = await takeTrust(wallet, {
    root: publicKey(answer.text('root')),
    trustList: answer.text('trustList'),
    revocations: answer.text('revocations'),
    policy: answer.text('policy'),
  })
  if (!trusted.ok) return trusted
  const taken = await wallet.apply((state, now) => withGrant(state, bytes, null, key.value.publicKey, now))
  if (!taken.ok) return taken
  const grant = find(wallet, bytes)
  return grant === undefined ? err(refusal('api.internal')) : ok(grant)
}

function find(wallet: Wallet, bytes: Bytes): TakenGrant | undefined {
  const text = toHex(bytes)
  const chain = wallet.snapshot().chains.find(({ grant }) => toHex(grant.bytes) === text)
  return chain === undefined
    ? undefined
    : { capMinor: chain.grant.payload.capMinor, untilS: chain.grant.payload.notAfterS }
}
