'use client'

/** Looks for the charger's question; by camera, from a picture, or pasted. */

import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl/react'
import type { CameraSource } from '@/components/camera/camera-source'
import { CodeScanner } from '@/components/camera/code-scanner'
import { ScanScreen, type ScanView } from '@/components/driver/scan-screen'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { markCameraAllowed, releaseCamera, takeCamera, wasCameraAllowed } from '../_wallet/camera'

/** Copied there by service-worker/build.mjs. */
const wasmUrl = '/zxing/zxing_reader.wasm'

export interface ChallengeScanProps {
  /** Gives why the code was not taken, or null. */
  onText(text: string): Promise<Refusal | null>
  onBack(): void
}

export function ChallengeScan({ onText, onBack }: ChallengeScanProps) {
  const t = useTranslations('driver.technician')
  const [camera, setCamera] = useState<ScanView['camera']>(() =>
    wasCameraAllowed() ? 'starting' : 'explain',
  )
  const [source, setSource] = useState<CameraSource | null>(null)
  const [lastRefusal, setLastRefusal] = useState<Refusal | null>(null)
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

  const look = (text: string): void => void onText(text).then(setLastRefusal)
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
      view={{ purpose: 'answer', camera, refusal: lastRefusal, progress: null }}
      words={{ title: t('scanTitle'), hint: t('scanHint') }}
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
          label={t('scanTitle')}
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
