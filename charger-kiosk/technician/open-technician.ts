/** Puts technician mode together from the parts of a running controller. */

import { existsSync } from 'node:fs'
import { err, ok, type Result } from '@/lib/core/result'
import { makeTlsFiles, readTlsFiles } from '../ocpp/tls-files'
import type { TlsIdentity } from '@/lib/crypto/site-certificate'
import type { Controller } from '../controller/controller'
import type { SelfTestResult } from '../self-test'
import { systemClock, systemRandom, systemTimers } from '../system'
import type { TechnicianRoad } from '../screen-protocol-technician'
import type { KioskConfig, TechnicianLanConfig } from '../config'
import type { Journal } from '@/lib/journal/journal'
import type { CentralSystem } from '../ocpp/port'
import type { KeyWatch } from '../keys/watched-signer'
import type { Log } from '../log/log-writer'
import type { ScreenHost } from '../server/screen-host'
import type { KioskTable } from '../session/records'
import { version } from '../build-facts'
import type { Forwarder } from '../forward/forwarder'
import { ChargerNotes } from './charger-notes'
import type { SatelliteFigures, SatelliteLoop } from '../satellite/satellite-loop'
import type { UptimeKeeper } from '../telemetry/uptime-keeper'
import { serveSticks } from '../sticks/serve-sticks'
import { TechnicianDesk, type DeskParts } from './desk'
import { LanDesk } from './lan-desk'
import { lanAddresses, lanDoor } from './lan-server'
import { machineFacts } from './machine'
import type { WatchedRoad } from './road-watch'

export interface Technician {
  readonly desk: TechnicianDesk
  readonly notes: ChargerNotes
}

/** Of the running controller; what starts later is asked for at each use. */
export interface Surroundings {
  readonly config: KioskConfig
  readonly journal: Journal<KioskTable>
  readonly log: Log
  readonly host: Pick<ScreenHost, 'onMessage'>
  readonly keyWatch: Pick<KeyWatch, 'fault'>
  readonly tested: SelfTestResult
  readonly central: Pick<CentralSystem, 'charger'> | undefined
  readonly bluetooth: object | undefined
  readonly forwarder: Pick<Forwarder, 'figures'> | undefined
  readonly satellite: Pick<SatelliteLoop, 'figures'> | undefined
  readonly uptime: Pick<UptimeKeeper, 'figures'> | undefined
}

export interface TechnicianParts {
  readonly kiosk: Surroundings
  readonly controller: Controller
  readonly road: WatchedRoad
  readonly runSelfTest: () => Promise<SelfTestResult>
  readonly lastScanS: () => number | undefined
}

export function openTechnician({
  kiosk,
  controller,
  road,
  runSelfTest,
  lastScanS,
}: TechnicianParts): Technician {
  const { config, journal, log } = kiosk
  const notes = new ChargerNotes()
  const counted = { sessions: 0, declines: 0 }
  let phonesAtS: number | undefined
  controller.onFeedback((_bay, { outcome }) => {
    if (outcome === 'accepted') counted.sessions += 1
    if (outcome === 'refused') counted.declines += 1
  })
  kiosk.host.onMessage((message) => {
    if (message.type === 'news') phonesAtS = systemClock.nowS()
  })
  let tested = kiosk.tested
  const opened: { desk?: TechnicianDesk } = {}
  const lan = lanOf(kiosk, () => opened.desk)
  const desk = new TechnicianDesk({
    controller,
    post: controller.technician,
    journal,
    notes,
    charger: (identity) => kiosk.central?.charger(identity),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    machine: () => machineFacts(config.dataFolder),
    roads: () => roadsOf(kiosk, road, phonesAtS),
    tested: () => tested,
    runSelfTest: async () => (tested = await runSelfTest()),
    keysFault: () => kiosk.keyWatch.fault,
    counted: () => counted,
    lastScanS,
    uptime: () => kiosk.uptime?.figures ?? [],
    version,
    log,
    ...(lan === undefined ? {} : { lan }),
    ...sticksOf(config.stickPlaces, controller),
  })
  opened.desk = desk
  return { desk, notes }
}

const sticksOf = (
  places: readonly string[],
  { parcels }: Pick<Controller, 'parcels'>,
): Pick<DeskParts, 'serveSticks'> =>
  places.length === 0 || parcels === undefined
    ? {}
    : { serveSticks: () => serveSticks(places, parcels, systemClock) }

const satelliteRoad = ({ lastContactS, fault }: SatelliteFigures): TechnicianRoad => ({
  ...quietRoad,
  road: 'satellite',
  verdict: fault === undefined ? 'good' : 'doubtful',
  lastContactS: lastContactS ?? null,
  fault: fault ?? null,
})

const roadsOf = (
  { bluetooth, forwarder, journal, satellite }: Surroundings,
  { lastContactS, fault }: WatchedRoad,
  phonesAtS: number | undefined,
): readonly TechnicianRoad[] => [
  {
    ...quietRoad,
    road: 'cloud',
    verdict: fault === undefined && lastContactS !== undefined ? 'good' : 'doubtful',
    lastContactS: lastContactS ?? null,
    fault: fault ?? null,
    waiting: journal.size - journal.acknowledgedSize,
  },
  ...(forwarder?.figures() ?? []).map((site): TechnicianRoad => ({
    ...quietRoad,
    road: 'site',
    name: site.charger,
    verdict: site.standing === 'connected' ? 'good' : 'doubtful',
    fault: site.standing === 'connected' ? null : (site.fault ?? site.standing),
    waiting: site.waiting,
  })),
  { ...quietRoad, road: 'phones', lastContactS: phonesAtS ?? null },
  ...(satellite === undefined ? [] : [satelliteRoad(satellite.figures)]),
  ...(bluetooth === undefined ? [] : [{ ...quietRoad, road: 'bluetooth' } as const]),
]

const quietRoad = { name: null, verdict: 'good', lastContactS: null, fault: null, waiting: null } as const

function lanOf({ config }: Surroundings, desk: () => TechnicianDesk | undefined): LanDesk | undefined {
  const { technicianLan, screenFolder } = config
  if (technicianLan === undefined) return undefined
  const { host, port, tls } = technicianLan
  const door = lanDoor({
    host,
    port,
    screenFolder,
    tls: tls === undefined ? undefined : () => identityOf(technicianLan, tls),
    desk: () => {
      const technician = desk()
      if (technician === undefined) throw new Error('The LAN was opened before technician mode.')
      return { technician, lan }
    },
  })
  const lan = new LanDesk(door, systemClock, systemTimers)
  return lan
}

/** Made when it is first wanted, and kept: its fingerprint stays the same from visit to visit. */
function identityOf(
  { host }: TechnicianLanConfig,
  files: NonNullable<TechnicianLanConfig['tls']>,
): Result<TlsIdentity, string> {
  if (existsSync(files.keyFile)) {
    const read = readTlsFiles(files)
    return read.ok ? read : err(`The certificate for the LAN cannot be used: ${read.error.detail}`)
  }
  try {
    return ok(makeTlsFiles(files, host === '0.0.0.0' ? lanAddresses() : [host], systemClock.nowS()))
  } catch (error) {
    return err(`A certificate for the LAN cannot be kept: ${String(error)}`)
  }
}
