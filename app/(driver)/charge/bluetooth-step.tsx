'use client'

/** The ceremony's steps over a Bluetooth link: which charger and bay, and what was sent. */

import {
  BluetoothScreen,
  BluetoothSentScreen,
  type BluetoothView,
} from '@/components/driver/bluetooth-screen'
import type { Refusal } from '@/lib/core/reason'
import { chooseBay, connectBluetooth, type BluetoothState } from '../_wallet/bluetooth'
import type { ReadyPhone } from '../_wallet/phone-host'
import { useWakeLock } from '../_wallet/wake-lock'
import type { Ready } from '../_wallet/with-phone'

export interface BluetoothStepProps {
  readonly phone: ReadyPhone
  readonly state: Exclude<BluetoothState, { readonly kind: 'off' }>
  readonly onScan: () => void
  readonly onBack: () => void
}

export function BluetoothStep({ phone, state, onScan, onBack }: BluetoothStepProps) {
  return (
    <BluetoothScreen
      view={viewOf(state)}
      onChoose={chooseBay}
      onAgain={() => void connectBluetooth(phone)}
      onScan={onScan}
      onBack={onBack}
    />
  )
}

function viewOf(state: BluetoothStepProps['state']): BluetoothView {
  if (state.kind !== 'on') return state
  const { bays, notice } = state
  return { kind: 'bays', bays, siteLabel: bays[0]?.siteLabel ?? null, notice }
}

export interface BluetoothSentStepProps {
  readonly ready: Ready
  readonly sessionId: string
  readonly what: 'consent' | 'stop'
  readonly notice: Refusal | null
  readonly onShowCode: () => void
  readonly onBack: () => void
}

/** Before anything is signed there is nothing to be sent; that moment is too short for a screen. */
export function BluetoothSentStep({
  ready: { phone, nowS },
  sessionId,
  what,
  notice,
  onShowCode,
  onBack,
}: BluetoothSentStepProps) {
  useWakeLock()
  const { views, state } = phone
  const view = views.session(state, sessionId, nowS)
  if (view === undefined) return null
  const { bayLabel, words } = view
  return (
    <BluetoothSentScreen view={{ what, bayLabel, words, notice }} onShowCode={onShowCode} onBack={onBack} />
  )
}
