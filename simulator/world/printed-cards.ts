/** Printed cards: somebody buys one, whoever holds it charges, some are lost, copied, or made at home. */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { grantSerial, siteId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import { voucher } from '@/lib/protocol/messages/voucher'
import type { TrueCard } from './card-truth'
import { occupy, thief, tryAt } from './crooks'
import type { Act } from './everyday'
import { worldFleet, type WorldSite } from './place'
import { short } from './trace'
import { hearNews, leave, offerCode, stopBy, stops, type Script } from './visit'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

const textOf = (bytes: Bytes): string => envelopeToText({ kind: 'voucher', parts: [bytes] })

export const buysCard: Act = async (world) => {
  const { dice, plan } = world
  const isFleets = plan.fleetMinor > 0 && dice.chance(0.3)
  const owner = isFleets ? `fleet:${worldFleet}` : `wallet:${dice.pick(world.phones).accountId}`
  // Where several chargers share a site, none of them takes it.
  const sites = dice.chance(0.75) ? [...new Set(plan.sites)] : [dice.pick(plan.sites)]
  const card = await buy(world, owner, dice.pick([300, 700, 1_500]), sites)
  if (typeof card === 'string') return `${owner} gets no card: ${card}`
  const { serial, payload } = card
  return `${owner} buys card ${short(serial)} with ${payload.capMinor} for ${sites.join(' and ')}`
}

/** The card, or why there is none. */
async function buy(
  { dice, cloud, truth }: World,
  owner: string,
  capMinor: number,
  sites: readonly WorldSite[],
): Promise<TrueCard | string> {
  const issued = await cloud.issueCard({ owner, capMinor, sites, days: dice.pick([2, 7, 30]) })
  if (!issued.ok) return issued.error.code
  const card = truth.cards.sell(issued.value.bytes, owner)
  truth.owners.set(card.serial, owner)
  return card
}

/** An honest holder, as a script that stops after every act. */
export async function* cardVisit(world: World, card: TrueCard, charger: WorldCharger): Script {
  const { dice } = world
  await charger.twin.plug()
  await world.settle()
  yield `the holder of card ${short(card.serial)} plugs in at ${charger.id}`
  if (offerCode(world, charger) === undefined) {
    yield `${charger.id} shows no offer`
  } else {
    const shown = await charger.scan(textOf(card.bytes))
    await world.settle()
    if (shown?.kind === 'accepted') world.lived.count('cards')
    yield `card ${short(card.serial)} is shown to ${charger.id}: ${outcomeOf(shown)}`
    if (dice.chance(0.2)) {
      const again = await charger.scan(textOf(card.bytes))
      await world.settle()
      yield `card ${short(card.serial)} is shown once more: ${outcomeOf(again)}`
    }
    for (let turn = dice.between(1, 4); turn > 0; turn -= 1) {
      await world.pass(dice.pick([5, 10, 20]))
      yield `time passes at ${charger.id}`
    }
    yield await stopBy(world, charger, dice.pick(stops))
  }
  await leave(world, charger)
  yield `the vehicle leaves ${charger.id}`
}

const outcomeOf = (outcome: Awaited<ReturnType<WorldCharger['scan']>>): string =>
  outcome === undefined ? 'no answer' : outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind

export function someCard({ dice, truth }: World): TrueCard | undefined {
  const printed = [...truth.cards.sold.values()].filter(({ payload }) => payload.bearer === 'printed')
  return printed.length === 0 ? undefined : dice.pick(printed)
}

/** The same picture on two phones: at every charger of its sites, until none gives anything more. */
const copiesCard: Act = async (world) => {
  const card = (world.dice.chance(0.7) ? await boughtNow(world) : undefined) ?? someCard(world)
  if (card === undefined) return undefined
  const outcomes: string[] = []
  for (const charger of world.chargers) {
    const isGoodHere = card.payload.sites.some((site) => site === charger.site)
    if (!isGoodHere || charger.controller === undefined) continue
    await waitsFor(world, charger)
    for (let turn = 0; turn < copiesShown; turn += 1) {
      const place = await occupy(world, undefined, charger)
      if (place === undefined) break
      const outcome = await tryAt(world, charger, textOf(card.bytes))
      outcomes.push(`${charger.id} ${outcome}`)
      if (outcome !== 'accepted') break
    }
  }
  if (new Set(acceptedAt(world, card.serial)).size > 1) world.lived.count('copied-cards')
  return `copies of card ${short(card.serial)} are shown: ${outcomes.join(', ')}`
}

/** Until whoever is there has left, and until it knows the time again, without which no card is taken. */
async function waitsFor(world: World, charger: WorldCharger): Promise<void> {
  await leave(world, charger)
  if (world.dice.chance(0.7)) await hearNews(world, charger)
  await world.look()
}

/** At each charger; a small card is used up by then. */
const copiesShown = 5

const acceptedAt = ({ truth }: World, serial: string): readonly string[] =>
  truth.accepts
    .filter(({ sessionId }) => truth.cards.sessions.get(sessionId)?.serial === serial)
    .map(({ chargerId }) => chargerId)

/** Small, good everywhere if nothing else is said, and from whoever still has credit for it. */
async function boughtNow(
  world: World,
  sites: readonly WorldSite[] = [...new Set(world.plan.sites)],
): Promise<TrueCard | undefined> {
  const { plan, phones, dice } = world
  const wallets = phones.map(({ accountId }) => `wallet:${accountId}`)
  const owners = plan.fleetMinor > 0 ? [...wallets, `fleet:${worldFleet}`] : wallets
  for (const owner of owners) {
    const card = await buy(world, owner, dice.pick([100, 300]), sites)
    if (typeof card !== 'string') return card
  }
  return undefined
}

/** Where the card is not good, or after its last day; the charger may not have heard anything. */
const triesCardElsewhere: Act = async (world) => {
  const { dice, plan } = world
  const bought = dice.chance(0.6) ? await boughtNow(world, [dice.pick(plan.sites)]) : undefined
  const card = bought ?? someCard(world)
  const elsewhere = world.chargers.filter(({ site }) => !card?.payload.sites.some((own) => own === site))
  if (card === undefined || elsewhere.length === 0) return undefined
  const charger = dice.pick(elsewhere)
  if (charger.controller !== undefined) await waitsFor(world, charger)
  const place = await occupy(world, undefined, charger)
  if (place === undefined) return undefined
  const outcome = await tryAt(world, place.charger, textOf(card.bytes))
  return `card ${short(card.serial)} is tried at ${place.charger.id}: ${outcome}`
}

/** Printed at home: the terms of a real card, or any, and no issuer's signature. */
const forgesCard: Act = async (world) => {
  const place = await occupy(world)
  if (place === undefined) return undefined
  const { bytes } = await forgedCard(world, place.charger.site)
  const outcome = await tryAt(world, place.charger, textOf(bytes))
  return `somebody shows a card of their own making at ${place.charger.id}: ${outcome}`
}

export async function forgedCard({ dice, timeline, cloud, plan }: World, site: WorldSite) {
  const { nowS } = timeline
  return signMessage(
    voucher,
    {
      operator: cloud.operator,
      serial: grantSerial(toHex(dice.bytes(8))),
      currency: plan.tariff.currency,
      capMinor: minorUnits(1_500),
      notBeforeS: nowS,
      notAfterS: (nowS + 86_400) as typeof nowS,
      sites: [siteId(site)],
      bearer: 'printed',
    },
    thief,
  )
}

/** Its holder has it blocked; whoever finds it goes to a charger that has heard of it, or has not. */
const losesCard: Act = async (world) => {
  const { dice, cloud, timeline } = world
  const card = (dice.chance(0.5) ? await boughtNow(world) : undefined) ?? someCard(world)
  if (card === undefined) return undefined
  if (card.lostAtS === undefined) {
    await cloud.revokeCard(card.serial)
    card.lostAtS = timeline.nowS
    world.lived.count('lost-cards')
  }
  const fit = world.chargers.filter(({ site }) => card.payload.sites.some((own) => own === site))
  if (fit.length === 0) return `card ${short(card.serial)} is lost`
  const there = dice.pick(fit)
  if (there.controller !== undefined) await waitsFor(world, there)
  const place = await occupy(world, undefined, there)
  if (place === undefined) return `card ${short(card.serial)} is lost`
  const outcome = await tryAt(world, place.charger, textOf(card.bytes))
  return `the lost card ${short(card.serial)} is shown at ${place.charger.id}: ${outcome}`
}

export const cardCrookActs: readonly (readonly [weight: number, act: Act])[] = [
  [1, copiesCard],
  [0.6, triesCardElsewhere],
  [0.5, forgesCard],
  [0.7, losesCard],
]
