/** Light by day, dark by night: what somebody chose, else by the hour at the charger. */

import type { Light } from './screen-model'

const dayFromHour = 6
const nightFromHour = 20

/** `hour` is the local hour of the controller's clock. A clock that was never set shows the day. */
export function lightAt(chosen: Light | null, hour: number | null): Light {
  if (chosen !== null) return chosen
  if (hour === null) return 'day'
  return hour >= dayFromHour && hour < nightFromHour ? 'day' : 'night'
}

/** Before this the controller cannot have been built. */
const clockIsSetAfterS = 1_700_000_000

export const localHour = (nowS: number | undefined): number | null =>
  nowS === undefined || nowS < clockIsSetAfterS ? null : new Date(nowS * 1_000).getHours()
