/** The keeper of a real controller: what each part of it says about a bay. */

import { join } from 'node:path'
import type { KioskConfig } from '../config'
import type { Controller } from '../controller/controller'
import type { LogLine } from '../controller/ports'
import type { CentralSystem } from '../ocpp/port'
import { systemClock, systemTimers } from '../system'
import type { ChargerNotes } from '../technician/charger-notes'
import { bayStanding } from './bay-standing'
import { UptimeKeeper } from './uptime-keeper'

interface Watched {
  readonly config: Pick<KioskConfig, 'dataFolder'>
  readonly controller: Controller
  readonly central: Pick<CentralSystem, 'charger'>
  readonly notes: ChargerNotes
  readonly log: (what: string, facts?: LogLine) => void
}

export function openUptime({ config, controller, central, notes, log }: Watched): UptimeKeeper {
  const keeper = new UptimeKeeper({
    path: join(config.dataFolder, 'uptime.hex'),
    standings: () =>
      new Map(
        controller.technician.facts().bays.map((bay) => {
          const { address, connectorId } = bay
          const isConnected =
            address !== undefined && central.charger(address.identity)?.isConnected() === true
          const status =
            address === undefined ? undefined : notes.socket(address.identity, address.evseId).status
          return [connectorId, bayStanding(bay, isConnected, status)]
        }),
      ),
    nowS: () => controller.standing().timeS,
    clock: systemClock,
    timers: systemTimers,
    log,
    tell: (day) => controller.tellDay(day),
  })
  keeper.start()
  return keeper
}
