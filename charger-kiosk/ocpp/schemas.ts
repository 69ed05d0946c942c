/**
 * The JSON schemas of one version of OCPP. What this controller sends must match them. What a charger sends is checked
 * against them and reported, but decided field by field: answering a broken StopTransaction with an error would make
 * the charger repeat it for ever, and a serial number that is too long is no reason to lose a charger.
 */

import standardValidators from 'ocpp-rpc/lib/standard-validators.js'
import { Validator } from 'ocpp-rpc/lib/validator.js'
import { assert } from '@/lib/core/assert'

export interface Schemas {
  /** Makes the library's strict mode refuse only what this controller itself would send wrongly. */
  readonly outboundValidator: Validator
  /** Why a charger's payload breaks its schema, or undefined when it does not. */
  violation(action: string, direction: 'req' | 'conf', payload: unknown): string | undefined
}

/**
 * @param inbound actions that a charger calls
 * @param outbound actions that a charger answers
 */
export function schemasOf(
  subprotocol: string,
  inbound: readonly string[],
  outbound: readonly string[],
): Schemas {
  const standard = standardValidators.find((validator) => validator.subprotocol === subprotocol)
  assert(standard !== undefined, `the OCPP library knows ${subprotocol}`)
  const sentByCharger: ReadonlySet<string> = new Set([
    ...inbound.map((action) => `urn:${action}.req`),
    ...outbound.map((action) => `urn:${action}.conf`),
  ])
  class OutboundValidator extends Validator {
    override validate(schemaId: string, params: unknown): boolean | Promise<unknown> {
      return sentByCharger.has(schemaId) || super.validate(schemaId, params)
    }
  }
  return {
    outboundValidator: new OutboundValidator(subprotocol, standard._ajv),
    violation(action, direction, payload) {
      try {
        standard.validate(`urn:${action}.${direction}`, payload)
        return undefined
      } catch (error) {
        return error instanceof Error ? error.message : 'invalid'
      }
    },
  }
}
