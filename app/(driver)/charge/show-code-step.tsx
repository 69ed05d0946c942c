'use client'

/** The signed code, on a screen that stays lit. */

import { ProblemScreen } from '@/components/driver/problem-screen'
import { ShowCodeScreen } from '@/components/driver/show-code-screen'
import type { ReadyPhone } from '../_wallet/phone-host'
import { useWakeLock } from '../_wallet/wake-lock'

export interface ShowCodeStepProps {
  readonly phone: ReadyPhone
  readonly sessionId: string
  readonly onScanAnswer: () => void
  readonly onBack: () => void
}

export function ShowCodeStep({ phone, sessionId, onScanAnswer, onBack }: ShowCodeStepProps) {
  useWakeLock()
  const { acts, views, state } = phone
  const view = views.showCode(state, sessionId)
  if (!view.ok) {
    return <ProblemScreen view={{ refusal: view.error, next: 'home' }} onNext={onBack} onBack={onBack} />
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
