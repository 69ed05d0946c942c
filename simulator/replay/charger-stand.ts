/**
 * One charger with everything that stands beside it: the real controller with its journal on a real disk, the real
 * OCPP server, and a virtual charger that connects to it over a loopback socket. Time is whatever the caller gives.
 */

import { join } from 'node:path'
import { BayMap } from '@/charger-kiosk/controller/bays'
import { createController, type Controller } from '@/charger-kiosk/controller/controller'
import { enrolmentWrites, openEnrolment, type Enrolment } from '@/charger-kiosk/controller/knowledge'
import type { Observer } from '@/charger-kiosk/controller/ports'
import { startCentralSystem } from '@/charger-kiosk/ocpp/central-system'
import { chargePointIdentity, type ChargePointIdentity } from '@/charger-kiosk/ocpp/ids'
import type { CentralSystem, ChargerCommands } from '@/charger-kiosk/ocpp/port'
import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import type { MachineSettings } from '@/charger-kiosk/session/connector-state'
import type { KioskTable } from '@/charger-kiosk/session/records'
import { toHex } from '@/lib/core/bytes'
import type { Clock, Random, Timers } from '@/lib/core/clock'
import { deviceId, type ChargerId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { durationMs, type EpochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import { deviceLock, folderVault } from '@/lib/journal/segment-vault'
import type { Road } from '@/lib/roads/road'
import type { OcppVersion } from '@/simulator/charger/socket-link'
import { VirtualCharger } from '@/simulator/charger/virtual-charger'

export interface StandOptions {
  readonly chargerId: ChargerId
  readonly signer: Signer
  readonly enrolment: Enrolment
  /** An existing folder for the journal. */
  readonly folder: string
  readonly time: { readonly clock: Clock; readonly timers: Timers }
  readonly random: Random
  /** Of the driver app, whose passkeys step up. */
  readonly origin: string
  /** Nothing in this world is older. */
  readonly buildTimeS: EpochSeconds
  readonly road?: Road
  readonly observer?: Observer
  readonly machine?: Partial<MachineSettings>
  /** What the virtual charger speaks. Default 1.6. */
  readonly ocpp?: OcppVersion
}

/** Time with power counts up to a minute between two readings, so that a longer interval would lose some. */
const meterIntervalS = 60
const maxPowerW = 150_000
/** The one connector of every stand. */
export const bay = 1

export interface ChargerStand {
  readonly chargerId: ChargerId
  readonly controller: Controller
  readonly charger: VirtualCharger
  readonly journal: Journal<KioskTable>
  /** What the connector's screen shows. */
  phase(): ConnectorPhase
  /** For virtual time: nothing is under way. */
  isQuiet(): boolean
  close(): Promise<void>
}

export async function openStand(options: StandOptions): Promise<ChargerStand> {
  const { chargerId, time } = options
  const identity = chargePointIdentity(chargerId)
  const journal = openFreshJournal(options)
  // The controller asks for its charger at each use, because the server that it belongs to starts after it.
  const server: { system?: CentralSystem } = {}
  const controller = openController(options, journal, (one) => server.system?.charger(one))
  const settings = { port: 0, chargers: [{ identity }], meterIntervalS, pingIntervalMs: durationMs(0) }
  const system = expectOk(
    await startCentralSystem({ ...settings, clockFloorS: options.buildTimeS }, controller.handlers, time),
    'a free port can be listened on',
  )
  server.system = system
  expectOk(await controller.start(), 'the controller starts')
  const url = `ws://127.0.0.1:${system.port}/ocpp`
  const charger = new VirtualCharger(
    { url, identity, version: options.ocpp ?? '1.6', settings: { maxPowerW } },
    time,
  )
  charger.start()
  return {
    chargerId,
    controller,
    charger,
    journal,
    phase() {
      const [connector] = controller.screenState().connectors
      if (connector === undefined) throw new Error(`${chargerId} has no connector`)
      return connector.phase
    },
    isQuiet: () => charger.isQuiet && system.isQuiet() && controller.isIdle(),
    async close() {
      charger.stop()
      await system.close()
      await controller.stop()
      journal.close()
    },
  }
}

function openFreshJournal({ chargerId, folder, random }: StandOptions): Journal<KioskTable> {
  const opened = openJournal<KioskTable>({
    path: join(folder, `${chargerId}.db`),
    encryptionKey: toHex(random.bytes(32)),
    vault: folderVault(join(folder, `${chargerId}.keys`), deviceLock(random.bytes(32))),
    device: deviceId(chargerId),
    random,
  })
  return expectOk(opened, 'a fresh journal opens')
}

function openController(
  { chargerId, signer, enrolment, time, random, origin, buildTimeS, road, observer, machine }: StandOptions,
  journal: Journal<KioskTable>,
  charger: (identity: ChargePointIdentity) => ChargerCommands | undefined,
): Controller {
  const self = { chargerId, key: signer.publicKey }
  const knowledge = expectOk(
    openEnrolment(enrolment, self, verifyWithNode),
    'the enrolment is for this charger',
  )
  expectOk(journal.append([], enrolmentWrites(knowledge)), 'the enrolment is kept')
  const created = createController(
    {
      journal,
      signer,
      verify: verifyWithNode,
      random,
      clock: time.clock,
      timers: time.timers,
      charger,
      ...(road === undefined ? {} : { road }),
      ...(observer === undefined ? {} : { observer }),
      onFatal: (fault) => {
        throw new Error(`The journal of ${chargerId} failed: ${fault.detail}`)
      },
    },
    {
      bays: BayMap.ofOne(chargePointIdentity(chargerId), bay),
      version: 'simulation',
      buildTimeS,
      stepUp: { relyingPartyId: new URL(origin).hostname, origins: [origin] },
      supportPhone: '',
      signsStatus: false,
      ...(machine === undefined ? {} : { machine }),
    },
    knowledge,
  )
  return expectOk(created, 'a fresh journal can be read')
}
