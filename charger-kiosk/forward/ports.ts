/** What forwarding needs of the rest of the controller, and what it shows of itself. */

import type { Clock, Timers } from '@/lib/core/clock'
import type { SiteDesk } from '../controller/site-desk'
import type { ChargePointIdentity } from '../ocpp/ids'
import type { CentralSystem } from '../ocpp/port'
import type { Outbox } from './outbox'
import type { LinkStanding, Pace } from './site-link'

export interface ForwarderPorts {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly timers: Timers
  /** Asked for at each use: the socket server and the controller start around the forwarder. */
  central(): Pick<CentralSystem, 'relay'> | undefined
  desk(): Desk | undefined
  log(what: string, facts: Readonly<Record<string, string | number>>): void
  readonly phaseVoltageV: number
  readonly pace?: Partial<Pace>
}

/** What it needs of the controller. */
export interface Desk {
  readonly site: Pick<SiteDesk, 'openSessions' | 'stop' | 'note' | 'incident'>
  outsideLimitsChanged(identity: ChargePointIdentity): boolean
}

export interface ForwardFigures {
  readonly charger: string
  readonly standing: LinkStanding | 'wrong-version'
  readonly fault: string | undefined
  readonly waiting: number
  /** 0 where nothing waits. */
  readonly oldestUnsentS: number
  readonly delivered: number
  readonly setAside: number
  readonly dropped: number
  readonly refusedCommands: number
}
