/** The meters: energy accounted up to now, and readings as OCPP writes them. */

import { selected, type Measurand } from './configuration'
import { limitW } from './profiles'
import type { ChargerState, Connector, Now, Payload } from './state'
import { chargePercent, draw, milliJoulesPerWh } from './vehicle'

export const registerWh = (connector: Connector): number =>
  Math.floor(connector.meterMilliJ / milliJoulesPerWh)

/** Lets energy flow into the vehicles that are charging, up to now; a profile that ends, ends at its own instant. */
export function account(state: ChargerState, now: Now): ChargerState {
  const elapsedMs = Math.max(0, now.monotonicMs - state.accountedMs)
  return {
    ...state,
    accountedMs: now.monotonicMs,
    connectors: state.connectors.map((connector) => {
      const { speed } = state.settings
      const flowed = flow(connector, elapsedMs, speed, limitW(state, connector, state.accountedMs))
      return flow(flowed, 0, speed, limitW(state, connector, now.monotonicMs))
    }),
  }
}

/** With no time elapsed it only finds out the power. */
export function flow(connector: Connector, elapsedMs: number, speed: number, mostW: number): Connector {
  const { transaction, vehicle } = connector
  if (transaction === undefined || vehicle === undefined || connector.isFaulted)
    return { ...connector, powerW: 0 }
  const drawn = draw(vehicle, elapsedMs, mostW, speed)
  return {
    ...connector,
    vehicle: drawn.vehicle,
    powerW: drawn.powerW,
    meterMilliJ: connector.meterMilliJ + drawn.deliveredMilliJ,
  }
}

/** The charger's own idea of the time, which is wrong on request. */
export const timestamp = (state: ChargerState, now: Now): string =>
  new Date((state.faults.unsetClock ? Math.floor(now.monotonicMs / 1_000) : now.wallS) * 1_000).toISOString()

export function meterValue(
  state: ChargerState,
  connector: Connector,
  context: string,
  list: string,
  now: Now,
): Payload {
  const sampledValue = selected(list).flatMap((measurand) => sampledValueOf(connector, measurand, context))
  return { timestamp: timestamp(state, now), sampledValue }
}

export const registerValue = (valueWh: number, context: string): Payload => ({
  value: String(valueWh),
  context,
  measurand: 'Energy.Active.Import.Register',
  unit: 'Wh',
})

function sampledValueOf(connector: Connector, measurand: Measurand, context: string): readonly Payload[] {
  switch (measurand) {
    case 'Energy.Active.Import.Register':
      return [registerValue(registerWh(connector), context)]
    case 'Power.Active.Import':
      return [{ value: String(connector.powerW), context, measurand, unit: 'W' }]
    case 'Temperature': {
      const celsius = (25 + connector.powerW / 5_000).toFixed(1)
      return [{ value: celsius, context, measurand, location: 'Outlet', unit: 'Celsius' }]
    }
    case 'SoC':
      return connector.vehicle?.kind === 'battery'
        ? [
            {
              value: String(chargePercent(connector.vehicle)),
              context,
              measurand,
              location: 'EV',
              unit: 'Percent',
            },
          ]
        : []
  }
}
