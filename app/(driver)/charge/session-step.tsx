'use client'

/** While charging: the last signed figure, the way to stop, and the way to the receipt. */

import { useState } from 'react'
import { BluetoothLive, BluetoothWay } from '@/components/driver/bluetooth-way'
import { SessionScreen } from '@/components/driver/session-screen'
import type { ScanPurpose } from '@/components/driver/scan-screen'
import { sessionId as toSessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { StopProgress } from '../_views/ceremony-views'
import { connectBluetooth, useBluetooth, useCanBluetooth } from '../_wallet/bluetooth'
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
  const bluetooth = useBluetooth()
  const canBluetooth = useCanBluetooth()
  const [progress, setProgress] = useState<StopProgress>({ step: 'none', refusal: null })
  const { acts, views, state } = phone
  const view = views.session(state, sessionId, nowS, progress)
  if (view === undefined) return null
  const stop = async (): Promise<void> => {
    setProgress({ step: 'signing', refusal: null })
    const signed = await acts.stopSession(phone, toSessionId(sessionId))
    setProgress({ step: 'none', refusal: signed.ok ? null : signed.error })
  }
  return (
    <SessionScreen
      view={view}
      live={bluetooth.kind === 'on' ? <BluetoothLive /> : null}
      otherWay={
        bluetooth.kind === 'on' || !canBluetooth ? null : (
          <BluetoothWay
            state={bluetooth.kind === 'off' || bluetooth.kind === 'lost' ? 'can' : 'busy'}
            onConnect={() => void connectBluetooth(phone)}
          />
        )
      }
      onStop={() => {
        if (view.stop === 'asked') void stop()
        else setProgress({ step: 'confirming', refusal: null })
      }}
      onConfirmStop={() => void stop()}
      onKeepCharging={() => setProgress({ step: 'none', refusal: null })}
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
