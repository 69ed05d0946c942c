/** StartTransaction.req (OCPP 1.6 §4.8): a fact to be recorded. Even a refused one gets an id and an answer. */

import { ok } from '@/lib/core/result'
import { connectorId } from '../../ids'
import { field, textField } from '../../payload'
import { reportedTime } from '../../reported-time'
import type { Route } from '../../route'
import { connectorField, idTagInfo, registerField } from './fields'

export const startTransaction: Route = {
  retried: true,
  async handle(payload, { identity, frame, handlers, report }) {
    const connector = connectorField(payload)
    const meterStartWh = registerField(payload, 'meterStart')
    if (connector === undefined) await report('unreadable-value', 'connectorId')
    if (meterStartWh === undefined) await report('unreadable-value', 'meterStart')
    const answer = await handlers.onStartTransaction({
      identity,
      connectorId: connector ?? connectorId(0),
      idTag: textField(payload, 'idTag', 20) ?? '',
      meterStartWh,
      time: reportedTime(field(payload, 'timestamp'), frame),
      raw: payload,
    })
    return ok({ transactionId: answer.transactionId, idTagInfo: idTagInfo(answer) })
  },
}
