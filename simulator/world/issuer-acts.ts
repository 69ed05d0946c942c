/** The operator's people step in: vetoes of sessions and grants, and raised caps. */

import { spendsForAnother } from './another-permit'
import { askForMore } from './ask-for-more'
import { consentOf, occupy, someChain, tryAt } from './crooks'
import type { Act } from './everyday'
import { short } from './trace'
import { hearNews } from './visit'

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

/** Long before anybody is at the charger: it may hear by its own link. */
const asksForMore: Act = async (world) => {
  const phone = world.dice.pick(world.phones)
  const charger = world.dice.pick(world.chargers)
  return `${phone.name} asks for more at ${charger.id}: ${await askForMore(world, phone, charger)}`
}

/** A phone that was lost: its grant is revoked, a charger hears of it, and whoever found the phone goes there. */
export const spendsRevoked: Act = async (world) => {
  const owned = someChain(world)
  const living = world.chargers.filter(
    ({ isDestroyed, controller }) => !isDestroyed && controller !== undefined,
  )
  if (owned === undefined || living.length === 0) return undefined
  const { serial } = owned.chain
  const charger = world.dice.pick(living)
  await world.cloud.revoke(serial)
  await hearNews(world, charger)
  await world.look()
  const place = await occupy(world, undefined, charger)
  if (place === undefined) return undefined
  const { text } = await consentOf(world, owned, place.offerBytes, 'honest', 300)
  const outcome = await tryAt(world, charger, text)
  return `a thief with the key of ${owned.phone.name} spends the revoked ${short(serial)} at ${charger.id}: ${outcome}`
}

export const permitActs: readonly (readonly [weight: number, act: Act])[] = [
  [1.2, vetoes],
  [2.5, asksForMore],
  [5, spendsForAnother],
]
