/**
 * The second phase: nothing fails any more, everything that is under way arrives, every device comes home as often as
 * it wants to. What is not home then will never be.
 */

import type { reportsDue } from '@/lib/wallet/report'
import { leapDays } from './everyday'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

/** Rounds until everybody has told everything; more than that is a world that does not converge. */
const roundsMax = 6
const replayedMax = 12

export async function heal(world: World): Promise<void> {
  mend(world)
  for (const charger of world.chargers) await wakeUp(world, charger)
  // The longest that a session waits for a charger that lost it.
  if (world.chargers.some(isBusy)) await world.pass(400)
  for (const charger of world.chargers) {
    if (isBusy(charger)) world.trace.violate('every session ends', charger.id)
    world.links.up.add(charger.id)
  }
  await world.look()
  world.trace.step('everything heals')
  let isHome = false
  for (let round = 0; round < roundsMax && !isHome; round += 1) {
    await deliverParcels(world)
    for (const charger of world.chargers) await charger.controller?.syncNow()
    await world.settle()
    for (const phone of world.phones) {
      if (phone.wallet === undefined) await phone.turnOn()
      await phone.report()
    }
    await world.cloud.work()
    await world.cloud.workOnPayments()
    await world.look()
    isHome = isEverythingHome(world)
    if (isHome) break
    // A journal that broke under an acknowledgement is noticed by the next housekeeping, and read afresh.
    await world.pass(620)
    for (const charger of world.chargers) if (charger.controller === undefined) await charger.powerOn()
  }
  if (!isHome) world.trace.violate('everything converges', whoIsNotHome(world).join(', '))
}

function mend(world: World): void {
  world.cloud.mend()
  world.links.mishapShare = 0
  for (const charger of world.chargers) {
    charger.disk.mend()
    charger.clock.offsetS = 0
    charger.twin.onRemoteStart = 'obey'
    charger.twin.obeysStop = true
    world.links.up.delete(charger.id)
  }
  for (const phone of world.phones) {
    phone.disk.mend()
    phone.clock.offsetS = 0
  }
}

/** Starts, if it is off, and ends what runs: vehicles leave. */
async function wakeUp(world: World, charger: WorldCharger): Promise<void> {
  if (charger.isDestroyed) return
  // Two machines under one name are a case; somebody has looked, and takes the copy away.
  if (charger.isCopy) {
    await charger.twin.unplug()
    charger.powerOff()
    charger.isDestroyed = true
    return
  }
  // Nothing mends a rotten disk; people take it out, and what only it knew is gone.
  if (charger.isRotten && charger.controller === undefined) charger.isDestroyed = true
  if (charger.isDestroyed) return
  world.safety.disturb(charger)
  for (let attempt = 0; attempt < 3 && charger.controller === undefined; attempt += 1) await charger.powerOn()
  await world.settle()
  if (charger.controller === undefined) {
    world.trace.violate('a charger starts on a whole disk', charger.id)
    return
  }
  if (!charger.twin.isUp) await charger.twin.connect()
  await charger.twin.unplug()
  await world.settle()
}

const isBusy = ({ phase }: WorldCharger): boolean =>
  phase?.kind === 'starting' || phase?.kind === 'charging' || phase?.kind === 'stopping'

async function deliverParcels(world: World): Promise<void> {
  while (world.links.parcels.length > 0) await world.links.arrive(0)
}

const isEverythingHome = (world: World): boolean => whoIsNotHome(world).length === 0

function whoIsNotHome(world: World): readonly string[] {
  const chargers = world.chargers
    .filter(
      ({ journal, isDestroyed, isRotten }) =>
        !isDestroyed && !isRotten && journal?.acknowledgedSize !== journal?.size,
    )
    .map(({ id, journal }) => `${id} at ${journal?.acknowledgedSize} of ${journal?.size}`)
  const phones = world.phones
    .filter(({ wallet, isDestroyed }) => !isDestroyed && wallet !== undefined && isUntold(wallet.snapshot()))
    .map(({ name }) => name)
  return [...chargers, ...phones]
}

/** Something that the operator has not confirmed; a session that nobody can end stays open. */
const isUntold = (state: Parameters<typeof reportsDue>[0]): boolean =>
  state.chains.some(({ entries }) =>
    entries.some((entry) => entry.signed !== null && entry.reportedPieces === 0),
  )

/** Long enough for every hold to have run out. */
export async function outliveHolds(world: World): Promise<void> {
  for (const charger of world.chargers) charger.powerOff()
  await leapDays(world, 120)
  await world.cloud.work()
  await world.cloud.giveBackRests()
  for (let released = 1; released > 0;) released = await world.cloud.releaseDue()
  for (let done = 1; done > 0;) done = await world.cloud.workOnPayments()
}

/** Some of what was ever sent, once more, in any order. */
export async function playAgain(world: World): Promise<void> {
  const { uploads } = world.links
  for (let count = Math.min(uploads.length, replayedMax); count > 0; count -= 1)
    await world.links.deliver(world.dice.pick(uploads))
  await world.cloud.work()
}
