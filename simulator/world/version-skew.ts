/**
 * Others of another version: phones, issuers and chargers of tomorrow that sign what we do not know. None of it may
 * count, and none of it may use anything up or stand in the way of what we do know.
 */

import { utf8 } from '@/lib/core/bytes'
import { encodeCbor, type CborValue } from '@/lib/protocol/cbor'
import { envelopeToText } from '@/lib/protocol/envelope'
import { encodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage, type MessageType } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { offer as offerMessage } from '@/lib/protocol/messages/offer'
import { policy as policyMessage } from '@/lib/protocol/messages/policy'
import { metaKeys } from '@/charger-kiosk/session/records'
import { lying, markDishonest, occupy, someChain } from './crooks'
import type { Act } from './everyday'
import { tellAs } from './rogues'
import { leave, offerCode } from './visit'

/** A key that no message of ours has. */
const tomorrowsKey = 99

/** The same message with a field more, signed rightly. */
function tomorrows<T>({ name, payload }: MessageType<T>): MessageType<T> {
  return {
    name,
    payload: {
      ...payload,
      encode: (value) =>
        new Map([...(payload.encode(value) as ReadonlyMap<number, CborValue>), [tomorrowsKey, 1]]),
    },
  }
}

/** A wallet of tomorrow signs with a grant of today. */
const newerPhone: Act = async (world) => {
  const owned = someChain(world)
  const place = owned === undefined ? undefined : await occupy(world)
  if (owned === undefined || place === undefined) return undefined
  const { phone, chain } = owned
  const { charger } = place
  const offered = parseMessage(offerMessage, place.offerBytes)
  const signer = await phone.keys.signer(chain.grant.payload.deviceKey)
  if (!offered.ok || signer === undefined) throw new Error('A wallet of the world signs')
  // What it has signed stands nowhere in the chain that we can read.
  markDishonest(world, phone.accountId)
  const payload = lying(world, chain, offered.value.payload, 'honest', offered.value.hash)
  const signed = await signMessage(tomorrows(authorization), payload, signer)
  const parts = [signed.bytes, chain.grant.bytes]
  const text = envelopeToText({ kind: 'authorization', parts })
  const before = charger.disk.head?.size
  const outcomes = [await charger.scan(text), await charger.scan(text.replace(/^OP1:/, 'OP2:'))]
  await world.settle()
  for (const outcome of outcomes) {
    const isRefused = outcome === undefined || (outcome.kind === 'refused' && outcome.answer === undefined)
    if (!isRefused)
      world.trace.violate('another version is refused, and nothing is signed about it', charger.id)
  }
  const isUntouched = charger.controller === undefined || offerCode(world, charger) !== undefined
  if (!isUntouched && charger.disk.head?.size === before)
    world.trace.violate('another version uses nothing up', charger.id)
  world.lived.count('newer-phones')
  await leave(world, charger)
  return `a phone of another version shows its code at ${charger.id}`
}

/** An issuer of tomorrow signs prices with a field that we do not know: yesterday's prices hold. */
const newerIssuer: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  const before = charger.disk.row('meta', metaKeys.policy)
  const known = before === undefined ? undefined : parseMessage(policyMessage, before)
  if (charger.controller === undefined || known?.ok !== true) return undefined
  const { payload } = known.value
  const terms = { ...payload, sequence: payload.sequence + 1_000 }
  const signed = await signMessage(tomorrows(policyMessage), terms, world.cloud.issuer())
  await charger.controller.takeNews({ policy: signed.bytes })
  await world.settle()
  const after = charger.disk.row('meta', metaKeys.policy)
  const kept = after === undefined ? undefined : parseMessage(policyMessage, after)
  if (kept?.ok === true && kept.value.payload.sequence === terms.sequence)
    world.trace.violate('only what can be read in full counts', charger.id)
  world.lived.count('newer-issuers')
  return `an issuer of another version signs prices for ${charger.id}`
}

/** A charger of tomorrow tells of something that we have no word for, between things that we know. */
const newerCharger: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  const timeS = world.timeline.nowS
  const known = encodeJournalEvent({ kind: 'incident', timeS, what: 'before', detail: 'known' })
  const unknown = encodeCbor([tomorrowsKey, new Map<number, CborValue>([[1, timeS]])])
  const isTaken = await tellAs(world, charger, world.rogueEpoch(), [known, unknown, known])
  world.lived.count('newer-chargers')
  return `a charger of another version tells as ${charger.id}: ${isTaken ? 'kept' : 'refused'}`
}

/** Software of another age at the counter: noise in forms that almost fit. */
const olderCodes: Act = async (world) => {
  const charger = world.dice.pick(world.chargers)
  const texts = ['OP0:00', envelopeToText({ kind: 'authorization', parts: [utf8('1'), utf8('2')] })]
  for (const text of texts) {
    const outcome = await charger.scan(text)
    if (outcome !== undefined && outcome.kind !== 'refused')
      world.trace.violate('another version is refused, and nothing is signed about it', charger.id)
  }
  await world.settle()
  return `codes of an older version are shown to ${charger.id}`
}

export const skewActs: readonly (readonly [weight: number, act: Act])[] = [
  [1, newerPhone],
  [1, newerIssuer],
  [1, newerCharger],
  [0.4, olderCodes],
]
