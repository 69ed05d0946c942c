/**
 * A driver's visit to a charger, as a script that stops after every act, so that anything may happen in between: plug
 * in, scan, approve, show, charge, stop, take the receipt, leave. Drivers forget, lose and repeat things.
 */

import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { askForMore } from './ask-for-more'
import type { LivedThing } from './lived'
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
  if (world.plan.faults.has('permits') && world.dice.chance(0.5)) await askForMore(world, phone, charger)
  if (world.plan.faults.has('phone') && world.dice.chance(0.12)) {
    phone.disk.plan('full', world.dice.between(0, 1), 1)
    world.trace.note(`the storage of ${phone.name} is full`)
  }
  const approved = await phone.approve(code, world.dice.fraction(), world.dice.chance(0.6))
  if (approved?.ok !== true) {
    yield `${phone.name} cannot approve: ${approved === undefined ? 'off' : approved.error.code}`
    return undefined
  }
  world.truth.shown(approved.value.text, phone)
  yield `${phone.name} approves ${short(approved.value.sessionId)}`
  if (world.plan.faults.has('permits') && world.dice.chance(0.15)) {
    await world.cloud.veto(approved.value.sessionId, undefined)
    if (world.dice.chance(0.6)) await hearNews(world, charger)
    yield `the operator vetoes ${short(approved.value.sessionId)}`
  }
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

/** A link for a moment. */
export async function hearNews({ links, settle }: World, charger: WorldCharger): Promise<void> {
  const wasUp = links.up.has(charger.id)
  links.up.add(charger.id)
  await charger.controller?.syncNow()
  await settle()
  if (!wasUp) links.up.delete(charger.id)
}

export function offerCode(world: World, charger: WorldCharger): string | undefined {
  const { phase } = charger
  return offerOf(world, charger) === undefined || phase?.kind !== 'offering' ? undefined : phase.offerCode
}

/** What stands on the screen; the world remembers when it first stood there. */
function offerOf(world: World, charger: WorldCharger): ParsedMessage<Offer> | undefined {
  const { phase } = charger
  if (phase?.kind !== 'offering') return undefined
  const envelope = envelopeFromText(phase.offerCode)
  const [bytes] = envelope.ok ? envelope.value.parts : []
  const parsed = bytes === undefined ? undefined : parseMessage(offer, bytes)
  if (parsed?.ok !== true) throw new Error('A charger shows offers of ours')
  world.safety.offerShown(parsed.value.hash, charger)
  return parsed.value
}

/** Shows a code to the camera, and lets the phone read what comes back, if it does. */
export async function present(
  world: World,
  phone: WorldPhone,
  charger: WorldCharger,
  { text, sessionId }: Shown,
  readsAnswer = world.dice.chance(0.75),
): Promise<void> {
  await carry(world, phone, charger, sessionId)
  const outcome = await charger.scan(text)
  await world.settle()
  if (outcome === undefined) return
  if (outcome.kind === 'refused') {
    world.trace.note(`refused: ${outcome.refusal.code}`)
    if (outcome.refusal.code === 'permit.vetoed') world.lived.count('vetoes')
    if (outcome.refusal.code === 'grant.signature') world.lived.count('unseen-issuers')
    if (outcome.refusal.code === 'step-up.wrong') world.lived.count('forged-step-ups')
  }
  if (!readsAnswer) return
  if (outcome.kind === 'known') {
    const { what, bytes } = outcome.known
    await phone.read(envelopeToText({ kind: what, parts: [bytes] }))
  } else if ('answer' in outcome && outcome.answer !== undefined) {
    await phone.read(envelopeToText({ kind: 'answer', parts: [outcome.answer] }))
  }
}

/** News for a charger that has not heard them, before the code itself; some drivers skip it. */
async function carry(
  world: World,
  phone: WorldPhone,
  charger: WorldCharger,
  sessionId: Shown['sessionId'],
): Promise<void> {
  const news = phone.newsFor(sessionId)
  if (news === undefined || world.dice.chance(0.3)) return
  const outcome = await charger.scan(news)
  await world.settle()
  if (outcome?.kind !== 'news') return
  for (const { kind, outcome: result } of outcome.pieces) {
    world.trace.note(`${phone.name} carries ${kind} to ${charger.id}: ${result}`)
    const thing = livedByNews[kind]
    if (result === 'new' && thing !== undefined) world.lived.count(thing)
    if (result === 'new' && kind === 'time') checkTime(world, charger)
  }
}

const livedByNews: Partial<Record<string, LivedThing>> = {
  time: 'signed-times',
  revocations: 'carried-revocations',
  'revocation-delta': 'carried-revocations',
  permit: 'carried-permits',
}

/** Told the time for its own nonce, a charger knows it, whatever its clock says. */
function checkTime(world: World, charger: WorldCharger): void {
  const told = offerOf(world, charger)
  if (told === undefined) return
  const offByS = Math.abs(told.payload.timeS - world.timeline.nowS)
  if (told.payload.clockQuality === 'unknown' || offByS > signedTimeToleranceS)
    world.trace.violate(
      'the issuer’s time for its own nonce sets a charger right',
      `${charger.id}: ${offByS} s`,
    )
}

/** By so much a clock may differ and be left alone. */
const signedTimeToleranceS = 600

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
  yield await stop(world, phone, charger, shown)
  if (!dice.chance(0.65)) return
  const { phase } = charger
  if (phase?.kind === 'finished' && phase.sessionId === shown.sessionId) {
    await phone.read(phase.receiptCode)
    yield `${phone.name} reads the receipt`
  }
}

async function stop(
  world: World,
  phone: WorldPhone,
  charger: WorldCharger,
  { sessionId }: Shown,
): Promise<string> {
  const how = world.dice.pick([...stops, 'phone', 'unplug'] as const)
  if (how !== 'phone') return stopBy(world, charger, how)
  const code = await phone.stop(sessionId)
  const outcome = code === undefined ? undefined : await charger.scan(code)
  if (outcome?.kind === 'stopping') world.lived.count('phone-stops')
  await world.settle()
  return `at ${charger.id}, a stop by phone`
}

/** Ways to end a session at the charger itself. */
export const stops = ['code', 'wrong-code', 'vehicle', 'local', 'nothing'] as const

export async function stopBy(
  world: World,
  charger: WorldCharger,
  how: (typeof stops)[number] | 'unplug',
): Promise<string> {
  const { phase, twin } = charger
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
