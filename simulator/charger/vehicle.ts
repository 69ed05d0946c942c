/**
 * What hangs on the cable. A battery takes what it is given until it tapers off; a scheduled vehicle takes an exact
 * amount of energy over an exact time, for replaying recorded sessions. Energy counts in millijoules (W × ms), so
 * that sums are exact integers: 1 Wh = 3,600,000 mJ.
 */

export const milliJoulesPerWh = 3_600_000

export interface BatteryVehicle {
  readonly kind: 'battery'
  readonly capacityWh: number
  readonly storedMilliJ: number
  readonly maxPowerW: number
  /** From this state of charge on the power falls in a straight line, to a tenth of the maximum at 100 %. */
  readonly taperFromPercent: number
}

export interface ScheduledVehicle {
  readonly kind: 'scheduled'
  readonly energyWh: number
  readonly durationMs: number
  /** How long it has been charging. */
  readonly elapsedMs: number
}

export type Vehicle = BatteryVehicle | ScheduledVehicle

export interface Draw {
  readonly vehicle: Vehicle
  readonly deliveredMilliJ: number
  /** At the end of the time; 0 when it wants no more. */
  readonly powerW: number
}

export const battery = (
  capacityWh: number,
  chargePercent: number,
  maxPowerW: number,
  taperFromPercent = 80,
): BatteryVehicle => ({
  kind: 'battery',
  capacityWh,
  storedMilliJ: Math.round((capacityWh * milliJoulesPerWh * chargePercent) / 100),
  maxPowerW,
  taperFromPercent,
})

export const scheduled = (energyWh: number, durationMs: number): ScheduledVehicle => ({
  kind: 'scheduled',
  energyWh,
  durationMs: Math.max(1, durationMs),
  elapsedMs: 0,
})

/** Lets energy flow for `elapsedMs`, limited to `limitW`. `speed` multiplies the energy of a battery, not the power shown. */
export function draw(vehicle: Vehicle, elapsedMs: number, limitW: number, speed: number): Draw {
  return vehicle.kind === 'battery'
    ? drawBattery(vehicle, elapsedMs, limitW, speed)
    : drawScheduled(vehicle, elapsedMs)
}

/** The taper is followed in steps of a second. */
const stepMs = 1_000

function drawBattery(start: BatteryVehicle, elapsedMs: number, limitW: number, speed: number): Draw {
  let vehicle = start
  for (let leftMs = elapsedMs; leftMs > 0; leftMs -= stepMs) {
    const wantedMilliJ = Math.round(acceptedPowerW(vehicle, limitW) * Math.min(stepMs, leftMs) * speed)
    if (wantedMilliJ === 0) break
    const roomMilliJ = vehicle.capacityWh * milliJoulesPerWh - vehicle.storedMilliJ
    vehicle = { ...vehicle, storedMilliJ: vehicle.storedMilliJ + Math.min(wantedMilliJ, roomMilliJ) }
  }
  return {
    vehicle,
    deliveredMilliJ: vehicle.storedMilliJ - start.storedMilliJ,
    powerW: acceptedPowerW(vehicle, limitW),
  }
}

export const chargePercent = (vehicle: BatteryVehicle): number =>
  Math.floor((vehicle.storedMilliJ * 100) / (vehicle.capacityWh * milliJoulesPerWh))

function acceptedPowerW(vehicle: BatteryVehicle, limitW: number): number {
  const share = vehicle.storedMilliJ / (vehicle.capacityWh * milliJoulesPerWh)
  if (share >= 1) return 0
  const taperFrom = vehicle.taperFromPercent / 100
  const factor = share <= taperFrom ? 1 : 1 - (0.9 * (share - taperFrom)) / (1 - taperFrom)
  return Math.min(limitW, Math.round(vehicle.maxPowerW * factor))
}

function drawScheduled(vehicle: ScheduledVehicle, elapsedMs: number): Draw {
  const after = { ...vehicle, elapsedMs: Math.min(vehicle.durationMs, vehicle.elapsedMs + elapsedMs) }
  const isDone = after.elapsedMs === vehicle.durationMs
  return {
    vehicle: after,
    deliveredMilliJ: takenMilliJ(after) - takenMilliJ(vehicle),
    powerW: isDone ? 0 : Math.round((vehicle.energyWh * milliJoulesPerWh) / vehicle.durationMs),
  }
}

/** Exact at both ends, whatever the steps between. */
function takenMilliJ(vehicle: ScheduledVehicle): number {
  const wholeMilliJ = vehicle.energyWh * milliJoulesPerWh
  return vehicle.elapsedMs >= vehicle.durationMs
    ? wholeMilliJ
    : Math.floor(wholeMilliJ * (vehicle.elapsedMs / vehicle.durationMs))
}
