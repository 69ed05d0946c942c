/** BootNotification.req (OCPP 1.6 §4.2). The identity was checked at the door, so every known charger is accepted. */

import { ok } from '@/lib/core/result'
import { textField } from '../../payload'
import { formatTime } from '../../reported-time'
import type { Route } from '../../route'

/** The schema allows 20 to 50; some chargers write more. */
const charsMax = 64

export const bootNotification: Route = {
  retried: false,
  async handle(payload, context) {
    const { identity, frame, handlers } = context
    await handlers.onEvent({
      type: 'booted',
      identity,
      atS: frame.receivedAtS,
      vendor: textField(payload, 'chargePointVendor', charsMax) ?? '',
      model: textField(payload, 'chargePointModel', charsMax) ?? '',
      firmware: textField(payload, 'firmwareVersion', charsMax),
      serialNumber:
        textField(payload, 'chargePointSerialNumber', charsMax) ??
        textField(payload, 'chargeBoxSerialNumber', charsMax),
    })
    context.restarted()
    return ok({
      status: 'Accepted',
      currentTime: formatTime(frame.receivedAtS),
      interval: context.heartbeatIntervalS,
    })
  },
}
