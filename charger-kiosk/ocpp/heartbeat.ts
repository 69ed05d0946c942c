/** Heartbeat.req (OCPP 1.6 §4.6, 2.0.1 G02): also how a charger sets its clock. */

import { ok } from '@/lib/core/result'
import { formatTime } from './reported-time'
import type { Route } from './route'

export const heartbeat: Route = {
  retried: false,
  async handle(_payload, { identity, frame, handlers }) {
    await handlers.onEvent({ type: 'heartbeat', identity, atS: frame.receivedAtS })
    return ok({ currentTime: formatTime(frame.receivedAtS) })
  },
}
