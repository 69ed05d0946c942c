/** From a connector's state to what the touchscreen shows. Amounts are computed here and nowhere in the screen. */

import type { Bytes } from '@/lib/core/bytes'
import { minorUnitExponent } from '@/lib/core/currency'
import type { Seconds } from '@/lib/core/units'
import { seconds } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { matchingWords } from '@/lib/protocol/matching-words'
import type { CompactTariff, TariffChange } from '@/lib/protocol/messages/compact-tariff'
import type { Status } from '@/lib/protocol/messages/status'
import { billFor } from '@/lib/tariff/rate'
import type { ConnectorPhase, ScreenRefusal, ScreenTariff } from '../screen-protocol'
import { permits, type ConnectorState, type Now, type PhaseOf, type ShownRefusal } from './connector-state'
import { energyOf, usageOf } from './metering'

export const screenTariff = (tariff: CompactTariff, change: TariffChange | undefined): ScreenTariff => ({
  ...tariff,
  exponent: minorUnitExponent(tariff.currency) ?? 2,
  ...(change === undefined ? {} : { change }),
})

const codeOf = (kind: 'answer' | 'receipt' | 'status', bytes: Bytes): string =>
  envelopeToText({ kind, parts: [bytes] })

/** @param status the signed status of a running session, newest. */
export function screenPhase({ phase }: ConnectorState, now: Now, status: Bytes | undefined): ConnectorPhase {
  switch (phase.kind) {
    case 'unavailable':
      return { kind: 'unavailable', reason: phase.reason }
    case 'available':
      return { kind: 'available' }
    case 'offering':
      return offeringView(phase)
    case 'starting':
      return {
        kind: 'starting',
        sessionId: phase.session.sessionId,
        heldMinor: phase.session.holdMinor,
        stopCode: phase.session.stopCode,
        answerCode: phase.session.byCard === true ? null : codeOf('answer', phase.session.answer),
      }
    case 'charging':
      return chargingView(phase, now, status)
    case 'stopping': {
      const usage = usageOf(phase.running.meter)
      const { session } = phase
      return {
        kind: 'stopping',
        sessionId: session.sessionId,
        heldMinor: session.holdMinor,
        energyWh: usage.energyWh,
        costMinor: billFor(session.tariff, usage, session.holdMinor, session.tariffChange).totalMinor,
      }
    }
    case 'ending':
      return endingView(phase)
    case 'finished':
      return finishedView(phase)
  }
}

function offeringView({ offer, refused }: PhaseOf<'offering'>): ConnectorPhase {
  if (offer === undefined) return { kind: 'available' }
  return {
    kind: 'offering',
    offerCode: envelopeToText({ kind: 'offer', parts: [offer.bytes, offer.certificate] }),
    words: matchingWords(offer.hash),
    expiresAtS: offer.payload.timeS + offer.payload.timeToLiveS,
    maximumHoldMinor: offer.payload.maximumHoldMinor,
    refusal: refused === undefined ? null : screenRefusal(refused),
  }
}

const screenRefusal = ({ refusal, answer, what, atS }: ShownRefusal): ScreenRefusal => ({
  ...refusal,
  answerCode: answer === undefined ? null : codeOf(what, answer),
  atS,
})

function chargingView(phase: PhaseOf<'charging'>, now: Now, status: Bytes | undefined): ConnectorPhase {
  const { session, running } = phase
  const usage = usageOf(running.meter)
  const isCodeShown = now.monotonicMs < phase.codeShownUntilMs
  return {
    kind: 'charging',
    sessionId: session.sessionId,
    heldMinor: session.holdMinor,
    energyWh: usage.energyWh,
    powerW: running.meter.powerW,
    costMinor: billFor(session.tariff, usage, session.holdMinor, session.tariffChange).totalMinor,
    elapsedS: elapsedS(running.startedAtMs, now),
    stopCode: isCodeShown ? session.stopCode : null,
    answerCode: isCodeShown && session.byCard !== true ? codeOf('answer', session.answer) : null,
    stopTriesLeft: phase.stopTriesLeft,
    // In the moment before the first status is signed, the accept is the last that the charger signed.
    statusCode: status === undefined ? codeOf('answer', session.answer) : codeOf('status', status),
    ...(session.byCard === true ? { isByCard: true } : {}),
  }
}

const elapsedS = (startedAtMs: number, now: Now): Seconds =>
  seconds(Math.max(0, Math.floor((now.monotonicMs - startedAtMs) / 1_000)))

function endingView({ session, final }: PhaseOf<'ending'>): ConnectorPhase {
  const energyWh = Math.max(0, final.meterStopWh - final.meterStartWh)
  return {
    kind: 'stopping',
    sessionId: session.sessionId,
    heldMinor: session.holdMinor,
    energyWh,
    costMinor: 0,
  }
}

function finishedView({ session, receipt }: PhaseOf<'finished'>): ConnectorPhase {
  const { payload } = receipt
  const { stopReason } = payload
  return {
    kind: 'finished',
    sessionId: session.sessionId,
    receiptCode: codeOf('receipt', receipt.bytes),
    heldMinor: session.holdMinor,
    totalMinor: payload.totalMinor,
    releasedMinor: session.holdMinor - payload.totalMinor,
    taxMinor: payload.taxMinor,
    energyWh: payload.meterStopWh - payload.meterStartWh,
    lines: payload.lines,
    startS: payload.startS,
    durationS: payload.chargingS + payload.idleS,
    hasPriceChanged: payload.atChange !== undefined,
    // A start that failed goes back to the offer; it never stands here.
    stopReason: stopReason === 'never-started' ? 'fault' : stopReason,
  }
}

/** The payload of the signed status, for a session that stands at this connector. */
export function statusPayload(state: ConnectorState, now: Now): Status | undefined {
  const { phase } = state
  if (!permits[phase.kind].open || (phase.kind !== 'charging' && phase.kind !== 'stopping')) return undefined
  const { session, running } = phase
  const usage = usageOf(running.meter)
  return {
    sessionId: session.sessionId,
    progress: phase.kind,
    energyWh: energyOf(running.meter),
    costMinor: billFor(session.tariff, usage, session.holdMinor, session.tariffChange).totalMinor,
    elapsedS: elapsedS(running.startedAtMs, now),
    timeS: now.timeS,
  }
}
