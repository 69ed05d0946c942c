/**
 * Those who lie to the cloud: a stolen charger key that invents sessions or bills twice, a copied charger disk that
 * tells another story, a phone that makes up a charger's word. Only what honest keys signed may move money.
 */

import { toBase64Url, toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { deviceId, messageHash, nonce, sessionId as toSessionId } from '@/lib/core/ids'
import { minorUnits, seconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { encodeJournalEvent, type JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { answer as answerMessage } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { offer as offerMessage } from '@/lib/protocol/messages/offer'
import { receipt as receiptMessage, type Receipt } from '@/lib/protocol/messages/receipt'
import { metaKeys, rows, type SessionRow } from '@/charger-kiosk/session/records'
import { encodeBundle } from '@/lib/sync/bundle'
import type { Act } from './everyday'
import { someChain, thief } from './crooks'
import { naiveBill } from './safety'
import { short } from './trace'
import type { World } from './world'
import type { WorldCharger } from './world-charger'

interface Ended {
  readonly charger: WorldCharger
  readonly row: SessionRow
  readonly receipt: Receipt
}

/** A session of some charger that has ended, as its disk has it. */
function someEnded(world: World): Ended | undefined {
  const ended: Ended[] = []
  for (const charger of world.chargers) {
    for (const value of charger.disk.rows('session').values()) {
      const row = rows.session.decode(value)
      const bytes = row.ok ? row.value.receipt : undefined
      const parsed = bytes === undefined ? undefined : parseMessage(receiptMessage, bytes)
      if (row.ok && parsed?.ok === true)
        ended.push({ charger, row: row.value, receipt: parsed.value.payload })
    }
  }
  return ended.length === 0 ? undefined : world.dice.pick(ended)
}

/** A log from its beginning, under a charger's key; true when the cloud has taken it. */
export async function tellAs(
  world: World,
  charger: WorldCharger,
  epoch: number,
  events: readonly Bytes[],
): Promise<boolean> {
  const certificate = charger.disk.row('meta', metaKeys.certificate)
  if (certificate === undefined) return false
  const root = toHex(rootOf(appendLeaves(emptyFrontier, events.map(leafHash)).frontier))
  const signed = await signMessage(
    checkpoint,
    { device: deviceId(charger.id), epoch, size: events.length, root, timeS: world.timeline.nowS },
    charger.signer,
  )
  const bytes = encodeBundle({ checkpoint: signed.bytes, certificate, frontier: emptyFrontier, events })
  const isTaken = (await world.links.deliver({ kind: 'bundle', bytes })) !== undefined
  world.truth.signedRoot(charger.id, epoch, events.length, root)
  if (isTaken) world.acknowledged(charger.id, epoch, events.length)
  return isTaken
}

/** A session out of thin air: consent signed by no wallet, in a bundle that the charger's key has signed. */
const inventsSession: Act = async (world) => {
  const ended = someEnded(world)
  if (ended === undefined) return undefined
  const { charger, row, receipt } = ended
  const { offer, grant } = row
  if (row.authorization === undefined || grant === undefined) return undefined
  const real = parseMessage(authorization, row.authorization)
  if (!real.ok) throw new Error('A journal holds messages of ours')
  const { payload } = real.value
  const forged = await signMessage(
    authorization,
    { ...payload, seq: payload.seq + 1, previous: real.value.hash },
    thief,
  )
  const sessionId = toSessionId(forged.hash)
  const { timeS } = payload
  const answered = await signMessage(answerMessage, { sessionId, verdict: 'accepted', timeS }, charger.signer)
  const billed = await signMessage(receiptMessage, { ...receipt, sessionId }, charger.signer)
  const accepted = { kind: 'accepted', timeS, connectorId: 1, offer, grant } as const
  const events: JournalEvent[] = [
    { ...accepted, authorization: forged.bytes, answer: answered.bytes },
    { kind: 'ended', timeS, sessionId, receipt: billed.bytes },
  ]
  const isTaken = await tellAs(world, charger, world.rogueEpoch(), events.map(encodeJournalEvent))
  return `a stolen key of ${charger.id} invents ${short(sessionId)}${isTaken ? '' : ' and is not heard'}`
}

/** Another last word about a session that has one: higher or lower, right by the tariff or not. */
export const billsTwice: Act = async (world) => {
  const ended = someEnded(world)
  if (ended === undefined) return undefined
  const { charger, row, receipt } = ended
  const consent = world.truth.consents.get(receipt.sessionId)
  const offered = parseMessage(offerMessage, row.offer)
  if (consent === undefined || !offered.ok) return undefined
  const { holdMinor } = consent.payload
  const meterStopWh = wattHours(receipt.meterStopWh + world.dice.between(100, 900))
  const claimed = { ...receipt, meterStopWh, counter: receipt.counter + 1 }
  const bill = Math.min(naiveBill(offered.value.payload.tariff, claimed), holdMinor)
  const total = world.dice.pick([bill, bill, holdMinor, Math.floor(receipt.totalMinor / 2)])
  const lines = { ...receipt.lines, energyMinor: minorUnits(total), timeMinor: minorUnits(0) }
  const nothing = { sessionMinor: minorUnits(0), idleMinor: minorUnits(0) }
  const payload: Receipt = { ...claimed, totalMinor: minorUnits(total), lines: { ...lines, ...nothing } }
  const signed = await signMessage(receiptMessage, payload, charger.signer)
  const { sessionId, startS: timeS } = receipt
  const epoch = world.rogueEpoch()
  const { offer, authorization: consented, grant, answer } = row
  if (consented === undefined || grant === undefined) return undefined
  const accepted = { kind: 'accepted', timeS, connectorId: 1, offer, grant, answer } as const
  const events: JournalEvent[] = [
    { ...accepted, authorization: consented },
    { kind: 'ended', timeS, sessionId, receipt: signed.bytes },
  ]
  world.truth.rogueFinal({
    sessionId,
    chargerId: charger.id,
    hash: signed.hash,
    kind: 'receipt',
    verdict: undefined,
    totalMinor: Math.min(total, bill),
    receipt: payload,
    epoch,
    seq: 1,
  })
  const isTaken = await tellAs(world, charger, epoch, events.map(encodeJournalEvent))
  return `a stolen key of ${charger.id} bills ${short(sessionId)} again, ${total}${isTaken ? '' : ', unheard'}`
}

/** A phone that makes up what a charger said: nothing was owed, or nothing began. */
const makesUpWord: Act = async (world) => {
  const owned = someChain(world)
  const entry = owned?.chain.entries.find(({ signed }) => signed !== null)
  const consented = entry?.signed ?? null
  if (owned === undefined || entry === undefined || consented === null) return undefined
  const proof = { certificate: toBase64Url(entry.certificate.bytes), offer: toBase64Url(entry.offer.bytes) }
  const { sessionId } = entry
  const nothing = { energyMinor: minorUnits(0), timeMinor: minorUnits(0), sessionMinor: minorUnits(0) }
  const known = world.truth.finals.find((final) => final.sessionId === sessionId)?.receipt
  const lied: VerifiedMessage<unknown> | undefined =
    known === undefined
      ? undefined
      : await signMessage(
          receiptMessage,
          {
            ...known,
            totalMinor: minorUnits(0),
            taxMinor: minorUnits(0),
            lines: { ...nothing, idleMinor: minorUnits(0) },
          },
          thief,
        )
  const declined = await signMessage(
    answerMessage,
    { sessionId, verdict: 'charger.busy', timeS: world.timeline.nowS },
    thief,
  )
  await world.links.deliver({
    kind: 'report',
    chains: [
      {
        grant: toBase64Url(owned.chain.grant.bytes),
        authorizations: [toBase64Url(consented)],
        answers: world.dice.chance(0.5) ? [{ answer: toBase64Url(declined.bytes), ...proof }] : [],
        receipts: lied === undefined ? [] : [{ receipt: toBase64Url(lied.bytes), ...proof }],
        offers: [],
        disputes: [],
      },
    ],
  })
  return `${owned.phone.name} makes up what a charger said of ${short(sessionId)}`
}

/** A stolen charger key offers, takes consent, and bills more than its own registers give. */
const billsTooMuch: Act = async (world) => {
  const { dice, timeline } = world
  const phone = dice.pick(world.phones)
  const charger = dice.pick(world.chargers)
  const certificate = charger.disk.row('meta', metaKeys.certificate)
  if (certificate === undefined || phone.wallet === undefined) return undefined
  const { tariff } = world.plan
  const offered = await signMessage(
    offerMessage,
    {
      nonce: nonce(toHex(dice.bytes(8))),
      connectorId: 1,
      timeS: timeline.nowS,
      clockQuality: 'unknown',
      timeToLiveS: 300,
      tariff,
      maximumHoldMinor: minorUnits(6_000),
      revocationEpoch: 0,
      policySequence: 1,
      roads: 0,
    },
    charger.signer,
  )
  world.safety.offerShown(offered.hash, charger)
  const text = envelopeToText({ kind: 'offer', parts: [offered.bytes, toBytes(certificate)] })
  const approved = await phone.approve(text, dice.fraction())
  if (approved?.ok !== true) return `${phone.name} does not approve a stolen offer`
  world.truth.shown(approved.value.text, phone)
  const { sessionId } = approved.value
  const consent = world.truth.consents.get(sessionId)
  const envelope = envelopeFromText(approved.value.text)
  const [consented, grant] = envelope.ok ? envelope.value.parts : []
  if (consent === undefined || consented === undefined || grant === undefined) return undefined
  const payload = receiptOf(
    sessionId,
    consent.payload.holdMinor,
    dice.between(10, 200),
    tariff,
    timeline.nowS,
  )
  const signed = await signMessage(receiptMessage, payload, charger.signer)
  const answered = await signMessage(
    answerMessage,
    { sessionId, verdict: 'accepted', timeS: timeline.nowS },
    charger.signer,
  )
  const epoch = world.rogueEpoch()
  world.truth.rogueFinal({
    sessionId,
    chargerId: charger.id,
    hash: signed.hash,
    kind: 'receipt',
    verdict: undefined,
    totalMinor: Math.min(payload.totalMinor, naiveBill(tariff, payload)),
    receipt: payload,
    epoch,
    seq: 1,
  })
  const accepted = { kind: 'accepted', timeS: timeline.nowS, connectorId: 1, offer: offered.bytes } as const
  const events: JournalEvent[] = [
    { ...accepted, authorization: consented, grant, answer: answered.bytes },
    { kind: 'ended', timeS: timeline.nowS, sessionId, receipt: signed.bytes },
  ]
  const isTaken = await tellAs(world, charger, epoch, events.map(encodeJournalEvent))
  return `a stolen key of ${charger.id} bills ${short(sessionId)} for too much${isTaken ? '' : ', unheard'}`
}

export function receiptOf(
  sessionId: Receipt['sessionId'],
  totalMinor: Receipt['totalMinor'],
  energyWh: number,
  { currency }: CompactTariff,
  startS: EpochSeconds,
): Receipt {
  const nothing = minorUnits(0)
  return {
    sessionId,
    counter: 1,
    previous: messageHash('0'.repeat(32)),
    meterStartWh: wattHours(1_000),
    meterStopWh: wattHours(1_000 + energyWh),
    startS,
    chargingS: seconds(30),
    idleS: seconds(0),
    currency,
    totalMinor,
    lines: { energyMinor: totalMinor, timeMinor: nothing, sessionMinor: nothing, idleMinor: nothing },
    taxMinor: nothing,
    stopReason: 'vehicle',
    clockQuality: 'unknown',
    checkpointHash: messageHash('0'.repeat(32)),
  }
}

export const rogueActs: readonly (readonly [weight: number, act: Act])[] = [
  [0.8, inventsSession],
  [0.8, billsTwice],
  [0.8, makesUpWord],
  [0.8, billsTooMuch],
]
