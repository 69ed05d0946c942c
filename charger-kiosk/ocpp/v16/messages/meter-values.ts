/**
 * MeterValues.req (OCPP 1.6 §4.7). Retried by some chargers, so never refused; a repeat is passed on, because each
 * sample carries its own time and register and says the same thing twice at worst.
 */

import { ok } from '@/lib/core/result'
import { connectorId } from '../../ids'
import { readSamples } from '../../meter-sample'
import { listField } from '../../payload'
import type { Route } from '../../route'
import { connectorField, transactionField } from './fields'

export const meterValues: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers, report }) {
    const { samples, problems } = readSamples(listField(payload, 'meterValue'), frame)
    if (problems.length > 0) await report('unreadable-value', problems.join('; '))
    await handlers.onEvent({
      type: 'meter-values',
      identity,
      connectorId: connectorField(payload) ?? connectorId(0),
      transactionId: transactionField(payload),
      samples,
      raw: payload,
    })
    return ok({})
  },
}
