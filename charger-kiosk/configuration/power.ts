/** What chargers are told to draw at most, with this controller and without it. */

import type { PowerSettings } from '../controller/power-keeper'
import { amperes, chargePointIdentity } from '../ocpp/ids'
import type { KioskFile } from './schema'

export function powerSettings({ safeDefaultA, chargers = [] }: KioskFile['ocpp']): PowerSettings {
  const capped = chargers.flatMap(({ identity, maxCurrentA }) =>
    maxCurrentA === undefined ? [] : [[chargePointIdentity(identity), amperes(maxCurrentA)] as const],
  )
  return { safeDefaultA: amperes(safeDefaultA), stationMaxA: new Map(capped) }
}
