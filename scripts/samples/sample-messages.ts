/** The messages of one evening at the sample charger: an honest session, a decline, and a session that never started. */

import {
  currencyCode,
  chargerId,
  grantSerial,
  messageHash,
  nonce,
  operatorId,
  pseudonym,
  sessionId,
  siteId,
} from '@/lib/core/ids'
import { addSeconds, epochSeconds, minorUnits, seconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { answer, type Verdict } from '@/lib/protocol/messages/answer'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { trustList } from '@/lib/protocol/messages/trust-list'
import { stopDigest } from '@/lib/protocol/stop-code'
import { billFor, type Usage } from '@/lib/tariff/rate'
import { sampleCharger, sampleDriver, sampleIssuer, sampleRoot } from './sample-keys'

/** 2026-09-01T16:00:00Z. */
export const eveningS = epochSeconds(1_788_278_400)
const operator = operatorId('sample')
const dayS = 86_400

export const sampleTariff: CompactTariff = {
  currency: currencyCode('EUR'),
  energyPerKwh: 4_900,
  timePerMinute: 0,
  perSession: 5_000,
  idlePerMinute: 1_000,
  idleGraceMinutes: 10,
  taxBasisPoints: 1_900,
}

export const sampleTrustList = () =>
  signMessage(
    trustList,
    {
      operator,
      sequence: 1,
      timeS: eveningS,
      issuers: [
        {
          key: sampleIssuer.publicKey,
          notBeforeS: addSeconds(eveningS, -365 * dayS),
          notAfterS: addSeconds(eveningS, 3_650 * dayS),
        },
      ],
    },
    sampleRoot,
  )

export const sampleCertificate = () =>
  signMessage(
    chargerCertificate,
    {
      operator,
      chargerId: chargerId('SAMPLE-01'),
      key: sampleCharger.publicKey,
      siteId: siteId('samples'),
      siteLabel: 'Sample pass hut',
      bayLabel: 'Bay 2',
      notBeforeS: addSeconds(eveningS, -30 * dayS),
      notAfterS: addSeconds(eveningS, 365 * dayS),
      capabilities: 1,
    },
    sampleIssuer,
  )

export const sampleGrant = () =>
  signMessage(
    grant,
    {
      operator,
      serial: grantSerial('5a5a5a5a5a5a5a01'),
      deviceKey: sampleDriver.publicKey,
      pseudonym: pseudonym('5a5a5a5a5a5a5aff'),
      currency: sampleTariff.currency,
      capMinor: minorUnits(10_000),
      sessionCapMinor: minorUnits(6_000),
      spendsMax: 8,
      notBeforeS: addSeconds(eveningS, -2 * dayS),
      notAfterS: addSeconds(eveningS, 5 * dayS),
      sites: [],
      keyProtection: 'platform',
    },
    sampleIssuer,
  )

export const sampleOffer = (number: number, timeS: EpochSeconds) =>
  signMessage(
    offer,
    {
      nonce: nonce(`5a5a5a5a5a5a000${number}`),
      connectorId: 1,
      timeS,
      clockQuality: 'synchronised',
      timeToLiveS: 300,
      tariff: sampleTariff,
      maximumHoldMinor: minorUnits(6_000),
      revocationEpoch: 3,
      policySequence: 2,
      roads: 4,
    },
    sampleCharger,
  )

/** What one more approval adds to the chain before it. */
export interface Approval {
  readonly holdMinor: number
  /** Given back so far, by declines and receipts. */
  readonly releasedMinor: number
  /** How long the driver took. */
  readonly afterS: number
}

export function sampleAuthorization(
  given: VerifiedMessage<Grant>,
  offered: VerifiedMessage<Offer>,
  before: VerifiedMessage<Authorization> | undefined,
  { holdMinor, releasedMinor, afterS }: Approval,
) {
  const gross = (before?.payload.grossMinor ?? 0) + holdMinor
  return signMessage(
    authorization,
    {
      offerHash: offered.hash,
      holdMinor: minorUnits(holdMinor),
      seq: (before?.payload.seq ?? 0) + 1,
      previous: before?.hash ?? given.hash,
      grossMinor: minorUnits(gross),
      releasedMinor: minorUnits(releasedMinor),
      timeS: addSeconds(offered.payload.timeS, afterS),
      revocationEpoch: 3,
      grantHash: given.hash,
    },
    sampleDriver,
  )
}

export function sampleAnswer(approved: VerifiedMessage<Authorization>, verdict: Verdict) {
  const session = sessionId(approved.hash)
  const accepted = verdict === 'accepted' ? { stopDigest: stopDigest(session, '314159') } : {}
  return signMessage(
    answer,
    { sessionId: session, verdict, timeS: addSeconds(approved.payload.timeS, 2), ...accepted },
    sampleCharger,
  )
}

/** What the charger measured, and how it ended. */
export interface Ending extends Pick<Receipt, 'stopReason' | 'checkpointHash'> {
  readonly usage: Usage
  readonly meterStartWh: number
}

export function sampleReceipt(
  approved: VerifiedMessage<Authorization>,
  before: VerifiedMessage<Receipt> | undefined,
  { usage, meterStartWh, stopReason, checkpointHash }: Ending,
) {
  const bill = billFor(sampleTariff, usage, approved.payload.holdMinor)
  return signMessage(
    receipt,
    {
      sessionId: sessionId(approved.hash),
      counter: (before?.payload.counter ?? 0) + 1,
      previous: before?.hash ?? messageHash('0'.repeat(32)),
      meterStartWh: wattHours(meterStartWh),
      meterStopWh: wattHours(meterStartWh + usage.energyWh),
      startS: addSeconds(approved.payload.timeS, 5),
      chargingS: usage.chargingS,
      idleS: usage.idleS,
      currency: sampleTariff.currency,
      totalMinor: bill.totalMinor,
      lines: bill.lines,
      taxMinor: bill.taxMinor,
      stopReason,
      clockQuality: 'synchronised',
      checkpointHash,
    },
    sampleCharger,
  )
}

export const usageOf = (energyWh: number, chargingS: number, idleS: number): Usage => ({
  energyWh: wattHours(energyWh),
  chargingS: seconds(chargingS),
  idleS: seconds(idleS),
})
