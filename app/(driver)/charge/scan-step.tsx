'use client'

/** One look through the camera, or another way for a code to get in. */

import { useState, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { ScanScreen, type ScanPurpose } from '@/components/driver/scan-screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { EnvelopeKind } from '@/lib/protocol/envelope'
import { gatherFrame, progressOf, type Gathering } from '@/lib/protocol/frames'
import type { ScanOutcome } from '@/lib/wallet/ceremony'
import { useCanBluetooth } from '../_wallet/bluetooth'
import { giveFeedback } from '../_wallet/feedback'
import type { ReadyPhone } from '../_wallet/phone-host'
import { useCodeCamera } from '../_wallet/use-code-camera'

export interface ScanStepProps {
  readonly phone: ReadyPhone
  readonly purpose: ScanPurpose
  /** The way without a camera, where there is one to offer. */
  readonly otherWay?: ReactNode
  readonly onOutcome: (outcome: ScanOutcome) => void
  readonly onBack: () => void
}

/** An offer is taken only by somebody who looks for one: it would lead away from the running session. */
const accepted: Record<ScanPurpose, readonly EnvelopeKind[]> = {
  offer: ['offer', 'answer', 'status', 'receipt'],
  answer: ['answer', 'status', 'receipt'],
  status: ['answer', 'status', 'receipt'],
  receipt: ['answer', 'status', 'receipt'],
}

export function ScanStep({ phone, purpose, otherWay, onOutcome, onBack }: ScanStepProps) {
  const t = useTranslations('driver.scan')
  const [lastRefusal, setLastRefusal] = useState<Refusal | null>(null)
  const [gathering, setGathering] = useState<Gathering>()
  const canBluetooth = useCanBluetooth()

  /** One look: a whole code, or a piece of one that is shown in several. */
  const look = (text: string): void => {
    const seen = gatherFrame(gathering, text)
    if (!seen.ok) {
      giveFeedback('refused')
      setLastRefusal(refusal(seen.error))
    } else if (seen.value.kind === 'whole') {
      setGathering(undefined)
      void read(seen.value.text)
    } else {
      if (seen.value.gathering.pieces.size !== gathering?.pieces.size) giveFeedback('read')
      setGathering(seen.value.gathering)
    }
  }
  const read = async (text: string): Promise<void> => {
    const outcome = await phone.wallet.scan(text, accepted[purpose])
    if (!outcome.ok) {
      giveFeedback('refused')
      setLastRefusal(outcome.error)
      return
    }
    setLastRefusal(null)
    // Whoever waits for the receipt goes on looking past the figures of a session that still runs.
    if (purpose !== 'receipt' || outcome.value.kind !== 'status') onOutcome(outcome.value)
  }
  const { camera, isLooking, picture, allow, readPicture } = useCodeCamera({
    label: t(`title.${purpose}`),
    onText: look,
    onRefusal: setLastRefusal,
  })
  return (
    <ScanScreen
      view={{
        purpose,
        camera,
        refusal: lastRefusal,
        progress: gathering === undefined ? null : progressOf(gathering),
      }}
      // Who looks through the camera already needs no sentence about what this browser cannot do.
      otherWay={isLooking && !canBluetooth ? null : otherWay}
      onAllowCamera={allow}
      onPaste={(text) => look(text.replaceAll(/[\r\n]/g, ''))}
      onPicture={readPicture}
      onBack={onBack}
    >
      {picture}
    </ScanScreen>
  )
}
