'use client'

/** The one decision. */

import { useState } from 'react'
import { ApproveScreen, type ApproveView } from '@/components/driver/approve-screen'
import { ProblemScreen } from '@/components/driver/problem-screen'
import type { Refusal } from '@/lib/core/reason'
import { minorUnits } from '@/lib/core/units'
import { giveFeedback } from '../_wallet/feedback'
import { useOnline } from '../_wallet/network'
import type { Ready } from '../_wallet/with-phone'
import type { Signing } from './show-code-step'

export interface ApproveStepProps {
  readonly ready: Ready
  /** What was approved may be written down already while it is signed: then another screen stands here. */
  readonly onSigning: (signing: Signing) => void
}

export function ApproveStep({ ready: { phone, nowS }, onSigning }: ApproveStepProps) {
  const [progress, setProgress] = useState<ApproveView['state']>('deciding')
  const [lastRefusal, setLastRefusal] = useState<Refusal | null>(null)
  const online = useOnline()
  const [asking, setAsking] = useState(false)
  const { wallet, acts, views, state } = phone
  const view = views.approve(state, nowS, progress, lastRefusal)
  const leave = (): void => void acts.leaveCeremony(phone)

  if (view === undefined) return null
  if (!view.ok) {
    return <ProblemScreen view={{ refusal: view.error, next: 'scan-again' }} onNext={leave} onBack={leave} />
  }
  const { holds, chosenHoldMinor } = view.value
  const approve = async (): Promise<void> => {
    const stepUp = holds.some((hold) => hold.holdMinor === chosenHoldMinor && hold.stepUp)
    setLastRefusal(null)
    setProgress(stepUp ? 'passkey' : 'signing')
    onSigning({ kind: 'under-way' })
    const approved = await wallet.approve(minorUnits(chosenHoldMinor))
    onSigning(approved.ok ? { kind: 'none' } : { kind: 'failed', refusal: approved.error })
    if (approved.ok) {
      giveFeedback('read')
      return
    }
    setProgress('deciding')
    setLastRefusal(approved.error)
  }
  const askMore = async (): Promise<void> => {
    setAsking(true)
    setLastRefusal(null)
    const asked = await acts.askMore(phone)
    setAsking(false)
    if (!asked.ok) setLastRefusal(asked.error)
  }
  return (
    <ApproveScreen
      view={view.value}
      onChooseHold={(holdMinor) => void acts.chooseHold(phone, holdMinor)}
      onApprove={() => void approve()}
      onAskMore={online ? () => void askMore() : null}
      asking={asking}
      onBack={leave}
    />
  )
}
