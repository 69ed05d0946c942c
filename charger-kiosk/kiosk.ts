/** The parts of a running controller, as the steps of its start and its figures share them. */

import type { Journal } from '@/lib/journal/journal'
import type { UplinksRoad } from '@/lib/roads/uplinks-road'
import type { GatewayLine } from '@/lib/roads/gateway-line'
import type { Bluetooth } from './bluetooth/start-bluetooth'
import type { KioskConfig } from './config'
import type { Controller } from './controller/controller'
import type { Forwarder } from './forward/forwarder'
import type { DeviceKeys } from './keys/device-keys'
import type { KeyWatch } from './keys/watched-signer'
import type { Log } from './log/log-writer'
import type { CentralSystem } from './ocpp/port'
import type { SelfTestResult } from './self-test'
import type { SatelliteLoop } from './satellite/satellite-loop'
import type { CommandSocket } from './server/command-socket'
import type { Counters } from './server/metrics'
import type { ChangingHost } from './server/screen-host'
import type { ServiceNotifier } from './service-notify'
import type { KioskTable } from './session/records'
import type { SwitchedRoad } from './switched-road'
import type { UptimeKeeper } from './telemetry/uptime-keeper'
import type { Technician } from './technician/open-technician'

/** What is opened once and shared by the steps of the start. */
export interface Kiosk {
  readonly config: KioskConfig
  readonly keys: DeviceKeys
  readonly keyWatch: KeyWatch
  readonly journal: Journal<KioskTable>
  readonly road: SwitchedRoad
  /** Where the configuration names several. */
  readonly uplinks: UplinksRoad | undefined
  /** To the site's gateway, where there is one. */
  gateway: GatewayLine | undefined
  readonly host: ChangingHost
  readonly counters: Counters
  readonly log: Log
  readonly service: ServiceNotifier
  readonly tested: SelfTestResult
  controller: Controller | undefined
  central: CentralSystem | undefined
  forwarder: Forwarder | undefined
  bluetooth: Bluetooth | undefined
  commands: CommandSocket | undefined
  satellite: SatelliteLoop | undefined
  technician: Technician | undefined
  uptime: UptimeKeeper | undefined
}
