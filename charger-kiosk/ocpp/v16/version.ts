/** OCPP 1.6J. */

import type { OcppVersion } from '../dialect'
import { schemasOf } from '../schemas'
import { createCommands } from './commands'
import { routes } from './routes'
import { standardConfiguration } from './set-up'
import { offlineSettings, tokenListActions } from './token-list'

const subprotocol = 'ocpp1.6'
/** Commands to a charger, whose requests are ours. */
const commandActions = [
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearChargingProfile',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'SetChargingProfile',
  'TriggerMessage',
  'UnlockConnector',
  ...tokenListActions,
]
const schemas = schemasOf(subprotocol, Object.keys(routes), commandActions)

export const ocpp16: OcppVersion = {
  subprotocol,
  outboundValidator: schemas.outboundValidator,
  speak: (_identity, sender, isConnected) => ({
    schemas,
    routes,
    commands: createCommands(sender, isConnected),
    settings: standardConfiguration,
    listKeys: offlineSettings(true).map(([key]) => key),
    passwordKey: 'AuthorizationKey',
  }),
}
