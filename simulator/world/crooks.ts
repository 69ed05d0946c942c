/**
 * People who try to get energy or money that is not theirs, at a charger or by telling the cloud. Whatever they sign
 * with a key that they have, its owner has consented to; whatever they sign with another one must never count.
 */

import { toHex } from '@/lib/core/bytes'
import { messageHash, pseudonym } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import type { Chain } from '@/lib/wallet/chain'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import { offer as offerMessage, type Offer } from '@/lib/protocol/messages/offer'
import type { Act } from './everyday'
import { signerNamed } from './keys'
import { chainsOn } from './phone-records'
import { short } from './trace'
import { leave, offerCode } from './visit'
import type { Consented } from './truth'
import type { World } from './world'
import type { WorldCharger } from './world-charger'
import type { WorldPhone } from './world-phone'

export const thief = signerNamed('thief')

/** A free charger that makes an offer to whoever plugs in, this one or any; gives the offer's bytes. */
export async function occupy(
  world: World,
  serial?: string,
  only?: WorldCharger,
): Promise<{ charger: WorldCharger; offerBytes: Uint8Array } | undefined> {
  const free = world.chargers.filter(
    (charger) =>
      (only === undefined || only === charger) &&
      !charger.isDestroyed &&
      charger.twin.status === 'Available' &&
      ['available', 'finished'].includes(charger.phase?.kind ?? ''),
  )
  if (free.length === 0) return undefined
  // Where a grant is known already, its lies meet what was seen of it.
  const familiar = free.filter(({ id }) => serial !== undefined && world.safety.hasAccepted(id, serial))
  const charger = world.dice.pick(familiar.length > 0 && world.dice.chance(0.7) ? familiar : free)
  await charger.twin.plug()
  await world.settle()
  const code = offerCode(world, charger)
  const envelope = code === undefined ? undefined : envelopeFromText(code)
  const [offerBytes] = envelope?.ok === true ? envelope.value.parts : []
  if (offerBytes !== undefined) return { charger, offerBytes }
  await leave(world, charger)
  return undefined
}

export function someChain(world: World): { readonly phone: WorldPhone; readonly chain: Chain } | undefined {
  const owned = world.phones.flatMap((phone) => chainsOn(phone.disk).map((chain) => ({ phone, chain })))
  return owned.length === 0 ? undefined : world.dice.pick(owned)
}

/** Presents what was made for an offer, lets energy flow if the charger is taken in, and drives off. */
export async function tryAt(world: World, charger: WorldCharger, text: string): Promise<string> {
  const outcome = await charger.scan(text)
  await world.settle()
  await world.look()
  if (outcome?.kind === 'accepted') await world.pass(20)
  await leave(world, charger)
  await world.look()
  return outcome === undefined
    ? 'no answer'
    : outcome.kind === 'refused'
      ? outcome.refusal.code
      : outcome.kind
}

/** No key of anybody's: a wallet's signature, or an issuer's, of one's own making. */
const forgesConsent: Act = async (world) => {
  const owned = someChain(world)
  if (owned === undefined) return undefined
  const place = await occupy(world)
  if (place === undefined) return undefined
  const offered = parseMessage(offerMessage, place.offerBytes)
  if (!offered.ok) throw new Error('A charger shows offers of ours')
  const forgesGrant = world.dice.chance(0.5)
  const terms = { ...owned.chain.grant.payload, capMinor: minorUnits(100_000), deviceKey: thief.publicKey }
  const forged = { ...terms, pseudonym: pseudonym(toHex(world.dice.bytes(8))) }
  const granted = forgesGrant
    ? await signMessage(grantMessage, forged, thief)
    : parseMessage(grantMessage, owned.chain.grant.bytes)
  const grant = 'ok' in granted ? (granted.ok ? granted.value : undefined) : granted
  if (grant === undefined) throw new Error('A grant of ours parses')
  const seq = forgesGrant ? 1 : owned.chain.entries.length + 1
  const signed = await signMessage(
    authorization,
    { ...firstSpend(offered.value.hash, grant.hash, 500, world), seq, previous: grant.hash },
    thief,
  )
  const text = envelopeToText({ kind: 'authorization', parts: [signed.bytes, grant.bytes] })
  const outcome = await tryAt(world, place.charger, text)
  return `a thief forges ${forgesGrant ? 'a grant' : 'a wallet'} at ${place.charger.id}: ${outcome}`
}

export function firstSpend(
  offerHash: Authorization['offerHash'],
  grantHash: Authorization['grantHash'],
  holdMinor: number,
  world: World,
): Authorization {
  return {
    offerHash,
    holdMinor: minorUnits(holdMinor),
    seq: 1,
    previous: grantHash,
    grossMinor: minorUnits(holdMinor),
    releasedMinor: minorUnits(0),
    timeS: world.timeline.nowS,
    revocationEpoch: 0,
    grantHash,
  }
}

/** How a stolen key lies about its chain: what it has spent, what came back, where it stands. */
const lies = [
  'honest',
  'seq-again',
  'seq-far',
  'odd-even',
  'released',
  'gross',
  'forgets',
  'previous',
  'hold',
  'wild',
] as const

/** With a wallet's own key: whatever a charger takes, the owner has to answer for. */
const spendsStolenKey: Act = async (world) => {
  const owned = someChain(world)
  if (owned === undefined) return undefined
  const place = await occupy(world, owned.chain.serial)
  if (place === undefined) return undefined
  const lie = world.dice.pick(lies)
  const { hash, text } = await consentOf(world, owned, place.offerBytes, lie)
  const outcome = await tryAt(world, place.charger, text)
  return `a thief with the key of ${owned.phone.name} spends ${short(hash)} (${lie}) at ${place.charger.id}: ${outcome}`
}

/** What a stolen key signs for an offer, as a code: its owner answers for it from now on. */
export async function consentOf(
  world: World,
  { phone, chain }: NonNullable<ReturnType<typeof someChain>>,
  offerBytes: Uint8Array,
  lie: (typeof lies)[number],
  holdMinor?: number,
): Promise<{ readonly hash: string; readonly text: string }> {
  const offered = parseMessage(offerMessage, offerBytes)
  const signer = await phone.keys.signer(chain.grant.payload.deviceKey)
  if (!offered.ok || signer === undefined) throw new Error('A stolen key signs')
  const payload = lying(world, chain, offered.value.payload, lie, offered.value.hash, holdMinor)
  const signed = await signMessage(authorization, payload, signer)
  markDishonest(world, phone.accountId)
  world.truth.consent(signed.bytes, chain.grant.bytes, phone.accountId, false)
  const text = envelopeToText({ kind: 'authorization', parts: [signed.bytes, chain.grant.bytes] })
  return { hash: signed.hash, text }
}

/** At one charger, two places of a chain in their order; then the second once more, and one that forgets them all. */
const repeatsPlace: Act = async (world) => {
  const owned = someChain(world)
  if (owned === undefined) return undefined
  const { phone, chain } = owned
  const outcomes: string[] = []
  let charger: WorldCharger | undefined
  for (const told of ['honest', 'honest', 'seq-again', 'forgets'] as const) {
    const place = await occupy(world, chain.serial, charger)
    if (place === undefined) break
    charger = place.charger
    const { text } = await consentOf(world, owned, place.offerBytes, told, 200)
    outcomes.push(await tryAt(world, charger, text))
  }
  if (charger === undefined) return undefined
  return `a thief with the key of ${phone.name} spends ${short(chain.serial)} twice and lies at ${charger.id}: ${outcomes.join(', ')}`
}

export function markDishonest(world: World, accountId: string): void {
  for (const phone of world.phones) if (phone.accountId === accountId) phone.isHonest = false
}

/** Whoever has the key has watched: the newest spend, whoever made it. */
export function newestSpend(world: World, { serial }: Chain): Consented | undefined {
  const spends = [...world.truth.consents.values()].filter((consent) => consent.serial === serial)
  return spends.reduce<Consented | undefined>(
    (newest, one) => (newest === undefined || one.payload.seq >= newest.payload.seq ? one : newest),
    undefined,
  )
}

/** The most that one more spend may hold by the grant's own terms. */
export function roomMinor(world: World, chain: Chain): number {
  const { capMinor, sessionCapMinor, spendsMax, notAfterS } = chain.grant.payload
  const last = newestSpend(world, chain)?.payload
  if ((last?.seq ?? 0) >= spendsMax || notAfterS <= world.timeline.nowS) return 0
  const usedMinor = (last?.grossMinor ?? 0) - (last?.releasedMinor ?? 0)
  return Math.min(sessionCapMinor, capMinor - usedMinor)
}

export function lying(
  world: World,
  chain: Chain,
  { maximumHoldMinor }: Offer,
  lie: (typeof lies)[number],
  offerHash: Authorization['offerHash'],
  holdMinor?: number,
): Authorization {
  const { dice } = world
  const { capMinor, sessionCapMinor } = chain.grant.payload
  const last = newestSpend(world, chain)
  const hold = holdMinor ?? dice.pick([300, 500, 1_000, 1_500])
  const gross = last?.payload.grossMinor ?? 0
  const base: Authorization = {
    ...firstSpend(offerHash, chain.grant.hash, hold, world),
    seq: (last?.payload.seq ?? 0) + 1,
    previous: last === undefined ? chain.grant.hash : messageHash(last.sessionId),
    grossMinor: minorUnits(gross + hold),
    releasedMinor: last?.payload.releasedMinor ?? minorUnits(0),
  }
  const random = (text: number): Authorization['previous'] =>
    toHex(dice.bytes(text)) as Authorization['previous']
  switch (lie) {
    case 'honest':
      return base
    case 'seq-again':
      return { ...base, seq: Math.max(1, base.seq - 1) }
    case 'seq-far':
      return { ...base, seq: base.seq + dice.between(1, 9), previous: random(16) }
    case 'odd-even':
      return { ...base, seq: base.seq + 1, previous: random(16), grossMinor: minorUnits(gross + 2 * hold) }
    case 'released':
      return { ...base, releasedMinor: minorUnits(base.grossMinor - hold) }
    case 'gross':
      return { ...base, grossMinor: minorUnits(hold) }
    case 'forgets':
      // With a gap, so that no link says that something is missing, only the sum.
      return { ...base, seq: base.seq + 1, previous: random(16), grossMinor: minorUnits(hold) }
    case 'previous':
      return { ...base, previous: random(16) }
    case 'hold':
      return spending(base, gross, Math.min(dice.pick([1_600, 3_000, 6_000, 20_000]), 2 * maximumHoldMinor))
    case 'wild':
      return {
        ...spending(base, gross, Math.min(capMinor + 100, 2 * sessionCapMinor)),
        releasedMinor: minorUnits(gross),
      }
  }
}

const spending = (base: Authorization, gross: number, hold: number): Authorization => ({
  ...base,
  holdMinor: minorUnits(hold),
  grossMinor: minorUnits(gross + hold),
})

/** Those that need no more than a key or a pen. */
export const crookActs: readonly (readonly [weight: number, act: Act])[] = [
  [1.2, forgesConsent],
  [2.5, spendsStolenKey],
  [1.6, repeatsPlace],
]
