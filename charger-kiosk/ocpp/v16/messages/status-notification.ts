/** StatusNotification.req (OCPP 1.6 §4.9). */

import { err, ok } from '@/lib/core/result'
import { enumField, field, textField } from '../../payload'
import { connectorStatuses } from '../../port'
import { reportedTime } from '../../reported-time'
import type { Route } from '../../route'
import { connectorField } from './fields'

export const statusNotification: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    const connector = connectorField(payload)
    const status = enumField(payload, 'status', connectorStatuses)
    if (connector === undefined) return err('connectorId must be an integer from 0 to 255')
    if (status === undefined) return err('status must be a ChargePointStatus of OCPP 1.6')
    await handlers.onEvent({
      type: 'status',
      identity,
      connectorId: connector,
      status,
      errorCode: textField(payload, 'errorCode', 40) ?? 'OtherError',
      info: textField(payload, 'info', 100),
      vendorErrorCode: textField(payload, 'vendorErrorCode', 100),
      time: reportedTime(field(payload, 'timestamp'), frame),
    })
    return ok({})
  },
}
