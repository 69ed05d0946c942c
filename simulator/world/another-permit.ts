/** A thief at a charger that was just told that it may hold more for somebody's grant, with a grant of somebody else. */

import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import type { Chain } from '@/lib/wallet/chain'
import { askForMore } from './ask-for-more'
import { consentOf, occupy, roomMinor, tryAt } from './crooks'
import type { Act } from './everyday'
import { worldCurrency } from './place'
import { chainsOn } from './phone-records'
import { hearNews } from './visit'
import type { World } from './world'

/** More than a stranger gets; less than what needs a passkey. */
const holdMinor = wholeUnits(riskDefaults.firstSeenCap, worldCurrency) + 300

export const spendsForAnother: Act = async (world) => {
  const { dice, chargers, phones } = world
  const owned = phones.flatMap((phone) => chainsOn(phone.disk).map((chain) => ({ phone, chain })))
  const fit = owned.filter(({ chain }) => hasRoom(world, chain))
  if (fit.length === 0) return undefined
  const stolen = dice.pick(fit)
  const others = phones.filter(
    ({ wallet, disk }) =>
      wallet !== undefined && chainsOn(disk).some(({ serial }) => serial !== stolen.chain.serial),
  )
  const free = chargers.filter(
    ({ controller, twin }) => controller !== undefined && twin.status === 'Available',
  )
  if (others.length === 0 || free.length === 0) return undefined
  const lucky = dice.pick(others)
  const charger = dice.pick(free)
  const raised = await askForMore(world, lucky, charger)
  await hearNews(world, charger)
  await world.look()
  const place = await occupy(world, undefined, charger)
  if (place === undefined) return undefined
  const { text } = await consentOf(world, stolen, place.offerBytes, 'honest', holdMinor)
  const outcome = await tryAt(world, charger, text)
  if (outcome === 'hold.first-seen') world.lived.count('raises-for-others')
  return `${lucky.name} may hold ${raised} at ${charger.id}; a thief with the key of ${stolen.phone.name} tries there as well: ${outcome}`
}

/** Its own terms would allow the hold, so that only what a stranger gets stands in the way. */
function hasRoom(world: World, chain: Chain): boolean {
  const { sites, fleetRules } = chain.grant.payload
  return sites.length === 0 && fleetRules === undefined && roomMinor(world, chain) >= holdMinor
}
