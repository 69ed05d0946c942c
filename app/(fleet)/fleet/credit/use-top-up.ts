'use client'

/**
 * Card top-up: the question, the payment, and a manager who comes back from the card provider's page, whose address names
 * the payment. Until the operator knows what came of it a dialog says that it is on its way.
 */

import { useEffect, useState } from 'react'
import type { CreditDialog } from '@/components/console/credit/credit-view'
import type { PaymentsResponse, TopUpResponse } from '@/lib/cloud/api-types/payments'
import { refusal } from '@/lib/core/reason'
import { ask } from '../../../_console/ask'
import { useAct } from '../../../_console/use-act'

const askEveryMs = 3_000

export interface TopUp {
  readonly dialog: CreditDialog
  open(): void
  close(): void
  pay(order: { readonly amountMinor: number; readonly cardNumber: string | null }): void
}

export function useTopUp(currency: string, search: string, refresh: () => Promise<void>): TopUp {
  const [dialog, setDialog] = useState<CreditDialog>({ kind: 'none' })
  useReturned(search, setDialog, refresh)
  const act = useAct((order: { amountMinor: number; cardNumber: string | null }, idempotencyKey) =>
    ask<TopUpResponse>('/fleet/top-up', {
      amountMinor: order.amountMinor,
      currency,
      idempotencyKey,
      ...(order.cardNumber === null ? {} : { cardNumber: order.cardNumber }),
    }),
  )
  const open = async (): Promise<void> => {
    act.reset()
    setDialog({ kind: 'top-up', progress: { kind: 'asking' }, method: null })
    const terms = await ask<PaymentsResponse>('/payments')
    setDialog((before) => {
      if (before.kind !== 'top-up') return before
      return terms.ok
        ? { ...before, method: terms.value.asksForCardNumber ? 'card-number' : 'redirect' }
        : { ...before, progress: { kind: 'failed', refusal: terms.error } }
    })
  }
  const pay: TopUp['pay'] = async (order) => {
    const paid = await act.run(order)
    if (paid === undefined) return
    if (paid.state === 'redirect') window.location.assign(paid.checkoutUrl)
    setDialog(
      paid.state === 'paid' ? { kind: 'none' } : { kind: 'paid-elsewhere', progress: { kind: 'waiting' } },
    )
    await refresh()
  }
  const isAsked = dialog.kind === 'top-up' && dialog.progress.kind === 'asking'
  return {
    dialog: isAsked ? { ...dialog, progress: act.progress } : dialog,
    open: () => void open(),
    close: () => setDialog({ kind: 'none' }),
    pay: (order) => void pay(order),
  }
}

/** Asks for as long as nobody knows; does nothing when the address names no payment. */
function useReturned(
  search: string,
  show: (dialog: CreditDialog) => void,
  refresh: () => Promise<void>,
): void {
  useEffect(() => {
    const query = new URLSearchParams(search)
    const paymentId = query.get('payment') ?? ''
    // Who pressed "back" there knows it; the order was not paid and stays without effect.
    if (!/^[0-9a-f]{32}$/.test(paymentId) || query.get('cancelled') === '1') return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    let isShown = false
    const look = async (): Promise<void> => {
      const answer = await ask<TopUpResponse>(`/fleet/top-up/${paymentId}`)
      if (isOver) return
      const isOpen = answer.ok
        ? answer.value.state === 'redirect' || answer.value.state === 'waiting'
        : answer.error.code === 'api.unreachable'
      if (isOpen) {
        // Once: whoever closes it has read it.
        if (!isShown) show({ kind: 'paid-elsewhere', progress: { kind: 'waiting' } })
        isShown = true
        timer = setTimeout(() => void look(), askEveryMs)
        return
      }
      window.history.replaceState(null, '', window.location.pathname)
      if (answer.ok && answer.value.state === 'paid') {
        show({ kind: 'none' })
        return refresh()
      }
      const why = answer.ok ? refusal('account.card-declined') : answer.error
      show({ kind: 'paid-elsewhere', progress: { kind: 'failed', refusal: why } })
    }
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [search, show, refresh])
}
