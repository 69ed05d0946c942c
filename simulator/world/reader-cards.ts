/**
 * Cards of a site's signed list at a charger's own reader: tapped while the controller is there, after the list has
 * ended, and while nobody is there to ask, so that the charger begins by its own list and tells of it late, and twice.
 */

import { siteId } from '@/lib/core/ids'
import { signMessage } from '@/lib/protocol/message'
import { localList } from '@/lib/protocol/messages/local-list'
import type { TrueCard } from './card-truth'
import { occupy } from './crooks'
import type { Act } from './everyday'
import { worldFleet } from './place'
import { short } from './trace'
import { hearNews, leave } from './visit'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

interface Listed {
  readonly token: string
  readonly card: TrueCard
}

const listLifeS = 86_400
/** At this power nobody charges for less than the smallest card in one visit. */
const tapsMax = 4

type How = 'here' | 'away' | 'expired'

export const tapsAtReader: Act = async (world) => {
  const told: string[] = []
  for (const how of [world.dice.pick(['here', 'expired'] as const), 'away'] as const) {
    const charger = someReader(world)
    if (charger !== undefined) told.push(await holdsCard(world, charger, how))
  }
  return told.length === 0 ? undefined : told.join('; ')
}

async function holdsCard(world: World, charger: WorldCharger, how: How): Promise<string> {
  await hearNews(world, charger)
  const listed = await listCard(world, charger, how === 'expired' ? -1 : listLifeS)
  if (listed === undefined) return 'nobody pays for a card of the list'
  const name = short(listed.card.serial)
  if (how === 'away') return startsUnseen(world, charger, listed)
  const answers =
    how === 'here' ? await tapsUntilSpent(world, charger, listed) : [await tap(world, charger, listed)]
  if (how === 'expired' && world.truth.accepts.some(({ sessionId }) => isOf(world, sessionId, listed)))
    world.trace.violate('no card of a list that has ended is let in', `${charger.id} ${name}`)
  if (how === 'expired') world.lived.count('ended-lists')
  return `card ${name} is held to the reader of ${charger.id}, ${how}: ${answers.join(', ')}`
}

/** Free, and with power. */
const someReader = ({ dice, chargers }: World): WorldCharger | undefined => {
  const free = chargers.filter(
    ({ controller, twin, phase }) =>
      controller !== undefined &&
      twin.status === 'Available' &&
      ['available', 'finished'].includes(phase?.kind ?? ''),
  )
  return free.length === 0 ? undefined : dice.pick(free)
}

/** The fleet's card, and the site's list with all cards so far and this one. */
async function listCard(world: World, charger: WorldCharger, lifeS: number): Promise<Listed | undefined> {
  const { cloud, dice, timeline, truth } = world
  const owner = `fleet:${worldFleet}`
  const capMinor = dice.pick([200, 400, 900])
  const issued = await cloud.issueCard({ owner, capMinor, sites: [charger.site], days: 7, bearer: 'rfid' })
  if (!issued.ok) return undefined
  const card = truth.cards.sell(issued.value.bytes, owner)
  truth.owners.set(card.serial, owner)
  const token = `04${card.serial.slice(0, 12).toUpperCase()}`
  truth.cards.tokens.set(token, card.serial)
  const listed = [...truth.cards.tokens]
    .map(([text, serial]) => ({ text, card: truth.cards.sold.get(serial) }))
    .flatMap(({ text, card: one }) =>
      one?.payload.sites.some((site) => site === charger.site) === true ? [{ text, bytes: one.bytes }] : [],
    )
  const signed = await signMessage(
    localList,
    {
      operator: cloud.operator,
      site: siteId(charger.site),
      version: truth.cards.tokens.size,
      timeS: (timeline.nowS - listLifeS) as typeof timeline.nowS,
      notAfterS: (timeline.nowS + lifeS) as typeof timeline.nowS,
      part: 0,
      parts: 1,
      entries: listed
        .slice(-listedMax)
        .map(({ text, bytes }) => ({ type: 'ISO14443' as const, token: text, voucher: bytes })),
    },
    cloud.issuer(),
  )
  await charger.controller?.takeNews({ localList: [signed.bytes] })
  await world.settle()
  return { token, card }
}

const listedMax = 12

/** Plugs in, holds the card to the reader, charges, and drives off. */
async function tap(world: World, charger: WorldCharger, { token, card }: Listed): Promise<string> {
  const place = await occupy(world, undefined, charger)
  if (place === undefined) return 'no offer'
  const answer = await charger.twin.presentCard(token)
  await world.settle()
  await world.look()
  if (answer === 'Accepted') {
    world.lived.count('reader-cards')
    await world.pass(world.dice.pick([10, 20, 30]))
    // Where the card has nothing left, the session has ended by itself.
    if (charger.twin.transaction !== undefined && world.dice.chance(0.4)) {
      await charger.twin.presentCard(token)
      await world.settle()
      if (charger.twin.transaction !== undefined)
        world.trace.violate('the same card stops what it began', short(card.serial))
    }
  }
  await leave(world, charger)
  await world.look()
  return answer ?? 'no answer'
}

async function tapsUntilSpent(
  world: World,
  charger: WorldCharger,
  listed: Listed,
): Promise<readonly string[]> {
  const answers: string[] = []
  for (let turn = 0; turn < tapsMax; turn += 1) {
    answers.push(await tap(world, charger, listed))
    if (answers.at(-1) !== 'Accepted') break
  }
  return answers
}

/** The controller is dark; the charger knows the card, begins, and says so when somebody is there again. */
async function startsUnseen(world: World, charger: WorldCharger, { token, card }: Listed): Promise<string> {
  const { dice, truth } = world
  const { twin } = charger
  truth.cards.unseen.add(card.serial)
  charger.powerOff()
  world.safety.offersVoid(charger)
  const startWh = twin.registerWh
  twin.status = 'Preparing'
  await twin.startTransaction(token)
  twin.status = 'Charging'
  await world.pass(dice.pick([20, 90]))
  twin.registerWh += dice.between(50, 2_000)
  // An answer may be lost on its way: whoever got none says it once more.
  if (dice.chance(0.7)) twin.unanswered = twin.unanswered.flatMap((send) => [send, send])
  await charger.powerOn()
  await world.settle()
  await world.look()
  await world.pass(dice.pick([0, 10]))
  await leave(world, charger)
  await world.look()
  checkUnseen(world, card, twin.registerWh - startWh)
  world.lived.count('unseen-starts')
  return `${charger.id} lets card ${short(card.serial)} in while nobody is there`
}

/** One session, however often it was told of, and a bill for all that flowed, up to what the card had left. */
function checkUnseen(world: World, card: TrueCard, flowedWh: number): void {
  const { truth, trace } = world
  const name = short(card.serial)
  const [only, ...others] = truth.accepts.filter(({ sessionId }) => isOf(world, sessionId, { card }))
  if (only === undefined || others.length > 0)
    return trace.violate('what a card began unseen is one session', name)
  const receipt = truth.finals.find(({ sessionId }) => sessionId === only.sessionId)?.receipt
  if (receipt === undefined) return trace.violate('what a card began unseen ends with a receipt', name)
  const billedWh = receipt.meterStopWh - receipt.meterStartWh
  if (billedWh !== flowedWh && receipt.totalMinor < card.payload.capMinor)
    trace.violate('what a card charged unseen is billed whole', `${name}: ${billedWh} of ${flowedWh} Wh`)
}

const isOf = ({ truth }: World, sessionId: string, { card }: Pick<Listed, 'card'>): boolean =>
  truth.cards.sessions.get(sessionId)?.serial === card.serial
