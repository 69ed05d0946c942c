/**
 * Copies of a charger's disk that go on by themselves: two logs under one key and one epoch. The cloud holds one of
 * them, and says of the other that it is a fork; it never sews them together.
 */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { deviceId } from '@/lib/core/ids'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { encodeJournalEvent, type JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage } from '@/lib/protocol/message'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import { metaKeys } from '@/charger-kiosk/session/records'
import { encodeBundle } from '@/lib/sync/bundle'
import type { Act } from './everyday'
import { tellAs } from './rogues'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

/** A copy of the disk went on by itself: the same log, another end. */
const clonesLog: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  const { head } = charger.disk
  if (head === undefined || head.size === 0) return undefined
  const events = eventsOf(charger, head.epoch, head.size)
  if (events === undefined) return undefined
  const isAtEnd = world.dice.chance(0.6)
  const kept = isAtEnd ? events : events.slice(0, world.dice.between(Math.max(0, head.size - 4), head.size))
  world.safety.rolledBack.add(charger.id)
  world.truth.lostTail(charger, head.epoch, kept.length, world.safety.isConfirmed)
  const isTaken = await tellAs(world, charger, head.epoch, [...kept, madeUp(world)])
  if (isAtEnd && charger.controller !== undefined) {
    // The device goes on by itself, and says so.
    charger.powerOff()
    world.safety.offersVoid(charger)
    world.safety.disturb(charger)
    await charger.powerOn()
    await world.settle()
    await world.look()
    const wasUp = world.links.up.has(charger.id)
    world.links.up.add(charger.id)
    await charger.controller?.syncNow()
    await world.settle()
    if (!wasUp) world.links.up.delete(charger.id)
  }
  return `a copy of ${charger.id} tells another story from ${kept.length} on${isTaken ? '' : ' and is not believed'}`
}

/**
 * A copy that has changed a line of the past, and tells only what came after the last that the cloud holds: nothing of
 * it overlaps, and only the root says that the two pasts differ.
 */
const changesPast: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  const certificate = charger.disk.row('meta', metaKeys.certificate)
  const { head } = charger.disk
  if (head === undefined || certificate === undefined) return undefined
  const held = await world.cloud.heldSize(charger.id, head.epoch)
  const past = eventsOf(charger, head.epoch, held)
  if (past === undefined || held === 0) return undefined
  past[world.dice.below(held)] = madeUp(world)
  const told = [madeUp(world)]
  const { frontier } = appendLeaves(emptyFrontier, past.map(leafHash))
  const size = held + told.length
  const root = toHex(rootOf(appendLeaves(frontier, told.map(leafHash)).frontier))
  const signed = await signMessage(
    checkpoint,
    { device: deviceId(charger.id), epoch: head.epoch, size, root, timeS: world.timeline.nowS },
    charger.signer,
  )
  const bytes = encodeBundle({ checkpoint: signed.bytes, certificate, frontier, events: told })
  const answer = await world.links.tell(bytes)
  if (answer.ok) world.trace.violate('of two pasts the cloud holds one', `${charger.id} epoch ${head.epoch}`)
  else if (answer.error.code === 'device.fork') world.truth.forkedDevices.add(charger.id)
  return `a copy of ${charger.id} with another past goes on from ${held}: ${answer.ok ? 'believed' : answer.error.code}`
}

/** Undefined where some of them are not on the disk any more. */
function eventsOf({ disk }: WorldCharger, epoch: number, count: number): Bytes[] | undefined {
  const events = Array.from({ length: count }, (_, seq) => disk.event(epoch, seq)?.payload)
  return events.every((payload) => payload !== undefined) ? events : undefined
}

function madeUp({ dice, timeline }: World): Bytes {
  const event: JournalEvent = {
    kind: 'incident',
    timeS: timeline.nowS,
    what: 'clone',
    detail: toHex(dice.bytes(4)),
  }
  return encodeJournalEvent(event)
}

export const cloneActs: readonly (readonly [weight: number, act: Act])[] = [
  [0.5, clonesLog],
  [0.8, changesPast],
]
