/** What happens in every world: links come and go, phones come home, parcels arrive, time passes. */

import type { World } from './world'
import { CloudCrash } from './world-cloud'

export type Act = (world: World) => Promise<string | undefined>

/** A charger has a link for a moment, or for as long as nothing changes it. */
export const reachCloud: Act = async (world) => {
  const { dice, links } = world
  const charger = dice.pick(world.chargers)
  const isBrief = dice.chance(0.9)
  links.up.add(charger.id)
  charger.controller?.networkChanged()
  await charger.controller?.syncNow()
  await world.settle()
  if (isBrief) links.up.delete(charger.id)
  return `${charger.id} has a link ${isBrief ? 'for a moment' : 'from now on'}`
}

export const loseLink: Act = (world) => {
  const [id] = world.links.up
  if (id !== undefined) world.links.up.delete(id)
  return Promise.resolve(id === undefined ? undefined : `${id} loses its link`)
}

/** A phone at a charger takes bundles along, and leaves what it brought. */
export const passCourier: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  world.links.courierAt = charger.id
  await charger.controller?.syncNow()
  await world.settle()
  world.links.courierAt = undefined
  return `a courier passes ${charger.id}`
}

export const comeHome: Act = async (world) => {
  const phone = world.dice.pick(world.phones)
  const reported = await phone.report()
  const what = reported === undefined ? 'off' : reported.ok ? 'done' : reported.error.code
  return `${phone.name} comes home: ${what}`
}

export const takeAlong: Act = async (world) => {
  const phone = world.dice.pick(world.phones)
  const taken = await phone.takeAlong()
  const what = taken === undefined ? 'off' : taken.ok ? 'done' : taken.error.code
  return `${phone.name} takes credit along: ${what}`
}

export const parcelArrives: Act = async (world) => {
  const { parcels } = world.links
  if (parcels.length === 0) return undefined
  const index = world.dice.below(parcels.length)
  const { from, upload } = parcels[index] ?? { from: '', upload: { kind: 'bundle' } }
  await world.links.arrive(index)
  return `a ${upload.kind} of ${from} arrives late`
}

export const timePasses: Act = async (world) => {
  const spanS = world.dice.pick([20, 60, 300])
  await world.pass(spanS)
  return `${spanS} s pass`
}

/** Nights and winters. */
export const seasonPasses: Act = async (world) => {
  const days = world.dice.pick([1, 1, 2, 6, 8, 20, 45, 100])
  await daysPass(world, days)
  return `${days} days pass`
}

/** Everything is off meanwhile, and vehicles do not wait for months. */
export async function daysPass(world: World, days: number): Promise<void> {
  for (const charger of world.chargers) {
    charger.powerOff()
    world.safety.disturb(charger)
    world.safety.offersVoid(charger)
    await charger.twin.unplug()
  }
  await leapDays(world, days)
  for (const charger of world.chargers) await charger.powerOn()
  await world.settle()
}

/** Nobody is at a charger meanwhile; the cloud's worker looks after what comes due. */
export async function leapDays({ timeline, cloud, truth }: World, days: number): Promise<void> {
  for (let left = days; left > 0; left -= daysPerLook) {
    timeline.leap(Math.min(left, daysPerLook) * 86_400_000)
    if (truth.guests.size > 0) await cloud.workOnPayments().catch(ifCrashed)
  }
}

const daysPerLook = 5

/** Another process goes on at the next look. */
function ifCrashed(error: unknown): void {
  if (!(error instanceof CloudCrash)) throw error
}

/** The worker of the cloud: what waits in the inbox, and reserves whose time is over. */
export const cloudWorks: Act = async (world) => {
  const done = await world.cloud.work()
  await world.cloud.giveBackRests()
  await world.cloud.workOnPayments()
  const released = await world.cloud.releaseDue()
  if (released > 0) world.hasReleased = true
  return `the cloud works: ${done} uploads, ${released} reserves`
}
