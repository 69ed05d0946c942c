/** StatusNotification.req (OCPP 2.0.1, G01). "Occupied" is told apart by what is known of the transaction there. */

import { err, ok } from '@/lib/core/result'
import type { ConnectorStatus } from '../../port'
import { enumField, field } from '../../payload'
import { reportedTime } from '../../reported-time'
import type { Route } from '../../route'
import { evseField } from '../fields'
import type { Transactions } from '../transactions'

const statuses = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted'] as const

export const statusNotification = (transactions: Transactions): Route => ({
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const evse = evseField(payload, 'evseId')
    const told = enumField(payload, 'connectorStatus', statuses)
    if (evse === undefined) return err('evseId must be an integer from 1 to 255')
    if (told === undefined) return err('connectorStatus must be a ConnectorStatusEnumType of OCPP 2.0.1')
    const evseConnector = evseField(payload, 'connectorId')
    const status: ConnectorStatus = told === 'Occupied' ? transactions.plugged(evse, evseConnector) : told
    transactions.heard(evse, evseConnector, status)
    await handlers.onEvent({
      type: 'status',
      identity,
      connectorId: evse,
      evseConnector,
      status,
      errorCode: told === 'Faulted' ? 'OtherError' : 'NoError',
      info: undefined,
      vendorErrorCode: undefined,
      time: reportedTime(field(payload, 'timestamp'), frame),
    })
    return ok({})
  },
})
