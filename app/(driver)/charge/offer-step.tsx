'use client'

/** How a charger's offer gets here: through the camera, or by Bluetooth when the driver asks for it. */

import { useState } from 'react'
import { BluetoothWay } from '@/components/driver/bluetooth-way'
import type { ScanOutcome } from '@/lib/wallet/ceremony'
import { connectBluetooth, leaveBluetooth, useBluetooth, useCanBluetooth } from '../_wallet/bluetooth'
import type { ReadyPhone } from '../_wallet/phone-host'
import { BluetoothStep } from './bluetooth-step'
import { ScanStep } from './scan-step'

export interface OfferStepProps {
  readonly phone: ReadyPhone
  readonly onOutcome: (outcome: ScanOutcome) => void
  readonly onBack: () => void
}

export function OfferStep({ phone, onOutcome, onBack }: OfferStepProps) {
  const bluetooth = useBluetooth()
  const canBluetooth = useCanBluetooth()
  const [scans, setScans] = useState(false)
  if (bluetooth.kind !== 'off' && !scans) {
    const scanInstead = (): void => {
      leaveBluetooth()
      setScans(true)
    }
    return <BluetoothStep phone={phone} state={bluetooth} onScan={scanInstead} onBack={scanInstead} />
  }
  const connect = (): void => {
    setScans(false)
    void connectBluetooth(phone)
  }
  return (
    <ScanStep
      phone={phone}
      purpose="offer"
      otherWay={<BluetoothWay state={canBluetooth ? 'can' : 'cannot'} onConnect={connect} />}
      onOutcome={onOutcome}
      onBack={onBack}
    />
  )
}
