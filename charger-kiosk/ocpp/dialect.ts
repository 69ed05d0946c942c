/**
 * One version of OCPP, and one charger's conversation in it. The session shell never sees which it is: both speak
 * through `port.ts`.
 */

import type { Validator } from 'ocpp-rpc/lib/validator.js'
import type { CommandSender } from './command-sender'
import type { ChargePointIdentity } from './ids'
import type { ChargerCommands, KnownCharger } from './port'
import type { Route } from './route'
import type { Schemas } from './schemas'
import type { Setting } from './set-up'

/** What one charger is told and asked; it may remember, and outlives links. */
export interface Dialect {
  readonly schemas: Schemas
  /** From the actions that the charger may call to what is done about them. */
  readonly routes: Readonly<Record<string, Route>>
  readonly commands: ChargerCommands
  /** What `tokenList.allowOffline` sets: where lists are used, nobody else touches it. */
  readonly listKeys: readonly string[]
  /** What the charger calls its own password, so that it can be given another. */
  readonly passwordKey: string
  /** How the charger is set up, in the version's own names. */
  settings(meterIntervalS: number): readonly Setting[]
}

export interface OcppVersion {
  /** As the WebSocket names it. */
  readonly subprotocol: string
  /** Refuses only what this controller itself would send wrongly. */
  readonly outboundValidator: Validator
  speak(
    identity: ChargePointIdentity,
    sender: CommandSender,
    isConnected: () => boolean,
    sockets?: KnownCharger['sockets'],
  ): Dialect
}
