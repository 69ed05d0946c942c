/** A running session as a row beside the journal, and back: after a power cut the connector is what it truly was. */

import type { Bytes } from '@/lib/core/bytes'
import { durationMs, seconds, wattHours, watts, type MinorUnits, type WattHours } from '@/lib/core/units'
import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { offer } from '@/lib/protocol/messages/offer'
import { toBytes } from '@/lib/core/bytes'
import { transactionId } from '../ocpp/ids'
import type { ConnectorState, MachineSettings, Now, Phase, Running, Session } from './connector-state'
import { usageOf } from './metering'
import { freshWatch } from '../safety/safety-watch'
import { noRecords } from './kept-records'
import { atChangeOf, priceChangeOf } from './price-change'
import type { OpenRow, SessionRow } from './records'

/** The row of a connector whose session is not in a receipt yet; undefined where there is none. */
export function openRowOf({ phase }: ConnectorState, now: Now): OpenRow | undefined {
  switch (phase.kind) {
    case 'starting':
      return { ...staticRow(phase.session, now), stage: 'starting', stopTriesLeft: phase.stopTriesLeft }
    case 'charging':
      return {
        ...runningRow(phase.session, phase.running, now),
        stage: 'charging',
        stopTriesLeft: phase.stopTriesLeft,
      }
    case 'stopping': {
      const { session, running, stopReason } = phase
      return { ...runningRow(session, running, now), stage: 'stopping', stopReason }
    }
    case 'ending': {
      const { meterStartWh, meterStopWh, startS, chargingS, idleS, stopReason, atChange } = phase.final
      const { meterRecordHash } = phase.final
      const noted = atChange === undefined ? {} : { atChange }
      const figures = {
        meterStartWh,
        registerWh: meterStopWh,
        startS,
        chargingS,
        idleS,
        stopReason,
        ...noted,
        ...(meterRecordHash === undefined ? {} : { meterRecordHash }),
      }
      return { ...staticRow(phase.session, now), ...figures, stage: 'stopping', final: true }
    }
    default:
      return undefined
  }
}

const staticRow = (session: Session, now: Now): OpenRow => ({
  sessionId: session.sessionId,
  stage: 'starting',
  stopTriesLeft: 0,
  stopCode: session.stopCode,
  atS: now.timeS,
  durationMaxS: session.durationMaxS,
  energyMaxWh: session.energyMaxWh,
  ...powerTermsOf(session),
  chargingS: seconds(0),
  idleS: seconds(0),
  final: false,
  ...(session.byCard === true ? { byCard: true } : {}),
})

const powerTermsOf = ({ powerMaxW, weight }: Pick<Session, 'powerMaxW' | 'weight'>) => ({
  ...(powerMaxW === undefined ? {} : { powerMaxW }),
  ...(weight === undefined ? {} : { weight }),
})

function runningRow(session: Session, { transactionId: id, startS, meter }: Running, now: Now): OpenRow {
  const { chargingS, idleS } = usageOf(meter)
  const atChange = atChangeOf(meter.change)
  return {
    ...staticRow(session, now),
    transactionId: id,
    startS,
    chargingS,
    idleS,
    ...defined('meterStartWh', meter.startWh),
    ...defined('registerWh', meter.registerWh),
    ...(atChange === undefined ? {} : { atChange }),
  }
}

const defined = <K extends string>(
  key: K,
  value: WattHours | undefined,
): { readonly [P in K]?: WattHours } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: WattHours })

/** What cannot be read back is a damaged disk, which the journal has ruled out: the caller treats it as such. */
export function sessionOf(open: OpenRow, row: SessionRow): Result<Session, string> {
  const offered = parseMessage(offer, row.offer)
  const answered = parseMessage(answer, row.answer)
  const holdMinor = holdOf(row)
  if (!offered.ok || holdMinor === undefined || !answered.ok) return err('a stored message cannot be read')
  const { tariffChange } = offered.value.payload
  return ok({
    sessionId: open.sessionId,
    serial: row.serial,
    offerHash: offered.value.hash,
    tariff: offered.value.payload.tariff,
    ...(tariffChange === undefined ? {} : { tariffChange }),
    holdMinor,
    acceptedAtS: row.acceptedAtS,
    answer: toBytes(row.answer),
    stopCode: open.stopCode,
    stopDigest: digestOf(answered.value.payload.stopDigest),
    durationMaxS: open.durationMaxS,
    energyMaxWh: open.energyMaxWh,
    ...powerTermsOf(open),
    key: row.key,
    ...(open.byCard === true ? { byCard: true as const } : {}),
  })
}

/** What the driver agreed to, or what this charger wrote down for a bearer. */
function holdOf(row: SessionRow): MinorUnits | undefined {
  if (row.record !== undefined) {
    const recorded = parseMessage(bearerRecord, row.record)
    return recorded.ok ? recorded.value.payload.holdMinor : undefined
  }
  const authorized = parseMessage(authorization, row.authorization ?? new Uint8Array())
  return authorized.ok ? authorized.value.payload.holdMinor : undefined
}

const digestOf = (digest: Uint8Array | undefined): Bytes => toBytes(digest ?? new Uint8Array())

/** The phase to wake up in. The charger has to show that the transaction goes on; until then there is a doubt. */
export function recoveredPhase(session: Session, row: OpenRow, now: Now, settings: MachineSettings): Phase {
  const nowMs = now.monotonicMs
  if (row.stage === 'starting') {
    return {
      kind: 'starting',
      session,
      stopTriesLeft: row.stopTriesLeft,
      deadlineMs: nowMs + settings.startTimeoutMs,
      // After a longer absence another vehicle may stand there: the charger is not told to start for it.
      isAsked:
        session.byCard === true ||
        now.clockQuality === 'unknown' ||
        awayMs(row, now) > settings.startTimeoutMs,
    }
  }
  if (row.final) return { kind: 'ending', session, final: finalOf(row, session) }
  const running = recoveredRunning(session, row, now)
  if (running === undefined) return { kind: 'ending', session, final: finalOf(row, session) }
  if (row.stage === 'stopping') {
    return {
      kind: 'stopping',
      session,
      running,
      stopReason: row.stopReason ?? 'power-cut',
      deadlineMs: nowMs + settings.stopTimeoutMs,
      nextStopMs: nowMs,
    }
  }
  return {
    kind: 'charging',
    session,
    stopTriesLeft: row.stopTriesLeft,
    running,
    codeShownUntilMs: nowMs + codeLeftMs(row, now, settings),
    doubt: { stopReason: 'power-cut', deadlineMs: nowMs + settings.recoveryMs },
  }
}

/** How long the controller was away, by the wall clock, which may have stood still or jumped meanwhile. */
const awayMs = (row: OpenRow, now: Now): number =>
  Math.min(Math.max(0, now.timeS - row.atS), longestAwayS) * 1_000

const longestAwayS = 86_400
/** Time while the controller was away is billed no further than this: nobody saw power flow. */
const unseenBilledMs = 60_000

function recoveredRunning(session: Session, row: OpenRow, now: Now): Running | undefined {
  if (row.transactionId === undefined || row.startS === undefined) return undefined
  const nowMs = now.monotonicMs
  const away = awayMs(row, now)
  return {
    transactionId: transactionId(row.transactionId),
    startS: row.startS,
    startedAtMs: nowMs - Math.max(0, row.atS - row.startS) * 1_000 - away,
    meter: {
      startWh: row.meterStartWh,
      registerWh: row.registerWh,
      powerW: watts(0),
      chargingMs: row.chargingS * 1_000,
      idleMs: row.idleS * 1_000,
      uncountedMs: Math.min(away, unseenBilledMs),
      countedAtMs: nowMs,
      readAtS: undefined,
      heardAtMs: nowMs - away,
      change: priceChangeOf(session, now, row.atChange),
    },
    journaled: {
      registerWh: row.registerWh,
      chargingS: row.chargingS,
      idleS: row.idleS,
      atMs: nowMs,
    },
    isStartJournaled: row.meterStartWh !== undefined,
    safety: freshWatch,
    toldMa: undefined,
    records: noRecords,
    reported: [],
  }
}

/** The stop code stays on the screen for what is left of its minute. */
function codeLeftMs(row: OpenRow, now: Now, settings: MachineSettings): number {
  const shownForMs = row.startS === undefined ? 0 : Math.max(0, now.timeS - row.startS) * 1_000
  return durationMs(Math.max(0, settings.codeShownMs - shownForMs))
}

const zeroWh = wattHours(0)

const finalOf = (row: OpenRow, session: Session) => ({
  meterStartWh: row.meterStartWh ?? row.registerWh ?? zeroWh,
  meterStopWh: row.registerWh ?? row.meterStartWh ?? zeroWh,
  startS: row.startS ?? session.acceptedAtS,
  chargingS: row.chargingS,
  idleS: row.idleS,
  atChange: row.atChange,
  meterRecordHash: row.meterRecordHash,
  stopReason: row.stopReason ?? ('power-cut' as const),
})
