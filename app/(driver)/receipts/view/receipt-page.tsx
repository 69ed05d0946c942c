'use client'

/** `/receipts/view?id=…`: one receipt with its checks. */

import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { ProblemScreen } from '@/components/driver/problem-screen'
import { ReceiptScreen } from '@/components/driver/receipt-screen'
import type { ReceiptView } from '@/components/driver/receipt-view'
import { Screen } from '@/components/driver/screen'
import { SessionEndedScreen } from '@/components/driver/session-ended-screen'
import { Spinner } from '@/components/ui/spinner'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { useNews } from '../../_wallet/session-news'
import { WithPhone, type Ready } from '../../_wallet/with-phone'
import { useReceiptFile } from './use-receipt-file'

export function ReceiptPage() {
  const router = useRouter()
  const id = useSearchParams().get('id') ?? ''
  return (
    <WithPhone opening={<Screen onBack={() => router.push('/receipts')} />}>
      {(ready) => <Place ready={ready} id={id} />}
    </WithPhone>
  )
}

interface PlaceProps {
  readonly ready: Ready
  readonly id: string
}

function Place({ ready, id }: PlaceProps) {
  const router = useRouter()
  const { phone } = ready
  const { state, views } = phone
  useNews(phone)
  const view = useMemo(() => views.receipt(state, id), [views, state, id])
  if (view !== undefined) return <Receipt ready={ready} id={id} view={view} />
  const ended = views.sessionEnded(state, id)
  if (ended !== undefined) {
    const home = (): void => router.push('/')
    return <SessionEndedScreen view={ended} onOpenReceipt={home} onHome={home} />
  }
  return <LostReceipt ready={ready} id={id} />
}

/** Not on this phone (new, or its data was cleared): the operator's copy is checked on the page that checks anybody's. */
function LostReceipt({ ready: { phone }, id }: PlaceProps) {
  const router = useRouter()
  const t = useTranslations('receipt')
  const [problem, setProblem] = useState<Refusal | null>(null)
  const ask = useEffectEvent(() => phone.acts.receiptProof(phone, id))
  const take = useEffectEvent((proof: Result<string, Refusal>): void => {
    if (proof.ok) router.replace(`/verify#${proof.value}`)
    else setProblem(proof.error)
  })
  useEffect(() => {
    let left = false
    void ask().then((proof) => {
      if (!left) take(proof)
    })
    return () => {
      left = true
    }
  }, [id])
  if (problem === null)
    return (
      <Screen onBack={() => router.push('/receipts')}>
        <Spinner awaited={t('fetching')} />
      </Screen>
    )
  return (
    <ProblemScreen
      view={{ refusal: problem, next: 'home' }}
      onNext={() => router.replace('/')}
      onBack={() => router.push('/receipts')}
    />
  )
}

function Receipt({ ready: { phone }, id, view }: PlaceProps & { readonly view: ReceiptView }) {
  const router = useRouter()
  const [asking, setAsking] = useState(false)
  const file = useReceiptFile(view, phone.views.receiptProof(phone.state, id) ?? '')
  return (
    <ReceiptScreen
      view={view}
      onShare={file.share}
      onSave={file.save}
      onCopyLink={file.copyLink}
      linkCopied={file.linkCopied}
      asking={asking}
      onAsk={setAsking}
      onDispute={(words) => {
        setAsking(false)
        void phone.acts.dispute(phone, id, words)
      }}
      // From a push or a link there may be nothing to go back to.
      onBack={() => router.push('/receipts')}
    />
  )
}
