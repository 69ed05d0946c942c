'use client'

/** While charging: the last signed figure, and the way to the receipt. */

import { SessionScreen } from '@/components/driver/session-screen'
import type { ScanPurpose } from '@/components/driver/scan-screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { Ready } from '../_wallet/with-phone'

export interface SessionStepProps {
  readonly ready: Ready
  readonly sessionId: string
  readonly onScan: (purpose: ScanPurpose) => void
  readonly onProblem: (refusal: Refusal) => void
  readonly onBack: () => void
}

export function SessionStep({
  ready: { phone, nowS },
  sessionId,
  onScan,
  onProblem,
  onBack,
}: SessionStepProps) {
  const { acts, views, state } = phone
  const view = views.session(state, sessionId, nowS)
  if (view === undefined) return null
  return (
    <SessionScreen
      view={view}
      onScanStatus={() => onScan('status')}
      onScanReceipt={() => onScan('receipt')}
      onShowCode={() => void acts.watchSession(phone, 'showing')}
      onProblem={() =>
        onProblem(refusal(view.answer === 'waiting' ? 'charger.no-start' : 'charger.controller'))
      }
      onBack={onBack}
    />
  )
}
