/**
 * The JSON schemas of OCPP 1.6. What this controller sends must match them. What a charger sends is checked against
 * them and reported, but decided field by field: answering a broken StopTransaction with an error would make the
 * charger repeat it for ever, and a serial number that is too long is no reason to lose a charger.
 */

import standardValidators from 'ocpp-rpc/lib/standard-validators.js'
import { Validator } from 'ocpp-rpc/lib/validator.js'
import { assert } from '@/lib/core/assert'
import { routes } from './routes'

export const subprotocol = 'ocpp1.6'

const found = standardValidators.find((validator) => validator.subprotocol === subprotocol)
assert(found !== undefined, 'the OCPP library knows OCPP 1.6')
const standard: Validator = found

/** Commands to a charger, whose requests are ours. */
export const commandActions = [
  'ChangeConfiguration',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'TriggerMessage',
  'UnlockConnector',
] as const
export type CommandAction = (typeof commandActions)[number]

const sentByCharger: ReadonlySet<string> = new Set([
  ...Object.keys(routes).map((action) => `urn:${action}.req`),
  ...commandActions.map((action) => `urn:${action}.conf`),
])

class OutboundValidator extends Validator {
  override validate(schemaId: string, params: unknown): boolean | Promise<unknown> {
    return sentByCharger.has(schemaId) || super.validate(schemaId, params)
  }
}

/** Makes the library's strict mode refuse only what this controller itself would send wrongly. */
export const outboundValidator: Validator = new OutboundValidator(subprotocol, standard._ajv)

/** Why a charger's payload breaks its schema, or undefined when it does not. */
export function schemaViolation(
  action: string,
  direction: 'req' | 'conf',
  payload: unknown,
): string | undefined {
  try {
    standard.validate(`urn:${action}.${direction}`, payload)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'invalid'
  }
}
