/** The sample charger's log of that evening, as its controller would have written and exported it. */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { deviceId, sessionId } from '@/lib/core/ids'
import { addSeconds, seconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { encodeJournalEvent, type JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import type { Authorization } from '@/lib/protocol/messages/authorization'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { Offer } from '@/lib/protocol/messages/offer'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { encodeBundle } from '@/lib/sync/bundle'
import { sampleCharger } from './sample-keys'
import {
  eveningS,
  sampleAnswer,
  sampleAuthorization,
  sampleCertificate,
  sampleGrant,
  sampleOffer,
  sampleReceipt,
  usageOf,
} from './sample-messages'

/** The parts of a receipt's proof, in the order of its envelope. */
export interface SampleEvening {
  readonly receipt: VerifiedMessage<Receipt>
  readonly certificate: Bytes
  readonly offer: VerifiedMessage<Offer>
  readonly authorization: VerifiedMessage<Authorization>
  readonly logBundle: Bytes
}

const meterStartWh = 8_412_350
/** 21.734 kWh in 41 minutes, then 14 minutes plugged in, four of them beyond the grace. */
const firstUsage = usageOf(21_734, 2_460, 840)
const meteredEveryS = 10

export async function sampleEvening(): Promise<SampleEvening> {
  const certificate = await sampleCertificate()
  const given = await sampleGrant()
  const events: JournalEvent[] = [
    { kind: 'boot', timeS: eveningS, clockQuality: 'synchronised', version: 'sample' },
  ]
  const offered = await sampleOffer(1, addSeconds(eveningS, 600))
  const approved = await sampleAuthorization(given, offered, undefined, {
    holdMinor: 2_000,
    releasedMinor: 0,
    afterS: 25,
  })
  events.push(...(await acceptance(given, offered, approved)), ...charging(approved))
  const billed = await sampleReceipt(approved, undefined, {
    usage: firstUsage,
    meterStartWh,
    stopReason: 'stop-code',
    checkpointHash: (await sealed(events)).hash,
  })
  events.push({
    kind: 'ended',
    timeS: endOf(approved),
    sessionId: sessionId(approved.hash),
    receipt: billed.bytes,
  })
  await addSecondVisit(events, given, approved, billed)
  return {
    receipt: billed,
    certificate: certificate.bytes,
    offer: offered,
    authorization: approved,
    logBundle: encodeBundle({
      checkpoint: (await sealed(events)).bytes,
      certificate: certificate.bytes,
      frontier: emptyFrontier,
      events: events.map(encodeJournalEvent),
    }),
  }
}

/** A hold too high for a stranger is declined; the next is accepted, but the vehicle never takes energy. */
async function addSecondVisit(
  events: JournalEvent[],
  given: VerifiedMessage<Grant>,
  before: VerifiedMessage<Authorization>,
  billed: VerifiedMessage<Receipt>,
): Promise<void> {
  const backS = addSeconds(endOf(before), 3_600)
  const releasedMinor = before.payload.holdMinor - billed.payload.totalMinor
  const offered = await sampleOffer(2, backS)
  const tooMuch = await sampleAuthorization(given, offered, before, {
    holdMinor: 6_000,
    releasedMinor,
    afterS: 20,
  })
  events.push({
    kind: 'declined',
    timeS: addSeconds(backS, 22),
    connectorId: 1,
    authorization: tooMuch.bytes,
    grant: given.bytes,
    answer: (await sampleAnswer(tooMuch, 'hold.first-seen')).bytes,
  })
  const again = await sampleAuthorization(given, offered, tooMuch, {
    holdMinor: 1_000,
    releasedMinor: releasedMinor + 6_000,
    afterS: 55,
  })
  events.push(...(await acceptance(given, offered, again)))
  const empty = await sampleReceipt(again, billed, {
    usage: usageOf(0, 0, 0),
    meterStartWh: meterStartWh + firstUsage.energyWh,
    stopReason: 'never-started',
    checkpointHash: (await sealed(events)).hash,
  })
  events.push({
    kind: 'ended',
    timeS: addSeconds(again.payload.timeS, 90),
    sessionId: sessionId(again.hash),
    receipt: empty.bytes,
  })
}

async function acceptance(
  given: VerifiedMessage<Grant>,
  offered: VerifiedMessage<Offer>,
  approved: VerifiedMessage<Authorization>,
): Promise<JournalEvent[]> {
  return [
    {
      kind: 'accepted',
      timeS: addSeconds(approved.payload.timeS, 2),
      connectorId: 1,
      offer: offered.bytes,
      authorization: approved.bytes,
      grant: given.bytes,
      answer: (await sampleAnswer(approved, 'accepted')).bytes,
    },
  ]
}

const startOf = (approved: VerifiedMessage<Authorization>): EpochSeconds =>
  addSeconds(approved.payload.timeS, 5)
const endOf = (approved: VerifiedMessage<Authorization>): EpochSeconds =>
  addSeconds(startOf(approved), firstUsage.chargingS + firstUsage.idleS)

/** From the start to the stop code: a reading every ten seconds, as power cuts demand. */
function charging(approved: VerifiedMessage<Authorization>): JournalEvent[] {
  const session = sessionId(approved.hash)
  const { chargingS, idleS, energyWh } = firstUsage
  const events: JournalEvent[] = [
    {
      kind: 'started',
      timeS: startOf(approved),
      sessionId: session,
      transactionId: 1,
      meterStartWh: wattHours(meterStartWh),
    },
  ]
  for (let elapsedS = meteredEveryS; elapsedS <= chargingS + idleS; elapsedS += meteredEveryS) {
    const withPowerS = Math.min(elapsedS, chargingS)
    events.push({
      kind: 'metered',
      timeS: addSeconds(startOf(approved), elapsedS),
      sessionId: session,
      registerWh: wattHours(meterStartWh + Math.floor((energyWh * withPowerS) / chargingS)),
      chargingS: seconds(withPowerS),
      idleS: seconds(elapsedS - withPowerS),
    })
  }
  return [
    ...events,
    { kind: 'stopping', timeS: endOf(approved), sessionId: session, stopReason: 'stop-code' },
  ]
}

/** The charger's signed word on everything that it has written so far. */
function sealed(events: readonly JournalEvent[]) {
  const leaves = events.map((event) => leafHash(encodeJournalEvent(event)))
  return signMessage(
    checkpoint,
    {
      device: deviceId('SAMPLE-01'),
      epoch: 1,
      size: leaves.length,
      root: toHex(rootOf(appendLeaves(emptyFrontier, leaves).frontier)),
      timeS: events.at(-1)?.timeS ?? eveningS,
    },
    sampleCharger,
  )
}
