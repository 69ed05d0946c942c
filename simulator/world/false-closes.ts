/**
 * Renewals that nobody may have: closed by a stranger, shown by another account, or by a holder who says that the chain
 * went less far than it did, or who has spends that nobody has seen. Whoever gets the next grant for one of these gets
 * the rest of the old one freed, and may spend it twice.
 */

import { toBase64Url, toHex } from '@/lib/core/bytes'
import { messageHash, type MessageHash } from '@/lib/core/ids'
import { signMessage } from '@/lib/protocol/message'
import { close as closeMessage } from '@/lib/protocol/messages/close'
import type { Chain } from '@/lib/wallet/chain'
import { newestSpend, someChain, thief } from './crooks'
import type { Act } from './everyday'
import { short } from './trace'
import type { World } from './world'

const falsehoods = ['none', 'signed-by-stranger', 'shown-by-another', 'hides', 'unseen-spend'] as const
type Falsehood = (typeof falsehoods)[number]

/** No account of the world. */
const strangersAccount = 'stranger'

export const closesFalsely: Act = async (world) => {
  const owned = someChain(world)
  if (owned === undefined || owned.chain.closing !== null) return undefined
  const { phone, chain } = owned
  const { serial } = chain
  const falsehood = world.dice.chance(0.3) ? 'shown-by-another' : world.dice.pick(falsehoods)
  if (!(await isFalse(world, chain, falsehood))) return undefined
  const holder = await phone.keys.signer(chain.grant.payload.deviceKey)
  const signer = falsehood === 'signed-by-stranger' ? thief : holder
  if (signer === undefined) throw new Error('A stolen key signs')
  const signed = await signMessage(closeMessage, { ...endOf(world, chain, falsehood), serial }, signer)
  const answer = await world.cloud.renew(
    falsehood === 'shown-by-another' ? strangersAccount : phone.accountId,
    {
      close: toBase64Url(falsehood === 'none' ? chain.grant.bytes : signed.bytes),
      devicePublicKey: thief.publicKey,
      keyProtection: 'platform',
    },
  )
  if (answer.ok) world.trace.violate('only its holder’s whole close renews a grant', short(serial))
  else world.lived.count('false-closes')
  const told = answer.ok ? 'renewed' : answer.error.code
  return `somebody closes ${short(serial)} of ${phone.name} falsely (${falsehood}): ${told}`
}

/** Whether the cloud has what it takes to know better. */
async function isFalse({ cloud, truth }: World, { serial }: Chain, falsehood: Falsehood): Promise<boolean> {
  // The key alone speaks for a fleet's token, which has no account.
  if (falsehood === 'shown-by-another') return truth.owners.get(serial)?.startsWith('wallet:') === true
  if (falsehood !== 'hides') return true
  const { sessions } = await cloud.books()
  return sessions.some((session) => session.serial === serial)
}

function endOf(
  world: World,
  chain: Chain,
  falsehood: Falsehood,
): { readonly lastSeq: number; readonly head: MessageHash; readonly timeS: World['timeline']['nowS'] } {
  const { nowS: timeS } = world.timeline
  const last = newestSpend(world, chain)
  if (last === undefined || falsehood === 'hides')
    return falsehood === 'unseen-spend'
      ? { lastSeq: 1, head: messageHash(toHex(world.dice.bytes(16))), timeS }
      : { lastSeq: 0, head: chain.grant.hash, timeS }
  const { seq } = last.payload
  return falsehood === 'unseen-spend'
    ? { lastSeq: seq + 1, head: messageHash(toHex(world.dice.bytes(16))), timeS }
    : { lastSeq: seq, head: messageHash(last.sessionId), timeS }
}
