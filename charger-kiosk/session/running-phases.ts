/** While a transaction runs: readings, limits, doubts, and the way to the charger's StopTransaction. */

import type { Bytes } from '@/lib/core/bytes'
import type { ExaminedRecord } from '@/lib/metering/meter-record'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { StopReason } from '@/lib/protocol/messages/receipt'
import { unreachable } from '@/lib/core/assert'
import type { ConnectorStatus, MeterSample } from '../ocpp/port'
import type {
  ConnectorEvent,
  ConnectorState,
  MachineSettings,
  Now,
  PhaseOf,
  Running,
  Session,
  Step,
} from './connector-state'
import { endWithLastKnown } from './ending-phases'
import { passIdleTime, reachesHold, takeReadings, usageOf, type Readings } from './metering'
import { takeRecords } from './meter-records'
import { checkSafety } from './safety-check'
import { startedEvent } from './starting-phase'
import { andThen, incident, only, stoppingEvent, withPhase } from './step'

type RunningPhase = PhaseOf<'charging'> | PhaseOf<'stopping'>

const isRunning = (phase: ConnectorState['phase']): phase is RunningPhase =>
  phase.kind === 'charging' || phase.kind === 'stopping'

export function readingsTaken(
  state: ConnectorState,
  { samples, inTransaction, records = [] }: Extract<ConnectorEvent, { kind: 'readings' }>,
  now: Now,
  settings: MachineSettings,
): Step {
  const { phase } = state
  if (!isRunning(phase)) return only(state)
  const taken = takeReadings(phase.running.meter, samples, state.hardware.status, now.monotonicMs)
  const { running, journal } = withRecords(withReadings(phase, taken, now), records, phase.session, now)
  const isProof = inTransaction && phase.kind === 'charging'
  const next = isProof ? { ...phase, running, doubt: undefined } : { ...phase, running }
  return andThen({ state: withPhase(state, next), journal, effects: [] }, (after) =>
    afterTime(after, now, settings, samples),
  )
}

function withReadings(phase: RunningPhase, { account, faults }: Readings, now: Now): Told {
  const { running, session } = phase
  const journal: JournalEvent[] = []
  const news = faults.filter(({ what }) => !running.reported.includes(what))
  for (const { what, detail } of news) journal.push(incident(what, detail, session.sessionId, now))
  const isStartJournaled = running.isStartJournaled || account.startWh !== undefined
  if (account.startWh !== undefined && !running.isStartJournaled) {
    journal.unshift(startedEvent(running, session.sessionId, account.startWh))
  }
  const reported = [...running.reported, ...news.map(({ what }) => what)]
  return { running: { ...running, meter: account, isStartJournaled, reported }, journal }
}

interface Told {
  readonly running: Running
  readonly journal: readonly JournalEvent[]
}

function withRecords(
  { running, journal }: Told,
  examined: readonly ExaminedRecord[],
  { sessionId }: Session,
  now: Now,
): Told {
  if (examined.length === 0) return { running, journal }
  const taken = takeRecords(running.records, examined, running.reported, sessionId, now)
  const { records, reported } = taken
  return { running: { ...running, records, reported }, journal: [...journal, ...taken.journal] }
}

export function tickRunning(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  const { phase } = state
  if (!isRunning(phase)) return only(state)
  const meter = passIdleTime(phase.running.meter, idleStatus(state), now.monotonicMs)
  const passed = withPhase(state, { ...phase, running: { ...phase.running, meter } })
  return afterTime(passed, now, settings)
}

/** What the charger said before the link broke says nothing about now. */
const idleStatus = ({ hardware }: ConnectorState): ConnectorStatus | 'unknown' =>
  hardware.isLinked ? hardware.status : 'unknown'

/** Everything that time and figures bring about by themselves. */
function afterTime(
  state: ConnectorState,
  now: Now,
  settings: MachineSettings,
  samples: readonly MeterSample[] = [],
): Step {
  return andThen(
    andThen(
      andThen(only(state), (next) => journalProgress(next, now, settings)),
      (next) => askForMeter(next, now, settings),
    ),
    (next) =>
      next.phase.kind === 'charging'
        ? checkEnds(next, next.phase, samples, now, settings)
        : awaitStop(next, now, settings),
  )
}

/** Rule of money 8: a power cut costs nobody more than one interval. */
function journalProgress(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  const { phase } = state
  if (!isRunning(phase)) return only(state)
  const { running, session } = phase
  const { journaled, meter } = running
  if (meter.registerWh === undefined || now.monotonicMs - journaled.atMs < settings.meteredEveryMs)
    return only(state)
  const { chargingS, idleS } = usageOf(meter)
  const isNews =
    meter.registerWh !== journaled.registerWh ||
    chargingS !== journaled.chargingS ||
    idleS !== journaled.idleS
  if (!isNews) return only(state)
  const written = { registerWh: meter.registerWh, chargingS, idleS, atMs: now.monotonicMs }
  const event: JournalEvent = {
    kind: 'metered',
    timeS: now.timeS,
    sessionId: session.sessionId,
    registerWh: meter.registerWh,
    chargingS,
    idleS,
  }
  return {
    state: withPhase(state, { ...phase, running: { ...running, journaled: written } }),
    journal: [event],
    effects: [],
  }
}

const staleMark = 'meter.stale'

/** A linked charger that stays silent is asked once; whatever it answers, the session goes on. */
function askForMeter(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  const { phase, hardware } = state
  if (!isRunning(phase) || !hardware.isLinked) return only(state)
  const { running, session } = phase
  const isSilent = now.monotonicMs - running.meter.heardAtMs >= settings.staleAfterMs
  if (!isSilent || hardware.status !== 'Charging' || running.reported.includes(staleMark)) return only(state)
  const reported = [...running.reported, staleMark]
  return {
    state: withPhase(state, { ...phase, running: { ...running, reported } }),
    journal: [incident(staleMark, 'no reading from the meter', session.sessionId, now)],
    effects: [{ kind: 'ask-meter' }],
  }
}

function checkEnds(
  before: ConnectorState,
  charging: PhaseOf<'charging'>,
  samples: readonly MeterSample[],
  now: Now,
  settings: MachineSettings,
): Step {
  const { end, ...checked } = checkSafety(before, charging, samples, now, settings)
  const watched = { state: checked.state, journal: checked.journal, effects: [] }
  return andThen(watched, (state) => ending(state, checked.phase, end, now, settings))
}

function ending(
  state: ConnectorState,
  phase: PhaseOf<'charging'>,
  safetyEnd: StopReason | undefined,
  now: Now,
  settings: MachineSettings,
): Step {
  const { session, running, doubt } = phase
  if (safetyEnd === 'fault') return stopRunning(state, phase, 'fault', now, settings)
  if (doubt !== undefined && now.monotonicMs >= doubt.deadlineMs) {
    return endWithLastKnown(state, session, running, doubt.stopReason, now)
  }
  if (reachesHold(running.meter, session.tariff, session.holdMinor, settings.holdLeadMs)) {
    return stopRunning(state, phase, 'hold-reached', now, settings)
  }
  return safetyEnd === undefined ? only(state) : stopRunning(state, phase, safetyEnd, now, settings)
}

/** Asks the charger to stop. The figures stay open until its StopTransaction, or until it has had its time. */
export function stopRunning(
  state: ConnectorState,
  { session, running }: PhaseOf<'charging'>,
  stopReason: StopReason,
  now: Now,
  settings: MachineSettings,
  stop?: Bytes,
): Step {
  const isGone = stopReason === 'unplugged'
  const phase: PhaseOf<'stopping'> = {
    kind: 'stopping',
    session,
    running,
    stopReason,
    deadlineMs: now.monotonicMs + (isGone ? settings.unplugGraceMs : settings.stopTimeoutMs),
    nextStopMs: now.monotonicMs + settings.stopAgainMs,
  }
  return {
    state: withPhase(state, phase),
    journal: [stoppingEvent(session.sessionId, stopReason, now, stop)],
    effects: isGone ? [] : [{ kind: 'remote-stop', transactionId: running.transactionId }],
  }
}

function awaitStop(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  const { phase } = state
  if (phase.kind !== 'stopping') return only(state)
  const { session, running, stopReason } = phase
  if (now.monotonicMs >= phase.deadlineMs) {
    const unconfirmed = incident('stop.unconfirmed', 'no StopTransaction in time', session.sessionId, now)
    return andThen({ state, journal: [unconfirmed], effects: [] }, (next) =>
      endWithLastKnown(next, session, running, stopReason, now),
    )
  }
  if (now.monotonicMs < phase.nextStopMs || !state.hardware.isLinked) return only(state)
  return {
    state: withPhase(state, { ...phase, nextStopMs: now.monotonicMs + settings.stopAgainMs }),
    journal: [],
    effects: [{ kind: 'remote-stop', transactionId: running.transactionId }],
  }
}

export function bootedWhileRunning(state: ConnectorState, now: Now, settings: MachineSettings): Step {
  const { phase } = state
  if (phase.kind !== 'charging') return only(state)
  return only(withPhase(state, { ...phase, doubt: doubtNow('power-cut', now, settings) }))
}

const doubtNow = (stopReason: StopReason, now: Now, settings: MachineSettings) => ({
  stopReason,
  deadlineMs: now.monotonicMs + settings.lossGraceMs,
})

/** `before` is the status until now: the time so far belongs to it. */
export function statusWhileRunning(
  state: ConnectorState,
  before: ConnectorStatus | 'unknown',
  now: Now,
  settings: MachineSettings,
): Step {
  const { phase } = state
  if (!isRunning(phase)) return only(state)
  const meter = passIdleTime(phase.running.meter, before, now.monotonicMs)
  const passed = { ...phase, running: { ...phase.running, meter } }
  if (passed.kind === 'stopping') {
    const deadlineMs =
      state.hardware.status === 'Available'
        ? Math.min(passed.deadlineMs, now.monotonicMs + settings.unplugGraceMs)
        : passed.deadlineMs
    return only(withPhase(state, { ...passed, deadlineMs }))
  }
  return statusWhileCharging(withPhase(state, passed), passed, now, settings)
}

function statusWhileCharging(
  state: ConnectorState,
  phase: PhaseOf<'charging'>,
  now: Now,
  settings: MachineSettings,
): Step {
  const { status } = state.hardware
  const doubtful = (stopReason: StopReason): Step =>
    only(withPhase(state, { ...phase, doubt: phase.doubt ?? doubtNow(stopReason, now, settings) }))
  switch (status) {
    case 'Charging':
    case 'SuspendedEV':
    case 'SuspendedEVSE':
      return only(withPhase(state, { ...phase, doubt: undefined }))
    case 'Available':
      // Rule of money 7: unplugging always ends a session; it never resumes.
      return stopRunning(state, phase, 'unplugged', now, settings)
    case 'Faulted':
      return stopRunning(state, phase, 'fault', now, settings)
    case 'Preparing':
      return doubtful('power-cut')
    case 'Finishing':
      return doubtful('vehicle')
    case 'Unavailable':
    case 'Reserved':
      return doubtful('fault')
    case 'unknown':
      return only(state)
    default:
      return unreachable(status)
  }
}
