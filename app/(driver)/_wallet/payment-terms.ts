/** How one pays at this operator: asked once, and again when the network comes back. */

import { useSyncExternalStore } from 'react'
import type { PaymentsResponse } from '@/lib/cloud/api-types/payments'
import { onNetworkBack } from './network'
import { askTerms } from './payments'

let known: PaymentsResponse | undefined
let isAsking = false
const listeners = new Set<() => void>()

async function learn(): Promise<void> {
  if (known !== undefined || isAsking) return
  isAsking = true
  const terms = await askTerms()
  isAsking = false
  if (!terms.ok) return
  known = terms.value
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  void learn()
  const forgetNetwork = onNetworkBack(() => void learn())
  return () => {
    listeners.delete(listener)
    forgetNetwork()
  }
}

/** Undefined until the operator has said. */
export const usePaymentTerms = (): PaymentsResponse | undefined =>
  useSyncExternalStore(
    subscribe,
    () => known,
    () => undefined,
  )
