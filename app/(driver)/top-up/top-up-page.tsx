'use client'

/**
 * `/top-up`: pays by card, then takes the credit along at once, so that the next act is charging. Where the card
 * provider has a page of its own, the payer goes there and comes back with the payment's id; the credit is there when
 * the operator has it from the provider, which is usually a moment later.
 */

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { Screen } from '@/components/driver/screen'
import { TopUpScreen, type TopUpView } from '@/components/driver/top-up-screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { wholeUnits } from '@/lib/policy/defaults'
import { markInstallShown, useInstallWay, wasInstallShown } from '../_wallet/install'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { usePaymentTerms } from '../_wallet/payment-terms'
import { askTopUp, leaveFor, readReturn, startTopUp, type TopUpNews } from '../_wallet/payments'
import type { ReadyPhone } from '../_wallet/phone-host'
import { untilKnown } from '../_wallet/until-known'
import { WithPhone, type Ready } from '../_wallet/with-phone'

/** In whole units of the account's currency. */
const choices = [20, 40, 60, 100] as const
const suggested = 40

export function TopUpPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/')} />}>
      {(ready) => <TopUp ready={ready} />}
    </WithPhone>
  )
}

/** One order, however often it is sent: a lost answer must not charge the card twice. */
interface Order {
  readonly idempotencyKey: string
  readonly text: string
}

function TopUp({ ready: { phone } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const terms = usePaymentTerms()
  const installWay = useInstallWay()
  const [returned] = useState(() => readReturn(window.location.search))
  const [state, setState] = useState<TopUpView['state']>(() =>
    returned === undefined ? { kind: 'choosing' } : { kind: 'on-its-way' },
  )
  const [order, setOrder] = useState<Order | null>(null)
  const { account } = phone.state
  const currency = account?.currency ?? 'EUR'

  const takeAnswer = useEffectEvent((answer: Result<TopUpNews, Refusal>, isCancelled: boolean) => {
    if (!answer.ok && answer.error.code === 'api.unreachable') return 'again'
    const next = answer.ok
      ? stateAfter(phone, answer.value)
      : { kind: 'failed' as const, refusal: answer.error }
    if (next === undefined && !isCancelled) return 'again'
    void Promise.resolve(next ?? { kind: 'cancelled' as const }).then(setState)
    // The address has served; opening it again must not wait for anything.
    window.history.replaceState(null, '', window.location.pathname)
    return 'over'
  })
  useEffect(() => {
    if (returned === undefined) return
    return untilKnown(
      () => askTopUp(returned.paymentId),
      (answer) => takeAnswer(answer, returned.isCancelled),
    )
  }, [returned])

  const pay = async (amountMinor: number, cardNumber: string | null): Promise<void> => {
    const text = `${amountMinor} ${cardNumber ?? ''}`
    const idempotencyKey = order?.text === text ? order.idempotencyKey : crypto.randomUUID()
    setOrder({ idempotencyKey, text })
    setState({ kind: 'paying' })
    const card = cardNumber === null ? {} : { cardNumber }
    const started = await startTopUp({ amountMinor, currency, idempotencyKey, ...card })
    if (!started.ok) {
      // Only where no answer came may the same order still have been taken; any other refusal is final.
      if (started.error.code !== 'api.unreachable') setOrder(null)
      setState({ kind: 'failed', refusal: started.error })
      return
    }
    const { value: news } = started
    const next = stateAfter(phone, news)
    if (next !== undefined) {
      setOrder(null)
      setState(await next)
    } else if (news.state !== 'redirect') setState({ kind: 'on-its-way' })
    else if (!leaveFor(news.checkoutUrl)) setState({ kind: 'failed', refusal: refusal('payment.provider') })
  }
  return (
    <TopUpScreen
      view={{
        currency,
        balanceMinor: account?.balanceMinor ?? 0,
        choicesMinor: choices.map((choice) => wholeUnits(choice, currency)),
        suggestedMinor: wholeUnits(suggested, currency),
        online,
        method: terms === undefined ? null : terms.asksForCardNumber ? 'card-number' : 'redirect',
        state,
      }}
      onPay={({ amountMinor, cardNumber }) => void pay(amountMinor, cardNumber)}
      onDone={() => {
        const showInstall = installWay !== 'installed' && !wasInstallShown()
        if (showInstall) markInstallShown()
        router.replace(showInstall ? '/install' : '/')
      }}
      onBack={() => router.push('/')}
    />
  )
}

/** Undefined while there is something to wait for. */
function stateAfter(
  phone: ReadyPhone,
  news: TopUpNews,
): TopUpView['state'] | Promise<TopUpView['state']> | undefined {
  switch (news.state) {
    case 'paid':
      return finish(phone, news.amountMinor)
    case 'failed':
      return { kind: 'failed', refusal: refusal('account.card-declined') }
    case 'cancelled':
      return { kind: 'cancelled' }
    default:
      return undefined
  }
}

/** The credit is in the account; it comes onto this phone at once. */
async function finish(phone: ReadyPhone, amountMinor: number): Promise<TopUpView['state']> {
  await phone.acts.refreshAccount(phone)
  const taken = await phone.acts.takeAlong(phone)
  if (taken.ok) void askToKeepStorage()
  return { kind: 'done', amountMinor, takenAlong: taken.ok }
}
