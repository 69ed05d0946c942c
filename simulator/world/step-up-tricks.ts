/** A stolen wallet key without the passkey that its grant names: assertions of one's own making, or of another day. */

import { minorUnits } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { offer as offerMessage } from '@/lib/protocol/messages/offer'
import { authenticatorNamed } from './authenticator'
import { lying, markDishonest, occupy, roomMinor, tryAt } from './crooks'
import type { Act } from './everyday'
import { chainsOn } from './phone-records'

/** More than a stranger may hold without one. */
const leastMinor = 1_600

export const forgesStepUp: Act = async (world) => {
  const { dice } = world
  const owned = world.phones.flatMap((phone) =>
    chainsOn(phone.disk)
      .filter(
        (chain) => chain.grant.payload.passkeyHash !== undefined && roomMinor(world, chain) >= leastMinor,
      )
      .map((chain) => ({ phone, chain })),
  )
  if (owned.length === 0) return undefined
  const { phone, chain } = dice.pick(owned)
  const place = await occupy(world, chain.serial)
  if (place === undefined) return undefined
  const offered = parseMessage(offerMessage, place.offerBytes)
  const signer = await phone.keys.signer(chain.grant.payload.deviceKey)
  if (!offered.ok || signer === undefined) throw new Error('A stolen key signs')
  markDishonest(world, phone.accountId)
  const base = lying(world, chain, offered.value.payload, 'honest', offered.value.hash)
  const holdMinor = minorUnits(
    dice.pick([leastMinor, 2_500, 3_500, 6_000].filter((hold) => hold <= roomMinor(world, chain))),
  )
  const grossMinor = minorUnits(base.grossMinor - base.holdMinor + holdMinor)
  const signed = await signMessage(authorization, { ...base, holdMinor, grossMinor }, signer)
  world.truth.consent(signed.bytes, chain.grant.bytes, phone.accountId, false)
  const used = chain.entries.flatMap(({ passkeyAssertion }) => passkeyAssertion ?? [])
  const algorithm = dice.pick(['ES256', 'EdDSA'] as const)
  const assertion =
    used[0] !== undefined && dice.chance(0.5)
      ? used[0]
      : await authenticatorNamed(phone.accountId, algorithm).forge(signed.hash)
  const parts = [signed.bytes, chain.grant.bytes, assertion]
  const outcome = await tryAt(world, place.charger, envelopeToText({ kind: 'authorization', parts }))
  if (outcome !== 'accepted') world.lived.count('forged-step-ups')
  return `a thief with the key of ${phone.name} forges a passkey at ${place.charger.id}: ${outcome}`
}
