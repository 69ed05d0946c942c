/**
 * A driver's visit to a charger, as a script that stops after every act, so that anything may happen in between: plug
 * in, scan, approve, show, charge, stop, take the receipt, leave. Drivers forget, lose and repeat things.
 */

import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import type { World } from './world'
import type { WorldCharger } from './world-charger'
import type { Shown, WorldPhone } from './world-phone'
import { short } from './trace'

/** A script of the world: gives what it has just done; the scheduler decides when it goes on. */
export type Script = AsyncGenerator<string, void, void>

export async function* visit(world: World, phone: WorldPhone, charger: WorldCharger): Script {
  const { dice } = world
  await charger.twin.plug()
  await world.settle()
  yield `${phone.name} plugs in at ${charger.id}`
  const shown = yield* agree(world, phone, charger)
  if (shown !== undefined) yield* charge(world, phone, charger, shown)
  await leave(world, charger)
  yield `the vehicle leaves ${charger.id}`
  if (shown !== undefined && dice.chance(0.3)) {
    await showAgain(world, phone, charger, shown)
    yield `${phone.name} shows ${short(shown.sessionId)} once more`
  }
}

async function* agree(
  world: World,
  phone: WorldPhone,
  charger: WorldCharger,
): AsyncGenerator<string, Shown | undefined, void> {
  const code = offerCode(world, charger)
  if (code === undefined) {
    yield `${charger.id} shows no offer`
    return undefined
  }
  const approved = await phone.approve(code, world.dice.fraction())
  if (approved?.ok !== true) {
    yield `${phone.name} cannot approve: ${approved === undefined ? 'off' : approved.error.code}`
    return undefined
  }
  world.truth.shown(approved.value.text, phone)
  yield `${phone.name} approves ${short(approved.value.sessionId)}`
  if (world.dice.chance(0.06)) {
    yield `${phone.name} walks away without showing it`
    return approved.value
  }
  if (world.dice.chance(0.06)) {
    await world.pass(400)
    yield `${phone.name} takes its time`
  } else if (world.dice.chance(0.06)) {
    await leave(world, charger)
    await charger.twin.plug()
    await world.settle()
    yield `another vehicle takes the place at ${charger.id}`
  }
  await present(world, phone, charger, approved.value)
  yield `${phone.name} shows ${short(approved.value.sessionId)} to ${charger.id}`
  return approved.value
}

export function offerCode(world: World, charger: WorldCharger): string | undefined {
  const { phase } = charger
  if (phase?.kind !== 'offering') return undefined
  const envelope = envelopeFromText(phase.offerCode)
  const [bytes] = envelope.ok ? envelope.value.parts : []
  const parsed = bytes === undefined ? undefined : parseMessage(offer, bytes)
  if (parsed?.ok !== true) throw new Error('A charger shows offers of ours')
  world.safety.offerShown(parsed.value.hash, charger)
  return phase.offerCode
}

/** Shows a code to the camera, and lets the phone read what comes back, if it does. */
export async function present(
  world: World,
  phone: WorldPhone,
  charger: WorldCharger,
  { text }: Shown,
  readsAnswer = world.dice.chance(0.75),
): Promise<void> {
  const outcome = await charger.scan(text)
  await world.settle()
  if (outcome === undefined) return
  if (outcome.kind === 'refused') world.trace.note(`refused: ${outcome.refusal.code}`)
  if (!readsAnswer) return
  if (outcome.kind === 'known') {
    const { what, bytes } = outcome.known
    await phone.read(envelopeToText({ kind: what, parts: [bytes] }))
  } else if ('answer' in outcome && outcome.answer !== undefined) {
    await phone.read(envelopeToText({ kind: 'answer', parts: [outcome.answer] }))
  }
}

/** The same bytes again, here or at another charger: gets what it got before, or nothing. */
export const showAgain = (
  world: World,
  phone: WorldPhone,
  charger: WorldCharger,
  { sessionId }: Shown,
): Promise<void> => {
  const shown = phone.shown(sessionId)
  return shown === undefined ? Promise.resolve() : present(world, phone, charger, shown, true)
}

async function* charge(world: World, phone: WorldPhone, charger: WorldCharger, shown: Shown): Script {
  const { dice } = world
  const turns = dice.between(1, 6)
  for (let turn = 0; turn < turns; turn += 1) {
    const spanS = dice.pick([5, 10, 20, 30])
    await world.pass(spanS)
    yield `${spanS} s pass at ${charger.id}`
  }
  yield await stop(world, charger)
  if (!dice.chance(0.65)) return
  const { phase } = charger
  if (phase?.kind === 'finished' && phase.sessionId === shown.sessionId) {
    await phone.read(phase.receiptCode)
    yield `${phone.name} reads the receipt`
  }
}

async function stop(world: World, charger: WorldCharger): Promise<string> {
  const { dice } = world
  const { phase, twin } = charger
  const how = dice.pick(['code', 'wrong-code', 'vehicle', 'local', 'unplug', 'nothing'] as const)
  if (how === 'code' && (phase?.kind === 'charging' || phase?.kind === 'starting')) {
    const stopCode = phase.stopCode ?? '000000'
    await charger.controller?.handleStop(1, stopCode)
  } else if (how === 'wrong-code' && phase?.kind === 'charging') {
    const stopped = await charger.controller?.handleStop(1, phase.stopCode === '000000' ? '000001' : '000000')
    if (stopped?.ok === true && charger.controller !== undefined)
      world.trace.violate('a wrong stop code stops nothing', charger.id)
  } else if (how === 'vehicle' && twin.transaction !== undefined) {
    await twin.setStatus('SuspendedEV')
  } else if (how === 'local' && twin.transaction !== undefined) {
    await twin.stopTransaction('Local')
  } else if (how === 'unplug') {
    await leave(world, charger)
  }
  await world.settle()
  return `at ${charger.id}, a stop by ${how}`
}

export async function leave(world: World, charger: WorldCharger): Promise<void> {
  await charger.twin.unplug()
  world.safety.offersVoid(charger)
  await world.settle()
}
