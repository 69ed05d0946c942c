'use client'

/** `/top-up`: pays by card, then takes the credit along at once, so that the next act is charging. */

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Screen } from '@/components/driver/screen'
import { TopUpScreen, type TopUpView } from '@/components/driver/top-up-screen'
import { markInstallShown, useInstallWay, wasInstallShown } from '../_wallet/install'
import { askToKeepStorage } from '../_wallet/kept-storage'
import { useOnline } from '../_wallet/network'
import { WithPhone, type Ready } from '../_wallet/with-phone'

const choicesMinor = [2_000, 4_000, 6_000, 10_000] as const
const suggestedMinor = 4_000

export function TopUpPage() {
  const router = useRouter()
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/')} />}>
      {(ready) => <TopUp ready={ready} />}
    </WithPhone>
  )
}

function TopUp({ ready: { phone } }: { readonly ready: Ready }) {
  const router = useRouter()
  const online = useOnline()
  const installWay = useInstallWay()
  const [state, setState] = useState<TopUpView['state']>({ kind: 'choosing' })
  /** One order, however often it is sent: a lost answer must not charge the card twice. */
  const [order, setOrder] = useState<{ idempotencyKey: string; text: string } | null>(null)
  const { account } = phone.state
  const currency = account?.currency ?? 'EUR'

  const pay = async (amountMinor: number, cardNumber: string): Promise<void> => {
    const text = `${amountMinor} ${cardNumber}`
    const idempotencyKey = order?.text === text ? order.idempotencyKey : crypto.randomUUID()
    setOrder({ idempotencyKey, text })
    setState({ kind: 'paying', amountMinor })
    const paid = await phone.acts.topUp(phone, { amountMinor, currency, cardNumber, idempotencyKey })
    if (!paid.ok) {
      // Only where no answer came may the same order still have been taken; any other refusal is final.
      if (paid.error.code !== 'api.unreachable') setOrder(null)
      setState({ kind: 'failed', refusal: paid.error })
      return
    }
    setOrder(null)
    const taken = await phone.acts.takeAlong(phone)
    if (taken.ok) void askToKeepStorage()
    setState({ kind: 'done', amountMinor, takenAlong: taken.ok })
  }
  return (
    <TopUpScreen
      view={{
        currency,
        balanceMinor: account?.balanceMinor ?? 0,
        choicesMinor,
        suggestedMinor,
        online,
        sandbox: true,
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
