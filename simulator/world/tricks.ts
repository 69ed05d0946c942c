/** Tricks around a charger: codes replayed, stickers, forged news, offers used twice, foreign prices, clocks set back. */

import { toBase64Url, toHex } from '@/lib/core/bytes'
import { currencyCode, grantSerial, nonce } from '@/lib/core/ids'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import { offer as offerMessage } from '@/lib/protocol/messages/offer'
import { revocations } from '@/lib/protocol/messages/revocations'
import { metaKeys } from '@/charger-kiosk/session/records'
import { consentOf, firstSpend, lying, markDishonest, occupy, someChain, thief, tryAt } from './crooks'
import { daysPass, type Act } from './everyday'
import { signerNamed } from './keys'
import { short } from './trace'
import { leave, offerCode } from './visit'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

/** A code that stood on somebody's screen, at a charger of somebody else's choice. */
const replaysCode: Act = async (world) => {
  const owned = someChain(world)
  const entry = owned?.chain.entries.find(({ signed }) => signed !== null)
  const signed = entry?.signed ?? null
  if (owned === undefined || entry === undefined || signed === null) return undefined
  const charger = world.dice.pick(world.chargers)
  const parts = [signed, owned.chain.grant.bytes]
  const outcome = await charger.scan(envelopeToText({ kind: 'authorization', parts }))
  await world.settle()
  return `somebody replays ${short(entry.sessionId)} at ${charger.id}: ${outcome?.kind ?? 'no answer'}`
}

/** A sticker over the screen: an offer by a charger that nobody certified. */
const putsSticker: Act = async (world) => {
  const { dice, timeline } = world
  const phone = dice.pick(world.phones)
  const charger = dice.pick(world.chargers)
  const certificateBytes = charger.disk.row('meta', metaKeys.certificate)
  const real = certificateBytes === undefined ? undefined : parseMessage(chargerCertificate, certificateBytes)
  if (real?.ok !== true || charger.isDestroyed) return undefined
  const forged = await signMessage(
    offerMessage,
    {
      nonce: nonce(toHex(dice.bytes(8))),
      connectorId: 1,
      timeS: addSeconds(timeline.nowS, phone.clock.offsetS < 0 ? 0 : phone.clock.offsetS),
      clockQuality: 'unknown',
      timeToLiveS: 300,
      tariff: world.plan.tariff,
      maximumHoldMinor: minorUnits(6_000),
      revocationEpoch: 0,
      policySequence: 1,
      roads: 0,
    },
    thief,
  )
  const certificate = dice.chance(0.5)
    ? real.value.bytes
    : (await signMessage(chargerCertificate, { ...real.value.payload, key: thief.publicKey }, thief)).bytes
  const text = envelopeToText({ kind: 'offer', parts: [forged.bytes, certificate] })
  const approved = await phone.approve(text, dice.fraction())
  if (approved?.ok === true) world.trace.violate('a phone approves only certified offers', phone.name)
  const what = approved?.ok === false ? approved.error.code : 'off'
  return `${phone.name} scans a sticker: ${what}`
}

/** News that nobody trusted signed: an empty list of revocations with a high epoch. */
const forgesNews: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  const { controller } = charger
  if (controller === undefined) return undefined
  const forged = await signMessage(
    revocations,
    { operator: world.cloud.operator, epoch: 999_999, timeS: world.timeline.nowS, serials: [] },
    thief,
  )
  await controller.takeNews({ revocations: forged.bytes })
  await world.settle()
  const kept = charger.disk.row('meta', metaKeys.revocations)
  const list = kept === undefined ? undefined : parseMessage(revocations, kept)
  if (list?.ok === true && list.value.payload.epoch === 999_999)
    world.trace.violate('only the issuer’s word counts', charger.id)
  return `somebody gives forged news to ${charger.id}`
}

/** A box on the wire that answers in the cloud's place. */
const answersForCloud: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  world.links.impostorAt = charger.id
  await charger.controller?.syncNow()
  await world.settle()
  world.links.impostorAt = undefined
  return `somebody answers ${charger.id} in the cloud’s place`
}

/** A grant of the same issuer in another country's money: worth nothing where prices are in ours. */
const spendsForeignMoney: Act = async (world) => {
  const owned = someChain(world)
  const place = owned === undefined ? undefined : await occupy(world)
  if (owned === undefined || place === undefined) return undefined
  const offered = parseMessage(offerMessage, place.offerBytes)
  if (!offered.ok) throw new Error('A charger shows offers of ours')
  if (offered.value.payload.tariff.currency === 'SEK') {
    await leave(world, place.charger)
    return `prices at ${place.charger.id} are in SEK`
  }
  const terms = { ...owned.chain.grant.payload, currency: currencyCode('SEK'), deviceKey: thief.publicKey }
  const serial = grantSerial(toHex(world.dice.bytes(8)))
  const granted = await signMessage(grantMessage, { ...terms, serial }, signerNamed('issuer 0'))
  const payload = firstSpend(offered.value.hash, granted.hash, 500, world)
  const signed = await signMessage(authorization, payload, thief)
  const text = envelopeToText({ kind: 'authorization', parts: [signed.bytes, granted.bytes] })
  const outcome = await tryAt(world, place.charger, text)
  return `credit in SEK is spent at ${place.charger.id}: ${outcome}`
}

/** One offer, two spends: the second when the first session is over and another vehicle stands there. */
const spendsOfferTwice: Act = async (world) => {
  const owned = someChain(world)
  const first = owned === undefined ? undefined : await occupy(world)
  if (owned === undefined || first === undefined) return undefined
  const { charger } = first
  const offered = parseMessage(offerMessage, first.offerBytes)
  const signer = await owned.phone.keys.signer(owned.chain.grant.payload.deviceKey)
  if (!offered.ok || signer === undefined) throw new Error('A stolen key signs')
  markDishonest(world, owned.phone.accountId)
  const spend = async (turn: number): Promise<string> => {
    const base = lying(world, owned.chain, offered.value.payload, 'honest', offered.value.hash)
    const payload = { ...base, holdMinor: minorUnits(200), seq: base.seq + turn, previous: base.previous }
    const gross = base.grossMinor - base.holdMinor + 200 * (turn + 1)
    const signed = await signMessage(authorization, { ...payload, grossMinor: minorUnits(gross) }, signer)
    world.truth.consent(signed.bytes, owned.chain.grant.bytes, owned.phone.accountId, false)
    return envelopeToText({ kind: 'authorization', parts: [signed.bytes, owned.chain.grant.bytes] })
  }
  const before = await tryAt(world, charger, await spend(0))
  await charger.twin.plug()
  await world.settle()
  offerCode(world, charger)
  // A gap in the chain hides that the two are neighbours.
  const after = await tryAt(world, charger, await spend(2))
  return `a thief with the key of ${owned.phone.name} spends one offer of ${charger.id} twice: ${before}, ${after}`
}

/** A grant that has run out, and a charger whose clock somebody sets back after it has heard the time. */
const setsClockBack: Act = async (world) => {
  const { dice, timeline } = world
  const owned = someChain(world)
  const living = world.chargers.filter(({ isDestroyed }) => !isDestroyed)
  if (owned === undefined || living.length === 0) return undefined
  const { notAfterS } = owned.chain.grant.payload
  const leftDays = Math.max(0, Math.ceil((notAfterS - timeline.nowS) / dayS))
  await daysPass(world, leftDays + dice.pick([1, 2, 6, 20]))
  const heard: WorldCharger[] = []
  for (const charger of living) if (await hearsTime(world, charger)) heard.push(charger)
  await world.look()
  // Back into the time in which the grant was good, or to where a clock begins that has lost its battery.
  const wrongS = dice.pick([notAfterS - dice.between(1, 5) * dayS, notAfterS - 600, 0])
  for (const charger of living) {
    charger.clock.offsetS = wrongS - timeline.nowS
    world.safety.unsureOfTime.add(charger.id)
  }
  const place = await occupy(world, undefined, heard.length === 0 ? undefined : dice.pick(heard))
  if (place === undefined) return 'somebody sets the clocks back'
  const { text } = await consentOf(world, owned, place.offerBytes, 'honest', 200)
  const outcome = await tryAt(world, place.charger, text)
  if (outcome === 'accepted' && heard.includes(place.charger))
    world.trace.violate('a clock set back makes no grant young again', place.charger.id)
  return `with clocks set back, a grant that has run out is spent at ${place.charger.id}: ${outcome}`
}

const dayS = 86_400

/** What it has written since it started is acknowledged: the issuer has just told it the time. */
async function hearsTime({ links, settle }: World, { id, controller, disk }: WorldCharger): Promise<boolean> {
  const before = disk.head
  const wasUp = links.up.has(id)
  links.up.add(id)
  await controller?.syncNow()
  await settle()
  if (!wasUp) links.up.delete(id)
  const after = disk.head
  return after?.epoch === before?.epoch && (after?.acknowledgedSize ?? 0) > (before?.acknowledgedSize ?? 0)
}

/** Noise at the camera and at the cloud's door. */
const floods: Act = async (world) => {
  const { dice } = world
  const charger = dice.pick(world.chargers)
  for (const text of ['', 'https://example.org', 'OP1:', 'OP2:ABC', `OP1:${'9'.repeat(400)}`])
    await charger.scan(text)
  await world.links.deliver({ kind: 'bundle', bytes: dice.bytes(dice.between(0, 300)) })
  const garbage = toBase64Url(dice.bytes(40))
  const chain = {
    grant: garbage,
    authorizations: [garbage],
    answers: [],
    receipts: [],
    offers: [],
    disputes: [],
  }
  await world.links.deliver({ kind: 'report', chains: [chain] })
  await world.settle()
  return `somebody floods ${charger.id} and the cloud`
}

export const trickActs: readonly (readonly [weight: number, act: Act])[] = [
  [0.8, replaysCode],
  [0.6, putsSticker],
  [0.5, forgesNews],
  [0.4, floods],
  [0.7, answersForCloud],
  [0.7, spendsForeignMoney],
  [0.8, spendsOfferTwice],
  [0.5, setsClockBack],
]
