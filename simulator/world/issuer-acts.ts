/** The operator's people step in: vetoes of sessions and grants, and raised caps for phones that are online. */

import { parseMessage } from '@/lib/protocol/message'
import { permit } from '@/lib/protocol/messages/permit'
import { someChain } from './crooks'
import type { Act } from './everyday'
import { short } from './trace'

/** Of a session that somebody has consented to, or of a whole grant; at one charger or all. */
const vetoes: Act = async (world) => {
  const { dice } = world
  const consents = [...world.truth.consents.values()]
  if (consents.length === 0) return undefined
  const { sessionId, serial } = dice.chance(0.5)
    ? (consents.at(-1) ?? dice.pick(consents))
    : dice.pick(consents)
  const id = dice.chance(0.6) ? sessionId : serial
  const at = dice.chance(0.3) ? dice.pick(world.chargers).id : undefined
  const issued = await world.cloud.veto(id, at)
  return `the operator vetoes ${short(id)} at ${at ?? 'every charger'}: ${issued.ok ? 'done' : issued.error.code}`
}

/** The phone asks, hears at once, and carries it to the charger; or the charger hears by its own link. */
const asksForMore: Act = async (world) => {
  const { dice } = world
  const owned = someChain(world)
  if (owned === undefined || owned.phone.wallet === undefined) return undefined
  const { phone, chain } = owned
  const charger = dice.pick(world.chargers)
  const order = {
    serial: chain.serial,
    chargerId: charger.id,
    maximumMinor: dice.pick([2_000, 3_000, 5_000, 9_000]),
  }
  const issued = await world.cloud.raise(phone.accountId, order)
  if (!issued.ok) return `${phone.name} asks for more at ${charger.id}: ${issued.error.code}`
  const signed = parseMessage(permit, issued.value)
  if (!signed.ok) throw new Error('The cloud signs permits of ours')
  const { maximumMinor = 0, notAfterS } = signed.value.payload
  world.truth.raises.push({ serial: chain.serial, chargerId: charger.id, maximumMinor, notAfterS })
  await phone.report()
  return `${phone.name} may hold ${maximumMinor} at ${charger.id}`
}

export const permitActs: readonly (readonly [weight: number, act: Act])[] = [
  [1.2, vetoes],
  [2.5, asksForMore],
]
