/** Payment news as JSON, as the sandbox sends it and the database keeps it. */

import { currencyPattern } from '@/lib/core/ids'
import { asChoice, asInteger, asObject, asText } from '../json-shape'
import type { PaymentNews } from './payment-event'

const amountMax = 1_000_000_000

/** Undefined where the value is no news. */
export function readPaymentNews(json: unknown): PaymentNews | undefined {
  const object = asObject(json)
  const kind = asText(object?.['kind'], 40)
  const amountMinor = asInteger(object?.['amountMinor'], 0, amountMax)
  if (kind === 'failed' || kind === 'cancelled') return { kind }
  if (kind === 'unknown') return { kind, type: asText(object?.['type'], 200) ?? '' }
  if (amountMinor === undefined) return undefined
  const moved = asChoice(kind, ['paid', 'preauthorised', 'captured'])
  if (moved !== undefined) {
    const currency = asText(object?.['currency'], 3)
    if (currency === undefined || !currencyPattern.test(currency)) return undefined
    return { kind: moved, amountMinor, currency }
  }
  const refund = asChoice(kind, ['refunded', 'refund-failed'])
  const refundId = asText(object?.['refundId'], 200)
  if (refund !== undefined && refundId !== undefined) {
    return { kind: refund, refundId, amountMinor, actId: asText(object?.['actId'], 200) ?? null }
  }
  const dispute = asChoice(kind, ['dispute-opened', 'dispute-won', 'dispute-lost'])
  const disputeId = asText(object?.['disputeId'], 200)
  if (dispute !== undefined && disputeId !== undefined) return { kind: dispute, disputeId, amountMinor }
  return undefined
}
