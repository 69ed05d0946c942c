/**
 * One recorded session, delivered exactly: a vehicle arrives at a time, takes a known energy over a known duration
 * once charging has begun, and leaves. For replays and for tests that compute the expected cents themselves.
 */

import { registerWh } from './meter'
import { findConnector } from './transactions'
import { scheduled } from './vehicle'
import type { VirtualCharger } from './virtual-charger'
import type { SleepUntil } from './virtual-time'

export interface SessionPlan {
  /** When the vehicle is plugged in, in simulated epoch seconds. */
  readonly startS: number
  /** How long it charges. It stays plugged in until then, also when the charging is cut short. */
  readonly durationS: number
  readonly energyWh: number
  /** Default 1. */
  readonly connectorId?: number
}

export interface DeliveredSession {
  readonly meterStartWh: number
  readonly meterStopWh: number
  /** Less than planned when something stopped it, at most 1 Wh more or less by the register's whole steps. */
  readonly energyWh: number
  readonly startedAtS: number
}

/** A charger that has been told to start does so within seconds. */
const startWithinS = 60

/**
 * `authorize` is what the driver does at the charger; it resolves to whether the charging will begin. Undefined when
 * it did not. At the end the vehicle is gone and the charger has sent its StopTransaction.
 */
export async function deliverSession(
  charger: VirtualCharger,
  plan: SessionPlan,
  nowS: () => number,
  sleepUntil: SleepUntil,
  authorize: () => Promise<boolean>,
): Promise<DeliveredSession | undefined> {
  const connectorId = plan.connectorId ?? 1
  const connector = () => findConnector(charger.state, connectorId)
  const register = (): number => {
    const found = connector()
    return found === undefined ? 0 : registerWh(found)
  }
  await sleepUntil(plan.startS)
  charger.dispatch({ type: 'plug', connectorId, vehicle: scheduled(plan.energyWh, plan.durationS * 1_000) })
  // The controller hears of the vehicle, and makes its offer, before the driver acts.
  await sleepUntil(nowS() + 1)
  const meterStartWh = register()
  const isAuthorized = await authorize()
  for (
    let waitedS = 0;
    isAuthorized && waitedS < startWithinS && !hasBegun(charger, connectorId);
    waitedS += 1
  ) {
    await sleepUntil(nowS() + 1)
  }
  const hasStarted = hasBegun(charger, connectorId)
  const startedAtS = nowS()
  if (hasStarted) await sleepUntil(startedAtS + plan.durationS)
  charger.dispatch({ type: 'unplug', connectorId })
  await sleepUntil(nowS() + 1)
  const meterStopWh = register()
  return hasStarted
    ? { meterStartWh, meterStopWh, energyWh: meterStopWh - meterStartWh, startedAtS }
    : undefined
}

/** Has or had a transaction with the vehicle that is plugged in now. */
function hasBegun(charger: VirtualCharger, connectorId: number): boolean {
  const connector = findConnector(charger.state, connectorId)
  return connector !== undefined && (connector.transaction !== undefined || connector.isFinished)
}
