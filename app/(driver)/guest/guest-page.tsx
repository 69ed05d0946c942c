'use client'

/**
 * `/guest`: charging without an account. An order under way is taken up again whenever this page is opened, until its
 * grant is in the wallet or nothing came of it.
 */

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { GuestScreen, type GuestView } from '@/components/driver/guest-screen'
import { Screen } from '@/components/driver/screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { forgetGuestToken, guestToken, keptGuestToken } from '../_wallet/guest-token'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { usePaymentTerms } from '../_wallet/payment-terms'
import { askGuest, leaveFor, readReturn, startGuest, type GuestNews } from '../_wallet/payments'
import type { ReadyPhone } from '../_wallet/phone-host'
import { untilKnown } from '../_wallet/until-known'
import { WithPhone, type Ready } from '../_wallet/with-phone'

export function GuestPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/')} />}>
      {(ready) => <Guest ready={ready} />}
    </WithPhone>
  )
}

function Guest({ ready: { phone } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const terms = usePaymentTerms()
  const [kept] = useState(() => ({ token: keptGuestToken(), back: readReturn(window.location.search) }))
  const [state, setState] = useState<GuestView['state']>(() => ({
    kind: kept.token === null ? 'choosing' : 'on-its-way',
  }))
  const take = (answer: Result<GuestNews, Refusal>): Promise<GuestView['state']> | undefined =>
    stateAfter(phone, answer)
  const stopAsking = useRef<() => void>(undefined)
  const takeAnswer = useEffectEvent((answer: Result<GuestNews, Refusal>) => {
    if (!answer.ok && answer.error.code === 'api.unreachable') return 'again'
    if (answer.ok && answer.value.state === 'redirect' && kept.back === undefined) {
      // Nobody knows whether the driver has paid there or turned away: both ways stay open.
      setState({ kind: 'choosing' })
      return 'again'
    }
    const isLeft = answer.ok && answer.value.state === 'redirect' && kept.back?.isCancelled === true
    const next = isLeft ? Promise.resolve({ kind: 'cancelled' as const }) : take(answer)
    if (next === undefined) return 'again'
    void next.then(setState)
    window.history.replaceState(null, '', window.location.pathname)
    return 'over'
  })
  useEffect(() => {
    const { token } = kept
    if (token === null) return
    const stop = untilKnown(() => askGuest(token), takeAnswer)
    stopAsking.current = stop
    return stop
  }, [kept])

  const pay = async (amountMinor: number, cardNumber: string | null): Promise<void> => {
    stopAsking.current?.()
    setState({ kind: 'paying' })
    const key = await phone.wallet.keyForGrant()
    const token = guestToken()
    if (!key.ok || token === null || terms === undefined) {
      setState({ kind: 'failed', refusal: key.ok ? refusal('phone.storage') : key.error })
      return
    }
    const started = await startGuest(token, {
      amountMinor,
      currency: terms.currency,
      devicePublicKey: key.value.publicKey,
      keyProtection: key.value.protection,
      ...(cardNumber === null ? {} : { cardNumber }),
    })
    // The order stands with another amount; the driver has changed their mind, and nothing was set aside for it.
    if (!started.ok && started.error.code === 'api.conflict') {
      forgetGuestToken()
      return pay(amountMinor, cardNumber)
    }
    const next = take(started)
    if (next !== undefined) setState(await next)
    else if (!started.ok || started.value.state !== 'redirect') setState({ kind: 'on-its-way' })
    else if (!leaveFor(started.value.checkoutUrl))
      setState({ kind: 'failed', refusal: refusal('payment.provider') })
  }
  return (
    <GuestScreen
      view={{
        currency: terms?.currency ?? 'EUR',
        // A charger that meets somebody for the first time gives no more than this on trust.
        choicesMinor: terms === undefined ? [] : [1, 2, 3].map((count) => count * terms.guest.minimumMinor),
        online,
        method: terms === undefined ? null : terms.asksForCardNumber ? 'card-number' : 'redirect',
        state,
      }}
      onPay={({ amountMinor, cardNumber }) => void pay(amountMinor, cardNumber)}
      onDone={() => router.replace('/')}
      onBack={() => router.push('/')}
    />
  )
}

/** Undefined while there is something to wait for. */
function stateAfter(
  phone: ReadyPhone,
  answer: Result<GuestNews, Refusal>,
): Promise<GuestView['state']> | undefined {
  if (!answer.ok) return Promise.resolve(failed(answer.error))
  switch (answer.value.state) {
    case 'ready':
      return install(phone, answer.value.answer)
    case 'failed':
      return Promise.resolve(failed(refusal('account.card-declined')))
    case 'cancelled':
      forgetGuestToken()
      return Promise.resolve({ kind: 'cancelled' })
    default:
      return undefined
  }
}

/** What was refused for good needs a new order; what may have arrived is asked for again. */
function failed(why: Refusal): GuestView['state'] {
  if (why.code !== 'api.unreachable') forgetGuestToken()
  return { kind: 'failed', refusal: why }
}

async function install(
  phone: ReadyPhone,
  answer: Parameters<ReadyPhone['acts']['takeGuestGrant']>[1],
): Promise<GuestView['state']> {
  const taken = await phone.acts.takeGuestGrant(phone, answer)
  if (!taken.ok) return { kind: 'failed', refusal: taken.error }
  forgetGuestToken()
  void askToKeepStorage()
  return { kind: 'done', ...taken.value }
}
