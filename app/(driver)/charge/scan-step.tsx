'use client'

/** One look through the camera, or another way for a code to get in. */

import { useEffect, useState, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { CodeScanner } from '@/components/camera/code-scanner'
import type { CameraSource } from '@/components/camera/camera-source'
import { ScanScreen, type ScanPurpose, type ScanView } from '@/components/driver/scan-screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { EnvelopeKind } from '@/lib/protocol/envelope'
import { gatherFrame, progressOf, type Gathering } from '@/lib/protocol/frames'
import type { ScanOutcome } from '@/lib/wallet/ceremony'
import { useCanBluetooth } from '../_wallet/bluetooth'
import { markCameraAllowed, releaseCamera, takeCamera, wasCameraAllowed } from '../_wallet/camera'
import { giveFeedback } from '../_wallet/feedback'
import type { ReadyPhone } from '../_wallet/phone-host'

/** Copied there by service-worker/build.mjs. */
const wasmUrl = '/zxing/zxing_reader.wasm'

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
  const [camera, setCamera] = useState<ScanView['camera']>(() =>
    wasCameraAllowed() ? 'starting' : 'explain',
  )
  const [source, setSource] = useState<CameraSource | null>(null)
  const [lastRefusal, setLastRefusal] = useState<Refusal | null>(null)
  const [gathering, setGathering] = useState<Gathering>()
  const canBluetooth = useCanBluetooth()
  const isLooking = camera === 'starting' || camera === 'live'

  useEffect(() => {
    if (!isLooking) return undefined
    let left = false
    void takeCamera().then((taken) => {
      if (!left) setSource(taken)
    })
    return () => {
      left = true
      releaseCamera()
    }
  }, [isLooking])

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
  const readPicture = async (file: File): Promise<void> => {
    const { readCodeFromPicture } = await import('@/components/camera/read-code-from-picture')
    const text = await readCodeFromPicture(file, wasmUrl)
    if (text.ok) look(text.value)
    else setLastRefusal(refusal(text.error))
  }
  const fail = (code: ReasonCode): void => {
    if (code === 'phone.camera-denied') setCamera('denied')
    else if (code === 'phone.camera-missing') setCamera('missing')
    else setLastRefusal(refusal(code))
  }
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
      onAllowCamera={() => setCamera('starting')}
      onPaste={(text) => look(text.replaceAll(/[\r\n]/g, ''))}
      onPicture={(file) => void readPicture(file)}
      onBack={onBack}
    >
      {source === null || !isLooking ? null : (
        <CodeScanner
          source={source}
          wasmUrl={wasmUrl}
          active
          label={t(`title.${purpose}`)}
          className="size-full"
          onText={look}
          onProblem={fail}
          viewfinder={false}
          onLive={() => {
            markCameraAllowed()
            setCamera('live')
          }}
        />
      )}
    </ScanScreen>
  )
}
