/** MeterValues.req (OCPP 2.0.1, J01): readings outside of any transaction, told by clock or on request. */

import { ok } from '@/lib/core/result'
import { connectorId } from '../../ids'
import type { Route } from '../../route'
import { evseField } from '../fields'
import { readMeterValues } from '../meter-values'

export const meterValues: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers, report }) {
    const { samples, problems } = readMeterValues(payload, frame)
    if (problems.length > 0) await report('unreadable-value', problems.join('; '))
    await handlers.onEvent({
      type: 'meter-values',
      identity,
      connectorId: evseField(payload, 'evseId') ?? connectorId(0),
      transactionId: undefined,
      samples,
      raw: payload,
    })
    return ok({})
  },
}
