/** The one table of states: its icon, its tone, and what a person can do in it. Words are `kiosk.states.<name>`. */

import type { LucideIcon } from 'lucide-react'
import BatteryCharging from 'lucide-react/icons/battery-charging'
import CircleCheck from 'lucide-react/icons/circle-check'
import LoaderCircle from 'lucide-react/icons/loader-circle'
import Plug from 'lucide-react/icons/plug'
import PlugZap from 'lucide-react/icons/plug-zap'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import Unplug from 'lucide-react/icons/unplug'

export type KioskStateName =
  'available' | 'offering' | 'starting' | 'charging' | 'stopping' | 'finished' | 'unavailable' | 'lost'

/** Colour is never the only sign: the icon and the word say the same. */
export type StateTone = 'plain' | 'good' | 'amber' | 'bad' | 'calm'

interface StateFacts {
  readonly icon: LucideIcon
  readonly tone: StateTone
  /** Stop is always in its place; only here does it do something. */
  readonly stoppable: boolean
  /** An unattended screen in this state shows somebody's data, so it clears itself. */
  readonly personal: boolean
  /** A session runs or is about to: the screen never leaves it by itself. */
  readonly running: boolean
}

export const kioskStates = {
  available: { icon: Plug, tone: 'good', stoppable: false, personal: false, running: false },
  offering: { icon: PlugZap, tone: 'plain', stoppable: false, personal: false, running: false },
  starting: { icon: LoaderCircle, tone: 'amber', stoppable: true, personal: true, running: true },
  charging: { icon: BatteryCharging, tone: 'amber', stoppable: true, personal: true, running: true },
  stopping: { icon: LoaderCircle, tone: 'amber', stoppable: false, personal: true, running: true },
  finished: { icon: CircleCheck, tone: 'good', stoppable: false, personal: true, running: false },
  unavailable: { icon: TriangleAlert, tone: 'bad', stoppable: false, personal: false, running: false },
  lost: { icon: Unplug, tone: 'calm', stoppable: false, personal: false, running: false },
} as const satisfies Record<KioskStateName, StateFacts>
