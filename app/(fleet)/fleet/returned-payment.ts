/**
 * A manager who comes back from the card provider's page: the address names the payment, and until the operator knows
 * what came of it a dialog says that it is on its way. Asked along with the fleet's figures, every few seconds.
 */

import type { FleetDialog } from '@/components/console/fleet-view'
import { refusal } from '@/lib/core/reason'
import { readTopUp } from './fleet-api'

export interface DialogPlace {
  show(dialog: FleetDialog): void
  shown(): FleetDialog
}

/** Looks after the payment that the address named when the page was opened; does nothing when there is none. */
export function watchReturned(search: string, place: DialogPlace): () => Promise<void> {
  const query = new URLSearchParams(search)
  const paymentId = query.get('payment') ?? ''
  // Who pressed "back" there knows it; the order was not paid and stays without effect.
  let isOver = !/^[0-9a-f]{32}$/.test(paymentId) || query.get('cancelled') === '1'
  let isShown = false
  return async () => {
    if (isOver) return
    if (!isShown) place.show({ kind: 'paid-elsewhere', progress: { kind: 'waiting' } })
    isShown = true
    const answer = await readTopUp(paymentId)
    if (answer.ok && (answer.value.state === 'redirect' || answer.value.state === 'waiting')) return
    if (!answer.ok && answer.error.code === 'api.unreachable') return
    isOver = true
    window.history.replaceState(null, '', window.location.pathname)
    if (place.shown().kind !== 'paid-elsewhere') return
    if (answer.ok && answer.value.state === 'paid') return place.show({ kind: 'none' })
    const why = answer.ok ? refusal('account.card-declined') : answer.error
    place.show({ kind: 'paid-elsewhere', progress: { kind: 'failed', refusal: why } })
  }
}
