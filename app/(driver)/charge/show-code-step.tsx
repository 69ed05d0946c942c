'use client'

/** The signed codes of a session, on a screen that stays lit: the one that consents, and the one that asks to stop. */

import { ProblemScreen } from '@/components/driver/problem-screen'
import { ShowCodeScreen, SigningScreen } from '@/components/driver/show-code-screen'
import { StopCodeScreen } from '@/components/driver/stop-code-screen'
import type { Refusal } from '@/lib/core/reason'
import { useWakeLock } from '../_wallet/wake-lock'
import type { Ready } from '../_wallet/with-phone'

/** How far the signature is that a code needs; what is written down and not signed yet has none. */
export type Signing =
  { readonly kind: 'none' | 'under-way' } | { readonly kind: 'failed'; readonly refusal: Refusal }

export interface ShowCodeStepProps {
  readonly ready: Ready
  readonly sessionId: string
  readonly signing: Signing
  readonly onSignAgain: () => void
  readonly onScanAnswer: () => void
  readonly onBack: () => void
}

export function ShowCodeStep(props: ShowCodeStepProps) {
  const { ready, sessionId, signing, onScanAnswer, onBack } = props
  const { phone, nowS } = ready
  useWakeLock()
  const { acts, views, state } = phone
  const view = views.showCode(state, sessionId, nowS)
  if (!view.ok && signing.kind === 'under-way') return <SigningScreen onBack={onBack} />
  if (!view.ok) {
    const refusal = signing.kind === 'failed' ? signing.refusal : view.error
    return <ProblemScreen view={{ refusal, next: 'try-again' }} onNext={props.onSignAgain} onBack={onBack} />
  }
  return (
    <ShowCodeScreen
      view={view.value}
      onAccepted={() => void acts.watchSession(phone, 'charging')}
      onScanAnswer={onScanAnswer}
      // The charger shows a signed no, which gives the hold back at once.
      onProblem={onScanAnswer}
      onBack={onBack}
    />
  )
}

export interface StopCodeStepProps {
  readonly ready: Ready
  readonly sessionId: string
  readonly onScanReceipt: () => void
}

/** The way back leads to the session, which goes on until the charger has read the code. */
export function StopCodeStep({ ready: { phone }, sessionId, onScanReceipt }: StopCodeStepProps) {
  useWakeLock()
  const { acts, views, state } = phone
  const view = views.stopCode(state, sessionId)
  const back = (): void => void acts.watchSession(phone, 'charging')
  if (!view.ok) {
    return <ProblemScreen view={{ refusal: view.error, next: 'try-again' }} onNext={back} onBack={back} />
  }
  return <StopCodeScreen view={view.value} onScanReceipt={onScanReceipt} onBack={back} />
}
