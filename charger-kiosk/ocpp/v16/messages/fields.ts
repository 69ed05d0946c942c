/** Fields that several messages share. */

import type { WattHours } from '@/lib/core/units'
import { wattHours } from '@/lib/core/units'
import { connectorId, transactionId, type ConnectorId, type TransactionId } from '../../ids'
import { integerField } from '../../payload'
import type { AuthorizationStatus, RawPayload, TokenInfo } from '../../port'

/** Undefined for what cannot be a connector. */
export function connectorField(payload: RawPayload): ConnectorId | undefined {
  const value = integerField(payload, 'connectorId')
  return value !== undefined && value >= 0 && value <= 255 ? connectorId(value) : undefined
}

/** Undefined for −1 and 0, which chargers report for a transaction whose start was lost, and for what is no id. */
export function transactionField(payload: RawPayload): TransactionId | undefined {
  const value = integerField(payload, 'transactionId')
  return value !== undefined && value >= 1 && value <= 2_147_483_647 ? transactionId(value) : undefined
}

/** A register in Wh; meterStart and meterStop are integers by the schema, decimals are rounded half up. */
export function registerField(payload: RawPayload, key: string): WattHours | undefined {
  const value = integerField(payload, key)
  return value !== undefined && value >= 0 ? wattHours(value) : undefined
}

const statuses: readonly AuthorizationStatus[] = ['Accepted', 'Blocked', 'Expired', 'ConcurrentTx']

/** IdTagInfo (OCPP 1.6 §7.28), which has no words for some reasons of 2.0.1. */
export const idTagInfo = ({ status, group }: TokenInfo) => ({
  status: statuses.includes(status) ? status : 'Invalid',
  ...(group === undefined ? {} : { parentIdTag: group }),
})
