/** From the last figures to the signed receipt, and the receipt on the screen. */

import type { Bytes } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import { seconds, wattHours, type WattHours } from '@/lib/core/units'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { VerifiedMessage } from '@/lib/protocol/message'
import { rate } from '@/lib/tariff/rate'
import type { Receipt, StopReason } from '@/lib/protocol/messages/receipt'
import type { MeterSample, StopReason as OcppStopReason } from '../ocpp/port'
import type {
  ConnectorEvent,
  ConnectorState,
  Final,
  MachineSettings,
  Now,
  Phase,
  Running,
  Session,
  Step,
} from './connector-state'
import type { MeterRecords } from './kept-records'
import { closeRecords, takeRecords } from './meter-records'
import { finalReadingFault, takeReadings, usageOf, type MeterAccount } from './metering'
import { atChangeOf } from './price-change'
import { incident, only, stoppingEvent, withPhase } from './step'

/** What the charger's reason means where nobody here asked it to stop. */
const ownReasons = {
  DeAuthorized: 'fault',
  EmergencyStop: 'fault',
  EVDisconnected: 'unplugged',
  HardReset: 'power-cut',
  Local: 'vehicle',
  Other: 'vehicle',
  PowerLoss: 'power-cut',
  Reboot: 'power-cut',
  Remote: 'limit',
  SoftReset: 'power-cut',
  UnlockCommand: 'unplugged',
} as const satisfies Record<OcppStopReason, StopReason>

/** A charger that was started by a card is stopped by a card, and calls that a stop on the spot. */
const ownReasonOf = ({ byCard }: Session, { reason }: StopEvent): StopReason =>
  byCard === true && reason === 'Local' ? 'card' : ownReasons[reason]

type StopEvent = Extract<ConnectorEvent, { kind: 'transaction-stopped' }>

/** The charger's StopTransaction, in time, late, or for a start that it never reported. */
export function endByCharger(state: ConnectorState, event: StopEvent, now: Now): Step {
  const { phase } = state
  if (phase.kind === 'starting') {
    // Without the register at the start no energy can be proved: nothing is billed.
    const { session } = phase
    const lost = incident(
      'ocpp.start-lost',
      `meter stop ${event.meterStopWh ?? 'unknown'}`,
      session.sessionId,
      now,
    )
    return ended(state, session, nothingDelivered(session, ownReasons[event.reason]), [lost], now)
  }
  if (phase.kind !== 'charging' && phase.kind !== 'stopping') return only(state)
  const { session, running } = phase
  const { account, stopWh, fault } = finalFigures(state, running.meter, event, now)
  const journal = fault === undefined ? [] : [incident(fault.what, fault.detail, session.sessionId, now)]
  const stopReason = phase.kind === 'stopping' ? phase.stopReason : ownReasonOf(session, event)
  const taken = takeRecords(running.records, event.records ?? [], running.reported, session.sessionId, now)
  const final = finalOf(account, stopWh, running, stopReason)
  const closed = withRecordsClosed(session, final, taken.records, now)
  const told = [...journal, ...taken.journal, ...closed.journal]
  return ended(state, session, closed.final, told, now, phase.kind)
}

/** The receipt names what the meter signed; the records stand in the journal before the session's end. */
function withRecordsClosed(
  session: Session,
  final: Final,
  records: MeterRecords,
  now: Now,
): { readonly final: Final; readonly journal: readonly JournalEvent[] } {
  const { hash, journal } = closeRecords(records, session, final, now)
  return { final: { ...final, meterRecordHash: hash }, journal }
}

interface FinalFigures {
  readonly account: MeterAccount
  readonly stopWh: WattHours
  readonly fault?: { readonly what: string; readonly detail: string }
}

/**
 * The register that the bill ends with. The charger's StopTransaction decides, also when it is lower than a reading
 * that came before: readings after the end of the transaction belong to nobody. One that cannot be true is replaced
 * by the last that could.
 */
function finalFigures(
  { hardware }: ConnectorState,
  meter: MeterAccount,
  { meterStopWh, samples, time }: StopEvent,
  now: Now,
): FinalFigures {
  const fault = meterStopWh === undefined ? undefined : finalReadingFault(meter, meterStopWh, now.monotonicMs)
  const last = meterStopWh === undefined || fault !== undefined ? [] : [finalSample(meterStopWh, time)]
  const { account } = takeReadings(meter, [...samples, ...last], hardware.status, now.monotonicMs)
  const lastKnownWh = meter.registerWh ?? account.registerWh ?? wattHours(0)
  if (meterStopWh === undefined) return { account, stopWh: account.registerWh ?? lastKnownWh }
  if (fault === undefined) return { account, stopWh: meterStopWh }
  const detail = `meter stop ${meterStopWh} Wh, last known ${lastKnownWh} Wh`
  return { account, stopWh: lastKnownWh, fault: { what: fault, detail } }
}

const finalSample = (registerWh: WattHours, time: StopEvent['time']): MeterSample => ({
  time,
  context: 'Transaction.End',
  registerWh,
  powerW: undefined,
  temperatureDeciC: undefined,
  stateOfChargePercent: undefined,
  signedData: [],
})

function finalOf(meter: MeterAccount, stopWh: WattHours, running: Running, stopReason: StopReason): Final {
  const { chargingS, idleS } = usageOf(meter)
  const meterStartWh = meter.startWh ?? stopWh
  const atChange = atChangeOf(meter.change)
  return { meterStartWh, meterStopWh: stopWh, startS: running.startS, chargingS, idleS, atChange, stopReason }
}

/** The charger did not say how it ended: the last figures that are known are the bill. */
export function endWithLastKnown(
  state: ConnectorState,
  session: Session,
  running: Running,
  stopReason: StopReason,
  now: Now,
): Step {
  const stopWh = running.meter.registerWh ?? wattHours(0)
  const known = finalOf(running.meter, stopWh, running, stopReason)
  const { final, journal } = withRecordsClosed(session, known, running.records, now)
  return ended(state, session, final, journal, now, state.phase.kind)
}

/** Nothing flowed: the receipt says so and gives the whole hold back. */
export function cancelStart(state: ConnectorState, stopReason: StopReason, now: Now, stop?: Bytes): Step {
  if (state.phase.kind !== 'starting') return only(state)
  const { session } = state.phase
  return ended(state, session, nothingDelivered(session, stopReason), [], now, 'starting', stop)
}

const nothingDelivered = (session: Session, stopReason: StopReason): Final => ({
  meterStartWh: wattHours(0),
  meterStopWh: wattHours(0),
  startS: session.acceptedAtS,
  chargingS: seconds(0),
  idleS: seconds(0),
  atChange: undefined,
  stopReason,
})

function ended(
  state: ConnectorState,
  session: Session,
  final: Final,
  journal: readonly JournalEvent[],
  now: Now,
  from: Phase['kind'] = 'starting',
  stop?: Bytes,
): Step {
  const { sessionId } = session
  // Durable with the figures, so that the charger's StopTransaction may be acknowledged even if signing fails.
  const stopping: readonly JournalEvent[] =
    from === 'stopping' ? [] : [stoppingEvent(sessionId, final.stopReason, now, stop)]
  return {
    state: withPhase(state, { kind: 'ending', session, final }),
    journal: [...journal, ...stopping, ...overCredit(session, final, now)],
    effects: [{ kind: 'sign-receipt', session, final }],
  }
}

/**
 * A charger that began by itself may have delivered more than the card could pay: the bill ends at what the card had
 * left, and the rest is somebody's to look at.
 */
function overCredit(session: Session, final: Final, now: Now): readonly JournalEvent[] {
  if (session.byCard !== true) return []
  const { meterStartWh, meterStopWh, chargingS, idleS } = final
  const energyWh = wattHours(Math.max(0, meterStopWh - meterStartWh))
  if (energyWh === 0) return []
  const computedMinor = rate(session.tariff, { energyWh, chargingS, idleS }).totalMinor
  if (computedMinor <= session.holdMinor) return []
  const detail = `${energyWh} Wh cost ${computedMinor}, the card had ${session.holdMinor} left`
  return [incident('card.over-credit', detail, session.sessionId, now)]
}

/** The key store did not sign the receipt: it is asked again. */
export function tickEnding(state: ConnectorState): Step {
  if (state.phase.kind !== 'ending') return only(state)
  const { session, final } = state.phase
  return { ...only(state), effects: [{ kind: 'sign-receipt', session, final }] }
}

export function receiptSigned(
  state: ConnectorState,
  receipt: VerifiedMessage<Receipt>,
  now: Now,
  settings: MachineSettings,
): Step {
  if (state.phase.kind !== 'ending') return only(state)
  const { session, final } = state.phase
  const event: JournalEvent = {
    kind: 'ended',
    timeS: now.timeS,
    sessionId: session.sessionId,
    receipt: receipt.bytes,
  }
  return final.stopReason === 'never-started'
    ? offerAgain(state, receipt, event, now, settings)
    : {
        state: withPhase(state, {
          kind: 'finished',
          session,
          receipt,
          shownUntilMs: now.monotonicMs + settings.receiptShownMs,
        }),
        journal: [event],
        effects: [{ kind: 'feedback', feedback: { outcome: 'finished' } }],
      }
}

/** The vehicle is still there and so is the driver: a fresh offer, with the reason and the receipt of nothing beside it. */
function offerAgain(
  state: ConnectorState,
  receipt: VerifiedMessage<Receipt>,
  event: JournalEvent,
  now: Now,
  settings: MachineSettings,
): Step {
  const why = refusal('charger.no-start')
  const refused = {
    refusal: why,
    answer: receipt.bytes,
    what: 'receipt' as const,
    atS: now.timeS,
    shownUntilMs: now.monotonicMs + settings.receiptShownMs,
  }
  return {
    state: withPhase(state, { kind: 'offering', offer: undefined, renewAtMs: 0, refused }),
    journal: [event],
    effects: [{ kind: 'make-offer' }, { kind: 'feedback', feedback: { outcome: 'refused', refusal: why } }],
  }
}

export function tickFinished(state: ConnectorState, now: Now): Step {
  const { phase } = state
  const isSeen = phase.kind === 'finished' && now.monotonicMs >= phase.shownUntilMs
  return isSeen ? only(withPhase(state, { kind: 'available' })) : only(state)
}
