/** What forwarding is told by the configuration: where each charger's site CSMS is and what it may do. */

import type { ChargePointIdentity } from '../ocpp/ids'

export const forwardVersions = ['1.6', '2.0.1'] as const
export type ForwardVersion = (typeof forwardVersions)[number]

/** What a site CSMS may be allowed to do. Starting a session is not among them: see docs/forwarding.md. */
export const siteRights = [
  'stop',
  'limit',
  'reset',
  'unlock',
  'availability',
  'settings',
  'diagnostics',
  'firmware',
] as const
export type SiteRight = (typeof siteRights)[number]

/** Everything that can only make a charger do less, and what a technician on the telephone asks for first. */
export const usualRights: readonly SiteRight[] = [
  'stop',
  'limit',
  'reset',
  'unlock',
  'availability',
  'settings',
]

export interface ForwardTarget {
  /** The charger's own name at this controller. */
  readonly charger: ChargePointIdentity
  /** Without the identity, ws or wss. */
  readonly url: string
  /** What the site CSMS calls it. */
  readonly identity: string
  readonly password: string | undefined
  readonly tls: ForwardTls | undefined
  readonly version: ForwardVersion
  readonly rights: readonly SiteRight[]
  /** Keys (1.6) or `Component.Variable` (2.0.1) that it may change beyond the usual ones. */
  readonly settings: readonly string[]
  readonly queueMax: number
  readonly backfillPerSecond: number
}

/** PEM. */
export interface ForwardTls {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

export const subprotocolOf = (version: ForwardVersion): string => `ocpp${version}`
