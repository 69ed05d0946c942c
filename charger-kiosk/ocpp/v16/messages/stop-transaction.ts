/**
 * StopTransaction.req (OCPP 1.6 §4.10): a fact to be recorded, however late, unknown or broken. A charger repeats it
 * until it is acknowledged, so it always is.
 */

import { ok } from '@/lib/core/result'
import { readSamples } from '../../meter-sample'
import { enumField, field, listField, textField } from '../../payload'
import { stopReasons } from '../../port'
import { reportedTime } from '../../reported-time'
import type { Route } from '../../route'
import { registerField, transactionField } from './fields'

export const stopTransaction: Route = {
  retried: true,
  async handle(payload, { identity, frame, handlers, report }) {
    const meterStopWh = registerField(payload, 'meterStop')
    const { samples, problems } = readSamples(listField(payload, 'transactionData'), frame)
    const unread = meterStopWh === undefined ? ['meterStop', ...problems] : problems
    if (unread.length > 0) await report('unreadable-value', unread.join('; '))
    const tag = textField(payload, 'idTag', 20)
    await handlers.onStopTransaction({
      identity,
      transactionId: transactionField(payload),
      meterStopWh,
      time: reportedTime(field(payload, 'timestamp'), frame),
      reason: enumField(payload, 'reason', stopReasons) ?? 'Local',
      idTag: tag === '' ? undefined : tag,
      samples,
      raw: payload,
    })
    return ok({})
  },
}
