'use client'

/** `/receipts/view?id=…`: one receipt with its checks. */

import { useRouter, useSearchParams } from 'next/navigation'
import { useMemo, useState, useSyncExternalStore } from 'react'
import { ProblemScreen } from '@/components/driver/problem-screen'
import { SessionEndedScreen } from '@/components/driver/session-ended-screen'
import { ReceiptScreen } from '@/components/driver/receipt-screen'
import { Screen } from '@/components/driver/screen'
import { WithPhone, type Ready } from '../../_wallet/with-phone'

export function ReceiptPage() {
  const router = useRouter()
  const id = useSearchParams().get('id') ?? ''
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/')} />}>
      {(ready) => <Receipt ready={ready} id={id} />}
    </WithPhone>
  )
}

const subscribeToNothing = () => () => undefined
const browserShares = (): boolean => typeof navigator.share === 'function'

function Receipt({ ready: { phone }, id }: { readonly ready: Ready; readonly id: string }) {
  const router = useRouter()
  const canShare = useSyncExternalStore(subscribeToNothing, browserShares, () => false)
  const { state, views, acts } = phone
  const [asking, setAsking] = useState(false)
  const view = useMemo(() => views.receipt(state, id), [views, state, id])
  const ended = views.sessionEnded(state, id)
  if (view === undefined && ended !== undefined) {
    const home = (): void => router.push('/')
    return <SessionEndedScreen view={ended} onOpenReceipt={home} onHome={home} />
  }
  if (view === undefined) {
    return (
      <ProblemScreen
        view={{ refusal: { code: 'api.not-found' }, next: 'home' }}
        onNext={() => router.replace('/')}
        onBack={() => router.push('/receipts')}
      />
    )
  }
  const share = async (): Promise<void> => {
    const proof = views.receiptProof(state, id)
    if (proof === undefined) return
    try {
      // The fragment never leaves the browser that opens the link.
      await navigator.share({ title: 'Outpost', url: `${window.location.origin}/verify#${proof}` })
    } catch {
      // The person closed the sheet.
    }
  }
  return (
    <ReceiptScreen
      view={view}
      onShare={canShare ? () => void share() : null}
      onPrint={() => window.print()}
      asking={asking}
      onAsk={setAsking}
      onDispute={(reason) => {
        setAsking(false)
        void acts.dispute(phone, id, { reason, note: '' })
      }}
      onBack={() => router.push('/')}
    />
  )
}
