/** BootNotification.req (OCPP 2.0.1, B01). The identity was checked at the door, so every known charger is accepted. */

import { ok } from '@/lib/core/result'
import { asPayload, field, textField } from '../../payload'
import { formatTime } from '../../reported-time'
import type { Route } from '../../route'

const charsMax = 64
/** Asked for by TriggerMessage: the station has not started. */
const triggered = 'Triggered'

export const bootNotification: Route = {
  retried: false,
  async handle(payload, context) {
    const { identity, frame, handlers } = context
    const station = asPayload(field(payload, 'chargingStation'))
    if (textField(payload, 'reason', 20) !== triggered) {
      await handlers.onEvent({
        type: 'booted',
        identity,
        atS: frame.receivedAtS,
        vendor: textField(station, 'vendorName', charsMax) ?? '',
        model: textField(station, 'model', charsMax) ?? '',
        firmware: textField(station, 'firmwareVersion', charsMax),
        serialNumber: textField(station, 'serialNumber', charsMax),
      })
      context.restarted()
    }
    return ok({
      status: 'Accepted',
      currentTime: formatTime(frame.receivedAtS),
      interval: context.heartbeatIntervalS,
    })
  },
}
