/** Fields that several messages of 2.0.1 share. Of the connectors of an EVSE one is in use at a time. */

import { connectorId, type ConnectorId } from '../ids'
import { asPayload, field, integerField, textField } from '../payload'
import type { PresentedToken, RawPayload, TokenInfo } from '../port'

/** Undefined for what cannot be an EVSE, and for the whole station. */
export function evseField(payload: RawPayload, key: string): ConnectorId | undefined {
  const value = integerField(payload, key)
  return value !== undefined && value >= 1 && value <= 255 ? connectorId(value) : undefined
}

export const evseOf = (payload: RawPayload): ConnectorId | undefined =>
  evseField(asPayload(field(payload, 'evse')), 'id')

/** Which connector of the EVSE; undefined where the charger does not say. */
export const evseConnectorOf = (payload: RawPayload): number | undefined =>
  evseField(asPayload(field(payload, 'evse')), 'connectorId')

/** The token that was presented; ours are 20 characters, others up to 36. */
export const tokenOf = (payload: RawPayload): string | undefined => {
  const text = textField(asPayload(field(payload, 'idToken')), 'idToken', 36)
  return text === '' ? undefined : text
}

/** With its kind, as cards and vehicles are known by both. */
export function presentedToken(payload: RawPayload): PresentedToken | undefined {
  const text = tokenOf(payload)
  const type = textField(asPayload(field(payload, 'idToken')), 'type', 20)
  return text === undefined ? undefined : { text, type }
}

/** IdTokenInfoType. */
export const idTokenInfo = ({ status, group }: TokenInfo) => ({
  status,
  ...(group === undefined ? {} : { groupIdToken: { idToken: group, type: 'Central' } }),
})
