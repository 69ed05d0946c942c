/** Everything that technician mode shows, composed at the moment of asking. */

import type { Clock } from '@/lib/core/clock'
import { uptimeRatio } from '@/lib/telemetry/uptime'
import type { Journal } from '@/lib/journal/journal'
import type { PostFacts, TechnicianPost } from '../controller/technician-post'
import type { ChargerCommands } from '../ocpp/port'
import type { SelfTestResult } from '../self-test'
import type { KioskTable } from '../session/records'
import type {
  TechnicianBay,
  TechnicianCounter,
  TechnicianLine,
  TechnicianReading,
  TechnicianReport,
  TechnicianRoad,
  TechnicianTestStep,
  Verdict,
} from '../screen-protocol-technician'
import type { ChargerNotes, SocketNote } from './charger-notes'
import type { UptimeFigure } from '../telemetry/uptime-keeper'
import type { MachineFacts } from './machine'

export interface ReportParts {
  readonly post: TechnicianPost
  readonly journal: Journal<KioskTable>
  readonly notes: ChargerNotes
  readonly charger: (
    identity: NonNullable<PostFacts['bays'][number]['address']>['identity'],
  ) => ChargerCommands | undefined
  readonly clock: Clock
  readonly machine: () => MachineFacts
  readonly roads: () => readonly TechnicianRoad[]
  readonly tested: () => SelfTestResult
  readonly keysFault: () => string | undefined
  /** Sessions and declines since the start. */
  readonly counted: () => { readonly sessions: number; readonly declines: number }
  readonly lastScanS: () => number | undefined
  /** How long each bay could charge, and why not, over the last thirty days. */
  readonly uptime: () => readonly UptimeFigure[]
  readonly version: string
}

export type ReportBody = Pick<
  TechnicianReport,
  'chargerId' | 'nowS' | 'health' | 'roads' | 'counters' | 'bays' | 'seals'
>

const mebibyte = 1_048_576

export function reportBody(
  parts: ReportParts,
  tests: ReadonlyMap<number, readonly TechnicianTestStep[]>,
): ReportBody {
  const facts = parts.post.facts()
  const machine = parts.machine()
  return {
    chargerId: facts.chargerId,
    nowS: facts.nowS,
    health: [
      salesLine(facts),
      ...chargerLines(parts, facts),
      ...machineLines(parts, machine),
      clockLine(facts),
      policyLine(facts),
      ...programLines(parts, machine),
    ],
    roads: parts.roads(),
    counters: countersOf(parts, facts, machine),
    bays: facts.bays.map((bay) => bayOf(parts, bay, tests.get(bay.connectorId) ?? null)),
    seals: facts.seals,
  }
}

const line = (
  check: TechnicianLine['check'],
  verdict: Verdict,
  facts: TechnicianLine['facts'] = {},
): TechnicianLine => ({ check, verdict, facts })

const salesLine = ({ closedFor }: PostFacts): TechnicianLine =>
  line('sales', closedFor === undefined ? 'good' : 'bad', { reason: closedFor ?? '' })

function chargerLines({ notes, charger }: ReportParts, { bays }: PostFacts): readonly TechnicianLine[] {
  const identities = new Set(bays.flatMap(({ address }) => (address === undefined ? [] : [address.identity])))
  return [...identities].map((identity) => {
    const note = notes.charger(identity)
    return line('charger', charger(identity)?.isConnected() === true ? 'good' : 'bad', {
      identity,
      product: note.product ?? '',
      firmware: note.firmware ?? '',
      heardAtS: note.heardAtS ?? 0,
    })
  })
}

function machineLines({ lastScanS }: ReportParts, machine: MachineFacts): readonly TechnicianLine[] {
  const { freeBytes, journalBytes, usedBytes, availableBytes, cameras, temperatureC } = machine
  const freeMb = Math.floor(freeBytes / mebibyte)
  const availableMb = Math.floor(availableBytes / mebibyte)
  const readS = lastScanS() ?? 0
  return [
    line('camera', cameras > 0 || readS > 0 ? 'good' : 'doubtful', { count: cameras, readS }),
    line('disk', freeMb < 50 ? 'bad' : freeMb < 500 ? 'doubtful' : 'good', {
      free: freeMb,
      journal: Math.ceil(journalBytes / mebibyte),
    }),
    line('memory', availableMb < 32 ? 'doubtful' : 'good', {
      used: Math.ceil(usedBytes / mebibyte),
      free: availableMb,
      temperature: temperatureC ?? '',
    }),
  ]
}

const clockLine = ({ clockQuality, nowS, floorS }: PostFacts): TechnicianLine =>
  line('clock', clockQuality === 'unknown' ? 'bad' : clockQuality === 'relative' ? 'doubtful' : 'good', {
    quality: clockQuality,
    atS: nowS,
    floorS,
  })

/** Past its end the old prices go on for a while with less at stake; without any, nothing is sold. */
const policyLine = ({ policy: { sequence, endsAtS, isOverdue, refused } }: PostFacts): TechnicianLine =>
  line('policy', sequence === undefined ? 'bad' : isOverdue || refused !== undefined ? 'doubtful' : 'good', {
    state: sequence === undefined ? 'none' : isOverdue ? 'overdue' : 'valid',
    sequence: sequence ?? 0,
    untilS: endsAtS ?? 0,
    hasRefused: refused === undefined ? 'no' : 'yes',
    refused: refused ?? '',
  })

function programLines(
  { tested, keysFault, version }: ReportParts,
  { runtime, upS }: MachineFacts,
): readonly TechnicianLine[] {
  const test = tested()
  const fault = keysFault()
  return [
    line('keys', fault === undefined ? 'good' : 'bad', { fault: fault ?? '' }),
    line('selfTest', test.passed ? 'good' : 'bad', { detail: test.passed ? '' : test.detail }),
    line('program', 'good', { version, runtime, hours: Math.floor(upS / 3_600) }),
  ]
}

function countersOf(
  { journal, counted }: ReportParts,
  { counters, policySequence, revocationEpoch }: PostFacts,
  { journalBytes }: MachineFacts,
): TechnicianReport['counters'] {
  const { sessions, declines } = counted()
  const values = {
    receipts: counters.receiptCounter,
    sessions,
    declines,
    events: journal.size,
    unsent: journal.size - journal.acknowledgedSize,
    purged: journal.purgedSize,
    journalBytes,
    epoch: journal.epoch,
    policy: policySequence,
    revocations: revocationEpoch,
  } satisfies Record<TechnicianCounter, number>
  return (Object.keys(values) as TechnicianCounter[]).map((counter) => ({ counter, value: values[counter] }))
}

function bayOf(
  { notes, charger, uptime }: ReportParts,
  bay: PostFacts['bays'][number],
  test: readonly TechnicianTestStep[] | null,
): TechnicianBay {
  const { connectorId, address, hasSession, isTakenOut } = bay
  const note = address === undefined ? undefined : notes.socket(address.identity, address.evseId)
  return {
    connectorId,
    identity: address?.identity ?? '',
    socket: address === undefined ? '' : `${address.evseId}.${address.connectorId}`,
    isConnected: address !== undefined && charger(address.identity)?.isConnected() === true,
    status: note?.status ?? null,
    hasSession,
    isTakenOut,
    reading: readingOf(note?.sample),
    upBasisPoints: upOf(uptime(), connectorId),
    test,
  }
}

/** Rounded down: 100 % is said only of a bay that was never down. */
function upOf(figures: readonly UptimeFigure[], bay: number): number | null {
  const figure = figures.find(({ connectorId }) => connectorId === bay)
  const ratio = figure && uptimeRatio(figure.seconds)
  return ratio === undefined ? null : Math.floor(ratio * 10_000)
}

const readingOf = (sample: SocketNote['sample']): TechnicianReading | null =>
  sample === undefined
    ? null
    : {
        atS: sample.time.receivedAtS,
        registerWh: sample.registerWh ?? null,
        powerW: sample.powerW ?? null,
        temperatureDeciC: sample.temperatureDeciC ?? null,
        isSigned: sample.signedData.length > 0,
      }
